"""`groupbot people`: who is on the roster, put there from the command line or a CSV file."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from groupbot.cli import opened

if TYPE_CHECKING:
    from groupbot.jurisdiction import Jurisdiction
    from groupbot.records import Grant, Person
    from groupbot.store.database import Tx

COLUMNS = ("name", "role", "department", "ward", "sub_county", "telegram", "matrix", "language")
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
@click.option("--telegram", metavar="ID", help="Their numeric Telegram user id.")
@click.option("--matrix", metavar="@user:server", help="Their Matrix user id.")
@click.option("--language", default="", help="The language to write to them in.")
@opened.options
def add(name: str, database: str, pack: str | None, **given: str | None) -> None:
    """Put NAME on the roster; a known user id gets the role added. Without an id they join with an invitation."""
    _enrol_all(database, pack, [(0, {"name": name, **given})])


@people.command("import")
@click.argument("file", metavar="CSV", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@opened.options
def import_(file: Path, database: str, pack: str | None) -> None:
    """Put everybody of a CSV file on the roster: all of its rows, or none.

    Its first row names the columns: name, role, and where they apply department, ward, sub_county, telegram, matrix,
    language.
    """
    _enrol_all(database, pack, _rows(file))


def _rows(file: Path) -> list[tuple[int, Mapping[str, str | None]]]:
    if file.stat().st_size > MOST_BYTES:
        raise click.ClickException(f"{file} is larger than 5 MiB")
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.DictReader(text)
            strange = set(reader.fieldnames or ()) - set(COLUMNS)
            if strange or "name" not in (reader.fieldnames or ()):
                raise click.ClickException(f"{file}: the first row names columns out of {', '.join(COLUMNS)}")
            rows: list[tuple[int, Mapping[str, str | None]]] = [(reader.line_num, row) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise click.ClickException(f"{file} is not a CSV file in UTF-8: {error}") from error
    if len(rows) > MOST_ROWS:
        raise click.ClickException(f"{file} has more than {MOST_ROWS} rows")
    return rows


def _enrol_all(database: str, pack: str | None, rows: Iterable[tuple[int, Mapping[str, str | None]]]) -> None:
    from groupbot.cli.packs import jurisdiction

    county, now = jurisdiction(pack), datetime.now(UTC)
    entries = [(_person(county, row, line), row) for line, row in rows]
    with opened.store(database) as store:
        store.write_tx(lambda tx: _enrol_each(tx, county, entries, now))
    for person, _ in entries:
        click.echo(f"{person.name}: {', '.join(_spoken(grant) for grant in person.grants)}")


def _enrol_each(
    tx: Tx, county: Jurisdiction, entries: Iterable[tuple[Person, Mapping[str, str | None]]], now: datetime
) -> None:
    for person, row in entries:
        _enrol(tx, county, person, row, now)


def _person(county: Jurisdiction, row: Mapping[str, str | None], line: int) -> Person:
    """The person of a row. Raises click.ClickException with the line and what is wrong in it."""
    from groupbot.records import Person
    from groupbot.rules.names import called
    from groupbot.rules.text import clean

    at = f"line {line}: " if line else ""
    name = clean(row.get("name") or "").strip()
    if not name:
        raise click.ClickException(f"{at}a name is needed")
    language = row.get("language") or ""
    if language and language not in county.protocol.languages:
        raise click.ClickException(f"{at}language must be one of {', '.join(county.protocol.languages)}")
    return Person(0, name, called(name, county.titles) or name, language, (_grant(county, row, at),))


def _grant(county: Jurisdiction, row: Mapping[str, str | None], at: str) -> Grant:
    from groupbot.records import Grant
    from groupbot.rules.wards import WardTable

    role = county.protocol.roles.get((row.get("role") or "").strip())
    if role is None:
        raise click.ClickException(f"{at}role must be one of {', '.join(county.protocol.roles)}")
    if role.scope == "county":
        return Grant(role.code)
    column = role.scope
    given = (row.get(column) or "").strip()
    known: dict[str, str | None] = {
        "department": given if given in county.protocol.departments else None,
        "ward": WardTable.of(county.protocol).find(given) if given else None,
        "sub_county": given if given in {ward.sub_county for ward in county.protocol.wards.values()} else None,
    }
    found = known[column]
    if found is None:
        raise click.ClickException(f"{at}a {role.code} needs a known {column}, not '{given}'")
    if column == "department":
        return Grant(role.code, service_code=found)
    return Grant(role.code, ward=found) if column == "ward" else Grant(role.code, sub_county=found)


def _enrol(tx: Tx, county: Jurisdiction, person: Person, row: Mapping[str, str | None], now: datetime) -> None:
    """Add a person, or the role to whoever has one of the ids already."""
    from groupbot.store import people as roster_of

    ids = [(platform, (row.get(platform) or "").strip()) for platform in ("telegram", "matrix")]
    ids = [(platform, user) for platform, user in ids if user]
    roster = roster_of.load_roster(tx, county.id)
    known = next((found for key in ids if (found := roster.person(*key, now)) is not None), None)
    if known is None:
        person_id = roster_of.add_person(tx, county.id, person, now)
    else:
        person_id = known.id
        for grant in set(person.grants) - set(known.grants):
            roster_of.add_grant(tx, county.id, person_id, grant, now)
    for platform, user in ids:
        if roster.person(platform, user, now) is None:
            roster_of.add_identity(tx, county.id, person_id, (platform, user, person.name), now)


@people.command()
@click.argument("role")
@click.argument("scope", nargs=-1)
@opened.options
def invite(role: str, scope: tuple[str, ...], database: str, pack: str | None) -> None:
    """Print a one-time code for ROLE (with its department, ward or sub-county), good for a day.

    Whoever gets it writes "/join CODE" to the bot in private.
    """
    from groupbot import enrolling
    from groupbot.cli.packs import jurisdiction

    county, now = jurisdiction(pack), datetime.now(UTC)
    wanted = county.protocol.roles.get(role)
    column = wanted.scope if wanted else "county"
    grant = _grant(county, {"role": role, column: " ".join(scope)}, "")
    offered = enrolling.offer_of(grant, "", None, now)
    with opened.store(database) as store:
        code = store.write_tx(lambda tx: enrolling.invite(tx, county, offered))
    click.echo(f"/join {code}")


@people.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each person.")
@click.option("--vacant", is_flag=True, help="The offices that nobody holds instead.")
@opened.options
def list_(*, as_json: bool, vacant: bool, database: str, pack: str | None) -> None:
    """Everybody on the roster with their roles and ids, or who is missing."""
    from groupbot import enrolling
    from groupbot.cli.packs import jurisdiction
    from groupbot.store.people import load_roster

    county, now = jurisdiction(pack), datetime.now(UTC)
    with opened.store(database) as store:
        roster = store.read(lambda tx: load_roster(tx, county.id))
    if vacant:
        for grant in enrolling.vacancies(county, roster, now):
            click.echo(_spoken(grant))
        return
    for person in roster.everyone(now):
        roles = [_spoken(grant) for grant in person.grants]
        ids = [f"{platform}:{user}" for platform, user in roster.identities(person.id)]
        record = {"name": person.name, "roles": roles, "ids": ids, "language": person.language}
        as_text = f"{person.name}: {', '.join(roles) or 'no role'} ({', '.join(ids) or 'no id'})"
        click.echo(json.dumps(record, ensure_ascii=False) if as_json else as_text)


def _spoken(grant: Grant) -> str:
    scope = grant.service_code or grant.ward or grant.sub_county
    return f"{grant.role} {scope}" if scope else grant.role
