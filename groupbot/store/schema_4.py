"""The fourth schema: what comes behind a gap of a chat's history is held until that is filled.

Never edit this file once it is released.
"""

from __future__ import annotations

STATEMENTS = (
    """CREATE TABLE held_update(
        gap_id {int} NOT NULL REFERENCES platform_gap(id), place {int} NOT NULL, platform TEXT NOT NULL,
        chat_id TEXT NOT NULL, raw TEXT NOT NULL, PRIMARY KEY(gap_id, place))""",
    "CREATE INDEX held_update_chat ON held_update(platform, chat_id)",
)
