"""A table of posts for the tests of the store: how to make it, write to it and break a transaction on it."""

from __future__ import annotations

from groupbot.store.database import Store, Tx

TABLE = "CREATE TABLE post(id BIGINT PRIMARY KEY, body TEXT NOT NULL)"
ADD = "INSERT INTO post(id, body) VALUES (?, ?)"
ALL = "SELECT id, body FROM post ORDER BY id"


class RuleBroken(Exception):
    """Stands for an error of the rules."""


def all_posts(store: Store) -> list[tuple[object, ...]]:
    """What is committed."""
    return store.read(lambda tx: tx.all(ALL))


def break_it(tx: Tx) -> None:
    """An OperationalError on either product."""
    if tx.dialect == "sqlite":
        tx.execute("SELECT * FROM nowhere")
    tx.execute("SET LOCAL statement_timeout = 1")
    tx.execute("SELECT pg_sleep(5)")
