"""Each mistake in a pack is told as a sentence, and a bad pack never replaces a good one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groupbot.cli.check import check as check_command
from groupbot.protocol import load, load_cast
from groupbot.protocol_check import check, reload
from groupbot.protocol_check import sense as protocol_sense
from groupbot.protocol_check import texts as protocol_texts
from groupbot.protocol_check.examples import files
from groupbot.protocol_check.problems import Findings
from tests.packs.spoilt import BAD, good, spoil
from tests.packs.texts import PACK

CASES = sorted(path.name for path in BAD.iterdir())


def test_the_pack_that_groupbot_comes_with_holds() -> None:
    assert [str(problem) for problem in check(PACK)] == []


def test_a_copy_of_it_elsewhere_holds_too(tmp_path: Path) -> None:
    assert check(good(tmp_path)) == []


@pytest.mark.parametrize("case", CASES)
def test_a_spoilt_pack_is_told_what_is_wrong(case: str, tmp_path: Path) -> None:
    pack = good(tmp_path)
    spoil(pack, BAD / case)
    said = "".join(f"{problem}\n" for problem in check(pack))
    assert said == (BAD / case / "expected.txt").read_text(encoding="utf-8")


def test_every_case_says_what_it_expects() -> None:
    assert [case for case in CASES if not (BAD / case / "expected.txt").read_text(encoding="utf-8").strip()] == []


def test_a_file_that_is_not_text_is_told(tmp_path: Path) -> None:
    pack = good(tmp_path)
    (pack / "calendar.toml").write_bytes(b"# caf\xe9\n")
    assert [str(problem) for problem in check(pack)] == [
        "calendar.toml: byte 5: This is not UTF-8 text. Save the file as UTF-8."
    ]


def test_a_folder_in_the_place_of_a_file_is_told(tmp_path: Path) -> None:
    pack = good(tmp_path)
    (pack / "calendar.toml").unlink()
    (pack / "calendar.toml").mkdir()
    assert [str(problem) for problem in check(pack)] == [
        "calendar.toml: file: This cannot be read: Is a directory. Make it a file that may be read."
    ]


def test_an_empty_folder_lacks_every_file(tmp_path: Path) -> None:
    assert [problem.file for problem in check(tmp_path)] == [
        "calendar.toml",
        "protocol.toml",
        "reading.toml",
        "weights.toml",
    ]


def test_several_mistakes_are_told_at_once(tmp_path: Path) -> None:
    pack = good(tmp_path)
    for case in ("short-prefix", "negative-clock", "unknown-key"):
        spoil(pack, BAD / case)
    keys = [problem.key for problem in check(pack)]
    assert keys == ["department.health.prefix", "pack.currency", "priority.emergency.acknowledge.value"]


HOSTILE = st.one_of(
    st.none(), st.integers(), st.text(max_size=20), st.just("[[[["), st.just('a = "{"'), st.just("pack=1")
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["protocol.toml", "reading.toml", "calendar.toml", "messages/en.toml", "words/sw.toml"]), HOSTILE
)
def test_no_text_of_a_file_makes_the_checker_fall(tmp_path: Path, name: str, text: object) -> None:
    shutil.rmtree(tmp_path / "pack", ignore_errors=True)
    pack = good(tmp_path)
    (pack / name).write_text(str(text), encoding="utf-8")
    assert check(pack)


# --- a bad pack never replaces a good one ----------------------------------------------------------------------------


def test_a_changed_pack_that_holds_replaces_the_old_one(tmp_path: Path) -> None:
    current = load(good(tmp_path))
    path = current.folder / "protocol.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace('version = "1.0.0"', 'version = "1.0.1"'), encoding="utf-8"
    )
    pack, problems = reload(current)
    assert (pack.version, problems) == ("1.0.1", [])


def test_a_changed_pack_that_does_not_hold_leaves_the_old_one(tmp_path: Path) -> None:
    current = load(good(tmp_path))
    spoil(current.folder, BAD / "prefix-of-two-departments")
    pack, problems = reload(current)
    assert pack is current
    assert [problem.key for problem in problems] == ["department.prefix"]


def test_another_jurisdictions_pack_does_not_replace_this_one(tmp_path: Path) -> None:
    current = load(good(tmp_path))
    path = current.folder / "protocol.toml"
    text = path.read_text(encoding="utf-8").replace('id = "ke-elgeyo-marakwet"', 'id = "ke-elsewhere"')
    path.write_text(text, encoding="utf-8")
    pack, problems = reload(current)
    assert pack is current
    assert [str(problem) for problem in problems] == [
        "protocol.toml: pack.id: Expected 'ke-elgeyo-marakwet', the pack in use. "
        "Put the new pack into a folder of its own."
    ]


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_command_says_that_a_good_pack_holds() -> None:
    result = CliRunner().invoke(check_command, ["ke-elgeyo-marakwet"])
    assert (result.exit_code, result.output) == (0, f"{PACK}: this pack holds.\n")


def test_the_command_tells_each_problem_and_fails(tmp_path: Path) -> None:
    pack = good(tmp_path)
    spoil(pack, BAD / "ring-role-unknown")
    result = CliRunner().invoke(check_command, [str(pack)])
    told = (BAD / "ring-role-unknown/expected.txt").read_text(encoding="utf-8")
    assert (result.exit_code, result.output) == (1, f"{told}{pack}: 1 problem; this pack does not hold.\n")


def test_the_command_speaks_json(tmp_path: Path) -> None:
    pack = good(tmp_path)
    spoil(pack, BAD / "ring-role-unknown")
    result = CliRunner().invoke(check_command, [str(pack), "--json"])
    assert result.exit_code == 1
    assert json.loads(result.output) == {
        "holds": False,
        "pack": str(pack),
        "problems": [
            {
                "file": "protocol.toml",
                "key": "emergency.ring_roles",
                "problem": "There is no role 'governor'.",
                "remedy": "Write the code of a [[role]].",
            }
        ],
    }
    assert json.loads(CliRunner().invoke(check_command, [str(PACK), "--json"]).output)["holds"] is True


def test_the_command_names_a_pack_that_is_not_there() -> None:
    result = CliRunner().invoke(check_command, ["ke-atlantis"])
    assert result.exit_code == 1
    assert "no pack 'ke-atlantis'" in result.output


# --- what comes with the pack ----------------------------------------------------------------------------------------


def test_the_examples_show_requests_and_posts_to_be_left_alone() -> None:
    kinds = [line for path in files(PACK) for line in path.read_text(encoding="utf-8").splitlines()]
    for kind in ("request", "incomplete", "unformatted", "chatter"):
        assert f'kind = "{kind}"' in kinds
    assert 'route = "private"' in kinds


def test_the_cast_has_somebody_in_every_place() -> None:
    pack = load(PACK)
    people = load_cast(pack).person
    assert sorted(person.ward or "" for person in people if person.role == "ward_admin") == sorted(pack.wards)
    for role in ("coordinator", "director"):
        assert sorted(person.department or "" for person in people if person.role == role) == sorted(pack.departments)
    others = [person.role for person in people if not person.ward and not person.department]
    assert sorted(others) == ["", "committee", "communications", "integrity", "observer", "observer"]


def test_a_pack_without_a_cast_has_an_empty_one(tmp_path: Path) -> None:
    pack = good(tmp_path)
    (pack / "sandbox/cast.toml").unlink()
    assert load_cast(load(pack)).person == ()
    assert check(pack) == []


# --- empty lists -----------------------------------------------------------------------------------------------------

EMPTY = [
    ("department", "department", "Expected at least one department."),
    ("ward", "ward", "Expected at least one ward."),
    ("priority", "priority.default", "Expected one priority with default = true, found 0."),
]


@pytest.mark.parametrize(("part", "key", "said"), EMPTY)
def test_a_pack_without_any_of_its_parts_is_told(part: str, key: str, said: str, tmp_path: Path) -> None:
    pack = load(good(tmp_path))
    found = Findings()
    protocol_sense.compare(pack.model_copy(update={"file": pack.file.model_copy(update={part: ()})}), pack, found)
    assert said in [problem.problem for problem in found.problems if problem.key == key]


def test_an_emergency_without_a_number_to_call_is_told(tmp_path: Path) -> None:
    pack = load(good(tmp_path))
    found = Findings()
    emergency = pack.file.emergency.model_copy(update={"number": ()})
    file = pack.file.model_copy(update={"emergency": emergency})
    protocol_sense.compare(pack.model_copy(update={"file": file}), pack, found)
    assert [str(problem) for problem in found.problems] == [
        "protocol.toml: emergency.number: Expected a number to call. Add an [[emergency.number]]."
    ]


# --- hostile packs ---------------------------------------------------------------------------------------------------

JUNK = [3, "x", ["a", 1], {}, {"en": {"deep": 1}}, True, "{", "{a:b:c}", {"count": "n", "one": 1, "other": []}]


@pytest.mark.parametrize("junk", JUNK, ids=repr)
def test_junk_in_a_messages_file_is_told_and_never_raises(junk: object, tmp_path: Path) -> None:
    pack = load(good(tmp_path))
    for key in ("terms", "lists", "units", "dates", "number", "incomplete"):
        found = Findings()
        spoilt = pack.model_copy(update={"messages": {**pack.messages, "sw": {**pack.messages["sw"], key: junk}}})
        protocol_texts.compare(spoilt, pack, found)
        assert any(problem.file == "messages/sw.toml" for problem in found.problems), key


@pytest.mark.parametrize("key", ["weekdays", "months", "day", "today", "other"])
@pytest.mark.parametrize("junk", [3, "{", "{hour}", [], [1] * 12], ids=repr)
def test_junk_in_the_words_of_dates_is_told_and_never_raises(key: str, junk: object, tmp_path: Path) -> None:
    pack = load(good(tmp_path))
    found = Findings()
    dates = {**pack.messages["sw"]["dates"], key: junk}
    spoilt = pack.model_copy(update={"messages": {**pack.messages, "sw": {**pack.messages["sw"], "dates": dates}}})
    protocol_texts.compare(spoilt, pack, found)
    assert found.problems or (key, junk) == ("months", [1] * 12)
