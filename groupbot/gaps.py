"""What people wrote while the bot was away and the platform gives no more: each group is told, once, to post it again.

The bot was out of reach for longer than the platform keeps what nobody fetches, or the past of one chat is refused.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from groupbot.jurisdiction import Jurisdiction
from groupbot.records import Notice, instant, micros
from groupbot.store import gaps, hot, inbox, people
from groupbot.store.database import Tx

NOTED_EVERY = timedelta(minutes=10)


def reached(tx: Tx, jurisdiction: Jurisdiction, platform: str, keeps: timedelta, now: datetime) -> bool:
    """The platform was reached; `keeps` is for how long it keeps updates. Returns whether a gap was announced.

    The last time before is kept to the ten minutes, so a gap is never taken for a shorter one than it was.
    """
    state = f"reached|{platform}"
    before = inbox.get_state(tx, state)
    inbox.set_state(tx, state, str(micros(now)))
    if not before or now - instant(int(before)) <= keeps:
        return False
    since = instant(int(before))
    roster = people.load_roster(tx, jurisdiction.id)
    told = [one for kind in ("department", "committee") for one in roster.groups(kind) if one.platform == platform]
    params = {"since": micros(since), "until": micros(now)}
    notices = []
    for group in told:
        gaps.add_lost(tx, platform, group.chat_id, (since, now))
        once = f"gap|{platform}|{group.chat_id}|{micros(since)}"
        language = group.language or jurisdiction.language
        notices.append(Notice(platform, group.chat_id, "send", once, key="gap", params=params, language=language))
    hot.queue(tx, notices, now)
    return True


def tell_refused(tx: Tx, jurisdiction: Jurisdiction, chat: tuple[str, str], now: datetime) -> None:
    """The past of a chat (platform, chat id) is refused: its group is told between when posts may be missing."""
    group = people.load_roster(tx, jurisdiction.id).group(*chat)
    span = gaps.open_since(tx, *chat)
    if group is None or group.kind == "private" or span is None:
        return
    since, until = span
    params = {"since": since, "until": until}
    once = f"gap_refused|{chat[0]}|{chat[1]}|{since}"
    language = group.language or jurisdiction.language
    hot.queue(tx, [Notice(*chat, "send", once, key="gap_refused", params=params, language=language)], now)
