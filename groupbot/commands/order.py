"""Commands that keep order: warn, mute, ban, lift, guards for communications; report for everybody."""

from __future__ import annotations

from typing import get_args

from groupbot import sanctioning, watching
from groupbot.commands.arguments import Arguments
from groupbot.commands.refusals import refuse_role
from groupbot.moment import ASK_IN, Moment
from groupbot.rules.moderation import HumanAct

ACTS = get_args(HumanAct)


def _order(moment: Moment, given: Arguments, act: HumanAct) -> None:
    if not may(moment, act):
        return
    if not given.text.strip():
        moment.say("order_how", {"act": f"act.{act}"})
    else:
        sanctioning.offer(moment, act, given.at, given.text.strip())


def may(moment: Moment, act: str) -> bool:
    """Whether the sender keeps order here now; if not, they are told who does."""
    roles = moment.jurisdiction.protocol.file.moderation.acts_by
    if moment.person is not None and any(moment.person.holds(role) for role in roles):
        return True
    refuse_role(moment, act, roles)
    return False


def warn(moment: Moment, given: Arguments) -> None:
    """`/warn why`, in reply to a post: its writer is told what was wrong."""
    _order(moment, given, "warn")


def mute(moment: Moment, given: Arguments) -> None:
    """`/mute [until DAY] why`, in reply to a post: its writer is kept from writing until then, or a day."""
    _order(moment, given, "mute")


def ban(moment: Moment, given: Arguments) -> None:
    """`/ban [until DAY] why`, in reply to a post: its writer is out until then."""
    _order(moment, given, "ban")


def lift(moment: Moment, given: Arguments) -> None:
    """`/lift`, in reply to a post: what holds its writer back ends now."""
    if may(moment, "lift"):
        sanctioning.lift(moment)


def report(moment: Moment, given: Arguments) -> None:
    """`/report [why]`, in reply to a post: communications look at it."""
    sanctioning.report(moment, given.text.strip())


def guards(moment: Moment, given: Arguments) -> None:
    """`/guards [until DAY]`: what the guards found, whether they act; until when they are only to watch."""
    if moment.group.kind not in ("private", "communications"):
        moment.say("guards_where", {}, buttons=ASK_IN)
    elif given.at is None:
        watching.say(moment)
    else:
        watching.decide(moment, given.at)
