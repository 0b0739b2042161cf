"""Drafts: posts that are not requests yet, kept until they are completed or lapse."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from groupbot.records import Form, micros
from groupbot.store.database import Tx


@dataclass(frozen=True, slots=True)
class Draft:
    """A form that is no request yet (`kind`: incomplete, or offered for a need in prose), and what it lacks."""

    id: int
    platform: str
    chat_id: str
    message_id: str
    person_id: int | None
    service_code: str
    form: Form
    missing: tuple[str, ...]
    language: str
    sent_at: int
    kind: str = "incomplete"

    @property
    def post_id(self) -> str:
        """The id of the message that its form stands in, also where `part_of` told it from the others there."""
        return self.message_id.partition(_PART)[0]


_PART = "#"  # in no platform's message ids


def part_of(message_id: str, number: int) -> str:
    """What the draft of one form among several of a post has in the place of the post's own id."""
    return f"{message_id}{_PART}{number}"


_COLUMNS = "draft.id, platform, chat_id, message_id, person_id, service_code, form, missing, language, sent_at, kind"


def _record(row: tuple[object, ...]) -> Draft:
    pk, platform, chat_id, message_id, person_id, code, form, missing, language, sent_at, kind = row
    return Draft(
        int(str(pk)),
        str(platform),
        str(chat_id),
        str(message_id),
        None if person_id is None else int(str(person_id)),
        str(code),
        Form(**json.loads(str(form))),
        tuple(json.loads(str(missing))),
        str(language),
        int(str(sent_at)),
        str(kind),
    )


def add(tx: Tx, jurisdiction_id: str, draft: Draft, lapses_at: datetime) -> int:
    """Keep a draft (the record's own id is ignored); returns its row id."""
    return int(
        tx.scalar(
            "INSERT INTO draft(jurisdiction_id, platform, chat_id, message_id, person_id, service_code, form, missing,"
            " kind, language, state, sent_at, lapses_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?, ?)"
            " RETURNING id",
            (
                jurisdiction_id,
                draft.platform,
                draft.chat_id,
                draft.message_id,
                draft.person_id,
                draft.service_code,
                json.dumps(draft.form.given(), ensure_ascii=False),
                json.dumps(draft.missing),
                draft.kind,
                draft.language,
                draft.sent_at,
                micros(lapses_at),
            ),
        )
    )


def by_message(tx: Tx, platform: str, chat_id: str, message_id: str) -> Draft | None:
    """The open draft that a message began, or that the bot asked about in it."""
    row = tx.one(
        f"SELECT {_COLUMNS} FROM draft WHERE state = 'open' AND id IN (SELECT id FROM draft WHERE platform = ?"
        " AND chat_id = ? AND message_id = ? UNION SELECT draft_id FROM message_link WHERE platform = ?"
        " AND chat_id = ? AND message_id = ? AND draft_id > 0) ORDER BY id DESC LIMIT 1",
        (platform, chat_id, message_id) * 2,
    )
    return None if row is None else _record(row)


def begun_by(tx: Tx, platform: str, chat_id: str, message_id: str) -> Draft | None:
    """The open draft that a post began."""
    where = "platform = ? AND chat_id = ? AND message_id = ?"
    row = tx.one(f"SELECT {_COLUMNS} FROM draft WHERE state = 'open' AND {where}", (platform, chat_id, message_id))
    return None if row is None else _record(row)


def begun_with(tx: Tx, platform: str, chat_id: str, message_id: str) -> list[Draft]:
    """The open drafts that a post began, of any of its forms, the oldest first."""
    part = f"{message_id}{_PART}"
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM draft WHERE state = 'open' AND platform = ? AND chat_id = ?"
        " AND (message_id = ? OR substr(message_id, 1, ?) = ?) ORDER BY id",
        (platform, chat_id, message_id, len(part), part),
    )
    return [_record(row) for row in rows]


def free_place(tx: Tx, platform: str, chat_id: str, message_id: str, number: int = 0) -> str:
    """What a new draft of that post has in the place of its id: `part_of` it from `number` on, for 0 the id itself.

    Each is taken once: by one form, however often its post is edited.
    """
    place = part_of(message_id, number) if number else message_id
    taken = "SELECT 1 FROM draft WHERE platform = ? AND chat_id = ? AND message_id = ?"
    while tx.scalar(taken, (platform, chat_id, place)) is not None:
        number += 1
        place = part_of(message_id, number)
    return place


def lines_about(tx: Tx, draft_id: int) -> int:
    """How many lines of the bot ask about this draft."""
    return int(tx.scalar("SELECT COUNT(*) FROM message_link WHERE draft_id = ? AND kind = 'bot'", (draft_id,)))


def set_beside(tx: Tx, draft: Draft) -> None:
    """Its post opens requests by now: the draft stands beside it, and replies to the post are about those."""
    if draft.message_id == draft.post_id:
        place = free_place(tx, draft.platform, draft.chat_id, draft.post_id, 1)
        tx.execute("UPDATE draft SET message_id = ? WHERE id = ?", (place, draft.id))


def drop(tx: Tx, draft: Draft) -> None:
    """Its post was deleted, or edited so that nothing is told any more: it will not become a request."""
    tx.execute("UPDATE draft SET state = 'dropped' WHERE id = ?", (draft.id,))


def by_id(tx: Tx, draft_id: int) -> Draft | None:
    """The draft of that row id, while it is open."""
    row = tx.one(f"SELECT {_COLUMNS} FROM draft WHERE state = 'open' AND id = ?", (draft_id,))
    return None if row is None else _record(row)


def is_open(tx: Tx, draft_id: int) -> bool:
    """Whether a draft still waits to be completed."""
    return tx.scalar("SELECT 1 FROM draft WHERE state = 'open' AND id = ?", (draft_id,)) is not None


def latest_open(tx: Tx, platform: str, chat_id: str, person_id: int) -> Draft | None:
    """The person's newest open draft in that chat."""
    row = tx.one(
        f"SELECT {_COLUMNS} FROM draft WHERE state = 'open' AND platform = ? AND chat_id = ? AND person_id = ?"
        " ORDER BY id DESC LIMIT 1",
        (platform, chat_id, person_id),
    )
    return None if row is None else _record(row)


def revise(tx: Tx, draft: Draft, form: Form, missing: tuple[str, ...]) -> None:
    """Keep what was added to a draft that still lacks something."""
    tx.execute(
        "UPDATE draft SET form = ?, missing = ? WHERE id = ? AND state = 'open'",
        (json.dumps(form.given(), ensure_ascii=False), json.dumps(missing), draft.id),
    )


def complete(tx: Tx, draft: Draft, request_id: int) -> None:
    """Mark a draft as having become a request."""
    tx.execute("UPDATE draft SET state = 'completed', request_id = ? WHERE id = ?", (request_id, draft.id))
