"""The fifth schema: texts in preview, who sits where, what is held, who looked at a contact.

Never edit this file once it is released.
"""

from __future__ import annotations

STATEMENTS = (
    # -- texts on their way to the mirror ------------------------------------------------------------------------------
    "ALTER TABLE publication ADD COLUMN preview_key TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX publication_waiting ON publication(preview_until) WHERE state = 'preview'",
    "CREATE INDEX outbox_preview ON outbox(platform, chat_id, message_id) WHERE key = 'preview'",
    # -- groups and who sits in them -----------------------------------------------------------------------------------
    """CREATE TABLE member(
        platform TEXT NOT NULL, chat_id TEXT NOT NULL, user_id TEXT NOT NULL, name TEXT NOT NULL, known {int} NOT NULL,
        joined_at {int}, left_at {int}, PRIMARY KEY(platform, chat_id, user_id))""",
    "CREATE INDEX member_joined ON member(platform, chat_id, joined_at)",
    """CREATE TABLE held_post(
        inbox_id {int} PRIMARY KEY REFERENCES inbox(id), platform TEXT NOT NULL, chat_id TEXT NOT NULL,
        user_id TEXT NOT NULL, at {int} NOT NULL, released_at {int})""",
    "CREATE INDEX held_post_waiting ON held_post(platform, user_id) WHERE released_at IS NULL",
    "CREATE INDEX moderation_act_month ON moderation_act(jurisdiction_id, at)",
    # -- personal data -------------------------------------------------------------------------------------------------
    """CREATE TABLE contact_look(
        id {id}, request_id {int} NOT NULL REFERENCES request(id), person_id {int} REFERENCES person(id),
        at {int} NOT NULL)""",
    "CREATE INDEX contact_look_request ON contact_look(request_id, at)",
)
