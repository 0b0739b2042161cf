"""What an unfinished form lacks: asked for once, given in a reply to the bot or one's own post, or by a bare label."""

from __future__ import annotations

from dataclasses import replace

from groupbot.intake.registering import register
from groupbot.moment import Moment
from groupbot.moves import Filing
from groupbot.records import Form, Person, Reading
from groupbot.rules.readings import read_labels
from groupbot.store import drafts, requests
from groupbot.store.drafts import Draft


def ask(moment: Moment, person: Person, missing: tuple[str, ...], language: str, draft_id: int) -> None:
    """Say only what is missing."""
    params = {"person": person.called, "missing": [f"field.{code}" for code in missing], "count": len(missing)}
    moment.say("incomplete", params, language=language, draft_id=draft_id)


def by_label(moment: Moment, reading: Reading) -> bool:
    """A bare label ("Location: …") that completes the sender's own open draft in this chat."""
    if moment.person is None:
        return False
    draft = drafts.latest_open(moment.tx, moment.update.platform, moment.update.chat_id, moment.person.id)
    if draft is None:
        return False
    given = _fields(reading.forms[0]) - {"ward"}
    if not given or given & _fields(draft.form):
        return False  # it repeats what the draft has: a new form, not its completion
    return _add(moment, draft, reading.forms[0])


def by_reply(moment: Moment, draft: Draft) -> bool:
    """A reply by the draft's author: labelled fields, or the one missing value in plain words."""
    if moment.person is None or moment.person.id != draft.person_id:
        return False
    form = read_labels(moment.update.text, moment.jurisdiction.vocabulary, missing=draft.missing)
    return bool(form.given()) and _add(moment, draft, form)


def _fields(form: Form) -> set[str]:
    return set(form.given())


def _add(moment: Moment, draft: Draft, form: Form) -> bool:
    whole = replace(draft.form, **form.given())
    missing = tuple(code for code in draft.missing if code not in form.given())
    if missing == draft.missing:
        return False
    drafts.revise(moment.tx, draft, whole, missing)
    if missing:
        if moment.person:
            ask(moment, moment.person, missing, draft.language, draft.id)
        return True
    _complete(moment, draft, whole)
    return True


def _complete(moment: Moment, draft: Draft, form: Form) -> None:
    opened = register(moment, [Filing(form, draft.service_code, draft.language, moment.update)])
    if opened:
        drafts.complete(moment.tx, draft, opened[0].id)
        message = (draft.platform, draft.chat_id, draft.message_id)
        requests.link_message(moment.tx, message, [opened[0].id], "post", moment.now)
