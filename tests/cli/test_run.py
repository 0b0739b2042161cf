"""groupbot run, and the commands that work on the database of its settings."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from groupbot.cli import main


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
    assert _run("people", "list") == (0, "")  # another folder's settings, another database


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
