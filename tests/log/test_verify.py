"""What the verifier says of an export, in whole sentences: right, wrong, and where."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from groupbot import verify_log
from groupbot.verify_log import Problem, verify
from tests.log import made
from tests.log.made import Record

LOG = made.records(130)
TOLD = made.told(LOG, 50, 100, 130)
VERIFIER = Path(verify_log.__file__)


def test_a_log_holds_against_every_checkpoint_ever_shown() -> None:
    every = made.told(LOG, *range(131))
    report = verify(made.lines(LOG), every)
    assert report.problem is None
    assert (report.log_id, report.entries, report.withheld) == (made.LOG, 130, 11)
    assert (report.root, len(report.held)) == (made.root(LOG), 131)


def test_an_empty_log_holds() -> None:
    report = verify([], made.told([], 0))
    assert (report.problem, report.entries, len(report.held)) == (None, 0, 1)


@pytest.mark.parametrize(
    "rewritten",
    [
        b"\xef\xbb\xbf" + b"".join(made.lines(LOG)),
        b"".join(made.lines(LOG)).replace(b"\n", b"\r\n"),
        b"\n".join(made.lines(LOG)) + b"\n\n",
        b"".join(json.dumps(record, indent=None).encode() + b"\n" for record in LOG),
        b"".join(json.dumps(dict(reversed(record.items()))).encode() + b" \n" for record in LOG),
        b"".join(made.lines(LOG))[:-1],
    ],
    ids=["byte order mark", "windows", "empty lines", "escaped", "other order", "no last line end"],
)
def test_a_log_that_another_program_has_written_anew_still_holds(rewritten: bytes) -> None:
    assert verify(rewritten.splitlines(keepends=True), TOLD).problem is None


def test_protecting_a_published_text_and_withholding_an_entry_leave_the_log_whole() -> None:
    protected = [{name: value for name, value in one.items() if name not in verify_log.PUBLISHED} for one in LOG]
    protected[19] = made.withheld(LOG[19])
    report = verify(made.lines(protected), TOLD)
    assert (report.problem, report.withheld) == (None, 12)


def change(seq: int, /, **fields: object) -> list[Record]:
    """The log with fields of one entry changed."""
    return [{**record, **fields} if record["seq"] == seq else record for record in LOG]


def without(seq: int, *names: str) -> list[Record]:
    """The log with fields of one entry left out."""
    return [
        {name: value for name, value in record.items() if record["seq"] != seq or name not in names} for record in LOG
    ]


WRONG: list[tuple[list[Record], Problem]] = [
    (change(3, ward="Lelan"), Problem(1, 50, "the checkpoint of 2026-11-25 does not fit: not all is as it was then")),
    (
        change(60, state="closed"),
        Problem(51, 100, "the checkpoint of 2026-11-26 does not fit: not all is as it was then"),
    ),
    (
        change(44, leaf_hash="ab" * 32),
        Problem(1, 50, "the checkpoint of 2026-11-25 does not fit: not all is as it was then"),
    ),
    (LOG[:6] + LOG[7:], Problem(7, 7, "entry 7 should stand here, but entry 8 does")),
    (LOG[:7] + LOG[6:], Problem(7, 8, "entry 7 stands here again; entry 8 should")),
    ([*LOG[:4], LOG[5], LOG[4], *LOG[6:]], Problem(5, 5, "entry 5 should stand here, but entry 6 does")),
    (LOG[:120], Problem(101, 130, "the checkpoint of 2026-11-26 counts 130 entries, but the file ends after 120")),
    (LOG[:50], Problem(51, 100, "the checkpoint of 2026-11-26 counts 100 entries, but the file ends after 50")),
    ([], Problem(1, 50, "the checkpoint of 2026-11-25 counts 50 entries, but the file ends after 0")),
    (change(7, public_text="Culvert is fine"), Problem(7, 7, "the published text is not the one that was logged")),
    (change(7, public_salt="00" * 32), Problem(7, 7, "the published text is not the one that was logged")),
    (change(7, c_public="00" * 32), Problem(7, 7, "the published text is not the one that was logged")),
    (change(7, c_public=""), Problem(7, 7, "the published text is not the one that was logged")),
    (change(7, public_salt="short"), Problem(7, 7, "the field public_salt is not a hash")),
    (without(7, "public_salt"), Problem(7, 7, "the field public_salt is missing")),
    (without(7, "public_text"), Problem(7, 7, "the field public_text is missing")),
    (without(9, "role"), Problem(9, 9, "the field role is missing")),
    (change(9, citizen="Rael"), Problem(9, 9, "the field 'citizen' does not belong here")),
    (change(11, ward="Lelan"), Problem(11, 11, "the field 'ward' does not belong here")),
    (change(9, ward=None), Problem(9, 9, "the field ward is not text")),
    (change(9, seq="9"), Problem(9, 9, "the field seq is not a whole number")),
    (change(1, seq=True), Problem(1, 1, "the field seq is not a whole number")),
    (change(9, seq=9.0), Problem(9, 9, "the field seq is not a whole number")),
    (change(9, at=-1), Problem(9, 9, "the field at is not a whole number")),
    (change(9, at=10**30), Problem(9, 9, "the field at is not a whole number")),
    (change(9, c_private="AB" * 32), Problem(9, 9, "the field c_private is not a hash")),
    (change(11, leaf_hash=""), Problem(11, 11, "the field leaf_hash is not a hash")),
    (change(9, v=2), Problem(9, 9, "this entry is of version 2; this verifier knows version 1")),
    (change(9, log_id="ke-nandi"), Problem(9, 9, "this entry is of another log: 'ke-nandi', not 'ke-elgeyo-marakwet'")),
]  # fmt: skip


@pytest.mark.parametrize(("records", "problem"), WRONG)
def test_what_is_wrong_is_said_in_plain_words(records: list[Record], problem: Problem) -> None:
    assert verify(made.lines(records), TOLD).problem == problem


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (b"not JSON", "this line is damaged: it is not JSON"),
        (b"[1, 2]", "this line is damaged: it is not a JSON object"),
        (b"[" * 100_000, "this line is damaged: it is not JSON"),
        (b'{"seq": ' + b"9" * 5_000 + b"}", "this line is damaged: it is not JSON"),
        (b"\xff\xfe{", "this line is not UTF-8 text"),
        (made.lines(LOG)[8].replace(b"health", b"\xff"), "this line is not UTF-8 text"),
        (made.lines(LOG)[8][:-20], "this line is damaged: it is not JSON"),
        (made.lines(LOG)[8].replace(b'"v":1', b'"v":1,"v":1'), "a field stands twice in this line"),
        (made.lines(LOG)[8].replace(b"health", b"\\ud800"), "a text in this line holds half a character"),
        (made.lines(LOG)[8].replace(b'"epoch":0', b'"epoch":NaN'), "the field epoch is not a whole number"),
    ],
    ids=range(10),
)
def test_a_damaged_line_is_named(line: bytes, what: str) -> None:
    lines = made.lines(LOG)
    assert verify([*lines[:8], line, *lines[9:]], TOLD).problem == Problem(9, 9, what)


def test_another_log_that_was_shown_to_others_is_found_by_an_older_checkpoint() -> None:
    theirs = made.records(130, view="theirs", since=80)
    assert verify(made.lines(theirs), made.told(theirs, 100, 130)).problem is None
    assert verify(made.lines(theirs), made.told(LOG, 50, 90)).problem == Problem(
        51, 90, "the checkpoint of 2026-11-25 does not fit: not all is as it was then"
    )


def test_two_checkpoints_that_contradict_each_other_show_two_logs() -> None:
    theirs = made.records(130, view="theirs", since=80)
    given = [*made.told(LOG, 50, 100), *made.told(theirs, 100)]
    assert verify(made.lines(LOG), given).problem == Problem(
        51,
        100,
        "the checkpoint of 2026-11-26 counts 100 entries, as another one does, but not the same: "
        "two logs were shown to people",
    )


def test_a_checkpoint_of_another_log_is_named() -> None:
    foreign = [one._replace(log_id="ke-nandi") for one in TOLD]
    what = "the checkpoint of 2026-11-25 is of another log: 'ke-nandi'"
    assert verify(made.lines(LOG), foreign[:1]).problem == Problem(1, 50, what)
    assert verify(made.lines(LOG[:20]), foreign[:1]).problem == Problem(1, 50, what)


def test_a_restore_from_a_backup_is_told_with_what_it_lost() -> None:
    restored = [*LOG[:70], *(made.entry(seq, epoch=1, view="after") for seq in range(71, 111))]
    report = verify(made.lines(restored), [*made.told(LOG, 50, 100), *made.told(restored, 110, epoch=1)])
    assert [one.size for one in report.held] == [50]
    assert report.problem == Problem(
        51,
        100,
        "the checkpoint of 2026-11-26 does not fit: not all is as it was then; the log was restored from a backup "
        "since, epoch 1 begins at entry 71",
    )


def test_an_epoch_does_not_go_back() -> None:
    log = [made.entry(1, epoch=1), made.entry(2, epoch=0)]
    assert verify(made.lines(log)).problem == Problem(1, 2, "the epoch goes back from 1 to 0")


# --- as a CSO runs it -------------------------------------------------------------------------------------------------


@pytest.fixture
def handed_on(tmp_path: Path) -> Callable[..., Any]:
    """The verifier alone in a folder, run by a Python that finds nothing else."""
    (tmp_path / "verify_log.py").write_bytes(VERIFIER.read_bytes())
    (tmp_path / "log.jsonl").write_bytes(b"".join(made.lines(LOG)))

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-S", "verify_log.py", *words]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)

    return run


def test_a_cso_checks_a_log_with_one_file_and_a_pasted_message(handed_on: Callable[..., Any]) -> None:
    done = handed_on("log.jsonl", "--checkpoint", made.message(LOG, 50), "--checkpoint", made.message(LOG, 130))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "log 'ke-elgeyo-marakwet': 130 entries read, 11 of them withheld.",
        "The checkpoint of 2026-11-25 holds: 50 entries.",
        "The checkpoint of 2026-11-26 holds: 130 entries.",
        f"The root is {made.message(LOG, 130).split()[-1]}",
    ]


def test_a_cso_hears_what_is_wrong_from_an_exported_chat(handed_on: Callable[..., Any], tmp_path: Path) -> None:
    chat = "\n".join(made.message(made.records(130, text="another text"), size) for size in (6, 50))
    (tmp_path / "chat.txt").write_text(chat, encoding="utf-8")
    done = handed_on("log.jsonl", "--checkpoint", "chat.txt")
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "log 'ke-elgeyo-marakwet': 50 entries read, 4 of them withheld.",
        "The checkpoint of 2026-11-24 holds: 6 entries.",
        "WRONG at entries 7 to 50: the checkpoint of 2026-11-25 does not fit: not all is as it was then.",
    ]


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["log.jsonl"], 0, "No checkpoint was given: this shows only that the file is whole in itself."),
        (["log.jsonl", "--checkpoint", "hello"], 1, "WRONG: there is no checkpoint in the text given."),
        (
            ["log.jsonl", "--checkpoint", "log x 2026-11-24 epoch 0 size 5"],
            1,
            "WRONG: a checkpoint in the text given is not whole: 'log x 2026-11-24 epoch 0 size 5'.",
        ),
        (["log.jsonl", "--checkpoint", "x" * 70_000], 1, "WRONG: there is no checkpoint in the text given."),
        (["nowhere.jsonl"], 1, "WRONG: cannot read nowhere.jsonl: No such file or directory"),
    ],
)
def test_the_command_says_what_it_could_not_do(
    handed_on: Callable[..., Any], words: list[str], status: int, said: str
) -> None:
    done = handed_on(*words)
    assert done.returncode == status
    assert said in (done.stdout + done.stderr).splitlines()


def test_the_verifier_is_one_file_of_plain_python() -> None:
    tree = ast.parse(VERIFIER.read_text(encoding="utf-8"), feature_version=(3, 9))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {getattr(node, "module", None) or alias.name for node in imports for alias in node.names}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_a_hundred_thousand_entries_take_about_a_second() -> None:
    lines = made.lines(made.records(20_000))
    started = time.process_time()
    report = verify(lines, made.told(LOG, 50))
    assert report.problem is None
    assert time.process_time() - started < 1.0  # a fifth of them: room for slow machines
