"""What does not depend on the machine: statements and commits of an accepted post, and memory that does not grow.

Figure 20 asks for at most twelve statements, better eight; figure 7 for less than 20 MiB more at 10,000 updates.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from groupbot.records import Batch, Grant, Person, instant
from groupbot.rehearsal.stage import PLATFORM
from groupbot.store import people
from groupbot.store.database import Tx
from tests.bench import contestants
from tests.bench.county import County, county
from tests.bench.text import FIRST_AT, posts, raw_update

COUNTY = "ke-elgeyo-marakwet"
NOW = instant(FIRST_AT)
KNOWN = 5  # posts before the counting: the first of all reads the roster
TABLE = re.compile(r"(?:INSERT INTO|UPDATE|FROM|SAVEPOINT) (\w+)")

ACCEPTED = [
    "INSERT inbox",  # and the roster's version with it
    "SELECT request",  # was the same filed within the hour?
    "INSERT counter",
    "INSERT request",
    "INSERT contact",
    "INSERT service_log",
    "INSERT outbox",  # the acknowledgement and the mirror's line together
]
CURSOR = "INSERT platform_cursor"

MANY = 4_000  # updates
MOST_GROWTH = 20 * MANY / 10_000  # MiB: the figure's 20 for 10,000


def taken(folder: Path, batches: list[int]) -> tuple[list[list[str]], list[int]]:
    """Take batches of these sizes; each one's statements, as verb and table, and its commits."""
    made = [raw_update(post) for post in posts(KNOWN + sum(batches))]
    statements: list[list[str]] = []
    commits: list[int] = []
    with county(folder) as ours:
        for raw in made[:KNOWN]:
            ours.take(ours.parse(raw))
        waiting = iter(made[KNOWN:])
        for size in batches:
            said: list[str] = []
            ours.store.on_statement = said.append
            before = ours.store.commits
            ours.take(*(ours.parse(next(waiting)) for _ in range(size)))
            statements.append([short(statement) for statement in said])
            commits.append(ours.store.commits - before)
        ours.store.on_statement = None
        ours.check(len(made))
    return statements, commits


def short(statement: str) -> str:
    """A statement's verb, and the first table (or savepoint) it names."""
    table = TABLE.search(statement)
    return f"{statement.split(maxsplit=1)[0]} {table[1] if table else '?'}"


def test_an_accepted_post_is_eight_statements_and_one_commit(tmp_path: Path) -> None:
    statements, commits = taken(tmp_path, [1, 1, 1])
    assert statements == [[*ACCEPTED, CURSOR]] * 3
    assert commits == [1, 1, 1]


def test_fifty_posts_of_one_batch_are_one_commit_and_a_savepoint_each(tmp_path: Path) -> None:
    statements, commits = taken(tmp_path, [50])
    received, *worked = ACCEPTED
    guarded = [received, "SAVEPOINT s1", *worked, "RELEASE s1"]
    assert statements == [[*guarded * 50, CURSOR]]
    assert commits == [1]


def test_memory_does_not_grow_with_the_backlog(tmp_path: Path) -> None:
    assert contestants.backlog(MANY, tmp_path)["growth"] < MOST_GROWTH


def test_the_roster_is_read_again_when_it_has_changed_and_only_then(tmp_path: Path) -> None:
    first, second, third = (raw_update(post) for post in posts(3))
    with county(tmp_path) as ours:
        ours.take(ours.parse(first))
        said: list[str] = []
        ours.store.on_statement = said.append
        ours.take(ours.parse(second))
        assert [short(statement) for statement in said if "person" in statement.split("WHERE")[0]] == []
        ours.store.write_tx(lambda tx: enrol(tx, "late"))
        ours.take(ours.parse(by("late", third)))
        assert poster(ours) == "late"


def test_a_roster_that_was_rolled_back_is_not_kept(tmp_path: Path) -> None:
    first, second, third = (raw_update(post) for post in posts(3))

    def lost(tx: Tx) -> None:
        enrol(tx, "never")
        ours.intake._take_batch(tx, PLATFORM, Batch((ours.parse(by("never", second)),), "2"), NOW)
        raise RuntimeError("lost")

    with county(tmp_path) as ours:
        ours.take(ours.parse(first))
        with pytest.raises(RuntimeError, match="lost"):
            ours.store.write_tx(lost)
        ours.store.write_tx(lambda tx: enrol(tx, "late"))  # the roster has the lost one's version now
        ours.take(ours.parse(by("late", third)))
        assert poster(ours) == "late"


def enrol(tx: Tx, user_id: str) -> None:
    """Put a ward admin on the roster."""
    person = Person(0, user_id, user_id, grants=(Grant("ward_admin", ward="Kapsowar"),))
    person_id = people.add_person(tx, COUNTY, person, NOW)
    people.add_identity(tx, COUNTY, person_id, (PLATFORM, user_id, user_id), NOW)


def by(user_id: str, raw: str) -> str:
    """The same post, sent by someone else."""
    return json.dumps({**json.loads(raw), "user_id": user_id})


def poster(ours: County) -> object:
    """Who posted the latest request."""
    sql = "SELECT name FROM request JOIN person ON person.id = poster_id ORDER BY request.id DESC LIMIT 1"
    return ours.store.read(lambda tx: tx.scalar(sql))
