"""`groupbot breach`: what was exposed to whom, and the clocks of the law."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

import click

from groupbot.cli import opened

if TYPE_CHECKING:
    from groupbot.exposing import Report
    from groupbot.protocol import Breach as Rule
    from groupbot.store.exposure import Exposed, Place


FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


@click.command()
@click.option("--account", metavar="PLATFORM:ID", help="Whoever has this account: a lost telephone, a stranger.")
@click.option("--chat", metavar="PLATFORM:ID", help="Whoever was in this chat.")
@click.option("--request", "reference", metavar="REF", help="Whoever could read this request.")
@click.option("--database-copy", is_flag=True, help="Whoever has a copy of the database or a backup.")
@click.option("--known", metavar="TIME", help="When the county knew of it (2026-11-22 09:00); default: now.")
@click.option("--since", metavar="TIME", help="Since when it was open; default: always.")
@click.option("--until", metavar="TIME", help="Until when it was open; default: still.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@opened.options
def breach(*, database_copy: bool, as_json: bool, database: str, pack: str | None, **given: str | None) -> None:
    """What got into the wrong hands, whose it is, who could read it, and until when the law has it told.

    It only looks. Say which of the four it was; times are the county's own. Lock the way in first: `people end
    ACCOUNT --unbind`, a new token, /protect.
    """
    from groupbot import exposing
    from groupbot.cli.packs import jurisdiction

    places = {name: given[name] for name in ("account", "chat", "reference")}
    if sum(value is not None for value in places.values()) + database_copy != 1:
        raise click.UsageError("say which it was: --account, --chat, --request or --database-copy")
    county, now = jurisdiction(pack), datetime.now(UTC)
    since, until, known = (_time(given[name], county.zone, name) for name in ("since", "until", "known"))
    asked = exposing.Breach(
        (since or FIRST, until or LAST),
        known or now,
        _place(given["account"], "account"),
        _place(given["chat"], "chat"),
        None if given["reference"] is None else given["reference"].strip().upper(),
    )
    with opened.reading(database) as store:
        try:
            found = store.read(lambda tx: exposing.report(tx, county, asked))
        except LookupError as error:
            raise click.ClickException(f"there is no request {error.args[0]}: check its number") from error
    if as_json:
        click.echo(json.dumps(exposing.record(found), ensure_ascii=False))
    else:
        click.echo("\n".join(_lines(found, county.protocol.file.breach, (asked.known_at, now), county.zone)))


def _time(given: str | None, zone: tzinfo, name: str) -> datetime | None:
    if given is None:
        return None
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        raise click.BadParameter(f"'{given}' is no time; write 2026-11-22 09:00", param_hint=f"--{name}") from None
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def _place(given: str | None, name: str) -> Place | None:
    if given is None:
        return None
    platform, colon, known_as = given.partition(":")
    if not (platform and colon and known_as):
        raise click.BadParameter("write telegram:123456 or matrix:@name:server", param_hint=f"--{name}")
    return platform, known_as


def _lines(found: Report, rule: Rule, when: tuple[datetime, datetime], zone: tzinfo) -> Iterator[str]:
    known, now = when

    def local(at: datetime) -> str:
        return at.astimezone(zone).strftime("%a %Y-%m-%d %H:%M")

    again = f"; when you ask again, give --known '{known.astimezone(zone):%Y-%m-%d %H:%M}', or these clocks begin anew"
    yield f"known since {local(known)}{again if known == now else ''}"
    county_by = f"{local(found.county_by)}: {_left(found.county_by, now)}"
    yield f"whoever keeps the bot for the county tells the county by {county_by}"
    yield f"the county tells the {rule.regulator} by {local(found.regulator_by)}: {_left(found.regulator_by, now)}"
    yield f"  {rule.contact}; {rule.basis}"
    forgotten = sum(one.erased and not (one.name or one.phone) for one in found.requests)
    besides = f"; erased since, so that this is not known any more: {forgotten}" if forgotten else ""
    told = f"with a citizen's name or number, who must be told: {found.citizens}{besides}"
    yield f"requests: {len(found.requests)}; {told}"
    for one in found.requests:
        since = "erased here since; before that: " if one.erased else ""
        yield f"  {one.reference} of {local(one.requested_at)}: {since}{', '.join(_what(one))}"
    for place in dict.fromkeys((chat, what) for chat, what, _, _ in found.readers):
        seen = [name or account for chat, what, account, name in found.readers if (chat, what) == place]
        yield f"read by, as far as the bot has seen them, in {place[0]} ({place[1] or 'not bound'}): {', '.join(seen)}"
    for name, at in found.looked:
        yield f"was told the citizen's name or number: {name}, {local(at)}"
    yield "Write down what happened, what it may lead to and what was done; the law wants that kept too."


def _left(by: datetime, now: datetime) -> str:
    hours = (by - now) / timedelta(hours=1)
    return f"{hours:.0f} h left" if hours >= 0 else f"LATE by {-hours:.0f} h"


def _what(one: Exposed) -> Iterator[str]:
    if one.route == "private":
        yield "CONFIDENTIAL"
    yield "its words"
    if one.name:
        yield "a name"
    if one.phone:
        yield "a phone number"
    if one.files:
        yield f"{one.files} file{'' if one.files == 1 else 's'}"
    if one.shown:
        yield "the contact was told there"
