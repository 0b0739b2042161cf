"""The stages of a pilot, in the order in which they were set."""

from __future__ import annotations

from groupbot.records import Stage, instant, micros
from groupbot.store.database import Tx


def add(tx: Tx, jurisdiction_id: str, stage: Stage, inbox_id: int) -> None:
    """Keep a stage, with the row of the order that set it."""
    tx.execute(
        "INSERT INTO pilot_stage(jurisdiction_id, service_code, ward, mode, at, inbox_id) VALUES (?, ?, ?, ?, ?, ?)",
        (jurisdiction_id, stage.service_code, stage.ward, stage.mode, micros(stage.at), inbox_id),
    )


def every(tx: Tx, jurisdiction_id: str) -> tuple[Stage, ...]:
    """All stages, the first one first."""
    rows = tx.all(
        "SELECT at, service_code, ward, mode FROM pilot_stage WHERE jurisdiction_id = ? ORDER BY id", (jurisdiction_id,)
    )
    return tuple(Stage(instant(int(at)), code, ward, mode) for at, code, ward, mode in rows)
