"""All rows of a database, table by table, out of one product and into the same or the other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from groupbot.store import migrations
from groupbot.store.database import Tx

_CREATED = re.compile(r"CREATE TABLE (\w+)\(")
_LATE = {"chat": "moved_to"}  # a column that may name a row of its own table that comes later
_PAGE = 500


class Table(NamedTuple):
    """The head of a table's rows."""

    name: str
    columns: tuple[str, ...]


def tables(version: int) -> list[str]:
    """The tables of a schema, those that others point at first; `schema_version` is not among them."""
    return [name for statement in migrations.statements(version) for name in _CREATED.findall(statement)]


def dump(tx: Tx, version: int) -> Iterator[Table | tuple[Any, ...]]:
    """Every table's head, and after it its rows, each a tuple of text, whole numbers and None."""
    for name in tables(version):
        cursor: Any = tx.execute(f"SELECT * FROM {name}")
        yield Table(name, tuple(column[0] for column in cursor.description))
        yield from cursor


def load(tx: Tx, rows: Iterable[Table | tuple[Any, ...]]) -> int:
    """Put what `dump` gave into empty tables of the same schema. Returns how many rows. Raises ValueError.

    It says so when a table or column is not one of the schema's.
    """
    if tx.dialect == "sqlite":
        tx.execute("PRAGMA defer_foreign_keys=ON")
    known = set(tables(migrations.version(tx)))
    count, table, page = 0, Table("", ()), list[tuple[Any, ...]]()
    late: list[tuple[str, Any, Any]] = []
    for row in rows:
        if not isinstance(row, Table):
            page.append(row)
            count += 1
        if page and (isinstance(row, Table) or len(page) == _PAGE):
            late += _put(tx, table, page)
            page.clear()
        if isinstance(row, Table):
            if row.name not in known or not all(name.isidentifier() for name in row.columns):
                raise ValueError(f"no table '{row.name}' in this schema")
            table = row
    if page:
        late += _put(tx, table, page)
    for statement, *values in late:
        tx.execute(statement, values)
    _go_on_counting(tx, known)
    return count


def _put(tx: Tx, table: Table, rows: list[tuple[Any, ...]]) -> list[tuple[str, Any, Any]]:
    """Insert rows; what must wait until all rows are there is given back as (statement, value, row id)."""
    late = table.columns.index(_LATE[table.name]) if table.name in _LATE else None
    first = rows if late is None else [(*row[:late], None, *row[late + 1 :]) for row in rows]
    marks = ", ".join("?" * len(table.columns))
    tx.executemany(f"INSERT INTO {table.name}({', '.join(table.columns)}) VALUES ({marks})", first)
    if late is None:
        return []
    ids = table.columns.index("id")
    statement = f"UPDATE {table.name} SET {_LATE[table.name]} = ? WHERE id = ?"
    return [(statement, row[late], row[ids]) for row in rows if row[late] is not None]


def _go_on_counting(tx: Tx, names: Iterable[str]) -> None:
    """On PostgreSQL rows that bring their ids do not move the counters that give new ones."""
    if tx.dialect == "sqlite":
        return
    identities = tx.all(
        "SELECT table_name FROM information_schema.columns WHERE is_identity = 'YES' AND column_name = 'id'"
        " AND table_schema = current_schema()"
    )
    for (name,) in identities:
        if name in names:
            tx.execute(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT MAX(id) FROM {name}))"
                f" FROM {name} HAVING MAX(id) IS NOT NULL"
            )
