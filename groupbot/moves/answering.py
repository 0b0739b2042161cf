"""What every answer of a department has in common, done or refused: the columns it sets and who asks the citizen."""

from __future__ import annotations

from collections.abc import Mapping

from groupbot.moment import Moment
from groupbot.moves.changing import called, clocks_of, person_id
from groupbot.records import Person, ServiceRequest
from groupbot.rules import lifecycle, worktime


def answer_columns(moment: Moment, request: ServiceRequest) -> dict[str, object]:
    """Set by any answer, at the time (UTC) it was said; the citizen's word is due by the priority's clock."""
    said_at = moment.update.sent_at
    clock = clocks_of(moment, request).word
    return {
        "answered_at": said_at,
        "acknowledged_at": request.acknowledged_at or said_at,
        "answers": request.answers + 1,
        "word_asks": 1,
        "next_word_at": None,
        "word_due": worktime.add(said_at, clock, moment.jurisdiction.calendar),
        "officer_id": person_id(moment),
        "paused_until": None,  # what was waited for has come: the citizen is asked at once
    }


def ask_citizen(moment: Moment, request: ServiceRequest, key: str, params: Mapping[str, object]) -> None:
    """Ask the ward for the citizen's word on the answer just given; `params` are what this text needs besides."""
    admin = who_asks(moment, request)
    said = {"ref": request.service_request_id, "officer": called(moment), "admin": admin.called if admin else ""}
    moment.say_of(request, key, {**said, **params}, asks=admin)


def who_asks(moment: Moment, request: ServiceRequest) -> Person | None:
    """The poster; where that is an officer of the department itself, or holds no office any more, the ward's admin."""
    poster = moment.roster.by_id(request.poster_id, moment.now)
    officer = poster and any(poster.holds(role, service_code=request.service_code) for role in lifecycle.OFFICERS)
    if poster is not None and poster.grants and not officer:
        return poster
    admins = (person for person in moment.roster.holders("ward_admin", moment.now))
    return next((person for person in admins if person.holds("ward_admin", ward=request.ward)), None)
