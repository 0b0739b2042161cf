"""The twelfth schema: what waits for people to open a private chat is found without reading the whole outbox.

Never edit this file once it is released.
"""

from __future__ import annotations

STATEMENTS = ("CREATE INDEX outbox_kept ON outbox(platform, chat_id) WHERE state = 'waiting'",)
