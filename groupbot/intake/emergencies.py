"""Emergencies: the numbers to call are printed at once; words of danger are asked about. The chase does the ringing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from groupbot import moves, offering
from groupbot.intake import heard
from groupbot.moment import Moment
from groupbot.nagging.reach import Staffing
from groupbot.records import Form, Person, ServiceRequest
from groupbot.rules.danger import danger_words
from groupbot.rules.lifecycle import Refusal, Transition
from groupbot.rules.readings.headers import stated_level
from groupbot.rules.text import fold
from groupbot.store import outbox, requests

SHORT_LINE = 12  # words
LONGEST_LEVEL = 5  # words of a reply that is a priority and a yes
_MARKS = ".,;:!?*_"
FRESH = timedelta(hours=24)  # how long an open emergency keeps a group free of forms and offers


def is_emergency(moment: Moment, request: ServiceRequest) -> bool:
    """Whether a request's priority counts round the clock."""
    return moment.jurisdiction.protocol.priorities[request.priority].round_the_clock


def open_now(moment: Moment) -> list[ServiceRequest]:
    """The emergencies of the last day in the group's department that nobody has made safe or closed."""
    ladders = moment.jurisdiction.pace.ladders
    since = moment.update.sent_at - FRESH
    found = requests.open_of_levels(
        moment.tx, moment.jurisdiction.id, moment.group.service_code or "", sorted(ladders.round_the_clock), since
    )
    return [request for request in found if ladders.presses(request)]


def under_way(moment: Moment) -> bool:
    """Whether the group has an open emergency of the last day: then nobody is bothered with forms."""
    return bool(open_now(moment))


def tell(moment: Moment, request: ServiceRequest) -> None:
    """Print the numbers to call and say who is rung; the chase itself calls them until one answers."""
    params, people = _calling(moment, request)
    key = "number_emergency" if params["people"] else "number_emergency_unattended"
    moment.say_of(request, key, params, asks=people)


def _calling(moment: Moment, request: ServiceRequest) -> tuple[dict[str, object], list[Person]]:
    """What a line about an emergency says: the numbers to call, and who of its department is rung."""
    staff = Staffing(moment).of(request)
    rung = dict.fromkeys(person for role in moment.jurisdiction.pace.ladders.ring_roles for person in staff[role])
    found = (moment.roster.by_id(person_id, moment.now) for person_id in rung)
    people = [person for person in found if person]
    params: dict[str, object] = {
        "ref": request.service_request_id,
        "ward": request.ward,
        "numbers": moment.jurisdiction.catalogue.emergency_numbers(request.language),
        "people": [person.called for person in people],
    }
    return params, people


def move(moment: Moment, request: ServiceRequest, service_code: str) -> Transition | Refusal:
    """Move a request to another department, whose group gets the numbers to call where people are in danger."""
    decision = moves.move_to(moment, request, service_code)
    moved = requests.by_id(moment.tx, request.id)
    if isinstance(decision, Transition) and moment.jurisdiction.pace.ladders.presses(moved):
        params, people = _calling(moment, moved)
        key = "moved_here_emergency" if people else "moved_here_emergency_unattended"
        params["department"] = f"department.{request.service_code}"
        moment.tell_department(moved, key, params, asks=people)
    return decision


def tell_if_made(moment: Moment, before: ServiceRequest) -> None:
    """As `tell`, where what was just done made an emergency of the request that was no emergency `before`."""
    request, presses = requests.by_id(moment.tx, before.id), moment.jurisdiction.pace.ladders.presses
    if presses(request) and not presses(before):
        tell(moment, request)


def numbers_beside(moment: Moment, forms: Sequence[Form], language: str) -> dict[str, object]:
    """The numbers to call, as the parameter `call` of a line about forms that have no number yet; else nothing.

    Whoever is asked for more must not wait for the bot: one of the forms is an emergency, or tells of danger.
    """
    levels, vocabulary = moment.jurisdiction.protocol.priorities, moment.jurisdiction.vocabulary
    for form in forms:
        presses = form.priority is not None and levels[form.priority].round_the_clock
        if presses or danger_words("\n".join(form.given().values()), vocabulary):
            return {"call": moment.jurisdiction.catalogue.emergency_numbers(language)}
    return {}


def made_by_form(moment: Moment, request: ServiceRequest, form: Form) -> bool:
    """Make it an emergency where the form says so and it is none; False where it says no such thing, or may not."""
    level = form.priority
    if level is None or not moment.jurisdiction.protocol.priorities[level].round_the_clock:
        return False
    if not moves.raises(moment, request, level) or isinstance(moves.raise_emergency(moment, request), Refusal):
        return False
    tell_if_made(moment, request)
    return True


def level_stated(moment: Moment, text: str) -> str:
    """The priority round the clock that words open with ("DHARURA! Gari imetumbukia mtoni"); '' for none."""
    level = stated_level(text, moment.jurisdiction.vocabulary)
    return level if level and moment.jurisdiction.protocol.priorities[level].round_the_clock else ""


def is_named(moment: Moment) -> bool:
    """Whether a line opens with a priority that counts round the clock, or a short one names such a priority."""
    if level_stated(moment, moment.update.text):
        return True
    words = fold(moment.update.text).split()
    priorities, levels = moment.jurisdiction.vocabulary.priorities, moment.jurisdiction.protocol.priorities
    known = (priorities.get(word.strip(".,;:!?")) for word in words[:SHORT_LINE])
    return len(words) <= SHORT_LINE and any(level is not None and levels[level].round_the_clock for level in known)


def level_said(moment: Moment) -> str:
    """The priority that a reply names and nothing else beside a yes ("EMERGENCY", "Ndiyo, ni dharura"); '' for none."""
    vocabulary, priorities = moment.jurisdiction.vocabulary, moment.jurisdiction.protocol.priorities
    words = [bare_word for word in fold(moment.update.text).split() if (bare_word := word.strip(_MARKS))]
    if len(words) > LONGEST_LEVEL:
        return ""
    levels = [level for word in words if (level := vocabulary.priorities.get(word)) is not None]
    silent = vocabulary.labels.fillers | vocabulary.priorities.keys()
    rest = " ".join(word for word in words if word not in silent)
    if not levels or (rest and not heard.read(moment, asked=True, instead=rest).agrees):
        return ""
    return min(levels, key=list(priorities).index)


def is_said(moment: Moment) -> bool:
    """Whether a reply says that it is an emergency, and no more than that."""
    level = level_said(moment)
    return bool(level) and moment.jurisdiction.protocol.priorities[level].round_the_clock


def ask(moment: Moment, request: ServiceRequest) -> None:
    """Words of danger in what is no emergency: print the numbers and offer to make it one, once a day."""
    day = moment.now.astimezone(moment.jurisdiction.zone).date().isoformat()
    once = f"danger|{request.service_request_id}|{day}"
    if moment.jurisdiction.pace.ladders.presses(request) or outbox.was_queued(moment.tx, once):
        moment.receipt("receipt_noted")
        return
    numbers = moment.jurisdiction.catalogue.emergency_numbers(request.language)
    offering.offer_emergency(moment, request, {"ref": request.service_request_id, "numbers": numbers}, once)
