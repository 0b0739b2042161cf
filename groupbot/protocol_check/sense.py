"""Do the parts of a pack agree: names that mean one thing, codes that exist, clocks in order, a basis everywhere?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from groupbot.protocol import AmbiguousWard, Part, Priority, Protocol
from groupbot.protocol_check.problems import Findings, name_of, sentence

BASES = ("law", "charter", "commitment", "borrowed", "ours")
FILE, READING, CALENDAR = "protocol.toml", "reading.toml", "calendar.toml"
NEEDED_FIELDS = ("location", "problem")
PHONE_MARKS = set("0123456789 +/-")


def compare(pack: Protocol, model: Protocol, found: Findings) -> None:
    """Note every disagreement between the parts of a well-formed pack; `model` is the pack groupbot comes with."""
    _head(pack, found)
    _departments(pack, found)
    _wards(pack, found)
    _roles(pack, model, found)
    _priorities(pack, found)
    _emergency(pack, found)
    _chase(pack, model, found)
    _form(pack, found)
    _topics(pack, found)
    _commands(pack, found)
    for name, part in ((FILE, pack.file), (READING, pack.reading), (CALENDAR, pack.calendar)):
        _languages(pack, name, part, found)
        _bases(name, part, found)
    if not found.problems:
        _calendar(pack, found)


def unique(place: tuple[str, str], spellings: Iterable[tuple[str, str]], found: Findings) -> None:
    """Note each spelling that means two things; `spellings` are (meaning, spelling), compared folded."""
    from groupbot.rules.text import fold

    known: dict[str, str] = {}
    for meaning, spelling in spellings:
        other = known.setdefault(fold(spelling), meaning)
        if other != meaning:
            problem = f"'{spelling}' means both {other} and {meaning}."
            found.add((place[0], f"{place[1]}.{meaning}"), problem, "Leave it to one of them.")


def _once(place: tuple[str, str], values: Iterable[object], found: Findings) -> None:
    listed = [str(value) for value in values]
    for value in dict.fromkeys(listed):
        if listed.count(value) > 1:
            found.add((place[0], place[1]), f"'{value}' stands here {listed.count(value)} times.", "Keep one.")


def _head(pack: Protocol, found: Findings) -> None:
    head = pack.file.pack
    try:
        ZoneInfo(head.timezone)
    except (ValueError, OSError, KeyError):
        remedy = "Write its name in the time zone database, such as Africa/Nairobi."
        found.add((FILE, "pack.timezone"), f"There is no time zone '{head.timezone}'.", remedy)
    _once((FILE, "pack.languages"), head.languages, found)


def _departments(pack: Protocol, found: Findings) -> None:
    listed = pack.file.department
    _once((FILE, "department.service_code"), (one.service_code for one in listed), found)
    series = pack.reading.private_route.series
    _once((FILE, "department.prefix"), (*(one.prefix for one in listed), series), found)
    names = (
        (one.service_code, spelling)
        for one in listed
        for spelling in (one.service_code, *one.name.values(), *one.aliases)
    )
    unique((FILE, "department"), names, found)
    if not listed:
        found.add((FILE, "department"), "Expected at least one department.", "Add a [[department]].")


def _wards(pack: Protocol, found: Findings) -> None:
    listed = pack.file.ward
    _once((FILE, "ward.name"), (one.name for one in listed), found)
    spellings = [(one.name, spelling) for one in listed for spelling in (one.name, *one.aliases)]
    unique((FILE, "ward"), spellings, found)
    for item in pack.file.ambiguous_ward:
        _ambiguous(pack, item, spellings, found)
    if not listed:
        found.add((FILE, "ward"), "Expected at least one ward.", "Add a [[ward]].")
    _residents(pack, found)


def _residents(pack: Protocol, found: Findings) -> None:
    """Of all wards or of none, else those without would seem empty; and with who counted them."""
    without = [one.name for one in pack.file.ward if one.residents is None]
    if len(without) == len(pack.file.ward):
        return
    for name in without:
        found.add((FILE, f"ward.{name}"), "Its residents are missing.", "Count those of every ward, or of none.")
    if pack.file.residents is None:
        found.add((FILE, "residents"), "Who counted the residents?", "Add [residents] with a basis.")


def _ambiguous(pack: Protocol, item: AmbiguousWard, spellings: Iterable[tuple[str, str]], found: Findings) -> None:
    from groupbot.rules.text import fold

    place = (FILE, f"ambiguous_ward.{item.alias}")
    for ward, spelling in spellings:
        if fold(spelling) == fold(item.alias):
            found.add(place, f"'{spelling}' is also a name of {ward}.", "Leave it to one of them.")
    for name in item.wards:
        if name not in pack.wards:
            found.add(place, f"There is no ward '{name}'.", "Write the name of a [[ward]].")
    if len(set(item.wards)) < 2:
        found.add(place, "Expected two wards or more.", "Name them all, or make it an alias of the one.")


def _roles(pack: Protocol, model: Protocol, found: Findings) -> None:
    _once((FILE, "role.code"), (role.code for role in pack.file.role), found)
    for code in model.roles:
        if code not in pack.roles:
            found.add((FILE, "role"), f"The role '{code}' is missing.", f'Add a [[role]] with code = "{code}".')


def _priorities(pack: Protocol, found: Findings) -> None:
    listed = pack.file.priority
    _once((FILE, "priority.level"), (one.level for one in listed), found)
    words = ((one.level, word) for one in listed for words in one.words.values() for word in words)
    unique((FILE, "priority"), words, found)
    defaults = sum(one.default for one in listed)
    if defaults != 1:
        problem = f"Expected one priority with default = true, found {defaults}."
        found.add((FILE, "priority.default"), problem, "Mark the level of a post that names none.")


def _emergency(pack: Protocol, found: Findings) -> None:
    emergency = pack.file.emergency
    for role in emergency.ring_roles:
        if role not in pack.roles:
            found.add((FILE, "emergency.ring_roles"), f"There is no role '{role}'.", "Write the code of a [[role]].")
    minutes = emergency.ring_minutes
    if list(minutes) != sorted(set(minutes)) or any(minute < 0 for minute in minutes) or not minutes:
        remedy = "Write them rising from the first call, such as [0, 10, 20]."
        found.add((FILE, "emergency.ring_minutes"), f"Expected rising minutes, found {list(minutes)}.", remedy)
    if not emergency.number:
        found.add((FILE, "emergency.number"), "Expected a number to call.", "Add an [[emergency.number]].")
    for number in emergency.number:
        if not set(number.number) <= PHONE_MARKS or not any(mark.isdigit() for mark in number.number):
            place = (FILE, f"emergency.number.{name_of(vars(number).get)}.number")
            found.add(place, "Expected digits, spaces, +, / and - only.", "Write what people dial.")


def _chase(pack: Protocol, model: Protocol, found: Findings) -> None:
    """The ladder of each debt begins at once, rises, and names roles that are there."""
    steps = pack.file.chase.step
    for step in steps:
        if step.role not in {**pack.roles, **model.roles}:  # one of ours that is missing was told already
            found.add((FILE, "chase.step.role"), f"There is no role '{step.role}'.", "Write the code of a [[role]].")
    chain = list(dict.fromkeys(step.role for step in steps if step.owed == "word"))
    for owed in ("word", "answer", "citizen"):
        own = [step for step in steps if step.owed == owed]
        place = (FILE, f"chase.step.{owed}")
        mornings = [step.mornings for step in own]
        if not own or mornings[0] != 0 or mornings != sorted(mornings):
            found.add(place, f"Expected mornings that rise from 0, found {mornings}.", "Order the steps by mornings.")
        if owed == "answer" and any(step.role not in chain for step in own):
            found.add(place, "A role here is in no step for the word.", "Let both ladders climb the same offices.")
    hours = [step.hours for step in steps if step.owed == "word" and step.hours is not None]
    if not hours or hours[0] != 0 or hours != sorted(hours):
        found.add((FILE, "chase.step.word"), f"Expected hours that rise from 0, found {hours}.", "Order them.")


def _form(pack: Protocol, found: Findings) -> None:
    fields = pack.reading.field
    _once((READING, "field.code"), (field.code for field in fields if field.code != "other"), found)
    labels = (
        (field.code if field.code != "other" else field.open311, label)
        for field in fields
        for label in (*(word for words in field.labels.values() for word in words), *field.pictograms)
    )
    unique((READING, "field"), labels, found)
    required = {field.code for field in fields if field.required}
    for code in NEEDED_FIELDS:
        if code not in required:
            found.add((READING, f"field.{code}"), "Every request needs this field.", "Give it required = true.")
    for field in fields:
        for language in pack.languages:
            if field.code != "other" and not field.labels.get(language):
                place = (READING, f"field.{field.code}.labels.{language}")
                found.add(place, "Expected at least one label in this language.", "Add it.")


def _topics(pack: Protocol, found: Findings) -> None:
    topics = pack.reading.topic
    _once((READING, "topic.code"), (topic.code for topic in topics), found)
    for topic in topics:
        if topic.service_code not in pack.departments:
            place = (READING, f"topic.{topic.code}.service_code")
            found.add(place, f"There is no department '{topic.service_code}'.", "Write the code of a [[department]].")


def _commands(pack: Protocol, found: Findings) -> None:
    spellings = (
        (command, spelling)
        for words in pack.words.values()
        for command, aliases in words.commands.items()
        for spelling in (command, *aliases)
    )
    unique(("words/*.toml", "commands"), spellings, found)


def _languages(pack: Protocol, file: str, part: Part, found: Findings) -> None:
    for key, value in _values(part):
        if not isinstance(value, Mapping):
            continue
        for language in value:
            if language not in pack.languages:
                remedy = "Add it to pack.languages, or take it out."
                found.add((file, f"{key}.{language}"), f"The pack does not speak '{language}'.", remedy)
        missing = [language for language in pack.languages if not value.get(language)]
        if any(isinstance(words, str) for words in value.values()) or not value:
            for language in missing:
                found.add((file, f"{key}.{language}"), "The name in this language is missing.", "Add it.")


def _bases(file: str, part: Part, found: Findings) -> None:
    for key, value in _values(part):
        if key.rpartition(".")[2] == "basis" and str(value).partition(":")[0] not in BASES:
            problem = f"Expected a basis that opens with {', '.join(BASES[:-1])} or {BASES[-1]} and a colon."
            found.add((file, key), problem, 'Say on whose authority, such as "ours: half a working day".')


def _values(part: Part, before: str = "") -> Iterator[tuple[str, object]]:
    """Every value of a part and of the parts in it, with its key as people name it."""
    for name in type(part).model_fields:
        value = getattr(part, name)
        key = f"{before}{name}"
        if isinstance(value, Part):
            yield from _values(value, f"{key}.")
        elif isinstance(value, tuple) and value and isinstance(value[0], Part):
            for number, item in enumerate(value, 1):
                yield from _values(item, f"{key}.{name_of(vars(item).get) or number}.")
        else:
            yield key, value


def _calendar(pack: Protocol, found: Findings) -> None:
    from groupbot.rules.worktime import calendar_for, next_open

    _once((CALENDAR, "holiday.day"), (holiday.day for holiday in pack.calendar.holiday), found)
    try:
        calendar = calendar_for(pack)
    except ValueError as error:
        found.add((CALENDAR, "hours"), f"{sentence(error)}.", "Correct the hours.")
        return
    try:
        next_open(datetime(2026, 1, 1, tzinfo=UTC), calendar)
    except ValueError as error:
        remedy = "Correct it, or list the days off yourself with library = false."
        found.add((FILE, "pack.country"), f"{sentence(error)}.", remedy)
        return
    for priority in pack.file.priority:
        if _answers_first(pack, priority):
            place = (FILE, f"priority.{priority.level}.answer")
            found.add(place, "The answer is due before the first word.", "Let acknowledge be shorter than answer.")


def _answers_first(pack: Protocol, priority: Priority) -> bool:
    """Whether there is an hour of the week from which the answer falls due before the first word."""
    from groupbot.rules.worktime import add, calendar_for

    calendar = calendar_for(pack)
    monday = datetime(2026, 2, 2, tzinfo=UTC)
    return any(
        add(start, priority.acknowledge, calendar) > add(start, priority.answer, calendar)
        for start in (monday + timedelta(hours=hours) for hours in range(1, 7 * 24, 5))
    )
