"""groupbot run, and the commands that work on the database of its settings."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from groupbot import config, control
from groupbot.chat.sandbox import BOT, Sandbox, SandboxChat
from groupbot.cli import main, platforms
from groupbot.cli import run as run_module
from groupbot.clock import VirtualClock
from tests.county import TUESDAY, jurisdiction

NOT_THERE = (
    "Error: there is no database groupbot-sandbox/groupbot.db: "
    "`groupbot run` makes it, --config or --database name another one\n"
)


def _run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, list(arguments))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and the process in it."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_people_and_groups_use_the_database_of_the_settings(folder: Path) -> None:
    (folder / "etc").mkdir()
    (folder / "etc" / "groupbot.toml").write_text('database = "sqlite:///county.db"\n', encoding="utf-8")
    config = ("--config", "etc/groupbot.toml")
    assert _run("people", "add", "Daniel Kiptoo", "--role", "communications", "--telegram", "77", *config)[0] == 0
    assert _run("groups", "bind", "communications", "--telegram", "-5", *config)[0] == 0
    assert (folder / "etc" / "county.db").is_file()
    assert _run("people", "list", *config) == (0, "Daniel Kiptoo: communications (telegram:77)\n")
    assert _run("people", "list") == (1, NOT_THERE)  # another folder's settings, another database


@pytest.mark.parametrize(
    "command",
    [
        ("people", "list"),
        ("people", "add", "Ann Kosgei", "--role", "communications", "--telegram", "7"),
        ("groups", "list"),
        ("health",),
        ("why", "HLT-26-0001-J"),
        ("log", "export", "log.jsonl"),
        ("log", "sheet", "sheet.csv"),
        ("backup", "all.backup"),
        ("migrate",),
    ],
    ids=" ".join,
)
def test_without_settings_every_command_is_about_the_sandbox_and_makes_nothing(
    folder: Path, command: tuple[str, ...]
) -> None:
    assert _run(*command) == (1, NOT_THERE)
    assert list(folder.iterdir()) == []


def test_doctor_may_be_asked_before_the_first_start(folder: Path) -> None:
    said = _run("doctor")[1]
    assert "MEND  groupbot, groups: none is bound" in said
    assert list(folder.iterdir()) == []


def test_settings_beside_the_process_are_found_by_themselves(folder: Path) -> None:
    (folder / "groupbot.toml").write_text('database = "sqlite:///here.db"\n', encoding="utf-8")
    assert _run("groups", "bind", "mirror", "--matrix", "!a:b") == (0, "matrix !a:b: mirror\n")
    assert (folder / "here.db").is_file()


def test_settings_that_are_wrong_are_told_to_every_command(folder: Path) -> None:
    (folder / "groupbot.toml").write_text('databse = "x"\n', encoding="utf-8")
    said = (1, "Error: groupbot.toml: 'databse' is not a setting; did you mean 'database'?\n")
    assert (_run("run"), _run("people", "list")) == (said, said)


def test_settings_without_a_platform_are_an_oversight(folder: Path) -> None:
    (folder / "groupbot.toml").write_text('database = "sqlite:///here.db"\n', encoding="utf-8")
    said = "Error: groupbot.toml names no platform: add a [telegram] or a [matrix] section\n"
    assert _run("run") == (1, said)


def test_a_token_that_lacks_is_asked_for(folder: Path) -> None:
    (folder / "groupbot.toml").write_text("[telegram]\n", encoding="utf-8")
    code, said = _run("run")
    assert code == 1
    assert said.startswith("Error: 'telegram.token' is missing: put it in a file")


def test_without_settings_there_is_the_sandbox(folder: Path) -> None:
    (folder / "groupbot-sandbox").touch()  # so that it cannot begin
    code, said = _run("run")
    assert code == 2
    assert "this is the sandbox" in said
    assert "Directory 'groupbot-sandbox' is a file." in said


async def test_until_there_is_an_operator_a_code_is_printed_at_each_start(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox, clock = Sandbox(), VirtualClock(TUESDAY)
    sandbox.add_person("philip", "Philip Otieno", "", "", "")
    sandbox.add_private_chat("philip")
    monkeypatch.setattr(platforms, "chats", lambda _: {"sandbox": SandboxChat(sandbox, clock)})
    monkeypatch.setattr("groupbot.clock.real_time", clock)
    settings = config.Settings(database=f"sqlite:///{folder / 'groupbot.db'}")
    async with _started(monkeypatch, settings):
        code = _printed(capsys)
        sandbox.post("private:philip", "philip", code, at=clock())
        said = await _heard(sandbox, 2)
    assert said == [
        "Welcome, Philip Otieno. Your role now: operator. What you can do: /help.",
        "You are the only operator. Please name a second one: /invite operator.",
    ]
    async with _started(monkeypatch, settings):
        assert "/join" not in capsys.readouterr().out


@asynccontextmanager
async def _started(monkeypatch: pytest.MonkeyPatch, settings: config.Settings) -> AsyncIterator[None]:
    """The bot as `groupbot run` starts it, stopped as a signal would stop it."""
    stop = asyncio.Event()
    monkeypatch.setattr(run_module, "stop_signal", lambda: stop)
    where = control.place(settings.database, Path())
    serving = asyncio.create_task(run_module._serve(jurisdiction(), settings))
    while where is not None and not where.exists():
        assert not serving.done(), serving.exception()
        await asyncio.sleep(0.01)
    yield
    stop.set()
    await serving


def _printed(capsys: pytest.CaptureFixture[str]) -> str:
    said = capsys.readouterr().out
    found = re.search(
        r"Nobody is operator yet\. Within 24 hours, write this to the bot, alone:\n\n    (/join \S+)\n", said
    )
    assert found, said
    return found[1]


async def _heard(sandbox: Sandbox, count: int) -> list[str]:
    for _ in range(500):
        said = [message.text for message in sandbox.messages("private:philip") if message.sender_id == BOT]
        if len(said) >= count:
            return said
        await asyncio.sleep(0.01)
    raise AssertionError(said)
