"""Warn, mute, ban: a named person's act with a reason, asked back once, ending by itself, told, on record, undoable."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from groupbot import moment as moments
from groupbot import monthly
from groupbot.jurisdiction import Jurisdiction
from groupbot.moment import ASK_IN, Moment
from groupbot.monthly import Monthly
from groupbot.records import Button, NoticeAction, Person, instant, micros
from groupbot.rules import publication
from groupbot.rules.moderation import HumanAct
from groupbot.rules.public_text import publishable
from groupbot.store import inbox, offers, outbox, requests
from groupbot.store import moderation as acts
from groupbot.store.database import Tx
from groupbot.store.moderation import ModerationAct
from groupbot.store.offers import Offer
from groupbot.store.outbox import QueuedNotice

ACTIONS: dict[str, tuple[NoticeAction, NoticeAction]] = {
    "mute": ("restrict", "unrestrict"),
    "ban": ("ban", "unban"),
}
BEGINNINGS = frozenset(begin for begin, _ in ACTIONS.values())
CALLS = frozenset(call for calls in ACTIONS.values() for call in calls)


def offer(moment: Moment, act: HumanAct, until: datetime | None, reason: str) -> None:
    """Ask the steward back, naming whom, where, until when and why; nothing is done before the YES."""
    update = moment.update
    found = _sender_of(moment)
    if found is None:
        moment.say("order_how", {"act": f"act.{act}"})
        return
    user_id, name = found
    reason = without_names(moment, reason)
    if not reason:
        moment.say("order_unsafe", {})
        return
    limit = moment.now + timedelta(days=moment.jurisdiction.protocol.file.moderation.longest_days)
    ends = None if act == "warn" else min(until or moment.now + timedelta(days=1), limit)
    token = moment.jurisdiction.salt().hex()
    params = {"act": act, "user_id": user_id, "name": name, "until": ends and micros(ends), "reason": reason,
              "message_id": update.reply_to}  # fmt: skip
    place = (update.platform, update.chat_id)
    made = Offer(0, token, "order", params, None, None, moment.person.id if moment.person else None, *place)
    offers.add(moment.tx, made, moment.now, moment.now + timedelta(hours=1))
    said: dict[str, object] = {"act": act, "member": name, "reason": reason}
    if ends is not None:
        said["until"] = micros(ends)
    moment.say("order_asked", said, buttons=(Button("button_yes", token),))


def _sender_of(moment: Moment) -> tuple[str, str] | None:
    """Who wrote the post that is replied to: (user id, name); None where there is none, or the bot wrote it."""
    update = moment.update
    raw = inbox.raw_post(moment.tx, update.platform, update.chat_id, update.reply_to) if update.reply_to else None
    if raw is None:
        return None
    post = moment.parse(raw)
    return (post.sender_id, post.sender_name or post.sender_id) if post.sender_id else None


def take(moment: Moment, made: Offer) -> None:
    """The steward has said YES: do it, tell the person and their head, and put it on record."""
    given = made.params
    act: HumanAct = given["act"]
    user_id, reason = str(given["user_id"]), str(given["reason"])
    until = None if given["until"] is None else instant(int(given["until"]))
    place = (moment.group.platform, moment.group.chat_id)
    person_id = moment.person.id if moment.person else None
    kept = ModerationAct(0, *place, user_id, str(given["message_id"]), "", act, reason, person_id, until)
    if act in ACTIONS:
        _forget_endings(moment, acts.in_force(moment.tx, place, user_id, moment.now))
    act_id = acts.keep(moment.tx, moment.jurisdiction.id, kept, moment.now)
    said: dict[str, object] = {"act": act, "member": given["name"], "reason": reason, "by": _called(moment)}
    if until is not None:
        said["until"] = micros(until)
    # The line goes out before what it tells of, so that even who is put out gets it.
    _tell(moment, moment.roster.person(made.platform, user_id, moment.now), said, f"order|{act_id}")
    if act in ACTIONS and until is not None:
        begin, end = ACTIONS[act]
        on_record = {"order": act_id, "said": said}  # for those who must hear it if the platform refuses
        params = {"until": micros(until), **on_record}
        moment.queue(begin, place, "", params=params, target=user_id, dedup_key=f"order|{act_id}")
        # not every platform ends it by itself
        moment.queue(
            end, place, "", params=on_record, target=user_id, dedup_key=f"order_ends|{act_id}", not_before=until
        )
    _log(moment, {"warn": "warned", "mute": "muted", "ban": "banned"}[act], reason)


def _forget_endings(moment: Moment, holding: Sequence[ModerationAct]) -> None:
    """What holds somebody back is replaced or lifted: its own end must not end what comes after it."""
    for one in holding:
        outbox.drop(moment.tx, f"order_ends|{one.id}")


def lift(moment: Moment) -> None:
    """Take back what holds the writer of the post replied to back in this group."""
    found = _sender_of(moment)
    place = (moment.group.platform, moment.group.chat_id)
    holding = acts.in_force(moment.tx, place, found[0], moment.now) if found else []
    if found is None or not holding:
        moment.say("lift_nothing" if found else "order_how", {"act": "act.lift"})
        return
    _forget_endings(moment, holding)
    said: dict[str, object] = {"member": found[1], "by": _called(moment)}
    for one in holding:
        acts.undo(moment.tx, one.id, moment.now)
        action, params = ACTIONS[one.act][1], {"order": one.id, "said": said}
        stamp = f"{moment.update.message_id}|{moment.update.revision}"
        moment.queue(action, place, "", params=params, target=one.user_id, dedup_key=f"lift|{one.id}|{stamp}")
    _log(moment, "lifted", "")
    moment.say("lifted", said)
    target = moment.roster.person(place[0], found[0], moment.now)
    if target is not None:
        moment.tell_alone(target, "lifted", said, f"lifted|{holding[0].id}")


def refused(tx: Tx, jurisdiction: Jurisdiction, notice: QueuedNotice, now: datetime) -> None:
    """The platform does not do what was ordered: the record says so, and so hears whoever heard that it is done."""
    moment = moments.of_clock(tx, jurisdiction, now)
    group = moment.roster.group(notice.platform, notice.chat_id)
    if group is None or "order" not in notice.params:
        return
    act_id, said, begins = int(notice.params["order"]), notice.params["said"], notice.action in BEGINNINGS
    told = {"act": said["act"] if begins else "lift", "member": said["member"],
            "group": f"department.{group.service_code}" if group.service_code else "group.mirror"}  # fmt: skip
    for office in moment.roster.groups("communications"):
        once = f"refused|{notice.id}|{office.platform}|{office.chat_id}"
        moment.tell(office, "order_refused", told, dedup_key=once)
    if begins:
        acts.refuse(tx, act_id)
        outbox.drop(tx, f"order_ends|{act_id}")
        target = moment.roster.person(notice.platform, notice.target, now)
        if target is None or not moment.tell_alone(target, "order_refused", told, f"refused|{act_id}|alone"):
            moment.tell(group, "order_refused", told, dedup_key=f"refused|{notice.id}|group")
        for head in moment.roster.holders("director", now, group.service_code) if group.service_code else ():
            moment.tell_alone(head, "order_refused", told, f"refused|{act_id}|{head.id}")
    else:
        acts.hold_on(tx, act_id)
    moment.record(f"{told['act']}_refused", "", "", service_code=group.service_code or "")
    moment.finish()


def report(moment: Moment, why: str) -> None:
    """Anybody shows a post to staff; nothing follows by itself, and the group hears nothing."""
    found = _sender_of(moment)
    if found is None:
        moment.say("report_how", {})
        return
    update = moment.update
    by = moment.person.id if moment.person else None
    kept = ModerationAct(0, update.platform, update.chat_id, found[0], update.reply_to or "", "", "report", why, by)
    acts.keep(moment.tx, moment.jurisdiction.id, kept, moment.now)
    here = (update.platform, update.chat_id)
    about = requests.by_message(moment.tx, *here, update.reply_to or "")  # so that it goes when these are erased
    requests.link_message(moment.tx, (*here, update.message_id), [one.id for one in about], "context", moment.now)
    said: dict[str, object] = {"member": found[1], "by": _called(moment), "reason": without_names(moment, why),
                               "group": f"department.{moment.group.service_code}"}  # fmt: skip
    for group in moment.roster.groups("communications"):
        moment.tell(group, "reported", said)
    moment.receipt("receipt_noted")


def _tell(moment: Moment, target: Person | None, said: dict[str, object], once: str) -> None:
    """The person hears it, alone where that can be, else in the group; so does the head of the department."""
    code = moment.group.service_code
    where: dict[str, object] = {"group": f"department.{code}"} if code else {}
    if target is None:
        moment.say("order_told", said, dedup_key=f"{once}|told")
    else:
        language = target.language or moment.jurisdiction.language
        more = {"params": said | where, "language": language, "dedup_key": f"{once}|alone"}
        if not moment.say_alone(target, "order_told", **more):
            moment.say("order_told", said, dedup_key=f"{once}|told", buttons=ASK_IN)
    for head in moment.roster.holders("director", moment.now, code) if code else ():
        moment.tell_alone(head, "order_head", said | where, f"{once}|{head.id}")


def answer(moment: Moment) -> None:
    """Somebody on no roster, who is held back in a group, writes alone: they are told why, once, as far as it holds."""
    if moment.person is not None:
        return
    update = moment.update
    for one in acts.holding(moment.tx, update.platform, update.sender_id, moment.now):
        group = moment.roster.group(one.platform, one.chat_id)
        by = moment.roster.by_id(one.person_id, moment.now)
        if group is None or one.until is None:
            continue
        said: dict[str, object] = {
            "act": one.act, "member": update.sender_name or update.sender_id, "reason": one.reason,
            "by": by.called if by else "", "until": micros(one.until),
        }  # fmt: skip
        if group.service_code:
            said["group"] = f"department.{group.service_code}"
        moment.say("order_told", said, dedup_key=f"order|{one.id}|alone")


def without_names(moment: Moment, words: str) -> str:
    """A reason as several people may read it: nobody named, no number; '' when nothing of it would be left."""
    country = moment.jurisdiction.protocol.file.pack.country
    return publishable(words, country, (), moment.jurisdiction.name_lore) or ""


def _called(moment: Moment) -> str:
    return moment.person.called if moment.person else moment.update.sender_name


def _log(moment: Moment, entry: str, reason: str) -> None:
    """A person's act on a member stands in the public log by its kind and group alone."""
    moment.record(entry, "communications", reason, service_code=moment.group.service_code or "")


class Tallies(Monthly):
    """The ticker that tells the mirrors how often people warned, muted and banned in a month."""

    name = "order_told"

    def first(self, tx: Tx) -> datetime | None:
        """When somebody was first warned, muted or banned."""
        return acts.first_by_people(tx, self.jurisdiction.id)

    def tell(self, moment: Moment, month: date) -> None:
        """Tell the counts; of a month in which nothing was done, nothing."""
        found = acts.counts(moment.tx, self.jurisdiction.id, monthly.span(self.jurisdiction, month))
        params = publication.summary_params({act: found.get(act, 0) for act in ("warn", "mute", "ban", "lifted")})
        for group in moment.roster.groups("mirror") if found else ():
            moment.tell(group, "mirror_order", params)
