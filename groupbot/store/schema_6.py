"""What the chase must know of each request: when it was last asked for, rung for, opened again; and whom it asked."""

from __future__ import annotations

STATEMENTS = (
    "ALTER TABLE request ADD COLUMN nagged_at {int}",
    "ALTER TABLE request ADD COLUMN alarmed_at {int}",
    "ALTER TABLE request ADD COLUMN reopened_at {int}",
    "CREATE INDEX nag_person ON nag(person_id, at)",
)
