"""The ninth schema: posts that were deleted, and finding a line again whose fate was unknown.

Never edit this file once it is released.
"""

from __future__ import annotations

STATEMENTS = (
    # when the post of a request was deleted: from then on its words are shown nowhere outside its department
    "ALTER TABLE request ADD COLUMN unsaid_at {int}",
    "CREATE INDEX outbox_unsure ON outbox(platform, chat_id) WHERE unknowns > 0",
)
