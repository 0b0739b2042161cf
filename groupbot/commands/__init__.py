"""Commands: a description and an executor each. A command is found here, its parameters are read, and it is run.

`COMMANDS` is the whole of what can be commanded: who may (empty: everybody whom the rule of the act allows), which
parameters are read in which order, and what is done. What is missing is asked for with the command's own "how".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from groupbot.commands import (
    anyone,
    arguments,
    connecting,
    enrol,
    officers,
    order,
    private_data,
    stewards,
    targets,
    ward_admin,
)
from groupbot.commands.anyone import help_here, say_status, show_status
from groupbot.commands.arguments import Arguments, Reader
from groupbot.commands.refusals import refuse_role
from groupbot.moment import Moment
from groupbot.records import Person
from groupbot.rules.commands import CommandCall

__all__ = ["COMMANDS", "Command", "help_here", "may", "may_still", "run", "say_status", "show_status"]


@dataclass(frozen=True, slots=True)
class Command:
    """A command's name, the text that describes it in one line, what it does, its parameters, and who may give it."""

    name: str
    summary: str
    run: Callable[[Moment, Arguments], None]
    takes: tuple[Reader, ...] = ()
    roles: tuple[str, ...] = ()


_REQUEST, _WORDS, _DAY, _MAYBE_DAY = arguments.request, arguments.words, arguments.day, arguments.day_if_any
_STEWARDS = ("communications", "operator")
_PAUSERS = ("communications", "integrity")

COMMANDS: Mapping[str, Command] = {
    command.name: command
    for command in (
        Command("resolve", "summary_resolve", officers.resolve, (_REQUEST,)),
        Command("cannot", "summary_cannot", officers.cannot, (_REQUEST,)),
        Command("by", "summary_by", officers.by, (_REQUEST, _MAYBE_DAY)),
        Command("move", "summary_move", officers.move, (_REQUEST, arguments.department)),
        Command("priority", "summary_priority", officers.priority, (_REQUEST, arguments.level)),
        Command("safe", "summary_safe", anyone.safe, (_REQUEST,)),
        Command("cover", "summary_cover", officers.cover, (arguments.person, _DAY), ("director",)),
        Command("local", "summary_local", ward_admin.local, (arguments.request_if_any,)),
        Command("withdraw", "summary_withdraw", ward_admin.withdraw, (_REQUEST,)),
        Command("mine", "summary_mine", ward_admin.mine),
        Command("same", "summary_same", anyone.same, (arguments.pair,)),
        Command("undo", "summary_undo", anyone.undo, (arguments.request_if_any,)),
        Command("language", "summary_language", anyone.language, (arguments.language,)),
        Command("request", "summary_request", anyone.request),
        Command("status", "summary_status", anyone.status, (_REQUEST,)),
        Command("why", "summary_why", anyone.why, (_REQUEST,)),
        Command("contact", "summary_contact", private_data.contact, (_REQUEST,)),
        Command("report", "summary_report", order.report),
        Command("warn", "summary_warn", order.warn),
        Command("mute", "summary_mute", order.mute, (_MAYBE_DAY,)),
        Command("ban", "summary_ban", order.ban, (_MAYBE_DAY,)),
        Command("lift", "summary_lift", order.lift),
        Command("guards", "summary_guards", order.guards, (_MAYBE_DAY,), _STEWARDS),
        Command("help", "summary_help", anyone.help_command),
        Command("join", "summary_join", enrol.join),
        Command("we_see", "summary_we_see", stewards.we_see, (_REQUEST, _WORDS), ("observer",)),
        Command("pause", "summary_pause", stewards.pause, (_REQUEST, _MAYBE_DAY), _PAUSERS),
        Command("called", "summary_called", stewards.called, (_REQUEST, arguments.result), ("communications",)),
        Command("protect", "summary_protect", stewards.protect, (_REQUEST,), _PAUSERS),
        Command("announce", "summary_announce", stewards.announce, (_WORDS,), ("communications",)),
        Command("holiday", "summary_holiday", stewards.holiday, (arguments.any_day,), ("communications",)),
        Command("workday", "summary_workday", stewards.workday, (arguments.any_day,), ("communications",)),
        Command("invite", "summary_invite", enrol.invite, (arguments.role, arguments.term), _STEWARDS),
        Command("approve", "summary_approve", enrol.approve, (arguments.person_if_any,), _STEWARDS),
        Command("connect", "summary_connect", connecting.connect, (arguments.group_kind,), _STEWARDS),
        Command("disconnect", "summary_disconnect", connecting.disconnect, (), _STEWARDS),
        Command("release", "summary_release", enrol.release, (arguments.person, arguments.role), _STEWARDS),
        Command("health", "summary_health", stewards.health, (), ("operator",)),
        Command(
            "assign",
            "summary_assign",
            enrol.assign,
            (arguments.person, arguments.role, arguments.term),
            _STEWARDS,
        ),
    )
}


def run(moment: Moment, call: CommandCall) -> None:
    """Run a command; one that is not known here is answered with the help that fits the person."""
    command = COMMANDS.get(call.name)
    if command is None:
        help_here(moment)
    elif not may(moment.person, command.name):
        refuse_role(moment, command.name, command.roles)
    else:
        _read_and_run(moment, command, call.rest)


def may(person: Person | None, name: str) -> bool:
    """Whether the roles of a command leave it to this person; the rule of its act is asked later."""
    roles = COMMANDS[name].roles
    return not roles or (person is not None and any(person.holds(role) for role in roles))


def may_still(moment: Moment, name: str) -> bool:
    """Whether what was ordered and asked back is still the sender's to order; if not, they are told whose it is."""
    if name in order.ACTS:
        return order.may(moment, name)
    allowed = may(moment.person, name)
    if not allowed:
        refuse_role(moment, name, COMMANDS[name].roles)
    return allowed


def _read_and_run(moment: Moment, command: Command, text: str) -> None:
    given = Arguments(text.strip(), command.name)
    for reader in command.takes:
        before = len(moment.notices)
        read = reader(moment, given)
        if read is None:
            if len(moment.notices) == before:
                _say_how(moment, command, given)
            return
        given = read
    command.run(moment, given)


def _say_how(moment: Moment, command: Command, given: Arguments) -> None:
    """How a command is written; to somebody of the roster who could give it for no request here, whose it is."""
    entitled = targets.entitled(command.name)
    person, code = moment.person, moment.group.service_code
    if entitled and person is not None and not any(person.holds(role, service_code=code) for role in entitled):
        refuse_role(moment, targets.ACTS[command.name], tuple(role for role in entitled if role != "integrity"))
        return
    linked = (given.request.id,) if given.request else ()
    moment.say("how", {"command": f"to_{command.name}"}, request_ids=linked)
