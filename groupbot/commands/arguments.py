"""The typed parameters of commands: each reads its part off the text that is left, or says what is wrong with it.

A reader gives the arguments with its own filled in, or None: then the command's own "how" is said, unless the reader
has said something better.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from groupbot.commands import targets
from groupbot.moment import Moment
from groupbot.records import Grant, Person, ServiceRequest
from groupbot.rules import invites, references
from groupbot.rules.dates import NamedTime, find_commanded
from groupbot.rules.terms import read_term
from groupbot.rules.text import fold

RESULTS = ("yes", "no", "unreached")  # of a call back
_EDGES = " \t\n:,;.-–—"
_KINDS = ("mirror", "communications", "committee")  # of groups, besides the departments'
_LOOKED_BACK = (timedelta(), timedelta(days=183), timedelta(days=730))  # for a day that may be past
_MOST_WORDS = 6  # of a name
_LONGEST_NAME = 200  # characters of a text in which a name is looked for


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a command was given; `text` is what no reader has taken yet, `command` the command's name."""

    text: str
    command: str = ""
    request: ServiceRequest | None = None
    other: ServiceRequest | None = None
    department: str = ""
    level: str = ""
    language: str = ""
    at: datetime | None = None
    since: datetime | None = None
    person: Person | None = None
    grant: Grant | None = None
    kind: str = ""  # of a group, or of a call back's result

    @property
    def target(self) -> ServiceRequest:
        """The request. Raises ValueError for a command that takes none."""
        if self.request is None:
            raise ValueError("this command reads no request")
        return self.request


Reader = Callable[[Moment, Arguments], Arguments | None]


def request(moment: Moment, given: Arguments) -> Arguments | None:
    """The reference in front, or the line replied to."""
    target = targets.find(moment, given.text, given.command)
    return None if target is None else replace(given, request=target.request, text=target.text)


def request_if_any(moment: Moment, given: Arguments) -> Arguments | None:
    """As `request`, but a command that names none goes on without."""
    before = len(moment.notices)
    found = request(moment, given)
    return given if found is None and len(moment.notices) == before else found


def pair(moment: Moment, given: Arguments) -> Arguments | None:
    """Two references, or one and the line replied to."""
    found = references.find(given.text, moment.jurisdiction.prefixes)
    if len(found) > 1:
        first = targets.look_up(moment, found[0])
    else:
        replied = targets.by_reply(moment, "", given.command)
        first = replied.request if replied else None
    if first is None or not found:
        return None
    second = targets.look_up(moment, found[1] if len(found) > 1 else found[0])
    return None if second is None else replace(given, request=first, other=second)


def words(moment: Moment, given: Arguments) -> Arguments | None:
    """Some words must be left."""
    return given if given.text.strip(_EDGES) else None


def department(moment: Moment, given: Arguments) -> Arguments | None:
    """A department by code, prefix, name or alias."""
    known: dict[str, str] = {}
    for code, office in moment.jurisdiction.protocol.departments.items():
        for name in (code, office.prefix, office.agency_responsible, *office.name.values(), *office.aliases):
            known.setdefault(fold(name), code)
    found = _opening(given.text, known)
    return None if found is None else replace(given, department=found[0], text=found[1])


def group_kind(moment: Moment, given: Arguments) -> Arguments | None:
    """What a group is to be: a mirror, an office's, or the department that is named."""
    codes, term = moment.jurisdiction.protocol.languages, moment.jurisdiction.catalogue.term
    known = {fold(kind): kind for kind in _KINDS}
    known |= {fold(term(f"group.{kind}", code)): kind for kind in _KINDS for code in codes}
    found = _opening(given.text, known)
    if found is not None:
        return replace(given, kind=found[0], text=found[1])
    of = department(moment, given)
    return of and replace(of, kind="department")


def level(moment: Moment, given: Arguments) -> Arguments | None:
    """A priority by its level, or by any word that the pack has for it."""
    known: dict[str, str] = {}
    for code, priority in moment.jurisdiction.protocol.priorities.items():
        for name in (code, *priority.name.values(), *(word for words in priority.words.values() for word in words)):
            known.setdefault(fold(name), code)
    found = _opening(given.text, known)
    return None if found is None else replace(given, level=found[0], text=found[1])


def result(moment: Moment, given: Arguments) -> Arguments | None:
    """What became of a call back, by its name in any language of the pack."""
    term = moment.jurisdiction.catalogue.term
    known = {
        fold(term(f"result.{one}", code)): one for one in RESULTS for code in moment.jurisdiction.protocol.languages
    }
    found = _opening(given.text, known)
    return None if found is None else replace(given, kind=found[0], text=found[1])


def language(moment: Moment, given: Arguments) -> Arguments | None:
    """A language of the pack, by its code or by its name in any of them."""
    codes = moment.jurisdiction.protocol.languages
    term = moment.jurisdiction.catalogue.term
    known = {fold(term(f"language.{code}", spoken)): code for code in codes for spoken in codes}
    found = _opening(given.text, known | {code: code for code in codes})
    return None if found is None else replace(given, language=found[0], text=found[1])


def day(moment: Moment, given: Arguments) -> Arguments | None:
    """A time to come, named in front, or else anywhere in the text; the words that name it are taken out."""
    jurisdiction = moment.jurisdiction
    named = find_commanded(given.text, moment.update.sent_at, jurisdiction.date_words, jurisdiction.calendar)
    return None if named is None else _with_day(given, named)


def _with_day(given: Arguments, named: NamedTime) -> Arguments:
    before, _, after = given.text.partition(named.words)
    left = " ".join(part for part in (before.strip(_EDGES), after.strip(_EDGES)) if part)
    return replace(given, at=named.at, text=left)


def day_if_any(moment: Moment, given: Arguments) -> Arguments | None:
    """As `day`, but there may be none; "2 days" right after the command is a length of time from now on."""
    return day(moment, given) or _length(moment, given) or given


def _length(moment: Moment, given: Arguments) -> Arguments | None:
    ours = moment.jurisdiction
    text = given.text.strip(_EDGES)
    for lead in (word for words in ours.protocol.words.values() for word in words.dates.after[:1]):
        named = find_commanded(f"{lead} {text}", moment.update.sent_at, ours.date_words, ours.calendar)
        said = named.words.removeprefix(lead).strip() if named and named.words.startswith(lead) else ""
        if named and text.startswith(said) and any(map(str.isdigit, said)):
            return _with_day(replace(given, text=text), replace(named, words=said))
    return None


def term(moment: Moment, given: Arguments) -> Arguments | None:
    """From when and until when, each if named; a beginning that is no day, or comes after the end, is asked for."""
    ours = moment.jurisdiction
    named = read_term(given.text, moment.update.sent_at, ours.beginnings, ours.date_words, ours.calendar)
    return None if named is None else replace(given, since=named.since, at=named.until, text=named.rest)


def any_day(moment: Moment, given: Arguments) -> Arguments | None:
    """A day, to come or past: of two years that it may be of, the one to come, then the year that is nearest."""
    jurisdiction = moment.jurisdiction
    today = moment.update.sent_at.astimezone(jurisdiction.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    for back in _LOOKED_BACK:
        named = find_commanded(given.text, today - back, jurisdiction.date_words, jurisdiction.calendar)
        if named is not None and (not back or any(sign.isdigit() for sign in named.words)):
            return _with_day(given, named)
    return None


def person(moment: Moment, given: Arguments) -> Arguments | None:
    """Somebody of the roster, by as many words of their name as tell them from all others."""
    spelt = given.text[:_LONGEST_NAME].split()
    everyone = moment.roster.everyone(moment.now)
    for count in range(min(_MOST_WORDS, len(spelt)), 0, -1):
        wanted = {fold(word.strip(_EDGES)) for word in spelt[:count]}
        found = [one for one in everyone if wanted <= _names(one)]
        if len(found) == 1:
            return replace(
                given, person=found[0], text=given.text.split(None, count)[count] if count < len(spelt) else ""
            )
        if found:
            moment.say("which_person", {"names": [one.name for one in found[:5]]})
            return None
    if spelt:
        moment.say("unknown_person", {})
    return None


def person_if_any(moment: Moment, given: Arguments) -> Arguments | None:
    """As `person`, but there may be none."""
    return person(moment, given) if given.text else given


def role(moment: Moment, given: Arguments) -> Arguments | None:
    """A role of the pack and the scope that it needs."""
    protocol = moment.jurisdiction.protocol
    named = invites.role_named(given.text, protocol.roles)
    if named is None:
        return None
    code, rest = named
    scope = protocol.roles[code].scope
    left = replace(given, text=rest)
    if scope == "county":
        return replace(left, grant=Grant(code))
    if scope == "department":
        within = department(moment, left)
        return within and replace(within, grant=Grant(code, service_code=within.department))
    return _place(moment, left, code, scope)


def _place(moment: Moment, given: Arguments, code: str, scope: str) -> Arguments | None:
    wards = moment.jurisdiction.protocol.wards.values()
    if scope == "sub_county":
        found = _opening(given.text, {fold(ward.sub_county): ward.sub_county for ward in wards})
        return found and replace(given, grant=Grant(code, sub_county=found[0]), text=found[1])
    known = {fold(name): ward.name for ward in wards for name in (ward.name, *ward.aliases)}
    found = _opening(given.text, known)
    return found and replace(given, grant=Grant(code, ward=found[0]), text=found[1])


def _names(one: Person) -> set[str]:
    return {fold(word) for word in f"{one.name} {one.called}".split()}


def _opening(text: str, known: Mapping[str, str]) -> tuple[str, str] | None:
    """What the longest run of words in front means, and the text after it."""
    pieces = text[:_LONGEST_NAME].split()
    for count in range(min(_MOST_WORDS, len(pieces)), 0, -1):
        code = known.get(_folded(pieces[:count]))
        if code is not None:
            rest = text.split(None, count)
            return code, rest[count].strip(_EDGES) if count < len(rest) else ""
    return None


def _folded(pieces: Iterable[str]) -> str:
    return fold(" ".join(pieces).strip(_EDGES))
