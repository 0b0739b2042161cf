"""write_tx and read: what is kept, what is undone, what runs, the same on SQLite and PostgreSQL."""

from __future__ import annotations

import logging

import pytest

from groupbot.store.database import (
    Store,
    StoreError,
    TransactionLost,
    Tx,
    row_errors,
)
from groupbot.store.engines import with_percent
from tests.store.posts import ADD, ALL, TABLE, RuleBroken, all_posts


def test_what_is_written_is_committed_and_its_result_returned(posts: Store) -> None:
    def add(tx: Tx) -> int:
        tx.execute(ADD, (1, "maji"))
        tx.executemany(ADD, [(2, "barabara"), (3, "dawa")])
        return tx.execute("UPDATE post SET body = ? WHERE id >= ?", ("shule", 2)).rowcount

    assert posts.write_tx(add) == 2
    assert all_posts(posts) == [(1, "maji"), (2, "shule"), (3, "shule")]
    assert posts.commits == 1


def test_one_scalar_and_all_read_what_is_there_and_what_is_not(posts: Store) -> None:
    posts.write_tx(lambda tx: tx.execute(ADD, (1, "maji")))
    assert posts.read(lambda tx: tx.one(ALL)) == (1, "maji")
    assert posts.read(lambda tx: tx.one("SELECT id FROM post WHERE id = ?", (9,))) is None
    assert posts.read(lambda tx: tx.scalar("SELECT body FROM post")) == "maji"
    assert posts.read(lambda tx: tx.scalar("SELECT body FROM post WHERE id = ?", (9,))) is None
    assert posts.read(lambda tx: list(tx.execute(ALL))) == [(1, "maji")]


def test_any_exception_undoes_everything_and_is_raised(posts: Store) -> None:
    def fail(tx: Tx) -> None:
        tx.execute(ADD, (1, "maji"))
        raise RuleBroken("no")

    with pytest.raises(RuleBroken):
        posts.write_tx(fail)
    assert all_posts(posts) == []
    assert posts.commits == 0


def test_an_interrupted_transaction_is_undone(posts: Store) -> None:
    def interrupted(tx: Tx) -> None:
        tx.execute(ADD, (1, "maji"))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        posts.write_tx(interrupted)
    posts.write_tx(lambda tx: tx.execute(ADD, (2, "dawa")))
    assert all_posts(posts) == [(2, "dawa")]


def test_a_bad_row_is_undone_alone_and_the_others_stay(posts: Store) -> None:
    def add_one(tx: Tx, number: int, text: str) -> None:
        with tx.savepoint():
            tx.execute(ADD, (number, text))
            if text == "rule":
                raise RuleBroken

    def add_each(tx: Tx) -> list[int]:
        bad = []
        for number, text in ((1, "maji"), (1, "twice"), (2, "\ud800"), (2**64, "big"), (3, "rule"), (4, "dawa")):
            try:
                add_one(tx, number, text)
            except row_errors(RuleBroken):
                bad.append(number)
        return bad

    assert posts.write_tx(add_each) == [1, 2, 2**64, 3]
    assert all_posts(posts) == [(1, "maji"), (4, "dawa")]


def test_savepoints_nest(posts: Store) -> None:
    def nested(tx: Tx) -> None:
        with tx.savepoint():
            tx.execute(ADD, (1, "outer"))
            with pytest.raises(RuleBroken), tx.savepoint():
                tx.execute(ADD, (2, "inner"))
                raise RuleBroken
            with tx.savepoint():
                tx.execute(ADD, (3, "second inner"))

    posts.write_tx(nested)
    assert all_posts(posts) == [(1, "outer"), (3, "second inner")]


def test_what_waits_for_the_commit_is_done_after_it_in_order_and_only_then(posts: Store) -> None:
    done: list[object] = []

    def add(tx: Tx) -> None:
        tx.after_commit(lambda: done.append(all_posts(posts)))
        with pytest.raises(RuleBroken), tx.savepoint():
            tx.after_commit(lambda: done.append("of an undone savepoint"))
            raise RuleBroken
        with tx.savepoint():
            tx.after_commit(lambda: done.append("last"))
        tx.execute(ADD, (1, "maji"))
        assert done == []

    posts.write_tx(add)
    assert done == [[(1, "maji")], "last"]


def test_what_waits_for_the_commit_is_dropped_with_the_transaction(posts: Store) -> None:
    done: list[str] = []

    def fail(tx: Tx) -> None:
        tx.after_commit(lambda: done.append("never"))
        raise RuleBroken

    with pytest.raises(RuleBroken):
        posts.write_tx(fail)
    posts.write_tx(lambda tx: None)
    assert done == []


def test_an_error_after_the_commit_does_not_look_like_a_failed_transaction(
    posts: Store, caplog: pytest.LogCaptureFixture
) -> None:
    def add(tx: Tx) -> str:
        tx.after_commit(lambda: 1 // 0)
        tx.execute(ADD, (1, "maji"))
        return "kept"

    with caplog.at_level(logging.ERROR):
        assert posts.write_tx(add) == "kept"
    assert all_posts(posts) == [(1, "maji")]
    assert "ZeroDivisionError" in caplog.text


# --- statements -------------------------------------------------------------------------------------------------------


def test_statements_are_counted_savepoints_included_and_commits_apart(posts: Store) -> None:
    seen: list[str] = []
    posts.on_statement = seen.append

    def add(tx: Tx) -> None:
        tx.execute(ADD, (1, "maji"))
        with tx.savepoint():
            tx.executemany(ADD, [(2, "a"), (3, "b")])
        tx.db.execute_sql("SELECT 1")

    posts.write_tx(add)
    assert [sql.split()[0] for sql in seen] == ["INSERT", "SAVEPOINT", "INSERT", "RELEASE", "SELECT"]
    assert posts.commits == 1


def test_the_query_builder_works_inside_the_transaction_and_only_there(posts: Store) -> None:
    from peewee import Table

    post = Table("post", ("id", "body"))

    def build(tx: Tx) -> list[tuple[int, str]]:
        bound = post.bind(tx.db)
        bound.insert(id=1, body="100% ?").execute()
        with pytest.raises(RuleBroken), tx.db.atomic():
            bound.insert(id=2, body="undone").execute()
            raise RuleBroken
        return list(bound.select(bound.id, bound.body).tuples())

    assert posts.write_tx(build) == [(1, "100% ?")]
    with pytest.raises(TransactionLost):
        post.bind(posts.db).insert(id=3, body="outside").execute()
    assert all_posts(posts) == [(1, "100% ?")]


def test_a_statement_outside_any_transaction_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="outside write_tx"):
        store.db.execute_sql(TABLE)


def test_question_marks_and_per_cents_in_quotes_are_text(posts: Store) -> None:
    posts.write_tx(lambda tx: tx.execute("INSERT INTO post VALUES (?, 'why? 100% it''s ?') -- ok?", (1,)))
    assert all_posts(posts) == [(1, "why? 100% it's ?")]
    assert posts.read(lambda tx: tx.one("SELECT id AS \"a?%\" FROM post WHERE body LIKE '%100%' AND id = ?", (1,))) == (
        1,
    )


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT ?, '?'", "SELECT %s, '?'"),
        ("x LIKE 'a%' AND y = ?", "x LIKE 'a%%' AND y = %s"),
        ("SELECT 5 % ? -- why?\n, ?", "SELECT 5 %% %s -- why?\n, %s"),
        ("SELECT 'it''s ?', \"a?\"", "SELECT 'it''s ?', \"a?\""),
        ("'open ?", "'open %s"),
    ],
)
def test_placeholders_for_postgresql(sql: str, expected: str) -> None:
    assert with_percent(sql) == expected
