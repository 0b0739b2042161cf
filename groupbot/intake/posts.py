"""A post: a command, a reply to a tracked line, a reference alone, a form, a need in prose, context, or chatter."""

from __future__ import annotations

from dataclasses import replace

from groupbot import commands, moderating, moves, sanctioning
from groupbot.intake import adopting, attachments, completions, context, emergencies, masked, private_road, replies
from groupbot.intake.registering import register
from groupbot.moment import Moment
from groupbot.records import Person, Reading
from groupbot.rules import references
from groupbot.rules.commands import read_command
from groupbot.rules.readings import read_post
from groupbot.rules.references import FoundReference
from groupbot.rules.text import clean
from groupbot.store import requests
from groupbot.store.drafts import Draft

LONGEST_REFERENCE = 40  # characters; a longer post is not a reference alone


def take(moment: Moment) -> None:
    """Handle one post. What is not understood stays in the inbox and is answered with silence."""
    if moment.group.kind != "unbound" and moment.released_at is None:  # of what was held that is done already
        attachments.keep(moment)
        adopting.adopt(moment)
    if moment.update.disguise == masked.DISGUISE:
        masked.ask(moment)
    else:
        take_own(moment)


def take_own(moment: Moment) -> None:
    """Handle a post as its sender's own; its files are kept already."""
    text = clean(moment.update.text)
    if text != moment.update.text:
        moment.update = replace(moment.update, text=text)
    if moment.group.kind == "private":
        sanctioning.answer(moment)
    if moment.group.kind == "unbound":
        _take_connection(moment)
    elif moment.update.disguise:
        _take_group_post(moment)
    elif call := read_command(text, moment.jurisdiction.command_aliases):
        commands.run(moment, call)
    elif moment.update.reply_to and replies.take(moment):
        return
    elif found := _reference_alone(moment):
        commands.show_status(moment, found)
    elif replies.take_by_number(moment) or replies.take_plain_word(moment):
        return
    elif moment.group.kind == "private":
        commands.help_here(moment)
    else:
        _take_group_post(moment)


def only_asks_what_is_here(moment: Moment) -> bool:
    """Whether a post is `help` and no more, which is what opening a private chat says."""
    call = read_command(clean(moment.update.text), moment.jurisdiction.command_aliases)
    return call is not None and call.name == "help"


def _take_connection(moment: Moment) -> None:
    """In a group that is bound to nothing only its connection is heard, and only from whoever may connect it."""
    call = read_command(moment.update.text, moment.jurisdiction.command_aliases)
    if call and call.name == "connect" and not moment.update.disguise and commands.may(moment.person, "connect"):
        commands.run(moment, call)


def _reference_alone(moment: Moment) -> FoundReference | None:
    """The reference, valid or not, when the post is nothing else."""
    text = moment.update.text.strip(" .?!\n")
    if len(text) > LONGEST_REFERENCE:
        return None
    found = references.find(text, moment.jurisdiction.prefixes)
    return found[0] if len(found) == 1 and found[0].given == text else None


def _take_group_post(moment: Moment) -> None:
    if moment.group.kind != "department":
        return
    moderating.watch_post(moment)
    if moment.person is not None or not moderating.take_stranger(moment):
        take_reading(moment)


def read(moment: Moment, text: str) -> Reading:
    """What a post of the person in hand says."""
    role, ward = _posting_role(moment.person)
    reading = read_post(text, moment.jurisdiction.vocabulary, sender_role=role, sender_ward=ward)
    if reading.kind == "unformatted" and (level := emergencies.level_stated(moment, text)):
        reading = replace(reading, forms=tuple(replace(form, priority=level) for form in reading.forms))
    return reading


def take_reading(moment: Moment) -> None:
    """Read a post of a department's group and do what it says."""
    reading = read(moment, moment.update.text)
    if reading.route == "private":
        rest = private_road.take(moment, reading)
        if rest is not None:
            take_request(moment, rest)
    else:
        _take_ordinary(moment, reading)


def take_public(moment: Moment) -> None:
    """A post whose sender says that it is no confidential matter, though its words may sound like one."""
    reading, update = replace(read(moment, moment.update.text), route="public"), moment.update
    first = requests.next_part(moment.tx, update.platform, update.chat_id, update.message_id)
    _take_ordinary(moment, reading, first)


def _take_ordinary(moment: Moment, reading: Reading, first: int = 0) -> None:
    if reading.kind == "request":
        take_request(moment, reading, first)
    elif reading.kind == "incomplete":
        _take_incomplete(moment, reading, reading.missing)
    else:
        _take_prose(moment, reading)


def _posting_role(person: Person | None) -> tuple[str, str | None]:
    """The role and ward by which a post is read; a ward admin's post takes the ward where it names none."""
    if person is None:
        return "stranger", None
    for grant in person.grants:
        if grant.ward:
            return grant.role, grant.ward
    return (person.grants[0].role if person.grants else "stranger"), None


def take_request(moment: Moment, reading: Reading, first: int = 0) -> None:
    """Register the forms of a post, ask for what its unfinished ones lack, and say so if there were too many.

    `first` is the first one's place among the requests of the post, which may have opened some already.
    """
    if moment.group.service_code is None:
        raise ValueError(f"chat {moment.group.chat_pk} is a department group without a department")
    if len(reading.forms) == 1 and reading.forms[0].ward is None:
        _take_incomplete(moment, reading, ("ward",))  # a spelling that several wards share is asked back, never guessed
        return
    language = reading.language or moment.language
    register(moment, moves.filings(reading, moment, moment.group.service_code, language, first))
    if reading.unfinished and moment.person is not None:
        completions.begin_beside(moment, moment.person, reading)
    if reading.reason == "form_cut_short":
        most = moment.jurisdiction.vocabulary.max_requests
        moment.say("too_many", {"most": most}, language=language)


def _take_incomplete(moment: Moment, reading: Reading, missing: tuple[str, ...]) -> None:
    if moment.person is None or (not reading.unfinished and completions.by_label(moment, reading)):
        return
    completions.begin(moment, moment.person, reading, missing)
    if reading.unfinished:
        completions.begin_beside(moment, moment.person, reading)


def _take_prose(moment: Moment, reading: Reading) -> None:
    """A line about a known request is its context; a new need is offered back as a form; the rest is silence."""
    if attachments.is_only(moment, "voice"):
        _ask_to_type(moment)
    elif attachments.is_only(moment, "location") and (draft := completions.lacks_place(moment)):
        _ask_for_words(moment, draft)
    elif not _belongs_to_what_is_here(moment, reading) and _may_be_offered(moment, reading):
        _offer_form(moment, reading)


def _may_be_offered(moment: Moment, reading: Reading) -> bool:
    """A need of somebody on the roster; while an emergency is under way only danger in another ward than its own."""
    if reading.kind != "unformatted" or not reading.forms or moment.person is None:
        return False
    wards = {one.ward for one in emergencies.open_now(moment)}
    call = emergencies.numbers_beside(moment, reading.forms, moment.language) if wards else {}
    return not wards or (bool(call) and reading.forms[0].ward not in {None, *wards})


def _belongs_to_what_is_here(moment: Moment, reading: Reading) -> bool:
    """A label that completes the sender's own post, or context of a request."""
    return (reading.kind == "chatter" and completions.by_lone_label(moment)) or context.keep(moment, reading)


def _offer_form(moment: Moment, reading: Reading) -> None:
    form = reading.forms[0]
    if not form.problem:
        return
    missing = tuple(code for code in ("location", "ward") if getattr(form, code) is None)
    if missing == ("ward",) and moment.person is not None:
        completions.begin(moment, moment.person, reading, missing)
        return
    completions.offer(moment, form, missing, reading.language or moment.language)


def _ask_to_type(moment: Moment) -> None:
    if moment.person is not None and any(grant.ward for grant in moment.person.grants):
        day = moment.now.astimezone(moment.jurisdiction.zone).date().isoformat()
        once = f"voice|{moment.update.platform}|{moment.update.chat_id}|{moment.person.id}|{day}"
        moment.say("voice", {"person": moment.person.called}, dedup_key=once)


def _ask_for_words(moment: Moment, draft: Draft) -> None:
    """A pin where the place was asked for: it is kept, and the place is asked for in words, once."""
    if moment.person is not None:
        params = {"person": moment.person.called}
        moment.say("pin", params, language=draft.language, draft_id=draft.id, dedup_key=f"pin|{draft.id}")
