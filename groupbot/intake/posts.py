"""A post in a group or a private chat: a command, a reply to a tracked line, a reference alone, a form, or chatter."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from groupbot import commands, moves
from groupbot.intake import completions, replies
from groupbot.intake.registering import register
from groupbot.moment import Moment
from groupbot.records import Person, Reading, micros
from groupbot.rules import references
from groupbot.rules.commands import read_command
from groupbot.rules.readings import read_post
from groupbot.rules.references import FoundReference
from groupbot.rules.text import clean
from groupbot.store import drafts
from groupbot.store.drafts import Draft

LONGEST_REFERENCE = 40  # characters; a longer post is not a reference alone


def take(moment: Moment) -> None:
    """Handle one post. What is not understood stays in the inbox and is answered with silence."""
    text = clean(moment.update.text)
    if text != moment.update.text:
        moment.update = replace(moment.update, text=text)
    update = moment.update
    call = None if update.disguise else read_command(update.text, moment.jurisdiction.command_aliases)
    if call is not None:
        commands.run(moment, call)
    elif update.reply_to and not update.disguise and replies.take(moment):
        return
    elif found := _reference_alone(moment):
        commands.show_status(moment, found)
    elif moment.group.kind == "department":
        _take_reading(moment)
    elif moment.group.kind == "private":
        commands.help_here(moment)


def _reference_alone(moment: Moment) -> FoundReference | None:
    """The reference, valid or not, when the post is nothing else."""
    text = moment.update.text.strip(" .?!\n")
    if len(text) > LONGEST_REFERENCE:
        return None
    found = references.find(text, moment.jurisdiction.prefixes)
    return found[0] if len(found) == 1 and found[0].given == text else None


def _take_reading(moment: Moment) -> None:
    person = moment.person
    role, ward = _posting_role(person)
    reading = read_post(moment.update.text, moment.jurisdiction.vocabulary, sender_role=role, sender_ward=ward)
    if reading.route == "private":
        return  # never numbered in the group; the raw post stays in the inbox
    if reading.kind == "request":
        language = reading.language or moment.language
        register(moment, moves.filings(reading, _service_code(moment), language, moment.update))
    elif reading.kind == "incomplete" and person is not None and not completions.by_label(moment, reading):
        _begin_draft(moment, reading, person)


def _posting_role(person: Person | None) -> tuple[str, str | None]:
    """The role and ward by which a post is read; a ward admin's post takes the ward where it names none."""
    if person is None:
        return "stranger", None
    for grant in person.grants:
        if grant.ward:
            return grant.role, grant.ward
    return (person.grants[0].role if person.grants else "stranger"), None


def _service_code(moment: Moment) -> str:
    if moment.group.service_code is None:
        raise ValueError(f"chat {moment.group.chat_pk} is a department group without a department")
    return moment.group.service_code


def _begin_draft(moment: Moment, reading: Reading, person: Person) -> None:
    update = moment.update
    language = reading.language or moment.language
    draft = Draft(
        0,
        update.platform,
        update.chat_id,
        update.message_id,
        person.id,
        _service_code(moment),
        reading.forms[0],
        reading.missing,
        language,
        micros(update.sent_at),
    )
    lapses_at = update.sent_at + timedelta(hours=moment.jurisdiction.protocol.file.limits.draft_hours)
    draft_id = drafts.add(moment.tx, moment.jurisdiction.id, update, draft, lapses_at)
    completions.ask(moment, person, reading.missing, language, draft_id)
