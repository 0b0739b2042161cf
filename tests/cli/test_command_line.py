"""The command line, run as a person runs it: in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

CONVERSATION = Path(__file__).parent.parent / "conversations" / "1-drugs-out-of-stock.txt"


def _run(*words: str | Path, text: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "groupbot", *map(str, words)]
    return subprocess.run(command, input=text, capture_output=True, text=True, timeout=60, check=False)


def test_help_names_every_command_and_imports_none() -> None:
    done = _run("--help")
    assert done.returncode == 0
    for command in ("sandbox", "replay", "parse", "check", "log"):
        assert f"\n  {command} " in done.stdout
    code = (
        "import sys\n"
        "from groupbot.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print([name for name in ('peewee', 'pydantic', 'aiohttp', 'holidays', 'rich') if name in sys.modules])"
    )
    imported = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert imported.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("command", ["sandbox", "replay", "parse", "check", "log"])
def test_every_command_explains_itself(command: str) -> None:
    done = _run(command, "--help")
    assert done.returncode == 0
    assert "Usage:" in done.stdout


def test_replay_prints_one_json_object_per_message() -> None:
    done = _run("replay", "--json", CONVERSATION)
    assert (done.returncode, done.stderr) == (0, "")
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert all(list(one) == ["id", "at", "group", "sender", "text", "reply_to", "edits", "reaction"] for one in said)
    number = next(one for one in said if one["sender"] == "groupbot" and one["group"] == "Health feedback")
    assert number["at"] == "2025-09-09T07:48:00+03:00"
    assert number["reply_to"] == next(one["id"] for one in said if one["text"].startswith("SERVICE REQUEST"))
    assert len({one["id"] for one in said}) == len(said)


def test_a_replay_that_cannot_be_read_says_where_and_why(tmp_path: Path) -> None:
    broken = tmp_path / "broken.txt"
    broken.write_text("2025-09-09 07:48 | Ghost feedback | A B (coordinator) | hi\n", encoding="utf-8")
    done = _run("replay", broken)
    assert done.returncode == 1
    assert done.stderr == (
        f"Error: {broken}: line 1: no department of the pack is named in the group 'Ghost feedback'\n"
    )


def test_an_unknown_pack_is_named(tmp_path: Path) -> None:
    done = _run("replay", "--pack", "nowhere", CONVERSATION)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: no pack 'nowhere'")


def test_a_pack_that_does_not_hold_says_who_can_tell_more(tmp_path: Path) -> None:
    (tmp_path / "protocol.toml").write_text("[pack]\nid = 1\n", encoding="utf-8")
    done = _run("replay", "--pack", tmp_path, CONVERSATION)
    assert done.returncode == 1
    assert (
        done.stderr == f"Error: the pack in {tmp_path} does not hold; `groupbot check {tmp_path}` says what to mend\n"
    )


def test_parse_reads_posts_from_a_pipe() -> None:
    post = {"id": "x1", "text": "Ward: Endo\nLocation: Tot\nProblem: No drugs\nPriority: urgent"}
    done = _run("parse", "-", text=json.dumps(post) + "\n")
    assert done.returncode == 0
    assert json.loads(done.stdout) == {
        "id": "x1",
        "kind": "request",
        "requests": [{"ward": "Endo", "location": "Tot", "problem": "No drugs", "priority": "urgent"}],
        "missing": [],
        "route": "public",
    }


def test_the_first_pack_holds() -> None:
    done = _run("check", "ke-elgeyo-marakwet")
    assert done.returncode == 0, done.stdout
