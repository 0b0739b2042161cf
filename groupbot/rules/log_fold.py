"""What the log alone says of each request: where it stands by its latest entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Standing(NamedTuple):
    """The public columns of a request, as the log gives them."""

    state: str
    outcome: str
    service_code: str
    ward: str
    pack_version: str


def fold(entries: Iterable[Mapping[str, object]]) -> dict[str, Standing]:
    """Reference -> where the request stands after these entries, given in the order of the log.

    Every entry of a request tells all of it as it stood then, so that the latest decides. An entry without a reference
    is about no request.
    """
    standings: dict[str, Standing] = {}
    for entry in entries:
        reference = str(entry["ref"])
        if reference:
            standings[reference] = Standing(*(str(entry[name]) for name in Standing._fields))
    return standings
