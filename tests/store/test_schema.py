"""The first schema on both databases, and the tables as peewee sees them."""

from __future__ import annotations

import pytest
from peewee import Table

from groupbot.store import migrations, tables
from groupbot.store.database import Store, Tx


def _columns(tx: Tx, table: str) -> set[str]:
    if tx.dialect == "sqlite":
        return {row[1] for row in tx.all(f"PRAGMA table_info({table})")}
    rows = tx.all("SELECT column_name FROM information_schema.columns WHERE table_name = ?", (table,))
    return {row[0] for row in rows}


def test_an_empty_database_is_brought_to_the_newest_schema_once(store: Store) -> None:
    assert migrations.migrate(store) == (0, migrations.NEWEST)
    assert migrations.migrate(store) == (migrations.NEWEST, migrations.NEWEST)


def test_a_database_of_a_newer_groupbot_is_left_alone(store: Store) -> None:
    migrations.migrate(store)
    store.write_tx(lambda tx: tx.execute("UPDATE schema_version SET version = 99"))
    with pytest.raises(migrations.SchemaTooNew, match="has schema 99"):
        migrations.migrate(store)


def test_every_column_that_peewee_is_told_of_exists(store: Store) -> None:
    migrations.migrate(store)
    declared = {name: table for name, table in vars(tables).items() if isinstance(table, Table)}
    assert len(declared) >= 3
    for table in declared.values():
        name = table._path[0]
        found = store.read(lambda tx, name=name: _columns(tx, name))
        assert set(table._columns) <= found, name
