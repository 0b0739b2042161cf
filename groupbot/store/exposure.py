"""Who could read what: the chats of an account, the people of a chat, and the requests that were spoken of there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from groupbot.records import instant, micros
from groupbot.store.database import Tx

Place = tuple[str, str]  # platform, chat id
Span = tuple[datetime, datetime]  # aware UTC


@dataclass(frozen=True, slots=True)
class Exposed:
    """One request that could be read, and what is kept of its citizen; a contact was `shown` to the account or there.

    `requested_at` is aware UTC.
    """

    reference: str
    route: str
    requested_at: datetime
    name: bool
    phone: bool
    files: int
    erased: bool
    shown: bool


def chats_of_account(tx: Tx, account: Place) -> list[Place]:
    """The chats in which an account (platform, user id) wrote or was seen, its private chat with the bot included."""
    rows = tx.all(
        "SELECT DISTINCT platform, chat_id FROM inbox WHERE platform = ? AND sender_id = ?"
        " UNION SELECT platform, chat_id FROM member WHERE platform = ? AND user_id = ?"
        " UNION SELECT chat.platform, chat.chat_id FROM chat JOIN identity ON identity.person_id = chat.person_id"
        " AND identity.platform = chat.platform WHERE identity.platform = ? AND identity.user_id = ? ORDER BY 1, 2",
        account * 3,
    )
    return [(str(platform), str(chat_id)) for platform, chat_id in rows]


def readers(tx: Tx, place: Place, until: datetime) -> list[tuple[str, str]]:
    """(account, name; '' unknown) of everybody whom the bot has seen in a chat until then, by account.

    Whoever only reads, and was there before the bot, is not known to it.
    """
    rows = tx.all(
        "SELECT seen.user_id, COALESCE(MAX(person.name), MAX(seen.name), '') FROM (SELECT sender_id AS user_id,"
        " NULL AS name FROM inbox WHERE platform = ? AND chat_id = ? AND sender_id <> '' AND sent_at <= ?"
        " UNION SELECT user_id, name FROM member WHERE platform = ? AND chat_id = ?"
        " AND (joined_at IS NULL OR joined_at <= ?)) AS seen LEFT JOIN identity ON identity.platform = ?"
        " AND identity.user_id = seen.user_id LEFT JOIN person ON person.id = identity.person_id"
        " GROUP BY seen.user_id ORDER BY seen.user_id",
        (*place, micros(until), *place, micros(until), place[0]),
    )
    return [(str(user_id), str(name)) for user_id, name in rows]


def titles(tx: Tx) -> dict[Place, str]:
    """What each known chat is: its kind and department, or a person's private chat."""
    rows = tx.all(
        "SELECT chat.platform, chat.chat_id, COALESCE(service_group.kind, 'private chat'),"
        " COALESCE(service_group.service_code, ''), COALESCE(person.name, '') FROM chat"
        " LEFT JOIN service_group ON service_group.id = chat.service_group_id"
        " LEFT JOIN person ON person.id = chat.person_id"
    )
    return {
        (str(platform), str(chat_id)): " ".join(str(part) for part in what if part) for platform, chat_id, *what in rows
    }


def places_of(tx: Tx, request_id: int) -> list[Place]:
    """The chats in which a request was spoken of."""
    rows = tx.all(
        "SELECT platform, chat_id FROM request WHERE id = ? UNION SELECT platform, chat_id FROM message_link"
        " WHERE request_id = ? ORDER BY 1, 2",
        (request_id, request_id),
    )
    return [(str(platform), str(chat_id)) for platform, chat_id in rows]


def looked(tx: Tx, request_id: int) -> list[tuple[str, datetime]]:
    """(name, aware UTC) of everybody who was shown a request's contact."""
    rows = tx.all(
        "SELECT person.name, contact_look.at FROM contact_look JOIN person ON person.id = contact_look.person_id"
        " WHERE contact_look.request_id = ? ORDER BY contact_look.at, contact_look.id",
        (request_id,),
    )
    return [(str(name), instant(int(at))) for name, at in rows]


_EXPOSED = (
    "SELECT request.id, service_request_id, route, requested_datetime, COALESCE(reporter_name, '') <> '',"
    " COALESCE(reporter_phone, '') <> '', (SELECT count(*) FROM attachment WHERE attachment.request_id = request.id),"
    " request.erased_at IS NOT NULL FROM request LEFT JOIN contact ON contact.request_id = request.id"
    " WHERE jurisdiction_id = ?"
)


def requests_in(tx: Tx, jurisdiction_id: str, places: Sequence[Place] | None, span: Span) -> list[Exposed]:
    """The requests that were spoken of in these chats within the span; None: all that the database holds."""
    since, until = micros(span[0]), micros(span[1])
    if places is None:
        rows = tx.all(f"{_EXPOSED} AND received_at <= ? ORDER BY request.id", (jurisdiction_id, until))
        return [_exposed(row, shown=False) for row in rows]
    found: dict[int, Exposed] = {}
    for place in places:
        spoken = (
            " AND request.id IN (SELECT id FROM request WHERE platform = ? AND chat_id = ? AND received_at BETWEEN ?"
            " AND ? UNION SELECT request_id FROM message_link WHERE platform = ? AND chat_id = ? AND at"
            " BETWEEN ? AND ?)"
        )
        rows = tx.all(f"{_EXPOSED}{spoken}", (jurisdiction_id, *(*place, since, until) * 2))
        shown = _shown_in(tx, place, (since, until))
        for row in rows:
            found[row[0]] = _exposed(row, shown=int(row[0]) in shown or (row[0] in found and found[row[0]].shown))
        for row in tx.all(f"{_EXPOSED} AND request.id IN ({', '.join(map(str, shown)) or '0'})", (jurisdiction_id,)):
            found[row[0]] = _exposed(row, shown=True)
    return [found[pk] for pk in sorted(found)]


def _shown_in(tx: Tx, place: Place, span: tuple[int, int]) -> set[int]:
    """The requests whose contact was told in a private chat: who looked, looked there."""
    rows = tx.all(
        "SELECT DISTINCT contact_look.request_id FROM contact_look JOIN chat ON chat.person_id = contact_look.person_id"
        " WHERE chat.platform = ? AND chat.chat_id = ? AND contact_look.at BETWEEN ? AND ?",
        (*place, *span),
    )
    return {int(row[0]) for row in rows}


def _exposed(row: tuple[object, ...], *, shown: bool) -> Exposed:
    _, reference, route, requested, name, phone, files, erased = row
    at = instant(int(str(requested)))
    return Exposed(str(reference), str(route), at, bool(name), bool(phone), int(str(files)), bool(erased), shown)
