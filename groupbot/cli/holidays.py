"""`groupbot holidays`: days off beyond those of the pack, declared while the bot runs."""

from __future__ import annotations

import json

import click

from groupbot.cli import opened


@click.group()
def holidays() -> None:
    """Days off beyond those of the pack."""


@holidays.command()
@click.argument("day", metavar="YYYY-MM-DD")
@click.argument("name")
@click.option("--gazette", metavar="NUMBER", help="The number of its Gazette notice; a day that is past must have one.")
@opened.options
def add(day: str, name: str, gazette: str | None, database: str, pack: str | None) -> None:
    """Make a day a holiday, called NAME: dates of open requests move, and their groups are told once."""
    for line in opened.order(database, pack, "holidays.add", {"day": day, "name": name, "gazette": gazette}):
        click.echo(line)


@holidays.command()
@click.argument("day", metavar="YYYY-MM-DD")
@opened.options
def remove(day: str, database: str, pack: str | None) -> None:
    """Take a declared holiday back. Dates that people were told stay; whoever was told of the day is told once."""
    for line in opened.order(database, pack, "holidays.remove", {"day": day}):
        click.echo(line)


@holidays.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each day.")
@opened.options
def list_(*, as_json: bool, database: str, pack: str | None) -> None:
    """The days that were declared; those of the pack and of the country's law are not among them."""
    from groupbot.cli.packs import jurisdiction
    from groupbot.store.holidays import every

    county = jurisdiction(pack)
    with opened.reading(database) as store:
        found = store.read(lambda tx: every(tx, county.id))
    for one in found:
        record = {"day": one.day.isoformat(), "name": one.name, "gazette": one.gazette}
        click.echo(json.dumps(record, ensure_ascii=False) if as_json else " ".join(filter(None, record.values())))
