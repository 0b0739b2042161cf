"""The fourteenth schema: who has come into a group and is to be told there where the welcome waits.

Never edit this file once it is released.
"""

from __future__ import annotations

STATEMENTS = (
    "ALTER TABLE member ADD COLUMN greet_at {int}",
    "CREATE INDEX member_to_greet ON member(greet_at) WHERE greet_at IS NOT NULL",
)
