"""A reply to a tracked line: which request it is about. `word_acts` is what the words then do."""

from __future__ import annotations

from dataclasses import replace

from groupbot import commands, moves, offering, previewing
from groupbot.commands import targets
from groupbot.intake import completions, emergencies, heard, taking, word_acts
from groupbot.moment import Moment
from groupbot.records import Form, Person, ServiceRequest
from groupbot.rules import references
from groupbot.rules.commands import MARKS, read_command
from groupbot.rules.danger import danger_words
from groupbot.rules.likeness import share_words
from groupbot.rules.readings import read_labels, read_post
from groupbot.rules.readings.prose import guess_place
from groupbot.rules.revising import paired
from groupbot.store import drafts, offers, requests

LONGEST_WORD = 16  # words of a line that may be the citizen's word without being a reply


def take(moment: Moment) -> bool:
    """Handle a reply to a line of the bot or to a post that it tracks; False when it is neither."""
    update = moment.update
    if update.reply_to is None:
        return False
    if previewing.take_reply(moment) or taking.by_reply(moment):
        return True
    message = (update.platform, update.chat_id, update.reply_to)
    draft = drafts.by_message(moment.tx, *message)
    if draft is not None:
        return completions.by_reply(moment, draft)
    return _take_about(moment, requests.by_message(moment.tx, *message))


def take_by_number(moment: Moment) -> bool:
    """A line without a reply that begins with a reference and says something of it; False when it does not.

    One of the roster's people who has mistyped it in a short line is told the nearest real ones.
    """
    text = moment.update.text
    found = references.find(text, moment.jurisdiction.prefixes)
    if not found or text[: found[0].start].strip(" \t*_"):
        return False
    if not found[0].valid:
        brief = len(text.split()) <= LONGEST_WORD and "\n" not in text.strip()
        if brief and moment.person is not None:
            commands.show_status(moment, found[0])
        return brief and moment.person is not None
    request = requests.by_reference(moment.tx, moment.jurisdiction.id, found[0].text)
    if request is None or not moves.held(moment, request):
        return False
    said = text[found[0].end :].strip(" \t\n:,.-")
    call = read_command(said, moment.jurisdiction.command_aliases) if said.startswith(MARKS) else None
    if call is not None:  # "HLT-26-0042-R /resolve delivered": the number may as well stand in front
        commands.run(moment, replace(call, rest=f"{found[0].text} {call.rest}"))
        return True
    moment.update = replace(moment.update, text=said)
    word_acts.take(moment, request)
    return True


def take_plain_word(moment: Moment) -> bool:
    """YES, NOT YET or EMERGENCY without a reply, from who has exactly one such question open here; False otherwise.

    YES to a form that was just offered is the answer to that.

    Without a reply only what can be nothing else counts: "Yes" or "Not yet" alone, or one short line that says by
    itself that the citizen agrees, or does not: the one is as easily lost as the other.
    """
    words = moment.update.text.split()
    if moment.person is not None and emergencies.is_said(moment) and _take_emergency(moment, moment.person):
        return True
    if completions.by_plain_yes(moment):
        return True
    if moment.person is None or moment.group.service_code is None or "\n" in moment.update.text.strip():
        return False
    if len(words) > LONGEST_WORD:
        return False
    open_ones = requests.open_by_poster(moment.tx, moment.person.id, moment.group.service_code)
    asked = [request for request in open_ones if request.state == "answered"]
    if len(asked) != 1:
        return False
    alone = heard.read(moment, asked=True).meaning if len(words) <= 2 else ""
    says_so = heard.read(moment).meaning
    if says_so not in ("yes", "not_yet") and not (alone == "not_yet" or (alone == "yes" and len(words) == 1)):
        return False
    if says_so == "not_yet" and len(words) > 2:
        return _take_plain_no(moment, asked[0])
    word_acts.take(moment, asked[0])
    return True


def _take_plain_no(moment: Moment, request: ServiceRequest) -> bool:
    """A line that says "not yet" of something: of the answer, if it opens so, or names the citizen or the matter.

    In doubt it is asked, once for each answer. What is lacking at another place is another need: False.
    """
    text, vocabulary = moment.update.text, moment.jurisdiction.vocabulary
    about, place = f"{request.address} {request.description}", guess_place(text, vocabulary)
    if place and not share_words(place, about):
        return False
    words = text.split()
    opens = [heard.read(moment, asked=True, instead=part).meaning for part in (words[0], " ".join(words[:2]), words[1])]
    opening = opens[0] == "not_yet" or (opens[1] == "not_yet" and opens[2] != "not_yet")
    labels = (vocabulary.labels.find(word.strip(".,!:;")) for word in words)
    names_citizen = any(label is not None and label.code == "reporter_name" for label in labels)
    if not place and (opening or names_citizen or share_words(text, about)):
        word_acts.take(moment, request)
    else:
        offering.offer_citizen_word(moment, request)
    return True


def _take_emergency(moment: Moment, person: Person) -> bool:
    """EMERGENCY without a reply, from whom the bot asks for it, or for more of a form; of several it asks which."""
    chat = (moment.update.platform, moment.update.chat_id)
    asked = offers.made_to(moment.tx, "emergency", person.id, chat, moment.now)
    about = [requests.by_id(moment.tx, pk) for pk in sorted({one.request_id for one in asked if one.request_id})]
    if len(about) > 1:
        offering.offer_choice(moment, about, {"text": moment.update.text})
    elif about:
        word_acts.take(moment, about[0])
    return bool(about) or completions.by_level(moment)


def _take_about(moment: Moment, found: list[ServiceRequest]) -> bool:
    """Words about one of several requests weigh for one only; harmless ones are about all of them."""
    chosen = targets.meant(moment, moment.update.text, found)
    weighty = [] if chosen is not None else [one for one in found if word_acts.weighs(moment, one)]
    form = read_labels(moment.update.text, moment.jurisdiction.vocabulary)
    if found and moment.group.kind == "department" and _is_post_of_its_own(moment, form, found):
        return False
    if found and not any(moves.held(moment, one) for one in found) and _is_need_of_its_own(moment):
        return False
    if len(weighty) > 1:
        call = emergencies.numbers_beside(moment, [form], weighty[0].language)
        offering.offer_choice(moment, weighty, {"text": moment.update.text}, call=call)
        return True
    for number, request in enumerate([chosen] if chosen is not None else weighty or found):
        # what was said of one may have been said of its twin here too
        word_acts.take(moment, requests.by_id(moment.tx, request.id) if number else request)
    return bool(found)


def _is_need_of_its_own(moment: Moment) -> bool:
    """Whether the words of somebody who has no part in these requests tell of a need themselves.

    Offices and observers talk about others' requests; of them only danger is a need.
    """
    vocabulary, text = moment.jurisdiction.vocabulary, moment.update.text
    reading = read_post(text, vocabulary, sender_role="ward_admin", sender_ward=None)
    if moment.group.kind != "department" or reading.kind != "unformatted":
        return False
    posts = moment.person is None or any(grant.ward for grant in moment.person.grants)
    return posts or bool(danger_words(text, vocabulary))


def _is_post_of_its_own(moment: Moment, form: Form, found: list[ServiceRequest]) -> bool:
    """Whether a reply is a whole form that is none of these requests': another's, or of another need than the only one.

    An officer's names its ward: else it may well be an answer in the shape of a form.
    """
    person, required = moment.person, moment.jurisdiction.vocabulary.required
    if person is None or not form.given().keys() >= set(required):
        return False
    if all(one.poster_id != person.id for one in found):
        return form.ward is not None or any(grant.ward for grant in person.grants)
    first = found[0]
    told = Form(first.ward, first.address, first.description, first.priority)
    return len(found) > 1 or paired([told], [form]) == [None]
