"""The steps of the README for mishaps are run as they stand there: in a shell, by the program that is installed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from groupbot.records import Group
from groupbot.store import people
from groupbot.store.database import Store
from tests.county import FORM, county, jurisdiction

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
# these talk to the platform for good, or ask it: what they do is tried in tests/cli and tests/telegram
NOT_HERE = {"groupbot run", "groupbot doctor"}
MAY_FIND_SOMETHING = {"groupbot health"}  # its exit status says whether something needs a person


def _steps() -> dict[str, list[str]]:
    """Mishap -> the commands under it."""
    part = README.split("### The five that need steps")[1].split("\n## ")[0]
    pieces = re.split(r"^\*\*(.+?)\.?\*\*", part, flags=re.MULTILINE)[1:]
    return {
        name: re.findall(r"^    (.+)$", text, flags=re.MULTILINE)
        for name, text in zip(pieces[::2], pieces[1::2], strict=True)
    }


STEPS = _steps()


async def _lived_in(folder: Path) -> None:
    """A county that has worked for two days and is stopped, its mirror's chat beside it."""
    start = datetime.now(UTC) - timedelta(days=4)
    async with county(f"sqlite:///{folder / 'groupbot.db'}", start=start) as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "/resolve 200 doses delivered this morning from the store", post)
        await here.wait(days=3)
        (folder / "mirror.txt").write_text("\n".join(here.lines("mirror")), encoding="utf-8")
    with Store(f"sqlite:///{folder / 'groupbot.db'}") as store:
        store.write_tx(lambda tx: _on_telegram(tx, start))
    (folder / "telegram.token").write_text("110201543:OLD", encoding="utf-8")
    (folder / "groupbot.toml").write_text('[telegram]\ntoken_file = "telegram.token"\n', encoding="utf-8")


def _on_telegram(tx, at):  # type: ignore[no-untyped-def]
    kiptoo = tx.scalar("SELECT id FROM person WHERE name = 'Daniel Kiptoo'")
    people.add_identity(tx, jurisdiction().id, kiptoo, ("telegram", "77", "Daniel"), at)
    group = Group(0, "telegram", "-100123", "department", "Health", "health")
    people.bind_chat(tx, jurisdiction().id, group, at)


def _run(command: str, folder: Path) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GROUPBOT_")}
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**environment, "PATH": path},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0 or (command in MAY_FIND_SOMETHING and done.returncode == 1), (command, done)
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout


def _play(name: str, folder: Path) -> dict[str, str]:
    """Run the steps of a mishap; command -> what it printed."""
    return {command: _run(command, folder) for command in STEPS[name] if command not in NOT_HERE}


def test_the_runbook_has_its_mishaps() -> None:
    assert list(STEPS) == [
        "Power cut", "A lost telephone", "A lost token", "A full disk", "The restore drill", "After a loss",
    ]  # fmt: skip
    assert all(STEPS.values())


@pytest.mark.slow
async def test_power_cut_telephone_token_and_disk_as_they_are_written(tmp_path: Path) -> None:
    await _lived_in(tmp_path)
    _play("Power cut", tmp_path)
    said = _play("A lost telephone", tmp_path)
    assert "Daniel Kiptoo: no longer telegram:77" in said['groupbot people end "Daniel Kiptoo" --unbind']
    assert "72 h left" in said["groupbot breach --account telegram:77"]
    assert re.fullmatch(r"/join \S+\n", said["groupbot people invite coordinator health"])
    _play("A lost token", tmp_path)
    assert (tmp_path / "telegram.token").read_text() == "NEW-TOKEN"
    assert (tmp_path / "telegram.token").stat().st_mode & 0o077 == 0
    _play("A full disk", tmp_path)


@pytest.mark.slow
async def test_the_restore_drill_and_a_loss_as_they_are_written(tmp_path: Path) -> None:
    await _lived_in(tmp_path)
    before = _run("groupbot people list", tmp_path)
    said = _play("The restore drill", tmp_path)
    assert said["groupbot people list --database sqlite:///drill.db"] == before
    verified = said["groupbot log verify drill.jsonl --checkpoint mirror.txt"]
    assert re.search(r"The checkpoint of \S+ holds: \d+ entries", verified)
    assert not list(tmp_path.glob("drill.*"))
    _run("groupbot backup last.backup", tmp_path)
    for file in tmp_path.glob("groupbot.db*"):
        file.unlink()
    said = _play("After a loss", tmp_path)
    assert "The log goes on in epoch 1" in said["groupbot restore last.backup --seen mirror.txt"]
    assert _run("groupbot people list", tmp_path) == before
