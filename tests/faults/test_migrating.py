"""A migration killed between any two statements goes on where it was; `make faults` tries every point on both."""

from __future__ import annotations

from pathlib import Path

import pytest

from groupbot.store import migrations
from groupbot.store.database import Store, Tx
from tests.faults import migrating
from tests.postgres import Cluster


def test_a_migration_killed_at_any_point_goes_on_where_it_was(tmp_path: Path) -> None:
    assert migrating.every_point(migrating.files(tmp_path), stride=9) > 20


def test_it_does_on_postgresql_too(postgres: Cluster) -> None:
    assert migrating.every_point(postgres.database, stride=90) > 2


def test_a_migration_that_is_not_one_transaction_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A planted bug: the version is written in a transaction of its own."""

    def migrate(store: Store) -> None:
        for number in range(store.write_tx(migrations.version), migrations.NEWEST):
            store.write_tx(lambda tx, number=number: _schema_alone(tx, number))  # type: ignore[misc]
            store.write_tx(lambda tx, number=number: tx.execute("UPDATE schema_version SET version = ?", (number + 1,)))  # type: ignore[misc]

    monkeypatch.setattr(migrations, "migrate", migrate)
    with pytest.raises(Exception, match=r"already exists|duplicate column"):
        migrating.every_point(migrating.files(tmp_path))


def _schema_alone(tx: Tx, number: int) -> None:
    if number == 0:
        tx.execute("CREATE TABLE schema_version(version INTEGER NOT NULL)")
        tx.execute("INSERT INTO schema_version(version) VALUES (0)")
    migrations.STEPS[number](tx)
