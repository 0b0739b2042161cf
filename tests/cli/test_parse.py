"""groupbot parse: posts in, one JSON line each out; a bad line is named and the others are still read."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from groupbot.cli.parse import parse

FORM = "SERVICE REQUEST\nLocation: Tot\nProblem: no water\nPriority: urgent"


def run(*lines: str, arguments: tuple[str, ...] = ("-",)) -> Result:
    return CliRunner().invoke(parse, list(arguments), input="\n".join(lines))


def post(**keys: object) -> str:
    return json.dumps(keys)


def test_a_post_is_printed_with_the_fields_it_gives_and_no_others() -> None:
    result = run(post(id="p1", text=FORM, sender_role="ward_admin", sender_ward="Endo"))
    assert result.stdout == (
        '{"id": "p1", "kind": "request", "requests": [{"ward": "Endo", "location": "Tot", "problem": "no water", '
        '"priority": "urgent"}], "missing": [], "route": "public"}\n'
    )
    assert (result.exit_code, result.stderr) == (0, "")


def test_only_id_and_text_are_needed() -> None:
    result = run(post(id=7, text="Problem: dry taps"))
    assert json.loads(result.stdout) == {
        "id": 7,
        "kind": "incomplete",
        "requests": [{"problem": "dry taps"}],
        "missing": ["location"],
        "route": "public",
    }


def test_an_offer_is_no_request_and_the_private_road_is_named() -> None:
    result = run(post(id="p", text="Clerk wa revenue Iten anaitisha kitu kidogo", sender_role="ward_admin"))
    assert json.loads(result.stdout) == {
        "id": "p",
        "kind": "unformatted",
        "requests": [],
        "missing": [],
        "route": "private",
    }


def test_bad_lines_are_named_the_others_are_read_and_the_exit_status_is_1() -> None:
    result = run(
        post(id="a", text="👍"),
        "",
        "not json",
        "[1]",
        post(id="b"),
        post(text="x"),
        post(id="c", text="x", sender_role=3),
        post(id={"a": "\ud800"}, text="x"),
        post(id=float("nan"), text="x"),
        post(id="\ud800d", text="\ud800\x00"),
    )
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["a", "d"]
    assert result.stderr.splitlines() == [
        "line 3: not JSON: Expecting value: line 1 column 1 (char 0)",
        "line 4: not an object with id and text",
        "line 5: no text (a string is needed)",
        "line 6: no id (a string or a whole number is needed)",
        "line 7: sender_role must be a string or null",
        "line 8: no id (a string or a whole number is needed)",
        "line 9: no id (a string or a whole number is needed)",
    ]
    assert result.exit_code == 1


def test_an_unknown_pack_is_refused_in_a_sentence(tmp_path: Path) -> None:
    result = run(post(id="a", text="x"), arguments=("--pack", "no-such-pack", "-"))
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: no pack 'no-such-pack'")
