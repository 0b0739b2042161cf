"""A row about a person, as the command line or a CSV file gives it: who they are, which role, and for how long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from groupbot.jurisdiction import Jurisdiction
from groupbot.orders.desk import Given, OrderRefused, text
from groupbot.records import Grant, Person
from groupbot.rules.names import called
from groupbot.rules.text import clean
from groupbot.rules.wards import WardTable
from groupbot.rules.worktime import midnight

PLATFORMS = ("telegram", "matrix")


@dataclass(frozen=True, slots=True)
class Row:
    """A person with one grant, the platform ids to bind, and the term (aware UTC): None for from now, and open-ended.

    With a first day the office is handed over on it; with `cover` they only stand in. `line` is that of the file.
    """

    person: Person
    ids: tuple[tuple[str, str], ...]
    since: datetime | None
    until: datetime | None
    cover: bool
    line: object = None

    @property
    def grant(self) -> Grant:
        """The role that the row gives."""
        return self.person.grants[0]


def read(county: Jurisdiction, given: object) -> Row:
    """A row, with its `line` where it is of a file. Raises OrderRefused with the line and what is wrong in it."""
    if not isinstance(given, dict):
        raise OrderRefused("a row must have named columns")
    line = given.get("line")
    with of_line(line):
        return replace(_read(county, given), line=line)


@contextmanager
def of_line(line: object) -> Iterator[None]:
    """What is refused in here is told with the line of the file."""
    try:
        yield
    except OrderRefused as error:
        raise OrderRefused(f"line {line}: {error}" if line else str(error)) from error


def _read(county: Jurisdiction, given: Given) -> Row:
    name = " ".join(clean(text(given, "name")).split())
    if not name:
        raise OrderRefused("a name is needed")
    language = text(given, "language")
    if language and language not in county.protocol.languages:
        raise OrderRefused(f"language must be one of {', '.join(county.protocol.languages)}")
    ids = tuple((platform, text(given, platform)) for platform in PLATFORMS if text(given, platform))
    person = Person(0, name, called(name, county.titles) or name, language, (grant(county, given),))
    cover = text(given, "cover").lower()
    if cover not in ("", "yes"):
        raise OrderRefused("cover must be yes, or empty")
    return Row(person, ids, since(county, text(given, "from")), until(county, text(given, "until")), cover == "yes")


def grant(county: Jurisdiction, given: Given) -> Grant:
    """The role with its scope. Raises OrderRefused."""
    role = county.protocol.roles.get(text(given, "role"))
    if role is None:
        raise OrderRefused(f"role must be one of {', '.join(county.protocol.roles)}")
    if role.scope == "county":
        return Grant(role.code)
    place = text(given, role.scope)
    found = _scopes(county, place)[role.scope]
    if found is None:
        raise OrderRefused(f"a {role.code} needs a known {role.scope}, not '{place}'")
    if role.scope == "department":
        return Grant(role.code, service_code=found)
    return Grant(role.code, ward=found) if role.scope == "ward" else Grant(role.code, sub_county=found)


def _scopes(county: Jurisdiction, place: str) -> Mapping[str, str | None]:
    sub_counties = {ward.sub_county for ward in county.protocol.wards.values()}
    return {
        "department": place if place in county.protocol.departments else None,
        "ward": WardTable.of(county.protocol).find(place) if place else None,
        "sub_county": place if place in sub_counties else None,
    }


def until(county: Jurisdiction, day: str) -> datetime | None:
    """The end (aware UTC) of a last day in office, written 2027-08-31; None for ''. Raises OrderRefused."""
    last = _day(day)
    return None if last is None else midnight(last + timedelta(days=1), county.zone)


def since(county: Jurisdiction, day: str) -> datetime | None:
    """The beginning (aware UTC) of a first day in office, written 2027-08-31; None for ''. Raises OrderRefused."""
    first = _day(day)
    return None if first is None else midnight(first, county.zone)


def _day(day: str) -> date | None:
    if not day:
        return None
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise OrderRefused(f"'{day}' is no day; write it as 2027-08-31") from None


def spoken(grant: Grant) -> str:
    """A role with its scope, as the command line shows it."""
    scope = grant.service_code or grant.ward or grant.sub_county
    return f"{grant.role} {scope}" if scope else grant.role
