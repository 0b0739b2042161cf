"""The second schema: what delivery must know of each notice to bound its copies and to send several in one message.

Never edit this file once it is released.
"""

from __future__ import annotations

STATEMENTS = (
    # when it was first tried: what is older is never repeated blindly, because the platform forgets what it had
    "ALTER TABLE outbox ADD COLUMN tried_at {int}",
    # how many of its calls may or may not have arrived
    "ALTER TABLE outbox ADD COLUMN unknowns {int} NOT NULL DEFAULT 0",
    # the notice in whose message it stands, where several became one (state 'merged' until that one is sent)
    "ALTER TABLE outbox ADD COLUMN merged_into {int}",
    "CREATE INDEX outbox_merged ON outbox(merged_into) WHERE merged_into IS NOT NULL",
)
