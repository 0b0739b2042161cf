"""`groupbot simulate`: a county's time lived through by invented people, and what came of it."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from groupbot.cli.packs import jurisdiction

if TYPE_CHECKING:
    from groupbot.rehearsal.year import Lived
    from groupbot.rules.figures import Share


@click.command()
@click.option("--days", default=365, show_default=True, type=click.IntRange(7, 3660), help="How long.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same days.")
@click.option("--from", "first", metavar="YYYY-MM-DD", default="2026-01-05", show_default=True, help="The first day.")
@click.option("--picture", type=click.Path(dir_okay=False, path_type=Path), help="Draw the weeks into this SVG file.")
@click.option("--pack", help="Pack id or folder; the default pack if left out.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def simulate(*, days: int, seed: int, first: str, picture: Path | None, pack: str | None, as_json: bool) -> None:
    """Live a county's days through the real bot: posts, slow, silent and absent officers, outages, holidays.

    The people, their habits and their luck follow from the seed; the bot, its rules and its clock are the real ones.
    """
    from groupbot.rehearsal.chart import drawn
    from groupbot.rehearsal.year import Year

    county = jurisdiction(pack)
    try:
        start = datetime.combine(datetime.fromisoformat(first), time(8), county.zone).astimezone(UTC)
    except ValueError as error:
        raise click.BadParameter(f"'{first}' is no day; write it as 2026-01-05", param_hint="--from") from error
    with _progress(days) as progress:
        lived = asyncio.run(Year(county, days, seed, start).run(progress))
    if picture is not None:
        weeks = [((start + timedelta(days=7 * at)).date(), one) for at, one in enumerate(lived.weeks)]
        picture.write_text(drawn(weeks), encoding="utf-8")
    click.echo(json.dumps(_record(lived, days, seed)) if as_json else "\n".join(_lines(lived, days, seed)))


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


def _record(lived: Lived, days: int, seed: int) -> dict[str, object]:
    found = lived.figures
    shares = ("confirmed", "answered_in_time", "heard_in_time", "held")
    counts = [name for name in found.__slots__ if name not in shares]
    lists = lived.lists.values()
    return {
        "days": days,
        "seed": seed,
        **{name: {"count": getattr(found, name).count, "of": getattr(found, name).of} for name in shares},
        **{name: getattr(found, name) for name in counts},
        "escalations": dict(lived.escalations),
        "lists": sum(lists),
        "lists_most_a_day": max(lists, default=0),
        "lists_out_of_hours": lived.out_of_hours,
        "group_lines_a_day": round(lived.group_lines / lived.group_days, 2),
    }


def _lines(lived: Lived, days: int, seed: int) -> Iterator[str]:
    found = lived.figures
    yield f"{days} days, seed {seed}: {found.posted} requests, {found.open} still open"
    yield f"confirmed by the citizen:  {_share(found.confirmed)} of all that were due"
    yield f"  answered in time:        {_share(found.answered_in_time)}"
    yield f"  first words in time:     {_share(found.heard_in_time)}"
    yield f"  first answers that held: {_share(found.held)}"
    yield f"  citizens not reached: {found.unreachable}; opened again: {found.reopenings}"
    yield f"  within ten minutes: {found.soon_answers} answers, {found.soon_words} citizens' words"
    yield f"  priorities lowered: {found.downgrades}; second dates: {found.second_dates}"
    yield f"  wards without any request: {found.silent_wards}"
    climbed = ", ".join(f"{role} {count}" for role, count in lived.escalations.items())
    yield f"ladders climbed to: {climbed or 'nobody'}"
    lists = lived.lists.values()
    yield f"private lists: {sum(lists)}, to one person in a day at most {max(lists, default=0)}"
    yield f"  sent out of hours: {lived.out_of_hours}"
    yield f"lines in a department's group: {lived.group_lines / lived.group_days:.2f} a day"


def _share(share: Share) -> str:
    return f"{share.count} of {share.of}" + (f" ({share.percent} %)" if share.of else "")
