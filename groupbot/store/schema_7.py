"""The seventh schema: an office that is given for later, from when, and when it was taken up or called off.

Never edit this file once it is released.
"""

from __future__ import annotations

STATEMENTS = (
    "ALTER TABLE invite ADD COLUMN granted_from {int}",
    "ALTER TABLE invite ADD COLUMN settled_at {int}",
    "CREATE INDEX invite_planned ON invite(granted_from) WHERE settled_at IS NULL",
)
