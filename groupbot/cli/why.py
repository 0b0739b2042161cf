"""`groupbot why REF`: how a request's clocks were counted, who was asked when and why, and what comes next."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from groupbot.cli import opened

if TYPE_CHECKING:
    from groupbot.explaining import Explanation
    from groupbot.jurisdiction import Jurisdiction


@click.command()
@click.argument("reference", metavar="REF")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@opened.options
def why(reference: str, *, as_json: bool, database: str, pack: str | None) -> None:
    """Why a request stands as it does. The exit status is 0 only if there is one of that number."""
    from groupbot import declaring, explaining
    from groupbot.cli.packs import jurisdiction
    from groupbot.rules import references
    from groupbot.store import requests

    county, live = jurisdiction(pack), opened.live(database)
    now = datetime.fromisoformat(live["now"]) if live else datetime.now(UTC)
    found = references.find(reference, county.prefixes)
    with opened.reading(database) as store:
        store.read(lambda tx: declaring.load(tx, county))
        request = store.read(lambda tx: requests.by_reference(tx, county.id, found[0].text)) if found else None
        if request is None:
            raise click.ClickException(f"there is no request {reference}: check its number")
        said = store.read(lambda tx: explaining.explain(tx, county, request, now))
    if as_json:
        click.echo(json.dumps(explaining.record(said), ensure_ascii=False))
    else:
        click.echo("\n".join(_lines(said, county, now)))


def _lines(said: Explanation, county: Jurisdiction, now: datetime) -> Iterator[str]:
    from groupbot.explaining_text import Telling

    yield from Telling(county, county.language, now).lines(said)
    for one in said.clocks:
        yield f"{one.key}: {one.clock.basis}"
