"""The third schema: who ended a term, and which requests are protected; never edit this file once released.

`role_grant.ended_by` is the row id of who ended it before its date (0: the command line); NULL where its own date did.
"""

from __future__ import annotations

STATEMENTS = (
    "ALTER TABLE role_grant ADD COLUMN ended_by {int}",
    "ALTER TABLE request ADD COLUMN protected_at {int}",
)
