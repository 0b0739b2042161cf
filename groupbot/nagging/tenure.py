"""Since when somebody answers for a request: nobody is said to have been silent before their time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from groupbot.moment import Moment
from groupbot.records import ServiceRequest


def since(moment: Moment, request: ServiceRequest, person_id: int, roles: Collection[str]) -> datetime | None:
    """Since when a person has held one of the roles that answer for a request (aware UTC); None for none of them."""
    return moment.roster.in_office_since(person_id, roles, (request.service_code, request.ward), moment.now)


def covers(moment: Moment, request: ServiceRequest, person_id: int, roles: Collection[str], due: datetime) -> bool:
    """Whether a person held one of the roles already when a word fell due (aware UTC)."""
    began = since(moment, request, person_id, roles)
    return began is not None and began <= due
