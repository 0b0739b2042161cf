"""The command line: one lazy file per command, so that `--help` imports nothing but click."""

from __future__ import annotations

import gc
import importlib

import click

from groupbot import __version__

# command -> (module in this folder, what it does in one line: shown by --help without importing the module)
COMMANDS = {
    "run": ("run", "The bot on its platforms; without settings, the sandbox."),
    "doctor": ("doctor", "What stands between the bot and its work, with the exact remedy."),
    "sandbox": ("sandbox", "A whole county in a browser: groups, people to speak as, a clock to move."),
    "replay": ("replay", "A transcript through the real bot on a virtual clock."),
    "simulate": ("simulate", "A county's year through the real bot, and what came of it."),
    "parse": ("parse", "How posts are read: JSON Lines in, JSON Lines out."),
    "check": ("check", "Whether a pack holds, and if not, what to mend."),
    "log": ("log", "The public log: export it, verify it; and the county's log sheet."),
    "people": ("people", "Who is on the roster: add, import, invite, end, list."),
    "groups": ("groups", "Which chats the bot is bound to: bind, list."),
    "holidays": ("holidays", "Days off beyond the pack's: add one while the bot runs, take it back, list them."),
    "why": ("why", "Why a request stands as it does: its clocks, who was asked, what comes next."),
    "pilot": ("pilot", "How much of the bot is at work where, and what that has changed."),
    "erase": ("erase", "A closed request loses its words, at once and everywhere."),
    "breach": ("breach", "What got into the wrong hands, who could read it, and the clocks of the law."),
    "backup": ("backup", "Everything in one file, while the bot goes on."),
    "restore": ("restore", "A backup into an empty database; the groups are told."),
    "migrate": ("migrate", "The database brought up to date, after a backup."),
    "health": ("health", "How the bot is, and what needs a person."),
}

# New objects between two looks for garbage. A command makes hundreds of thousands before it does anything, all of them
# to stay; looking through them every 700, which is Python's measure, is a seventh of the start.
YOUNG = 20_000


class LazyGroup(click.Group):
    """A group whose commands are imported only when they are run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which people need them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command; None when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
        module = importlib.import_module(f"groupbot.cli.{COMMANDS[cmd_name][0]}")
        command = getattr(module, COMMANDS[cmd_name][0])
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="groupbot")
def main() -> None:
    """A county's service-feedback protocol for chat groups: a number, an answer and the citizen's word."""
