"""groupbot sandbox: what cannot be begun is refused in a sentence, not with a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from groupbot.cli import sandbox as command
from groupbot.store.errors import OperationalError


def complaint(*arguments: str) -> str:
    result = CliRunner().invoke(command.sandbox, list(arguments))
    assert result.exit_code in (1, 2)
    return result.stderr.splitlines()[-1]


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_a_port_that_none_can_be_is_refused(port: str) -> None:
    assert complaint("--port", port).startswith("Error: Invalid value for '--port':")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "sandbox"
    assert complaint("--folder", str(folder)) == f"Error: cannot make the folder {folder}: Not a directory"


def test_a_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(command, "_serve", full)
    place = tmp_path / "groupbot.db"
    assert complaint("--folder", str(tmp_path)) == f"Error: {place} cannot be used: database or disk is full"
