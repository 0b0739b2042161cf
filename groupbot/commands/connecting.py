"""`/connect` and `/disconnect`: a group becomes a department's, a mirror, or an office's; a mirror ends."""

from __future__ import annotations

from dataclasses import replace

from groupbot import disconnecting
from groupbot.commands.arguments import Arguments
from groupbot.commands.refusals import refuse_role
from groupbot.moment import Moment
from groupbot.records import Group
from groupbot.sanctioning import without_names
from groupbot.store import people

OFFICES = ("communications", "committee")  # what is said there is not for everybody: only an operator names them
LEAST_WORDS = 2  # of a reason


def connect(moment: Moment, given: Arguments) -> None:
    """`/connect DEPARTMENT`, or mirror, communications, committee: bind the chat in which it is said."""
    if moment.group.kind == "private":
        moment.say("connect_where", {})
    elif moment.group.kind != "unbound":
        moment.say("connect_already", _named(moment.group))
    elif given.kind in OFFICES and not (moment.person and moment.person.holds("operator")):
        refuse_role(moment, "connect", ("operator",))
    else:
        _bind(moment, given)


def _bind(moment: Moment, given: Arguments) -> None:
    update = moment.update
    group = Group(0, update.platform, update.chat_id, given.kind, "", given.department or None)  # type: ignore[arg-type]
    chat_pk = people.bind_chat(moment.tx, moment.jurisdiction.id, group, moment.now)
    moment.group = replace(group, chat_pk=chat_pk)
    moment.say("connected", _named(group))
    _tell_communications(moment, group)


def disconnect(moment: Moment, given: Arguments) -> None:
    """`/disconnect why` in the mirror, `/disconnect [NUMBER] why` to the bot alone or in communications' group.

    The number is needed where there are several mirrors, and is told then. A second person is asked.
    """
    mirror, words = _mirror_meant(moment, given.text.strip())
    reason = without_names(moment, words)
    if mirror is None:
        _say_which(moment)
    elif len(reason.split()) < LEAST_WORDS:
        moment.say("how", {"command": "to_disconnect"})
    elif moment.person and (asked := disconnecting.ask(moment, mirror, moment.person, reason)) != "asked":
        moment.say("disconnect_cannot", {"reason": asked})
    elif moment.group.kind == "private":
        moment.receipt("receipt_noted")


def _mirror_meant(moment: Moment, text: str) -> tuple[Group | None, str]:
    """The mirror that is to end, and the words that are left: the one spoken in, the only one, or the one numbered."""
    if moment.group.kind == "mirror":
        return moment.group, text
    mirrors = disconnecting.mirrors(moment) if moment.group.kind in ("communications", "private") else []
    if len(mirrors) == 1:
        return mirrors[0], text
    number, _, rest = text.partition(" ")
    found = [one for one in mirrors if number.strip("#.:,") == str(one.chat_pk)]
    return (found[0] if found else None), rest


def _say_which(moment: Moment) -> None:
    mirrors = disconnecting.mirrors(moment)
    if moment.group.kind not in ("communications", "private") or not mirrors:
        moment.say("disconnect_where", {})
        return
    items = [f"{one.chat_pk}: {disconnecting.name(moment, one, moment.language)}" for one in mirrors]
    moment.say("disconnect_which", {"items": items})


def _tell_communications(moment: Moment, group: Group) -> None:
    """Colleagues see that a group was connected, and by whom."""
    params = _named(group) | {"who": moment.person.called if moment.person else ""}
    for office in moment.roster.groups("communications"):
        moment.tell(office, "connect_told", params)


def _named(group: Group) -> dict[str, object]:
    return {"kind": group.kind, "group": f"group.{group.kind}", "department": f"department.{group.service_code}"}
