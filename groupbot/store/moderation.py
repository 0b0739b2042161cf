"""Acts that keep order in the groups, each with its actor and reason, and what the guards would have done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from groupbot.records import instant, micros
from groupbot.store.database import Tx


@dataclass(frozen=True, slots=True)
class ModerationAct:
    """One act or finding. `finding` is a guard's, '' for a person's act; `until` is aware UTC."""

    id: int
    platform: str
    chat_id: str
    user_id: str
    message_id: str
    finding: str
    act: str
    reason: str
    person_id: int | None
    until: datetime | None = None
    dry_run: bool = False


def keep(tx: Tx, jurisdiction_id: str, act: ModerationAct, now: datetime) -> int:
    """Put an act on record; the record's own id is ignored."""
    return int(
        tx.scalar(
            "INSERT INTO moderation_act(jurisdiction_id, platform, chat_id, user_id, message_id, finding, act, reason,"
            " person_id, at, until, dry_run) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (
                jurisdiction_id,
                act.platform,
                act.chat_id,
                act.user_id,
                act.message_id,
                act.finding,
                act.act,
                act.reason,
                act.person_id,
                micros(now),
                None if act.until is None else micros(act.until),
                int(act.dry_run),
            ),
        )
    )


_COLUMNS = "id, platform, chat_id, user_id, message_id, finding, act, reason, person_id, until, dry_run"


def _record(row: tuple[Any, ...]) -> ModerationAct:
    *start, until, dry_run = row
    pk, platform, chat_id, user_id, message_id, finding, act, reason, person_id = start
    ends = None if until is None else instant(until)
    about = (platform, chat_id, user_id, message_id)
    return ModerationAct(pk, *about, finding, act, reason, person_id, ends, bool(dry_run))


def in_force(tx: Tx, place: tuple[str, str], user_id: str, now: datetime) -> list[ModerationAct]:
    """The mutes and bans that hold somebody back in a chat now, the latest first."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM moderation_act WHERE platform = ? AND chat_id = ? AND user_id = ?"
        " AND act IN ('mute', 'ban') AND undone_at IS NULL AND until > ? ORDER BY id DESC",
        (*place, user_id, micros(now)),
    )
    return [_record(row) for row in rows]


_BY_PEOPLE = "jurisdiction_id = ? AND person_id IS NOT NULL AND dry_run = 0 AND act IN ('warn', 'mute', 'ban')"


def first_by_people(tx: Tx, jurisdiction_id: str) -> datetime | None:
    """When people first warned, muted or banned anybody (aware UTC)."""
    found = tx.scalar(f"SELECT MIN(at) FROM moderation_act WHERE {_BY_PEOPLE}", (jurisdiction_id,))
    return None if found is None else instant(int(found))


def holding(tx: Tx, platform: str, user_id: str, now: datetime) -> list[ModerationAct]:
    """The mutes and bans that hold somebody back in any chat of a platform now, the oldest first."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM moderation_act WHERE platform = ? AND user_id = ?"
        " AND act IN ('mute', 'ban') AND undone_at IS NULL AND until > ? ORDER BY id",
        (platform, user_id, micros(now)),
    )
    return [_record(row) for row in rows]


def counts(tx: Tx, jurisdiction_id: str, span: tuple[datetime, datetime]) -> dict[str, int]:
    """Act -> how often people did it in the span (aware UTC, its end not included); "lifted" is how many of these."""
    rows = tx.all(
        f"SELECT act, count(*), count(undone_at) FROM moderation_act WHERE {_BY_PEOPLE} AND at >= ? AND at < ?"
        " GROUP BY act",
        (jurisdiction_id, *map(micros, span)),
    )
    found = {str(act): int(count) for act, count, _ in rows}
    return found and found | {"lifted": sum(int(lifted) for _, _, lifted in rows)}


def first_today(tx: Tx, jurisdiction_id: str, once: str, now: datetime) -> bool:
    """Whether this has not been found before; from now on it has."""
    found = tx.execute(
        "INSERT INTO bot_state(name, value) VALUES (?, ?) ON CONFLICT(name) DO NOTHING",
        (f"found:{jurisdiction_id}:{once}", str(micros(now))),
    )
    return found.rowcount == 1


@dataclass(frozen=True, slots=True)
class Found:
    """Something that a guard found, in which chat and about whom."""

    platform: str
    chat_id: str
    finding: str
    user_id: str


def found_since(tx: Tx, jurisdiction_id: str, since: datetime, limit: int = 1000) -> list[Found]:
    """What guards have found since then, whether they only watched or not; the newest where it is very much."""
    rows = tx.all(
        "SELECT platform, chat_id, finding, user_id FROM moderation_act WHERE jurisdiction_id = ? AND finding <> ''"
        f" AND person_id IS NULL AND at >= ? ORDER BY id DESC LIMIT {int(limit)}",
        (jurisdiction_id, micros(since)),
    )
    return [Found(*row) for row in reversed(rows)]


def bound_since(tx: Tx, jurisdiction_id: str, kinds: Sequence[str]) -> list[datetime]:
    """Since when each bound chat of these kinds is bound (aware UTC)."""
    marks = ", ".join("?" * len(kinds))
    rows = tx.all(
        "SELECT chat.bound_at FROM chat JOIN service_group ON service_group.id = chat.service_group_id"
        f" WHERE chat.state = 'bound' AND service_group.jurisdiction_id = ? AND service_group.kind IN ({marks})",
        (jurisdiction_id, *kinds),
    )
    return [instant(int(at)) for (at,) in rows]


def bound_at(tx: Tx, chat_pk: int) -> datetime | None:
    """Since when a chat is bound (aware UTC)."""
    found = tx.scalar("SELECT bound_at FROM chat WHERE id = ?", (chat_pk,))
    return None if found is None else instant(int(found))


def refuse(tx: Tx, act_id: int) -> None:
    """The platform did not do it: it stays on record as refused, and holds nobody back."""
    tx.execute("UPDATE moderation_act SET act = act || '_refused' WHERE id = ? AND act IN ('mute', 'ban')", (act_id,))


def hold_on(tx: Tx, act_id: int) -> None:
    """The platform did not end it: it holds as before."""
    tx.execute("UPDATE moderation_act SET undone_at = NULL WHERE id = ?", (act_id,))


def undo(tx: Tx, act_id: int, now: datetime) -> None:
    """Take an act back; it stays on record."""
    tx.execute("UPDATE moderation_act SET undone_at = ? WHERE id = ?", (micros(now), act_id))
