"""Commands: one description and one executor each, by role. A command is found here and run; a refusal says why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from groupbot.commands import anyone, officers
from groupbot.commands.anyone import help_here, show_status
from groupbot.moment import Moment
from groupbot.rules.commands import CommandCall

__all__ = ["COMMANDS", "Command", "help_here", "run", "show_status"]


@dataclass(frozen=True, slots=True)
class Command:
    """What a command is called, the catalogue key of its one-line description, and what it does."""

    name: str
    summary: str
    run: Callable[[Moment, CommandCall], None]


COMMANDS: Mapping[str, Command] = {
    command.name: command
    for command in (
        Command("resolve", "summary_resolve", officers.resolve),
        Command("status", "summary_status", anyone.status),
        Command("help", "summary_help", anyone.help_command),
    )
}


def run(moment: Moment, call: CommandCall) -> None:
    """Run a command; one that is not known here is answered with the help that fits the person."""
    command = COMMANDS.get(call.name)
    if command is None:
        help_here(moment)
    else:
        command.run(moment, call)
