"""The sixteenth schema: of what was lost for good, the first message that is known after it, and how far it was sought.

Never edit this file once it is released.
"""

from __future__ import annotations

STATEMENTS = (
    "ALTER TABLE platform_gap ADD COLUMN lost_to TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE platform_gap ADD COLUMN sought_to TEXT NOT NULL DEFAULT ''",
)
