"""The thirteenth schema: posts that are put off are found by who wrote them.

Never edit this file once it is released.
"""

from __future__ import annotations

STATEMENTS = ("CREATE INDEX inbox_put_off ON inbox(platform, chat_id, sender_id, id) WHERE state = 'put_off'",)
