"""`groupbot people`: who is on the roster, put there from the command line or a CSV file."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from groupbot.cli import opened

COLUMNS = (
    *("name", "role", "department", "ward", "sub_county", "from", "until", "cover"),
    *("telegram", "matrix", "language"),
)
MOST_BYTES, MOST_ROWS = 5 * 1024 * 1024, 50_000


@click.group()
def people() -> None:
    """Who is on the roster."""


@people.command()
@click.argument("name")
@click.option("--role", required=True, help="A role of the pack: ward_admin, coordinator, director …")
@click.option("--department", metavar="CODE", help="For roles of a department.")
@click.option("--ward", help="For roles of a ward.")
@click.option("--sub-county", help="For roles of a sub-county.")
@click.option("--until", metavar="DAY", help="The last day in office, as 2027-08-31.")
@click.option("--telegram", metavar="ID", help="Their numeric Telegram user id.")
@click.option("--matrix", metavar="@user:server", help="Their Matrix user id.")
@click.option("--language", default="", help="The language to write to them in.")
@opened.options
def add(name: str, database: str, pack: str | None, **given: str | None) -> None:
    """Put NAME on the roster; a known user id gets the role added. Without an id they join with an invitation."""
    _say(opened.order(database, pack, "people.add", {"people": [{"name": name, **given}]}))


@people.command("import")
@click.argument("file", metavar="CSV", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@opened.options
def import_(file: Path, database: str, pack: str | None) -> None:
    """Put everybody of a CSV file on the roster: all of its rows, or none.

    Its first row names the columns: name, role, and where they apply department, ward, sub_county, until (the last day
    in office, as 2027-08-31), from (a first day on which the office is handed over), cover (yes: they only stand in
    until the last day), telegram, matrix, language.
    """
    _say(opened.order(database, pack, "people.add", {"people": _rows(file)}))


def _rows(file: Path) -> list[dict[str, Any]]:
    if file.stat().st_size > MOST_BYTES:
        raise click.ClickException(f"{file} is larger than 5 MiB")
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.DictReader(text)
            strange = set(reader.fieldnames or ()) - set(COLUMNS)
            if strange or "name" not in (reader.fieldnames or ()):
                raise click.ClickException(f"{file}: the first row names columns out of {', '.join(COLUMNS)}")
            rows = [{**row, "line": reader.line_num} for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise click.ClickException(f"{file} is not a CSV file in UTF-8: {error}") from error
    if len(rows) > MOST_ROWS:
        raise click.ClickException(f"{file} has more than {MOST_ROWS} rows")
    return rows


@people.command()
@click.argument("who")
@click.option("--role", required=True, help="A role of the pack.")
@click.option("--department", metavar="CODE", help="For roles of a department.")
@click.option("--ward", help="For roles of a ward.")
@click.option("--sub-county", help="For roles of a sub-county.")
@click.option("--from", "from_", metavar="DAY", help="The first day in office, as 2027-08-31; today if left out.")
@click.option("--until", metavar="DAY", help="The last day in office.")
@click.option("--cover", is_flag=True, help="They only stand in, until the last day; the holder keeps the office.")
@opened.options
def assign(who: str, *, cover: bool, database: str, pack: str | None, **given: str | None) -> None:
    """Hand an office over to WHO, a full name or an account such as telegram:77; its holder's term ends then.

    The groups concerned are told, of a later day now and on that day.
    """
    given["from"] = given.pop("from_")
    _say(opened.order(database, pack, "people.assign", {"who": who, "cover": cover, **given}))


@people.command()
@click.argument("role")
@click.argument("scope", nargs=-1)
@click.option("--until", metavar="DAY", help="The last day in office, as 2027-08-31.")
@opened.options
def invite(role: str, scope: tuple[str, ...], until: str | None, database: str, pack: str | None) -> None:
    """Print a one-time code for ROLE (with its department, ward or sub-county), good for a day.

    Whoever gets it writes "/join CODE" to the bot in private.
    """
    place = " ".join(scope)
    given = {"role": role, "department": place, "ward": place, "sub_county": place, "until": until}
    _say(opened.order(database, pack, "people.invite", given))


@people.command()
@click.argument("who")
@click.option("--role", help="Only this role; all of them if left out.")
@click.option("--department", metavar="CODE", help="For roles of a department.")
@click.option("--ward", help="For roles of a ward.")
@click.option("--sub-county", help="For roles of a sub-county.")
@click.option("--unbind", is_flag=True, help="Their accounts are nobody's any more: a lost telephone, a stolen one.")
@opened.options
def end(who: str, *, unbind: bool, database: str, pack: str | None, **given: str | None) -> None:
    """End the roles of WHO, a full name or an account such as telegram:77. The groups concerned are told."""
    _say(opened.order(database, pack, "people.end", {"who": who, "unbind": unbind, **given}))


def _say(lines: list[str]) -> None:
    for line in lines:
        click.echo(line)


@people.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each person.")
@click.option("--vacant", is_flag=True, help="The offices that nobody holds instead.")
@opened.options
def list_(*, as_json: bool, vacant: bool, database: str, pack: str | None) -> None:
    """Everybody on the roster with their roles and ids, or who is missing."""
    from groupbot import staffing
    from groupbot.cli.packs import jurisdiction
    from groupbot.orders.rows import spoken
    from groupbot.store.people import load_roster

    county, now = jurisdiction(pack), datetime.now(UTC)
    with opened.reading(database) as store:
        roster = store.read(lambda tx: load_roster(tx, county.id))
    if vacant:
        _say([spoken(grant) for grant in staffing.vacancies(county, roster, now)])
        return
    for person in roster.everyone(now):
        roles = [spoken(grant) for grant in person.grants]
        ids = [f"{platform}:{user}" for platform, user in roster.identities(person.id)]
        record = {"name": person.name, "roles": roles, "ids": ids, "language": person.language}
        as_text = f"{person.name}: {', '.join(roles) or 'no role'} ({', '.join(ids) or 'no id'})"
        click.echo(json.dumps(record, ensure_ascii=False) if as_json else as_text)
