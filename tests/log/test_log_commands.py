"""`groupbot log`, run as a person runs it: export, verify, sheet."""

from __future__ import annotations

import asyncio
import csv
import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from groupbot import verify_log
from groupbot.rules.cells import unguard
from groupbot.store.database import Store
from tests.county import FORM, county

ROOT = Path(__file__).parents[2]
SECOND = FORM.replace("No malaria drugs since Monday, patients sent away", "No nurse at night")


def run(folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """The command in a folder."""
    command = [sys.executable, "-m", "groupbot", "log", *map(str, words)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("GROUPBOT_DATABASE", None)
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)


async def live(url: str) -> list[str]:
    """Three days of a county in a database; what the mirror was told."""
    async with county(url) as here:
        post = await here.say("chebet", "health", FORM + "\nCitizen: Rael Chepkiyeng\nPhone: 0720 000 662")
        await here.say("chebet", "health", SECOND)
        await here.wait_until("2026-11-25 12:05")
        await here.say("kiptoo", "health", "/resolve +200 doses delivered this morning from the store", reply_to=post)
        await here.wait(days=2)
        return here.lines("mirror")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a sandbox that has a past, and the mirror's chat as somebody exported it."""
    (tmp_path / "groupbot-sandbox").mkdir()
    said = asyncio.run(live(f"sqlite:///{tmp_path}/groupbot-sandbox/groupbot.db"))
    (tmp_path / "chat.txt").write_text("\n".join(said), encoding="utf-8")
    return tmp_path


def test_the_sandboxs_log_is_exported_and_held_against_the_mirrors_chat(folder: Path) -> None:
    done = run(folder, "export", "log.jsonl")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[:4] == [
        "log.jsonl:",
        "log 'ke-elgeyo-marakwet': 6 entries read, 0 of them withheld.",
        "The checkpoint of 2026-11-25 holds: 4 entries.",
        "The checkpoint of 2026-11-26 holds: 5 entries.",
    ]
    lines = [json.loads(line) for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(line["seq"], line["type"], line["state"]) for line in lines] == [
        (1, "opened", "submitted"),
        (2, "opened", "submitted"),
        (3, "escalated", "submitted"),
        (4, "escalated", "submitted"),
        (5, "answered", "answered"),
        (6, "escalated", "submitted"),
    ]
    assert "Rael" not in (folder / "log.jsonl").read_text(encoding="utf-8")
    assert sorted(path.name for path in folder.iterdir()) == ["chat.txt", "groupbot-sandbox", "log.jsonl"]

    done = run(folder, "verify", "log.jsonl", "--checkpoint", "chat.txt", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(done.stdout)
    root = said.pop("root")
    assert said == {
        "holds": True,
        "log_id": "ke-elgeyo-marakwet",
        "entries": 6,
        "withheld": 0,
        "checkpoints_held": [4, 5],
        "problem": None,
        "unusable": [],
    }
    # the last entry is younger than the last checkpoint, which the next one will cover
    assert f"root {root}" not in (folder / "chat.txt").read_text(encoding="utf-8")


def test_an_edited_export_is_refused_by_the_command_and_by_the_file_it_gives(folder: Path) -> None:
    run(folder, "export", "log.jsonl")
    text = (folder / "log.jsonl").read_text(encoding="utf-8")
    (folder / "log.jsonl").write_text(text.replace('"coordinator"', '"director"'), encoding="utf-8")
    wrong = "WRONG at entry 5: the checkpoint of 2026-11-26 does not fit: not all is as it was then."
    done = run(folder, "verify", "log.jsonl", "--checkpoint", "chat.txt")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, wrong)
    done = run(folder, "verify", "log.jsonl", "--checkpoint", "chat.txt", "--json")
    problem = {"first": 5, "last": 5, "what": "the checkpoint of 2026-11-26 does not fit: not all is as it was then"}
    assert (done.returncode, json.loads(done.stdout)["problem"]) == (1, problem)

    done = run(folder, "verify", "--give", "check.py")
    assert done.stdout == "check.py: run it as  python check.py EXPORT --checkpoint MESSAGE_OR_FILE\n"
    assert (folder / "check.py").read_bytes() == Path(verify_log.__file__).read_bytes()
    command = [sys.executable, "-I", "check.py", "log.jsonl", "--checkpoint", "chat.txt"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, wrong)


def test_an_export_of_a_changed_database_says_so_and_is_whole(folder: Path) -> None:
    with sqlite3.connect(folder / "groupbot-sandbox/groupbot.db") as database:
        database.execute("UPDATE service_log SET ward = 'Lelan' WHERE seq = 1")
    done = run(folder, "export", "log.jsonl")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == (
        "WRONG at entries 1 to 4: the checkpoint of 2026-11-25 does not fit: not all is as it was then."
    )
    assert len((folder / "log.jsonl").read_bytes().splitlines()) == 6


def test_a_table_for_spreadsheets_has_the_same_fields(folder: Path) -> None:
    run(folder, "export", "log.jsonl")
    done = run(folder, "export", "--csv", "log.csv", "--database", folder / "groupbot-sandbox/groupbot.db")
    assert (done.returncode, done.stderr) == (0, "")
    with (folder / "log.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [{name: unguard(cell) for name, cell in row.items() if cell} for row in csv.DictReader(file)]
    lines = [json.loads(line) for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert rows == [{name: str(value) for name, value in line.items() if value != ""} for line in lines]


SHEET = {
    "Number": "HLT-26-0001-J",
    "Received": "2026-11-24 10:10",
    "Channel": "",
    "Reported by": "Jane Chebet",
    "Ward": "Kapsowar",
    "Department": "Health",
    "Topic": "medicines and supplies",
    "Priority": "urgent",
    "Place": "Kapsowar sub-county hospital",
    "The sender's message": "No malaria drugs since Monday, patients sent away",
    "The government's response": "+200 doses delivered this morning from the store",
    "Answered by": "Daniel Kiptoo",
    "First word": "2026-11-25 12:05",
    "Answer due": "2026-11-27 17:00",
    "Answered": "2026-11-25 12:05",
    "Response time, hours": "25.9",
    "Outcome": "done",
    "The citizen's word": "",
    "Closed": "",
    "Opened again": "0",
}


def test_the_log_sheet_has_the_countys_columns_and_no_citizen_and_no_formula(folder: Path) -> None:
    with sqlite3.connect(folder / "groupbot-sandbox/groupbot.db") as database:
        database.execute("UPDATE request SET description = ? WHERE id = 2", ("=cmd|' /C calc'!A0\n -1",))
    done = run(folder, "sheet", "sheet.csv")
    assert (done.returncode, done.stdout, done.stderr) == (0, "sheet.csv: 2 requests\n", "")
    text = (folder / "sheet.csv").read_text(encoding="utf-8-sig")
    assert "Rael" not in text
    assert "0720" not in text
    with (folder / "sheet.csv").open(encoding="utf-8-sig", newline="") as file:
        first, second = csv.DictReader(file)
    assert first.pop("Status") != ""
    assert {name: unguard(cell) for name, cell in first.items()} == SHEET
    assert first["The government's response"].startswith("'+200")
    assert second["The sender's message"] == "'=cmd|' /C calc'!A0\n' -1"


HOSTILE = "\t=1+1;@SUM(A1)|-2\t＝3\r\n +4"
TEXTS = {
    "request": ("address", "description", "status_notes", "ward", "topic", "priority", "state", "outcome", "word"),
    "person": ("name",),
    "contact": ("channel",),
    "service_log": ("type", "ref", "ward", "role", "state", "outcome", "pack_version", "public_text", "public_salt"),
}


@pytest.mark.parametrize("command", [("sheet",), ("sheet", "--language", "sw"), ("export", "--csv")])
def test_no_table_holds_a_formula_in_any_column_whatever_a_program_takes_for_a_separator(
    folder: Path, command: tuple[str, ...]
) -> None:
    with sqlite3.connect(folder / "groupbot-sandbox/groupbot.db") as database:
        for table, columns in TEXTS.items():
            for column in columns:
                database.execute(f"UPDATE {table} SET {column} = ?", (HOSTILE,))
    run(folder, command[0], "table.csv", *command[1:])
    with (folder / "table.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    cells = [cell for row in rows for cell in row]
    assert sum(unguard(cell) == HOSTILE for cell in cells) >= 9
    for cell in cells:
        for part in re.split(r"[;|\t\r\n]", cell):
            assert not part.strip().startswith(tuple("=+-@＝")), cell


def test_the_log_sheet_speaks_swahili_and_leaves_out_confidential_cases(folder: Path) -> None:
    with sqlite3.connect(folder / "groupbot-sandbox/groupbot.db") as database:
        database.execute("UPDATE request SET route = 'private' WHERE id = 2")
    done = run(folder, "sheet", "sheet.csv", "--language", "sw")
    assert done.stdout == "sheet.csv: 1 request\n"
    with (folder / "sheet.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["Nambari"], row["Idara"], row["Kipaumbele"]) == ("HLT-26-0001-J", "Afya", "haraka")


def test_postgresql_is_read_as_well(tmp_path: Path, postgres_url: str) -> None:
    said = asyncio.run(live(postgres_url))
    done = run(tmp_path, "export", "log.jsonl", "--database", postgres_url)
    assert (done.returncode, done.stderr) == (0, "")
    with (tmp_path / "log.jsonl").open("rb") as lines:
        report = verify_log.verify(lines, verify_log.find_checkpoints("\n".join(said))[0])
    assert (report.problem, report.entries, len(report.held)) == (None, 6, 2)
    assert run(tmp_path, "sheet", "sheet.csv", "--database", postgres_url).stdout == "sheet.csv: 2 requests\n"


def test_an_export_only_reads_and_works_beside_a_running_bot(folder: Path) -> None:
    database = folder / "groupbot-sandbox/groupbot.db"
    with Store(f"sqlite:///{database}"):
        before = database.read_bytes()
        assert run(folder, "export", "log.jsonl").returncode == 0
        assert database.read_bytes() == before


def test_an_empty_log_is_an_empty_file(tmp_path: Path) -> None:
    async def nobody(url: str) -> None:
        async with county(url):
            pass

    asyncio.run(nobody(f"sqlite:///{tmp_path}/groupbot.db"))
    done = run(tmp_path, "export", "log.jsonl", "--database", "groupbot.db")
    assert (done.returncode, (tmp_path / "log.jsonl").read_bytes()) == (0, b"")


NOWHERE = "Error: there is no database groupbot-sandbox/groupbot.db: `groupbot run` makes it, --config or --database"
ADDRESS = "Error: not a database address: 'ftp://x'; expected sqlite:///file.db or postgresql://user@host/name"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["export", "log.jsonl"], NOWHERE),
        (["sheet", "sheet.csv"], NOWHERE),
        (["export", "log.jsonl", "--database", "ftp://x"], ADDRESS),
        (["export", "log.jsonl", "--database", "noise.db"], "it is no database of groupbot: file is not a database"),
        (["export", "log.jsonl", "--database", "empty.db"], "it is no database of groupbot: it holds nothing"),
        (["export", "log.jsonl", "--database", "sqlite:///none.db"], "there is no database none.db"),
        (["export", "log.jsonl", "--pack", "ke-nowhere"], "no pack 'ke-nowhere'"),
        (["sheet", "sheet.csv", "--language", "fr"], "the pack speaks en, sw, not 'fr'"),
        (["verify"], "name the export to check, or --give FILE to get the verifier itself"),
        (["verify", "none.jsonl"], "File 'none.jsonl' does not exist"),
        (["verify", "--give", "nowhere/check.py"], "cannot write nowhere/check.py: No such file or directory"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence_and_leaves_no_file(
    tmp_path: Path, words: list[str], said: str
) -> None:
    (tmp_path / "noise.db").write_bytes(bytes(range(256)) * 16)
    sqlite3.connect(tmp_path / "empty.db").close()
    done = run(tmp_path, *words)
    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty.db", "noise.db"]


def test_the_log_of_another_county_is_not_passed_off_as_this_ones(folder: Path) -> None:
    with sqlite3.connect(folder / "groupbot-sandbox/groupbot.db") as database:
        database.execute("UPDATE service_log SET jurisdiction_id = 'ke-nandi'")
    done = run(folder, "export", "log.jsonl")
    assert done.returncode == 1
    assert "the database holds the log of ke-nandi, not of ke-elgeyo-marakwet: name --pack" in done.stderr
    assert not (folder / "log.jsonl").exists()


def test_a_file_that_cannot_be_written_is_named(folder: Path) -> None:
    done = run(folder, "export", "nowhere/log.jsonl")
    assert done.returncode == 1
    assert done.stderr == "Error: cannot write nowhere/log.jsonl.part: No such file or directory\n"
