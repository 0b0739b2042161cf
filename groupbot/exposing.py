"""What a breach exposed: which requests, of whom, to whom; and until when the law has it told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from groupbot.jurisdiction import Jurisdiction
from groupbot.store import exposure, requests
from groupbot.store.database import Tx
from groupbot.store.exposure import Exposed, Place, Span


@dataclass(frozen=True, slots=True)
class Breach:
    """What is asked: an account, a chat or a request (each None but one, or all None for the whole database).

    `span` is when it was open; `known_at` when the county knew of it. Aware UTC.
    """

    span: Span
    known_at: datetime
    account: Place | None = None
    chat: Place | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What is found. `readers` are (chat, what it is, account, name); `looked` those who were shown a contact."""

    requests: tuple[Exposed, ...]
    readers: tuple[tuple[str, str, str, str], ...]
    looked: tuple[tuple[str, datetime], ...]
    county_by: datetime
    regulator_by: datetime

    @property
    def citizens(self) -> int:
        """How many requests have a citizen's name or number: about as many people must be told."""
        return sum(one.name or one.phone for one in self.requests)


def report(tx: Tx, jurisdiction: Jurisdiction, breach: Breach) -> Report:
    """What a breach exposed, as far as the database tells. Raises LookupError for a request that is not there."""
    places: list[Place] | None
    looked: list[tuple[str, datetime]] = []
    if breach.reference is not None:
        request = requests.by_reference(tx, jurisdiction.id, breach.reference)
        if request is None:
            raise LookupError(breach.reference)
        places = exposure.places_of(tx, request.id)
        looked = exposure.looked(tx, request.id)
        all_of_them = exposure.requests_in(tx, jurisdiction.id, None, breach.span)
        found = [one for one in all_of_them if one.reference == request.service_request_id]
    else:
        places = [breach.chat] if breach.chat else None
        if breach.account:
            places = exposure.chats_of_account(tx, breach.account)
        found = exposure.requests_in(tx, jurisdiction.id, places, breach.span)
    titles = exposure.titles(tx)
    readers = [
        (f"{place[0]} {place[1]}", titles.get(place, ""), user_id, name)
        for place in places or ()
        if breach.account is None  # whoever has the account saw it; the others were meant to
        for user_id, name in exposure.readers(tx, place, breach.span[1])
    ]
    rule = jurisdiction.protocol.file.breach
    return Report(
        tuple(found),
        tuple(readers),
        tuple(looked),
        breach.known_at + timedelta(hours=rule.processor_hours),
        breach.known_at + timedelta(hours=rule.regulator_hours),
    )


def record(found: Report) -> Mapping[str, Any]:
    """A report as plain data, for programs: instants are ISO 8601 in UTC."""
    return {
        "requests": [{**asdict(one), "requested_at": one.requested_at.isoformat()} for one in found.requests],
        "citizens": found.citizens,
        "readers": [dict(zip(("chat", "what", "account", "name"), one, strict=True)) for one in found.readers],
        "looked": [{"name": name, "at": at.isoformat()} for name, at in found.looked],
        "county_by": found.county_by.isoformat(),
        "regulator_by": found.regulator_by.isoformat(),
    }
