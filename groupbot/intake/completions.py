"""Forms that are no requests yet: what they lack is asked for once; a reply, an edit or a bare label completes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from groupbot import offering
from groupbot.intake import emergencies, heard, private_road
from groupbot.intake.registering import register
from groupbot.moment import Moment
from groupbot.moves import Filing
from groupbot.records import Form, Person, Reading, instant, micros
from groupbot.rules import worktime
from groupbot.rules.danger import danger_words
from groupbot.rules.phones import find_phones
from groupbot.rules.readings import read_labels
from groupbot.rules.readings.prose import guess_place
from groupbot.rules.replies import read_reply
from groupbot.rules.taken_back import is_taken_back
from groupbot.rules.text import bare
from groupbot.store import drafts, inbox, requests
from groupbot.store.drafts import Draft

LONGEST_YES = 2  # words that say yes, or no, and nothing else
LONGEST_SURE_YES = 4  # words of a line that can be nothing but a yes: "Yes please register it"
LONGEST_CORRECTION = 8  # words
NO_PLACE = ("question", "later", "chase", "thanks", "seen", "done")  # meanings of what is no answer to "where?"
MOST_OFFERED = 2  # times that one need is offered, however often its words are changed
NUDGE_AFTER = timedelta(hours=4)


def begin(moment: Moment, person: Person, reading: Reading, missing: tuple[str, ...]) -> None:
    """Keep an incomplete form as a draft, say what it lacks, and nudge its author once, alone, in working time."""
    language = reading.language or moment.language
    draft = keep(moment, reading.forms[0], missing, language, kind="incomplete")
    ask(moment, person, draft)
    chat = moment.roster.private_chat(person.id)
    if chat is not None:
        calendar = moment.jurisdiction.calendar
        moment.queue(
            "send",
            (chat.platform, chat.chat_id),
            "draft_nudge",
            params=_missing(person, missing) | {"at": micros(moment.update.sent_at)},
            language=language,
            not_before=worktime.next_open(moment.update.sent_at + NUDGE_AFTER, calendar),
            holds=f"draft:{draft.id}",
            draft_id=draft.id,
        )


def begin_beside(moment: Moment, person: Person, reading: Reading) -> None:
    """Of a post with several forms those without a number are named; a single one is a draft, asked for what it lacks.

    The draft stands beside the post, not for it: a reply to the post is about its requests.
    """
    language, required = reading.language or moment.language, moment.jurisdiction.vocabulary.required
    lacking = {
        number: tuple(code for code in required if code not in form.given()) for number, form in reading.unfinished
    }
    number, form = reading.unfinished[0]
    if len(lacking) > 1:
        params = _missing(person, tuple(dict.fromkeys(code for codes in lacking.values() for code in codes)))
        params |= emergencies.numbers_beside(moment, [form for _, form in reading.unfinished], language)
        moment.say("unfinished_several", params | {"numbers": list(map(str, lacking))}, language=language)
        return
    update = moment.update
    place = drafts.free_place(moment.tx, update.platform, update.chat_id, update.message_id, number)
    draft = keep(moment, form, lacking[number], language, kind="incomplete", message_id=place)
    params = _missing(person, lacking[number]) | {"number": number}
    params |= emergencies.numbers_beside(moment, [form], language)
    moment.say("unfinished", params, language=language, draft_id=draft.id, asks=person)


def keep(
    moment: Moment, form: Form, missing: tuple[str, ...], language: str, *, kind: str, message_id: str | None = None
) -> Draft:
    """Keep a form of this post, or of another one of this chat, as a draft."""
    update = moment.update
    sent_at = micros(update.sent_at)
    own = message_id or drafts.free_place(moment.tx, update.platform, update.chat_id, update.message_id)
    place = (update.platform, update.chat_id, own)
    person_id = moment.person.id if moment.person else None
    code = moment.group.service_code or ""
    draft = Draft(0, *place, person_id, code, form, missing, language, sent_at, kind)
    lapses_at = update.sent_at + timedelta(hours=moment.jurisdiction.protocol.file.limits.draft_hours)
    return replace(draft, id=drafts.add(moment.tx, moment.jurisdiction.id, draft, lapses_at))


def ask(moment: Moment, person: Person, draft: Draft) -> None:
    """Say only what is missing; of an emergency, also whom to call meanwhile."""
    params = _missing(person, draft.missing) | emergencies.numbers_beside(moment, [draft.form], draft.language)
    moment.say("incomplete", params, language=draft.language, draft_id=draft.id, asks=person)


def offer(
    moment: Moment, form: Form, missing: tuple[str, ...], language: str, *, message_id: str | None = None
) -> None:
    """A need in prose, of this post or of another one of this chat, is kept as a draft and offered back as a form."""
    draft = keep(moment, form, missing, language, kind="offered", message_id=message_id)
    call = emergencies.numbers_beside(moment, [form], language)
    offering.offer_form(moment, draft.id, form, language, call)


def _missing(person: Person, missing: tuple[str, ...]) -> dict[str, object]:
    return {"person": person.called, "missing": [f"field.{code}" for code in missing], "count": len(missing)}


def by_label(moment: Moment, reading: Reading) -> bool:
    """A bare label ("Location: …") that completes the sender's own open draft in this chat."""
    draft = _own_open(moment)
    if draft is None:
        return False
    given = set(reading.forms[0].given()) - {"ward"}
    if not given or given & set(draft.form.given()):
        return False  # it repeats what the draft has: a new form, not its completion
    return _add(moment, draft, replace(reading.forms[0], ward=draft.form.ward))


def by_lone_label(moment: Moment) -> bool:
    """Labels that make no form by themselves ("Location: Tot"), giving only what the sender's own open draft lacks."""
    draft = _own_open(moment)
    if draft is None:
        return False
    form = read_labels(moment.update.text, moment.jurisdiction.vocabulary)
    given = set(form.given())
    return bool(given) and given <= set(draft.missing) and _add(moment, draft, form)


def _own_open(moment: Moment) -> Draft | None:
    """The sender's own latest draft in this chat, if it is still open to what is no reply."""
    if moment.person is None:
        return None
    draft = drafts.latest_open(moment.tx, moment.update.platform, moment.update.chat_id, moment.person.id)
    return None if draft is None or _has_lapsed(moment, draft) else draft


def lacks_place(moment: Moment) -> Draft | None:
    """The sender's open draft that waits for its place, or None."""
    draft = _own_open(moment)
    return draft if draft is not None and "location" in draft.missing else None


def by_reply(moment: Moment, draft: Draft) -> bool:
    """A reply by the draft's author: labelled fields, or the missing value in plain words.

    A draft lapses for bare labels and taps, which may mean anything after a day; a reply means this one at any time,
    and its clocks run from the reply.
    """
    if moment.person is None or not _is_author(moment, draft):
        return False
    if level := emergencies.level_said(moment):
        return _take_level(moment, draft, level)
    if _is_bare_yes(moment):
        if draft.missing:
            ask(moment, moment.person, draft)  # YES is no place
        else:
            register_draft(moment, draft.id)
        return True
    vocabulary = moment.jurisdiction.vocabulary
    labelled = read_labels(moment.update.text, vocabulary)
    if not labelled.given() and _take_back(moment, draft):
        return True
    form = labelled if labelled.given() else _place_told(moment, moment.person, draft)
    if form is None or (not labelled.given() and _correct(moment, draft)):
        return True
    if "ward" in draft.missing and form.ward is None:
        form = replace(form, ward=vocabulary.wards.find(moment.update.text))
    return bool(form.given()) and _add(moment, draft, form)


def by_plain_yes(moment: Moment) -> bool:
    """YES without a reply, from whom a form was just offered, before anybody else asked: it can be about nothing else.

    "Just" is the time within which a line without a reply is taken for part of what was last talked about.
    """
    update = moment.update
    draft = None if update.reply_to or not _is_bare_yes(moment) else _own_open(moment)
    if draft is None or draft.kind != "offered" or draft.missing:
        return False
    just = timedelta(minutes=moment.jurisdiction.protocol.file.limits.context_minutes)
    post = (draft.platform, draft.chat_id, draft.post_id)
    if update.sent_at - instant(draft.sent_at) > just or inbox.others_asked(
        moment.tx, post, update.sender_id, moment.inbox_id
    ):
        return False
    register_draft(moment, draft.id)
    return True


def by_level(moment: Moment) -> bool:
    """EMERGENCY without a reply, from the author of an open draft in this chat; False where there is none."""
    draft = _own_open(moment)
    return draft is not None and _take_level(moment, draft, emergencies.level_said(moment))


def _take_level(moment: Moment, draft: Draft, level: str) -> bool:
    """It is an emergency, or urgent, says its author: of a whole form that is a yes, too."""
    form = replace(draft.form, priority=level)
    drafts.revise(moment.tx, draft, form, draft.missing)
    if not draft.missing:
        _complete(moment, draft, form)
    elif moment.person is not None:
        ask(moment, moment.person, replace(draft, form=form))
    return True


def _take_back(moment: Moment, draft: Draft) -> bool:
    """Its author says that it should not count, or, of a need that was offered as a form, that it is none."""
    refused = draft.kind == "offered" and len(moment.update.text.split()) <= LONGEST_YES
    if not is_taken_back(moment.update.text, moment.jurisdiction.taken_back_words) and not (
        refused and heard.read(moment, asked=True).meaning == "not_yet"
    ):
        return False
    drafts.drop(moment.tx, draft)
    moment.receipt("receipt_noted")
    return True


def _correct(moment: Moment, draft: Draft) -> bool:
    """Short words in reply to an offer that are no yes: another place is offered anew; else how to mend it is said."""
    text = moment.update.text
    if draft.kind != "offered" or draft.missing or len(text.split()) > LONGEST_CORRECTION:
        return False
    place = guess_place(text, moment.jurisdiction.vocabulary)
    waits = read_labels(text, moment.jurisdiction.vocabulary, missing=("location",)) == Form()
    if place is None and (waits or heard.read(moment, asked=True).meaning in ("not_yet", *NO_PLACE)):
        moment.receipt("receipt_noted")
        return True
    if place is None or place == draft.form.location:
        once = f"offer_how|{draft.id}"
        moment.say("offer_how", {}, language=draft.language, draft_id=draft.id, dedup_key=once)
        return True
    form = replace(draft.form, location=place)
    drafts.revise(moment.tx, draft, form, ())
    call = emergencies.numbers_beside(moment, [form], draft.language)
    offering.offer_form(moment, draft.id, form, draft.language, call)
    return True


def _place_told(moment: Moment, person: Person, draft: Draft) -> Form | None:
    """What an answer in plain words gives of what is missing; None where it gives none, and was heard.

    Danger is told first: it is added to the problem, and the numbers to call are printed. A number to call the citizen
    is no place, and neither is a question, thanks, or a word of what will be done.
    """
    text, vocabulary = moment.update.text, moment.jurisdiction.vocabulary
    form = read_labels(text, vocabulary, missing=draft.missing)
    if "location" not in form.given() or form.problem:  # both were asked for, and told on a line each
        return form
    place, phones = guess_place(text, vocabulary), find_phones(text, vocabulary.country)
    if danger_words(text, vocabulary):
        told = replace(draft.form, problem=". ".join(part for part in (draft.form.problem, bare(text)) if part))
        if place:
            return Form(location=place, problem=told.problem)
    elif place:
        return form
    elif phones:
        told = replace(draft.form, reporter_phone=draft.form.reporter_phone or phones[0].e164)
    elif heard.read(moment).meaning in NO_PLACE:
        moment.receipt("receipt_noted")
        return None
    else:
        return form
    drafts.revise(moment.tx, draft, told, draft.missing)
    ask(moment, person, replace(draft, form=told))
    return None


def _is_bare_yes(moment: Moment) -> bool:
    text, vocabulary = moment.update.text, moment.jurisdiction.vocabulary
    count = len(text.split())
    said = read_reply(text, moment.jurisdiction.reply_vocabulary, asked=True) if count <= LONGEST_SURE_YES else None
    if said is None or not said.agrees:
        return False
    if count <= LONGEST_YES:
        return True
    opening = read_reply(text.split()[0], moment.jurisdiction.reply_vocabulary, asked=True)  # not "it was solved"
    return opening.agrees and said.meaning == "yes" and guess_place(text, vocabulary) is None


def by_edit(moment: Moment, draft: Draft, form: Form) -> bool:
    """A form of the unfinished post itself, edited: what it says now counts. False where nothing comes of it."""
    if not _is_author(moment, draft):
        return False
    if draft.kind == "offered" and form.problem and not form.location and draft.form.location:
        return _ask_anew(moment, draft, form)
    whole = replace(draft.form, **form.given())
    filed = draft.kind == "offered" and not draft.missing and form.given().keys() >= {"location", "problem"}
    if filed and whole == draft.form:
        _complete(moment, draft, whole)  # they put their need into the form that was offered: that is a yes
        return True
    return _add(moment, draft, form)


def _ask_anew(moment: Moment, draft: Draft, form: Form) -> bool:
    """Another need stands in the place of the one that was offered, and is nowhere yet: its place is asked for."""
    whole = replace(draft.form, location=None, **form.given())
    missing = ("location", *(code for code in draft.missing if code != "location"))
    if (whole, missing) != (draft.form, draft.missing) and moment.person is not None:
        drafts.revise(moment.tx, draft, whole, missing)
        ask(moment, moment.person, replace(draft, form=whole, missing=missing))
    return True


def by_edited_prose(moment: Moment, draft: Draft, form: Form) -> None:
    """A need that was offered back as a form is told in other words: these are offered instead."""
    if form == draft.form or not form.problem:
        return
    asked = drafts.lines_about(moment.tx, draft.id)
    drafts.revise(moment.tx, draft, form, tuple(code for code in ("location", "ward") if getattr(form, code) is None))
    call = emergencies.numbers_beside(moment, [form], draft.language)
    if call or (asked < MOST_OFFERED and not emergencies.under_way(moment)):
        offering.offer_form(moment, draft.id, form, draft.language, call)
    else:
        moment.receipt("receipt_noted")


def register_draft(moment: Moment, draft_id: int) -> None:
    """A form that was offered for a need in prose is accepted as it stands."""
    draft = drafts.by_id(moment.tx, draft_id)
    if draft is not None and not draft.missing:
        _complete(moment, draft, draft.form)


def _is_author(moment: Moment, draft: Draft) -> bool:
    return moment.person is not None and moment.person.id == draft.person_id


def _has_lapsed(moment: Moment, draft: Draft) -> bool:
    hours = timedelta(hours=moment.jurisdiction.protocol.file.limits.draft_hours)
    return moment.update.sent_at >= instant(draft.sent_at) + hours


def _add(moment: Moment, draft: Draft, form: Form) -> bool:
    given = form.given()
    whole = replace(draft.form, **given)
    missing = tuple(code for code in draft.missing if code not in given)
    if missing == draft.missing and whole == draft.form:
        return False
    drafts.revise(moment.tx, draft, whole, missing)
    if moment.person and private_road.is_of_it(whole, moment.jurisdiction.vocabulary):
        case = private_road.open_case(moment, moment.person, whole, draft.language)
        drafts.complete(moment.tx, draft, case.id)
    elif not missing:
        _complete(moment, draft, whole)
    elif moment.person and missing != draft.missing:
        ask(moment, moment.person, replace(draft, form=whole, missing=missing))
    return True


def _complete(moment: Moment, draft: Draft, form: Form) -> None:
    update = moment.update
    part = requests.next_part(moment.tx, update.platform, update.chat_id, update.message_id)
    found = register(moment, [Filing.of(form, moment, draft.service_code, draft.language, part)])
    drafts.complete(moment.tx, draft, found[0].id)
    message = (draft.platform, draft.chat_id, draft.post_id)
    requests.link_message(moment.tx, message, [found[0].id], "post", moment.now)
