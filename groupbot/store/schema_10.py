"""The tenth schema: the stages of a pilot, each for a department, a ward, both, or the whole county.

Never edit this file once it is released.
"""

from __future__ import annotations

STATEMENTS = (
    """CREATE TABLE pilot_stage(
        id {id}, jurisdiction_id TEXT NOT NULL, service_code TEXT NOT NULL, ward TEXT NOT NULL, mode TEXT NOT NULL,
        at {int} NOT NULL, inbox_id {int} NOT NULL)""",
)
