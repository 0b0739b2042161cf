"""The seventeenth schema: of somebody's private chats, the one in which they wrote last.

Never edit this file once it is released.
"""

from __future__ import annotations

STATEMENTS = ("ALTER TABLE chat ADD COLUMN chosen_at {int}",)
