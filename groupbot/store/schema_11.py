"""The eleventh schema: closed requests that were drawn to be called back, and what their citizens said.

Never edit this file once it is released.
"""

from __future__ import annotations

STATEMENTS = (
    """CREATE TABLE call_back(
        jurisdiction_id TEXT NOT NULL, month TEXT NOT NULL, request_id {int} NOT NULL REFERENCES request(id),
        drawn_at {int} NOT NULL, result TEXT NOT NULL, at {int}, person_id {int} REFERENCES person(id),
        PRIMARY KEY(jurisdiction_id, month, request_id))""",
    "CREATE INDEX call_back_request ON call_back(request_id)",
)
