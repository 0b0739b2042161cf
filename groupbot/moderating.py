"""Order in the groups: who comes in, whose posts wait to be registered, and what the guards tell.

Guards go through `rules/moderation`, which has no act that removes, silences or puts out;
what people may do is `sanctioning`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from groupbot import enrolling, watching, welcoming
from groupbot.intake import emergencies
from groupbot.moment import Moment
from groupbot.records import Reading
from groupbot.rules import lifecycle, moderation
from groupbot.rules.moderation import Finding
from groupbot.rules.readings import read_post
from groupbot.store import inbox, members
from groupbot.store import moderation as acts
from groupbot.store.database import Tx
from groupbot.store.moderation import ModerationAct

OFFICE_ROLES = (*lifecycle.OFFICERS, "communications", "operator", "executive")
WAVE = timedelta(hours=1)
FLOOD = timedelta(minutes=1)
FLOOD_TOLD_EVERY = 600  # seconds


def take_member(moment: Moment) -> None:
    """Somebody has joined or left: a known person is welcomed once, an unknown one is told to staff."""
    update = moment.update
    place = (update.platform, update.chat_id)
    if moment.group.kind == "private":
        enrolling.come_or_gone(moment)
    if moment.group.kind not in ("department", "mirror"):
        return
    if update.change == "left":
        members.left(moment.tx, place, update.sender_id, moment.now)
        return
    user = (update.sender_id, update.sender_name)
    members.joined(moment.tx, place, user, moment.now, known=moment.person is not None)
    if moment.person is not None:
        welcoming.arrive(moment, moment.person)
    joins = members.unknown_since(moment.tx, place, moment.now - WAVE)
    wave = moderation.is_wave(joins, moment.jurisdiction.protocol.file.moderation.joins_per_hour)
    if moment.person is None and moment.group.kind == "department":
        _find(moment, "unknown_joined", quiet=wave)
    _watch_names(moment)
    if wave:
        _find(moment, "join_wave")


def watch_post(moment: Moment) -> None:
    """Look at a post in a department's group as the guards do; nothing here keeps it from being handled."""
    if moment.group.kind != "department":
        return
    person = moment.person
    ward_admin = person is not None and person.holds("ward_admin")
    most = moment.jurisdiction.protocol.file.moderation.posts_per_minute
    if not ward_admin:
        _watch_names(moment)
        place = (moment.update.platform, moment.update.chat_id)
        posts = inbox.latest_but(moment.tx, place, moment.update.sender_id, moment.inbox_id, most)
        recent = posts is not None and posts > moment.update.sent_at - FLOOD
        if moderation.is_flood(most + 1 if recent else 0, most, ward_admin=ward_admin):
            _find(moment, "flood")
    if person is not None and moderation.shows_id_number(moment.update.text):
        _find(moment, "personal_data")


def take_stranger(moment: Moment) -> bool:
    """Hold a stranger's post that would be a request; False when it would be none."""
    reading = _as_one_who_is_known(moment)
    if reading.kind == "chatter":
        return False
    place = (moment.update.platform, moment.update.chat_id)
    members.hold(moment.tx, moment.inbox_id, place, moment.update.sender_id, moment.now)
    if reading.route != "private":  # of such a matter nobody but its own officer may hear
        _find(moment, "unknown_posted")
    return True


def _as_one_who_is_known(moment: Moment) -> Reading:
    return read_post(moment.update.text, moment.jurisdiction.vocabulary, sender_role="ward_admin", sender_ward=None)


def tell_taken_back(moment: Moment) -> None:
    """Its sender is registered by now, but what was held is deleted: staff hear, once, why it gets no number."""
    update = moment.update
    if _as_one_who_is_known(moment).route == "private":
        return
    member = update.sender_name or update.sender_id
    once = f"taken_back|{update.platform}|{update.chat_id}|{update.sender_id}|{moment.released_at}"
    _tell_staff(moment, "taken_back", {"member": member, "group": _named(moment)}, once)


class Releases:
    """A ticker: as soon as somebody is registered, what they posted before is worked, in order."""

    def next_due(self, tx: Tx, now: datetime) -> datetime | None:
        """Now, while there is something to let through; else None."""
        return now if members.releasable(tx, now) else None

    def run(self, tx: Tx, now: datetime) -> None:
        """Let it through."""
        members.release(tx, now)


# --- what follows from a finding --------------------------------------------------------------------------------------


def _watch_names(moment: Moment) -> None:
    """Somebody without an office whose name resembles an officer's is shown to staff."""
    person = moment.person
    if person is not None and any(person.holds(role) for role in OFFICE_ROLES):
        return
    officers = {one.name: one for role in OFFICE_ROLES for one in moment.roster.holders(role, moment.now)}
    alike = moderation.looks_like(moment.update.sender_name, officers)
    if alike is not None and (person is None or person.id != officers[alike].id):
        _find(moment, "look_alike", alike)


def _find(moment: Moment, finding: Finding, about: str = "", *, quiet: bool = False) -> None:
    """Put a finding on record, once for each sender and chat a day, and do the little that follows from it.

    `quiet`: staff are told of it by another finding; a wave is one line, not one for each who comes with it.
    """
    update, jurisdiction = moment.update, moment.jurisdiction
    dry_run = watching.in_dry_run(moment)
    day = moment.now.astimezone(jurisdiction.zone).date().isoformat()
    once = f"{finding}|{update.platform}|{update.chat_id}|{'' if finding == 'join_wave' else update.sender_id}|{day}"
    if finding == "flood":
        once += f"|{int(moment.now.timestamp()) // FLOOD_TOLD_EVERY}"
    done = moderation.responses(finding, dry_run=dry_run)
    # What was only watched is found anew once guards act, be it on the same day.
    noted = once if done == moderation.responses(finding, dry_run=False) else f"{once}|watched"
    if not acts.first_today(moment.tx, jurisdiction.id, noted, moment.now):
        return
    kept = ModerationAct(
        0, update.platform, update.chat_id, update.sender_id, update.message_id, finding, ",".join(done), "", None,
        dry_run=dry_run,
    )  # fmt: skip
    acts.keep(moment.tx, jurisdiction.id, kept, moment.now)
    params: dict[str, object] = {
        "member": update.sender_name or update.sender_id,
        "group": _named(moment),
        "about": about,
    }
    if "close_invites" in done:
        moment.queue("close_invites", (update.platform, update.chat_id), "", dedup_key=f"close|{once}")
    if "tell_sender" in done:
        _tell_sender(moment, finding, once)
    if "tell_staff" in done and not quiet:
        _tell_staff(moment, finding, params, once)


def _tell_sender(moment: Moment, finding: Finding, once: str) -> None:
    if finding == "unknown_posted":
        forms = _as_one_who_is_known(moment).forms
        moment.say("held", emergencies.numbers_beside(moment, forms, moment.language), dedup_key=f"held|{once}")
        return
    if moment.person is not None:
        moment.tell_alone(moment.person, f"guard_{finding}", {}, f"guard|{once}")


def _named(moment: Moment) -> str:
    return f"department.{moment.group.service_code}" if moment.group.service_code else "group.mirror"


def _tell_staff(moment: Moment, finding: Finding | Literal["taken_back"], params: dict[str, object], once: str) -> None:
    for group in moment.roster.groups("communications"):
        moment.tell(group, f"staff_{finding}", params, dedup_key=f"staff|{once}|{group.platform}|{group.chat_id}")
