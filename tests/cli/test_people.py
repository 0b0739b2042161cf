"""The roster and the groups from the command line."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from groupbot.cli import main
from groupbot.store.database import Store


def _run(database: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, [*arguments, "--database", f"sqlite:///{database}"])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where the database will be."""
    return tmp_path / "groupbot.db"


def test_a_person_is_added_with_role_and_ids_and_listed(database: Path) -> None:
    added = _run(
        database,
        "people",
        "add",
        "Daniel Kiptoo",
        "--role",
        "coordinator",
        "--department",
        "health",
        "--telegram",
        "77",
    )
    assert added == (0, "Daniel Kiptoo: coordinator health\n")
    again = _run(
        database, "people", "add", "D. Kiptoo", "--role", "champion", "--ward", "kapsowar", "--telegram", "77",
        "--matrix", "@dk:example.org",
    )  # fmt: skip
    assert again == (0, "D. Kiptoo: champion Kapsowar\n")
    assert _run(database, "people", "list") == (
        0,
        "Daniel Kiptoo: coordinator health, champion Kapsowar (telegram:77, matrix:@dk:example.org)\n",
    )
    _, line = _run(database, "people", "list", "--json")
    assert json.loads(line)["roles"] == ["coordinator health", "champion Kapsowar"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("X", "--role", "king"), "Error: role must be one of ward_admin,"),
        (("X", "--role", "coordinator"), "Error: a coordinator needs a known department, not ''"),
        (("X", "--role", "coordinator", "--department", "moon"), "Error: a coordinator needs a known department"),
        (("X", "--role", "ward_admin", "--ward", "Nairobi"), "Error: a ward_admin needs a known ward, not 'Nairobi'"),
        ((" ", "--role", "observer"), "Error: a name is needed"),
        (("X", "--role", "observer", "--language", "fr"), "Error: language must be one of en, sw"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(database: Path, arguments: tuple[str, ...], said: str) -> None:
    code, output = _run(database, "people", "add", *arguments)
    assert code == 1
    assert output.startswith(said)
    assert _run(database, "people", "list") == (0, "")


def test_a_file_is_imported_whole_or_not_at_all(database: Path, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    rows = "name,role,ward,department,telegram\nJane Chebet,ward_admin,Kapsowar,,1\nKiptoo,coordinator,,health,2\n"
    file.write_text(rows + "Nobody,ward_admin,Atlantis,,3\n", encoding="utf-8")
    code, output = _run(database, "people", "import", str(file))
    assert (code, output) == (1, "Error: line 4: a ward_admin needs a known ward, not 'Atlantis'\n")
    assert _run(database, "people", "list") == (0, "")
    file.write_text("\ufeff" + rows, encoding="utf-8")
    assert _run(database, "people", "import", str(file)) == (
        0,
        "Jane Chebet: ward_admin Kapsowar\nKiptoo: coordinator health\n",
    )
    code, vacant = _run(database, "people", "list", "--vacant")
    assert "coordinator health" not in vacant.splitlines()
    assert "coordinator water" in vacant.splitlines()
    assert len(vacant.splitlines()) == 9 + 19


def test_a_file_plans_hand_overs_and_cover_too(database: Path, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(
        "name,role,department,telegram,from,until,cover\n"
        "Edwin Kiptoo,coordinator,health,1,,,\n"
        "Rose Kemei,coordinator,health,2,2027-01-04,,\n"
        "Judith Cherotich,coordinator,health,3,,2099-12-18,yes\n",
        encoding="utf-8",
    )
    said = "Edwin Kiptoo: coordinator health\nRose Kemei: coordinator health\nJudith Cherotich: coordinator health\n"
    assert _run(database, "people", "import", str(file)) == (0, said)
    lines = _run(database, "people", "list")[1].splitlines()
    assert [line.partition(" (")[0] for line in lines] == [
        "Edwin Kiptoo: coordinator health",
        "Rose Kemei: no role",  # her day is still to come
        "Judith Cherotich: coordinator health",
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Rose,coordinator,health,2,2027-01-04,2027-01-03,", "the last day must come after the first one"),
        ("Rose,coordinator,health,2,,,yes", "cover is for an office of a department, from now on, with a last day"),
        ("Rose,coordinator,health,2,,2099-12-18,maybe", "cover must be yes, or empty"),
        ("Rose,coordinator,health,2,soon,,", "'soon' is no day; write it as 2027-08-31"),
    ],
)
def test_a_plan_that_cannot_be_is_told_with_its_line_and_nothing_is_kept(
    database: Path, tmp_path: Path, row: str, said: str
) -> None:
    file = tmp_path / "people.csv"
    head = "name,role,department,telegram,from,until,cover\nEdwin Kiptoo,coordinator,health,1,,,\n"
    file.write_text(f"{head}{row}\n", encoding="utf-8")
    code, output = _run(database, "people", "import", str(file))
    assert code == 1
    assert output.startswith(f"Error: line 3: {said}")
    assert _run(database, "people", "list") == (0, "")


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"name,shoe size\nA,44\n", b"role\nobserver\n"])
def test_a_file_that_is_no_roster_is_refused(database: Path, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(content)
    assert _run(database, "people", "import", str(file))[0] == 1


def test_an_invitation_is_printed_once_and_kept_as_a_hash(database: Path) -> None:
    code, output = _run(database, "people", "invite", "operator")
    assert code == 0
    assert output.startswith("/join ")
    with Store(f"sqlite:///{database}") as store:
        kept = store.read(lambda tx: tx.one("SELECT role, code_hash, created_by FROM invite"))
    assert kept is not None
    assert kept[0] == "operator"
    assert output.split()[1].replace("-", "") not in kept[1]


def test_groups_are_bound_and_listed(database: Path) -> None:
    assert _run(database, "groups", "bind", "department", "health", "--telegram", "-1001") == (
        0,
        "telegram -1001: department health\n",
    )
    assert _run(database, "groups", "bind", "mirror", "--matrix", "!cso:example.org")[0] == 0
    assert _run(database, "groups", "list") == (
        0,
        "telegram -1001 department health\nmatrix !cso:example.org mirror\n",
    )
    code, output = _run(database, "groups", "bind", "mirror", "--telegram", "-1001")
    assert (code, output) == (1, "Error: that chat is bound already; `groupbot groups list` shows as what\n")


@pytest.mark.parametrize(
    "arguments",
    [("department",), ("department", "moon", "--telegram", "1"), ("mirror", "health", "--telegram", "1"), ("mirror",)],
)
def test_a_group_that_is_not_clear_is_not_bound(database: Path, arguments: tuple[str, ...]) -> None:
    assert _run(database, "groups", "bind", *arguments)[0] == 1
    assert _run(database, "groups", "list") == (0, "")


def test_what_another_command_has_in_hand_is_read_but_not_changed(database: Path) -> None:
    assert _run(database, "people", "add", "Kiptoo", "--role", "observer")[0] == 0
    with Store(f"sqlite:///{database}"):
        assert _run(database, "people", "list") == (0, "Kiptoo: observer (no id)\n")
        code, output = _run(database, "people", "add", "Rose", "--role", "observer")
    assert code == 1
    assert "is in use by process" in output
    assert _run(database, "people", "list") == (0, "Kiptoo: observer (no id)\n")


def test_a_term_has_its_last_day(database: Path) -> None:
    added = _run(database, "people", "add", "Rose", "--role", "observer", "--until", "2030-12-31")
    assert added == (0, "Rose: observer\n")
    with Store(f"sqlite:///{database}") as store:
        ends = store.read(lambda tx: tx.scalar("SELECT granted_until FROM role_grant"))
    assert ends == int(datetime.fromisoformat("2031-01-01T00:00+03:00").timestamp()) * 1_000_000
    refused = _run(database, "people", "add", "Rose", "--role", "observer", "--until", "31/12/2030")
    assert refused == (1, "Error: '31/12/2030' is no day; write it as 2027-08-31\n")


def test_two_peoples_accounts_are_never_made_one(database: Path) -> None:
    for name, number in (("Kiptoo", "1"), ("Rose", "2")):
        _run(database, "people", "add", name, "--role", "observer", "--telegram", number)
    _run(database, "people", "add", "Rose", "--role", "observer", "--telegram", "2", "--matrix", "@rose:x")
    both = ("people", "add", "Rose", "--role", "champion", "--ward", "Arror", "--telegram", "1", "--matrix", "@rose:x")
    assert _run(database, *both) == (
        1,
        "Error: the accounts of Rose belong to different people: end one of them first\n",
    )


def test_who_leaves_loses_every_right_and_a_lost_telephone_is_nobodys(database: Path) -> None:
    for name, role, number in (("Rose Kemei", "observer", "1"), ("rose kemei", "communications", "2")):
        assert _run(database, "people", "add", name, "--role", role, "--telegram", number)[0] == 0
    assert _run(database, "people", "end", "Philip") == (
        1,
        "Error: nobody is called 'Philip'; `groupbot people list` shows everybody\n",
    )
    assert _run(database, "people", "end", "Rose Kemei") == (
        1,
        "Error: 2 people are called 'Rose Kemei': name one by an account, as telegram:77\n",
    )
    assert _run(database, "people", "end", "telegram:2", "--role", "observer") == (
        1,
        "Error: rose kemei is not observer\n",
    )
    assert _run(database, "people", "end", "telegram:2", "--unbind") == (
        0,
        "rose kemei: no longer communications\nrose kemei: no longer telegram:2\n",
    )
    assert _run(database, "people", "list") == (
        0,
        "Rose Kemei: observer (telegram:1)\nrose kemei: no role (no id)\n",
    )
