"""Who sits in which chat as far as the platform tells, and the posts of people who are on no roster yet."""

from __future__ import annotations

from datetime import datetime

from groupbot.records import instant, micros
from groupbot.store.database import Tx

Place = tuple[str, str]  # platform, chat id


def joined(tx: Tx, place: Place, user: tuple[str, str], now: datetime, *, known: bool) -> None:
    """Note that a user (id, name) sits in a chat now."""
    tx.execute(
        "INSERT INTO member(platform, chat_id, user_id, name, known, joined_at) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT(platform, chat_id, user_id) DO UPDATE SET name = excluded.name, known = excluded.known,"
        " joined_at = excluded.joined_at, left_at = NULL",
        (*place, *user, int(known), micros(now)),
    )


def left(tx: Tx, place: Place, user_id: str, now: datetime) -> None:
    """Note that a user has left a chat."""
    tx.execute(
        "UPDATE member SET left_at = ? WHERE platform = ? AND chat_id = ? AND user_id = ?",
        (micros(now), *place, user_id),
    )


def name(tx: Tx, place: Place, user_id: str) -> str:
    """The name under which somebody came into a chat; '' where that is not known."""
    found = tx.scalar("SELECT name FROM member WHERE platform = ? AND chat_id = ? AND user_id = ?", (*place, user_id))
    return str(found or "")


def unknown_since(tx: Tx, place: Place, since: datetime) -> int:
    """How many people who are on no roster joined a chat since then."""
    found = tx.scalar(
        "SELECT count(*) FROM member WHERE platform = ? AND chat_id = ? AND joined_at >= ? AND known = 0",
        (*place, micros(since)),
    )
    return int(found or 0)


def sits_in(tx: Tx, person_id: int) -> Place | None:
    """The chat that somebody of the roster came into last and has not left, under any of their accounts."""
    found = tx.one(
        "SELECT member.platform, member.chat_id FROM member JOIN identity ON identity.platform = member.platform"
        " AND identity.user_id = member.user_id WHERE identity.person_id = ? AND identity.unbound_at IS NULL"
        " AND member.left_at IS NULL ORDER BY member.joined_at DESC LIMIT 1",
        (person_id,),
    )
    return None if found is None else (str(found[0]), str(found[1]))


def greet(tx: Tx, place: Place, user_id: str, at: datetime) -> None:
    """Let somebody be greeted in a chat at that time, with all who have come in by then."""
    tx.execute(
        "UPDATE member SET greet_at = ? WHERE platform = ? AND chat_id = ? AND user_id = ?",
        (micros(at), *place, user_id),
    )


def next_greeting(tx: Tx) -> datetime | None:
    """When somebody is to be greeted next (aware UTC, perhaps past); None where nobody is."""
    found = tx.scalar("SELECT min(greet_at) FROM member WHERE greet_at IS NOT NULL")
    return None if found is None else instant(int(found))


def to_greet(tx: Tx, now: datetime) -> dict[Place, list[str]]:
    """Chat -> the user ids of all who are to be greeted there, where one of them is due; from now on nobody is."""
    due = "SELECT DISTINCT platform, chat_id FROM member WHERE greet_at <= ? ORDER BY platform, chat_id"
    found: dict[Place, list[str]] = {}
    for platform, chat_id in tx.all(due, (micros(now),)):
        here = (str(platform), str(chat_id))
        rows = tx.all(
            "SELECT user_id FROM member WHERE platform = ? AND chat_id = ? AND greet_at IS NOT NULL"
            " AND left_at IS NULL ORDER BY joined_at, user_id",
            here,
        )
        found[here] = [str(user_id) for (user_id,) in rows]
        tx.execute("UPDATE member SET greet_at = NULL WHERE platform = ? AND chat_id = ?", here)
    return found


def welcome(tx: Tx, person_id: int, now: datetime) -> bool:
    """Note that a person is welcomed; False when they were before."""
    first = "UPDATE person SET welcomed_at = ? WHERE id = ? AND welcomed_at IS NULL"
    done = tx.execute(first, (micros(now), person_id))
    return done.rowcount == 1


# --- posts that wait for their sender to be registered ----------------------------------------------------------------


def hold(tx: Tx, inbox_id: int, place: Place, user_id: str, now: datetime) -> None:
    """Hold a stranger's post; the same one twice is held once."""
    tx.execute(
        "INSERT INTO held_post(inbox_id, platform, chat_id, user_id, at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT(inbox_id) DO NOTHING",
        (inbox_id, *place, user_id, micros(now)),
    )


_REGISTERED = (
    "released_at IS NULL AND EXISTS(SELECT 1 FROM identity JOIN role_grant ON role_grant.person_id ="
    " identity.person_id WHERE identity.platform = held_post.platform AND identity.user_id = held_post.user_id"
    " AND identity.unbound_at IS NULL AND role_grant.granted_from <= ?"
    " AND (role_grant.granted_until IS NULL OR role_grant.granted_until > ?))"
)


def releasable(tx: Tx, now: datetime) -> bool:
    """Whether posts are held whose sender holds a role by now."""
    return tx.scalar(f"SELECT 1 FROM held_post WHERE {_REGISTERED} LIMIT 1", (micros(now), micros(now))) is not None


def release(tx: Tx, now: datetime) -> int:
    """Let the posts of people who are registered by now be worked as if they came now, in order; how many."""
    stamp = micros(now)
    rows = tx.all(f"SELECT inbox_id FROM held_post WHERE {_REGISTERED} ORDER BY inbox_id", (stamp, stamp))
    for (inbox_id,) in rows:
        tx.execute("UPDATE held_post SET released_at = ? WHERE inbox_id = ?", (stamp, inbox_id))
        tx.execute("UPDATE inbox SET state = 'waiting', attempts = 0 WHERE id = ?", (inbox_id,))
    return len(rows)


def released_at(tx: Tx, inbox_id: int) -> datetime | None:
    """When a held post was let through (aware UTC); None for one that never was held."""
    found = tx.scalar("SELECT released_at FROM held_post WHERE inbox_id = ?", (inbox_id,))
    return None if found is None else instant(int(found))
