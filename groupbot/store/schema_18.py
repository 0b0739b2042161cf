"""The eighteenth schema: since when a request is with the department that has it.

Never edit this file once it is released.
"""

from __future__ import annotations

STATEMENTS = ("ALTER TABLE request ADD COLUMN moved_at {int}",)
