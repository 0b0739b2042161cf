"""The nineteenth schema: whether a request is with a department that had it before.

Never edit this file once it is released.
"""

from __future__ import annotations

STATEMENTS = ("ALTER TABLE request ADD COLUMN returned {int} NOT NULL DEFAULT 0",)
