"""`groupbot simulate`: a county's time lived through by invented people, and what came of it."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from groupbot.cli.packs import jurisdiction
from groupbot.rules import worktime

if TYPE_CHECKING:
    from groupbot.pictures.sheet import Sheet
    from groupbot.rehearsal.year import Lived


@click.command()
@click.option("--days", default=365, show_default=True, type=click.IntRange(7, 3660), help="How long.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same days.")
@click.option("--from", "first", metavar="YYYY-MM-DD", default="2026-01-05", show_default=True, help="The first day.")
@click.option(
    "--picture",
    metavar="FILE.svg|FILE.png",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Draw the weeks into this file; .png needs the extra reports.",
)
@click.option("--language", help="Of the text and the picture; the pack's first if left out.")
@click.option("--pack", help="Pack id or folder; the default pack if left out.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def simulate(
    *, days: int, seed: int, first: str, picture: Path | None, language: str | None, pack: str | None, as_json: bool
) -> None:
    """Live a county's days through the real bot: posts, slow, silent and absent officers, outages, holidays.

    The people, their habits and their luck follow from the seed; the bot, its rules and its clock are the real ones.
    Below each rate stands what would make it cheap.
    """
    from groupbot.rehearsal.telling import Telling
    from groupbot.rehearsal.year import Year

    county = jurisdiction(pack)
    try:
        start = worktime.instant(date.fromisoformat(first), time(8), county.zone)
    except ValueError as error:
        raise click.BadParameter(f"'{first}' is no day; write it as 2026-01-05", param_hint="--from") from error
    if language not in (None, *county.protocol.languages):
        known = ", ".join(county.protocol.languages)
        raise click.BadParameter(f"the pack speaks no '{language}': choose one of {known}", param_hint="--language")
    written = None if picture is None else _writing(picture)
    with _progress(days) as progress:
        lived = asyncio.run(Year(county, days, seed, start).run(progress))
    telling = Telling(lived, county, language or county.language)
    if picture is not None and written is not None:
        picture.write_bytes(written(telling.sheet()))
    click.echo(json.dumps(_record(lived)) if as_json else "\n".join(telling.lines()))


def _writing(picture: Path) -> Callable[[Sheet], bytes]:
    """How a file of that name is drawn, found out before the work. Raises ClickException."""
    from groupbot.pictures import png, svg
    from groupbot.pictures.sheet import Sheet as Blank

    if picture.suffix == ".svg":
        return lambda sheet: svg.drawn(sheet).encode()
    if picture.suffix != ".png":
        raise click.BadParameter(f"'{picture.name}' must end in .svg or .png", param_hint="--picture")
    try:
        png.drawn(Blank(1))
    except png.NoPictures as error:
        raise click.ClickException(f"{error}; or name a file that ends in .svg, which needs nothing") from error
    return png.drawn


@contextmanager
def _progress(days: int) -> Iterator[Callable[[int], None]]:
    """A bar of days on a terminal, else nothing."""
    if not sys.stderr.isatty():
        yield lambda day: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=days)
        yield lambda day: bar.update(task, completed=day)


def _record(lived: Lived) -> dict[str, object]:
    found = lived.figures
    shares = ("confirmed", "answered_in_time", "heard_in_time", "held")
    counts = [name for name in found.__slots__ if name not in (*shares, "silent")] + ["silent_wards"]
    lists, nags = lived.lists.values(), lived.nags
    people = len({chat for chat, _ in nags})
    return {
        "days": lived.days,
        "seed": lived.seed,
        **{name: {"count": getattr(found, name).count, "of": getattr(found, name).of} for name in shares},
        **{name: getattr(found, name) for name in counts},
        "escalations": dict(Counter(role for role, _ in lived.escalations)),
        "nags": sum(nags.values()),
        "nags_in_emergencies": sum(lived.alarms.values()),
        "nags_people": people,
        "nags_mean_a_day": round(sum(nags.values()) / max(1, people * lived.working_days), 4),
        "nags_most_a_day": max(nags.values(), default=0),
        "lists": sum(lists),
        "lists_most_a_day": max(lists, default=0),
        "lists_out_of_hours": lived.out_of_hours,
        "working_days": lived.working_days,
        "group_lines": lived.group_lines,
        "groups": lived.groups,
    }
