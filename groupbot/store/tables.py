"""The tables as peewee sees them, for the queries that are not on the hot path."""

from __future__ import annotations

from peewee import Table

PERSON = Table("person", ("id", "jurisdiction_id", "name", "called", "language", "created_at"), primary_key="id")
IDENTITY = Table(
    "identity",
    ("id", "platform", "user_id", "person_id", "display_name", "bound_at", "unbound_at"),
    primary_key="id",
)
ROLE_GRANT = Table(
    "role_grant",
    (
        "id",
        "jurisdiction_id",
        "person_id",
        "role",
        "service_code",
        "ward",
        "sub_county",
        "granted_from",
        "granted_until",
        "acting_for",
    ),
    primary_key="id",
)
