"""`/request` in reply to any post: whoever wrote it and however, it is offered back as a form to the one who asks."""

from __future__ import annotations

from groupbot.intake import completions
from groupbot.moment import Moment
from groupbot.records import Form, Person, Update
from groupbot.rules.readings import read_post
from groupbot.rules.redaction import redact
from groupbot.rules.text import clean
from groupbot.store import drafts, inbox, requests

LONGEST_OFFER = 600  # characters of a post that are offered back


def claim(moment: Moment) -> None:
    """Make a draft of the post that is replied to, and offer it to the person who asks."""
    update = moment.update
    if moment.person is None or moment.group.service_code is None:
        return
    message = (update.platform, update.chat_id, update.reply_to or "")
    raw = inbox.raw_post(moment.tx, *message)
    if raw is None:
        moment.say("request_how", {})
    elif known := requests.by_message(moment.tx, *message):
        moment.say("already_request", {"refs": [request.service_request_id for request in known]})
    elif drafts.by_message(moment.tx, *message) is None:
        _offer(moment, moment.person, moment.parse(raw))


def _offer(moment: Moment, person: Person, post: Update) -> None:
    form = _form(moment, person, clean(post.text))
    if form is None:
        moment.say("request_how", {})
        return
    missing = tuple(code for code in ("location", "ward") if getattr(form, code) is None)
    completions.offer(moment, form, missing, moment.language, message_id=post.message_id)


def _form(moment: Moment, person: Person, text: str) -> Form | None:
    """What the post says as a form; its own words, without phone numbers, where it is none."""
    ward = next((grant.ward for grant in person.grants if grant.ward), None)
    reading = read_post(text, moment.jurisdiction.vocabulary, sender_role=None, sender_ward=ward)
    if reading.route == "private":
        return None
    if reading.forms and reading.forms[0].problem:
        return reading.forms[0]
    words = " ".join(redact(text, moment.jurisdiction.protocol.file.pack.country).split())[:LONGEST_OFFER]
    return Form(ward=ward, problem=words) if words else None
