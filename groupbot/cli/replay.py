"""`groupbot replay`: a transcript through the real bot, printed as a transcript or as JSON."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, tzinfo
from pathlib import Path

import click

from groupbot.cli.packs import jurisdiction
from groupbot.rehearsal import transcript
from groupbot.rehearsal.replay import Heard, Options, Replay


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--pack", help="Pack id or folder; the default pack if left out.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per message.")
@click.option(
    "--until", help="Let the clock run to this local time (2025-09-12T17:00), not an hour past the last line."
)
@click.option("--no-taps", is_flag=True, help="Leave the bot's offers untaken.")
@click.option("--plain", is_flag=True, help="A chat without reactions, edits and buttons, as bridged WhatsApp.")
def replay(file: Path, *, pack: str | None, as_json: bool, until: str | None, no_taps: bool, plain: bool) -> None:
    """Play FILE through the real bot on a virtual clock and print all that is heard, in order."""
    county = jurisdiction(pack)
    try:
        lines = transcript.read(file.read_text(encoding="utf-8"), county.zone)
        options = Options(_instant(until, county.zone), taps=not no_taps, plain=plain)
        heard = asyncio.run(Replay(county, lines, options).run())
    except (transcript.TranscriptError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file}: {error}") from error
    for one in heard:
        click.echo(
            json.dumps(as_record(one, county.zone), ensure_ascii=False) if as_json else as_text(one, county.zone)
        )


def _instant(text: str | None, zone: tzinfo) -> datetime | None:
    if text is None:
        return None
    try:
        named = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"'{text}' is no time; write it as 2025-09-12T17:00", param_hint="--until") from error
    return named if named.tzinfo else named.replace(tzinfo=zone)


def as_record(heard: Heard, zone: tzinfo) -> dict[str, object]:
    """One message as JSON: `at` in ISO 8601 with the county's offset, `edits` the texts before each edit."""
    return {
        "id": heard.id,
        "at": heard.at.astimezone(zone).isoformat(),
        "group": heard.group,
        "sender": heard.sender,
        "text": heard.text,
        "reply_to": heard.reply_to,
        "edits": list(heard.edits),
        "reaction": heard.reaction or None,
    }


def as_text(heard: Heard, zone: tzinfo) -> str:
    """One message as a transcript line; the bot's reaction stands below the message that it is for."""
    at = heard.at.astimezone(zone)
    text = heard.text.replace("\n", "\n    ")
    line = f"{at:%Y-%m-%d %H:%M} | {heard.group} | {heard.sender} | {text}"
    return f"{line}\n    ({heard.reaction} groupbot)" if heard.reaction else line
