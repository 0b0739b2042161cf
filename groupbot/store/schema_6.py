"""The sixth schema: when a request was last asked for, rung for and opened again, and whom the chase asked.

Never edit this file once it is released.
"""

from __future__ import annotations

STATEMENTS = (
    "ALTER TABLE request ADD COLUMN nagged_at {int}",
    "ALTER TABLE request ADD COLUMN alarmed_at {int}",
    "ALTER TABLE request ADD COLUMN reopened_at {int}",
    "CREATE INDEX nag_person ON nag(person_id, at)",
)
