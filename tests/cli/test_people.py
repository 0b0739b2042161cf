"""The roster and the groups from the command line."""

from __future__ import annotations

import json
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


def test_a_database_in_use_is_left_alone(database: Path) -> None:
    with Store(f"sqlite:///{database}"):
        code, output = _run(database, "people", "list")
    assert code == 1
    assert "Stop the running bot first" in output
