"""The fifteenth schema: indexes that a question is asked of, and no others, each written as seldom as can be.

An index without the state in it is no choice for what asks for open requests alone: with `request_report` the database
read the whole history for them. `outbox_open` holds all that is asked of what waits, so that no row need be read. It is
filled at its end: what a post is answered in three chats is written in one page.

Never edit this file once it is released.
"""

from __future__ import annotations

STATEMENTS = (
    "DROP INDEX request_report",
    "DROP INDEX request_ward",
    "DROP INDEX request_late",
    "DROP INDEX request_open",
    "DROP INDEX request_poster",
    "DROP INDEX request_due",
    "CREATE INDEX request_open ON request(jurisdiction_id, service_code, topic, requested_datetime)"
    " WHERE state <> 'closed'",
    "CREATE INDEX request_poster ON request(poster_id, requested_datetime, fingerprint) WHERE state <> 'closed'",
    "CREATE INDEX request_due ON request(jurisdiction_id, next_nag_at) WHERE next_nag_at IS NOT NULL",
    "DROP INDEX outbox_waiting",
    "DROP INDEX outbox_due",
    "CREATE INDEX outbox_open ON outbox(id, platform, chat_id, not_before, attempts, state)"
    " WHERE state IN ('new', 'sending', 'unknown')",
)
