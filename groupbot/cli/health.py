"""`groupbot health`: how the bot is, what needs a person, and what to do about it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from groupbot.cli import opened

if TYPE_CHECKING:
    from groupbot.health import Health


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--retry", is_flag=True, help="First give what was parked another chance, after its cause is mended.")
@opened.options
def health(*, as_json: bool, retry: bool, database: str, pack: str | None) -> None:
    """How the bot is. The exit status is 0 only if nothing needs a person."""
    from groupbot import health as rooms
    from groupbot.cli.packs import jurisdiction

    if retry:
        for line in opened.order(database, pack, "parked.retry", {}):
            click.echo(line, err=as_json)
    county, live = jurisdiction(pack), opened.live(database)
    now = datetime.fromisoformat(live["now"]) if live else datetime.now(UTC)
    with opened.reading(database) as store:
        found = store.read(lambda tx: rooms.look(tx, county, now))
    if as_json:
        click.echo(
            json.dumps({**rooms.record(found), "running": live is not None, "chats": live["chats"] if live else {}})
        )
    else:
        click.echo("\n".join(_lines(found, live)))
    if not found.well or _troubles(live):
        raise SystemExit(1)


def _troubles(live: Mapping[str, Any] | None) -> dict[str, str]:
    """What keeps updates of a platform from coming in, by the platform's name."""
    chats = live["chats"] if live else {}
    return {name: state["trouble"] for name, state in chats.items() if state["trouble"]}


def _lines(found: Health, live: Mapping[str, Any] | None) -> Iterator[str]:
    held = found.condition
    yield "well" if found.well and not _troubles(live) else "needs somebody"
    if live is None:
        yield "no bot runs on this database: start it with `groupbot run`"
    elif found.asleep:
        yield "the bot runs, but it has not looked at what is due for minutes: see its log, and start it anew"
    if found.clock != "right":
        yield f"this machine's clock is {found.clock}: nobody is reminded until it is set: timedatectl set-ntp true"
    yield f"came in and waits: {held.waiting}{_since(held.oldest_waiting, found.at)}"
    yield f"on its way out: {held.unsent}{_since(held.oldest_unsent, found.at)}"
    for name, state in (live["chats"] if live else {}).items():
        yield f"  {name}: in: {state['in']}; out: {state['out']}"
    for name, trouble in _troubles(live).items():
        yield f"  {name}: NOTHING COMES IN: {trouble}"
    if held.parked_rows or held.parked_notices:
        yield "given up after three tries; mend the cause, then `groupbot health --retry`:"
    for row in held.parked_rows:
        yield f"  inbox row {row.id} ({row.what}) of {row.at:%Y-%m-%d %H:%M} UTC: {row.error}; the log has the place"
    for notice in held.parked_notices:
        yield f"  notice {notice.id} ({notice.what}) of {notice.at:%Y-%m-%d %H:%M} UTC: {notice.error}"
    yield from _missed(held.gaps, live)
    if found.operators < 2:
        yield f"operators: {found.operators}; name another one: `groupbot people invite operator`"
    if found.vacancies:
        yield f"offices that nobody holds: {found.vacancies}; see `groupbot people list --vacant`"


def _missed(gaps: int, live: Mapping[str, Any] | None) -> Iterator[str]:
    if gaps:
        yield f"stretches of a chat that were missed and are still being fetched: {gaps}"
    for name, state in (live["chats"] if live else {}).items():
        if state.get("past"):
            yield f"  {name} does not give them; after an hour the group is told what it may have lost: {state['past']}"


def _since(oldest: datetime | None, now: datetime) -> str:
    if oldest is None:
        return ""
    minutes = int((now - oldest).total_seconds() // 60)
    if minutes < 2 * 60:
        return f", the oldest for {minutes} min"
    days = minutes // (24 * 60)
    return f", the oldest for {minutes // 60} h" if days < 2 else f", the oldest for {days} days"
