"""What is asked of open requests and of what waits to be sent is found by their own indexes, however long the history.

SQLite alone tells its plan without rows; PostgreSQL decides by how many there are.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from groupbot.store import figures, hot, migrations, nags, outbox, requests, rollcall, worklists
from groupbot.store.database import Store, Tx
from groupbot.store.worklists import Scope

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
COUNTY = "ke-elgeyo-marakwet"
HEAD = outbox.QueuedNotice(
    1, "sandbox", "water", "send", "number", {}, "en", "", "", (), (), 0, "", "", "new", 0, None, None
)


def plan(ask: Callable[[Tx], object]) -> list[str]:
    """Which index each look at a table goes through, with the columns by which it is searched."""
    said: list[str] = []

    def explained(tx: Tx) -> list[str]:
        tx._hook = said.append
        ask(tx)
        tx._hook = None
        rows = [row for sql in said for row in tx.all(f"EXPLAIN QUERY PLAN {sql}", ("",) * sql.count("?"))]
        looks = [str(row[-1]).replace("COVERING ", "") for row in rows]
        return [look.split(" USING ")[1] for look in looks if look.startswith(("SEARCH", "SCAN")) and "USING" in look]

    with Store("sqlite://") as store:
        migrations.migrate(store)
        return store.read(explained)


OPEN = "INDEX request_open (jurisdiction_id=?"
QUESTIONS = {
    "what is to be looked at": (
        lambda tx: nags.due(tx, COUNTY, NOW, 100),
        ["INDEX request_due (jurisdiction_id=? AND next_nag_at<?)"],
    ),
    "what may be filed twice": (
        lambda tx: hot.open_alike(tx, COUNTY, (1, "", NOW), ("water", "", NOW)),
        [
            "INDEX request_poster (poster_id=?)",
            f"{OPEN} AND service_code=? AND topic=? AND requested_datetime>?)",
        ],
    ),
    "all open": (lambda tx: requests.unclosed(tx, COUNTY), [f"{OPEN})"]),
    "where all open are": (lambda tx: figures.still_open(tx, COUNTY), [f"{OPEN})"]),
    "somebody's own": (
        lambda tx: worklists.open_within(tx, COUNTY, Scope(1, {"water"}, {"Kapsowar"})),
        [f"{OPEN})"],
    ),
    "a department's roll": (
        lambda tx: rollcall.of(tx, COUNTY, "water", NOW),
        [f"{OPEN} AND service_code=?)"] * 2,
    ),
    "what each chat hears next": (
        lambda tx: outbox.heads(tx, NOW),
        ["INTEGER PRIMARY KEY (rowid=?)", "INDEX outbox_open"],
    ),
    "what a chat hears after it": (
        lambda tx: outbox.behind(tx, HEAD, NOW, 20),
        ["INDEX outbox_open (id>?)"],
    ),
    "whether anything is due": (lambda tx: outbox.anything_due(tx, NOW), ["INDEX outbox_open"]),
    "when something is due next": (lambda tx: outbox.next_due(tx, NOW), ["INDEX outbox_open"]),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_open_is_found_without_reading_what_is_over(question: str) -> None:
    ask, looks = QUESTIONS[question]
    assert plan(ask) == looks
