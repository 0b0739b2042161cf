"""`groupbot pilot`: shadow, assist, full, per ward and department; and what the stages have changed."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, get_args

import click

from groupbot.cli import opened
from groupbot.records import PilotMode

if TYPE_CHECKING:
    from groupbot.rules.pilot import Measure


@click.group()
def pilot() -> None:
    """How much of the bot is at work where: shadow, assist or full.

    shadow: it watches and says nothing, what it would have said is kept. assist: numbers and answers, no reminders, no
    mirror. full: all of it, as everywhere where nothing is set.
    """


@pilot.command("set")
@click.argument("mode", type=click.Choice(get_args(PilotMode)))
@click.option("--department", metavar="CODE", help="For this department alone.")
@click.option("--ward", help="For this ward alone.")
@opened.options
def set_(mode: str, department: str | None, ward: str | None, database: str, pack: str | None) -> None:
    """Set a stage from now on; the groups are told. Without --department and --ward it is the whole county's."""
    for line in opened.order(database, pack, "pilot.stage", {"mode": mode, "department": department, "ward": ward}):
        click.echo(line)


@pilot.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each stage.")
@opened.options
def list_(*, as_json: bool, database: str, pack: str | None) -> None:
    """The stages as they were set, the first one first."""
    from groupbot.cli.packs import jurisdiction
    from groupbot.store import pilots

    county = jurisdiction(pack)
    with opened.reading(database) as store:
        stages = store.read(lambda tx: pilots.every(tx, county.id))
    for one in stages:
        record = {**asdict(one), "at": one.at.isoformat()}
        day = one.at.astimezone(county.zone).strftime("%Y-%m-%d %H:%M")
        scope = " ".join(filter(None, (one.service_code, one.ward))) or "the whole county"
        click.echo(json.dumps(record, ensure_ascii=False) if as_json else f"{day} {scope}: {one.mode}")


@pilot.command()
@click.option("--department", metavar="CODE", help="Of this department alone.")
@click.option("--ward", help="Of this ward alone.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@opened.options
def page(*, department: str | None, ward: str | None, as_json: bool, database: str, pack: str | None) -> None:
    """Before and after, from the log alone: what became of the requests posted in each stage."""
    from groupbot.cli.packs import jurisdiction
    from groupbot.rules import pilot as rule
    from groupbot.store import log_read, pilots

    county = jurisdiction(pack)
    with opened.reading(database) as store:
        stages = store.read(lambda tx: pilots.every(tx, county.id))
        found = store.read(lambda tx: rule.courses(entry.coded for entry in log_read.entries(tx, county.id)))
    wanted = [one for one in found.values() if department in (None, one.service_code) and ward in (None, one.ward)]
    measured = rule.compare(wanted, stages)
    if as_json:
        click.echo(json.dumps({mode: asdict(one) for mode, one in measured.items()}))
    else:
        click.echo("\n".join(_lines({str(mode): one for mode, one in measured.items()})))


def _lines(measured: dict[str, Measure]) -> list[str]:
    rows = [("", list(measured))]
    rows.append(("requests", [str(one.requests) for one in measured.values()]))
    for name, of, hours in (("met with a word", "met", "word_hours"), ("answered", "answered", "answer_hours")):
        rows.append((name, [_share(getattr(one, of), one.requests) for one in measured.values()]))
        rows.append(("  half of them within", [_hours(getattr(one, hours)) for one in measured.values()]))
    for name, of in (("the citizen agrees", "agreed"), ("opened again", "reopened"), ("closed", "closed")):
        rows.append((name, [_share(getattr(one, of), one.requests) for one in measured.values()]))
    note = "A request counts where it was posted. In shadow nobody was asked for anything; hours are of the clock."
    return [f"{name:<24}" + "".join(f"{cell:>16}" for cell in cells) for name, cells in rows] + [note]


def _share(count: int, of: int) -> str:
    return f"{count} ({100 * count / of:.0f} %)"


def _hours(hours: float | None) -> str:
    return "-" if hours is None else f"{hours:.1f} h"
