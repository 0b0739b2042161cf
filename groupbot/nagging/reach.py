"""Whom a request's chase can reach now: by role, people with a private chat, those who stand in before the absent."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from groupbot.moment import Moment
from groupbot.moves.answering import who_asks
from groupbot.records import Person, ServiceRequest


class Staffing:
    """The people of one moment, found once for all requests that share them."""

    def __init__(self, moment: Moment) -> None:
        self.moment = moment
        self._known: dict[tuple[object, ...], Mapping[str, tuple[int, ...]]] = {}

    def of(self, request: ServiceRequest) -> Mapping[str, tuple[int, ...]]:
        """Role -> row ids of the people who can be asked about the request in that role."""
        key = (request.service_code, request.ward, request.route, request.poster_id)
        staff = self._known.get(key)
        if staff is None:
            staff = self._known[key] = self._private(request) if request.route == "private" else self._public(request)
        return staff

    def _private(self, request: ServiceRequest) -> Mapping[str, tuple[int, ...]]:
        """A confidential case: its officer and its poster, and nobody else whatever happens."""
        poster = self.moment.roster.by_id(request.poster_id, self.moment.now)
        return {
            "integrity": self._reachable(self._holders("integrity", None)),
            "ward_admin": self._reachable([poster] if poster else []),
        }

    def _public(self, request: ServiceRequest) -> Mapping[str, tuple[int, ...]]:
        ladders, protocol = self.moment.jurisdiction.pace.ladders, self.moment.jurisdiction.protocol
        asker = who_asks(self.moment, request)
        asked = self._reachable([asker] if asker else [])
        admins = self.moment.roster.holders("ward_admin", self.moment.now)
        own = [one for one in admins if one.holds("ward_admin", ward=request.ward)]
        staff = {"ward_admin": asked or self._reachable(own)}  # whoever else speaks for the ward can ask as well
        for role in dict.fromkeys(chain(ladders.chain, ladders.citizen_chain, ladders.ring_roles, ("communications",))):
            if role not in staff:
                scope = protocol.roles[role].scope
                people = self._holders(role, request.service_code if scope == "department" else None)
                if scope == "sub_county":
                    ward = protocol.wards.get(request.ward)
                    people = [one for one in people if ward and _speaks_for(one, role, ward.sub_county)]
                staff[role] = self._reachable(people)
        return staff

    def _holders(self, role: str, service_code: str | None) -> list[Person]:
        """Who holds a role now; whoever somebody else stands in for is left in peace."""
        people = self.moment.roster.holders(role, self.moment.now, service_code)
        away = {grant.acting_for for person in people for grant in person.grants if grant.role == role}
        return [person for person in people if person.id not in away]

    def _reachable(self, people: list[Person]) -> tuple[int, ...]:
        return tuple(person.id for person in people if self.moment.roster.private_chat(person.id))


def _speaks_for(person: Person, role: str, sub_county: str) -> bool:
    return any(grant.role == role and grant.sub_county in (None, sub_county) for grant in person.grants)
