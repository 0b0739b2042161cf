"""How one post is read: request, incomplete, unformatted or chatter; with its forms, its road and its language.

Pure: a text and a compiled pack in, a Reading out, whatever the text holds. Exact readings are kept in tests/corpus.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from groupbot.records import Form, Reading, ReadingKind, Route
from groupbot.rules.readings.drafts import Draft, Post
from groupbot.rules.readings.lines import packed
from groupbot.rules.readings.needs import REFERENCE, need_reason
from groupbot.rules.readings.parsing import parse
from groupbot.rules.readings.phrases import Heard
from groupbot.rules.readings.private_route import LABELLED, OF_PROSE, private_reason, told_of
from groupbot.rules.readings.prose import offer
from groupbot.rules.readings.signs import laughs
from groupbot.rules.readings.values import Sender, names_ward, values
from groupbot.rules.readings.vocabulary import Vocabulary
from groupbot.rules.text import bare

__all__ = ["Vocabulary", "read_labels", "read_post"]

READ_LENGTH = 16_000  # characters of a post that are looked into: twenty long requests
_CITIZEN = frozenset({"reporter_name", "reporter_phone"})
_TOLD_BY = _CITIZEN | {"channel"}
_OWN_WARD = frozenset({None, "ward_admin", "champion", "sub_county_admin"})  # may leave the ward out
_OUTSIDE = "stranger"
_SENTENCE_END = re.compile(r"([.!]|\?(?!\w+=))")  # "?q=" is a link's
_WITH_UNFINISHED = "form_with_unfinished_ones"
_LONGEST_TITLE = 14  # words, all in capitals
_FEWEST_LABELS = 3  # of a form without header and problem
_MOST_OF_SETTLED = 3  # words of a problem that is over
_UNASKED = 1.5  # how much more a confidential matter must weigh in what tells of no need
_MORE_WORDS = re.compile(rf"(?:[A-Za-z0-9]\S*\s+){{{_MOST_OF_SETTLED}}}[A-Za-z0-9]")  # surely


def read_post(text: str, vocabulary: Vocabulary, *, sender_role: str | None, sender_ward: str | None) -> Reading:
    """Read one post. `sender_role` None means a sender whose role is not known; `sender_ward` is canonical or None."""
    text = packed(text)[:READ_LENGTH]
    sender = Sender(sender_role, sender_ward)
    heard = Heard.of(text)
    post = parse(text, vocabulary)
    language = _language(post, heard, vocabulary)
    reading = _labelled(text, post, heard, vocabulary, sender) if post.drafts else None
    if reading is None:
        reading = _prose(text, post, heard, vocabulary, sender)
    kind, forms, missing, reason = reading
    unfinished = _unfinished(post, vocabulary, sender) if reason == _WITH_UNFINISHED or kind == "incomplete" else ()
    if kind == "incomplete":
        unfinished = tuple([one for one in unfinished if one[0] > 1])  # the first is the one in `forms`
    route: Route = "public"
    if kind != "chatter" and _is_private(text, post, forms, vocabulary):
        route = "private"
    return Reading(kind, forms, missing, route, language, reason, unfinished)


def _is_private(text: str, post: Post, forms: Sequence[Form], vocabulary: Vocabulary) -> bool:
    """Whether a post must leave the group: by all of prose, by what a form says of its matter, or by what is beside."""
    if not post.drafts:
        return bool(private_reason(text, vocabulary, more=OF_PROSE))
    if len(forms) == 1 and not _says_more(text, post, forms[0]):
        return bool(private_reason(forms[0].problem or "", vocabulary))
    return any(private_reason(told, vocabulary) for told in told_of(text, forms))


def _says_more(text: str, post: Post, form: Form) -> bool:
    """Whether a form has more lines, or longer ones, than its labels with where, who and how need."""
    lines = post.header + len(post.drafts[0].texts)
    return (
        text.count("\n") >= lines or len(text) - len(form.problem or "") - len(form.location or "") > LABELLED * lines
    )


def read_labels(text: str, vocabulary: Vocabulary, *, missing: Sequence[str] = ()) -> Form:
    """The fields a completing reply gives: labelled ones, or a bare answer to what is `missing`.

    A bare answer is taken when one field is missing, or when it has as many lines as fields are missing. The ward is
    filled only when the reply names one.
    """
    text = packed(text)[:READ_LENGTH]
    post = parse(text, vocabulary)
    if post.drafts:
        return values(post.drafts[0], vocabulary, Sender())[0]
    lines = [value for line in text.splitlines() if (value := bare(line)) and not _says_nothing(value, vocabulary)]
    if len(missing) == 1:
        lines = [" ".join(lines)] if lines else []
    answers = dict(zip(missing, lines, strict=True)) if lines and len(lines) == len(missing) else {}
    return Form(**{code: answer for code, answer in answers.items() if code in ("location", "problem")})


def _says_nothing(value: str, vocabulary: Vocabulary) -> bool:
    heard = Heard.of(value)
    social = vocabulary.around.social.opens(heard) and len(heard.line.split()) <= 4
    return social or value.endswith("?") or vocabulary.is_placeholder(value)


_Found = tuple[ReadingKind, tuple[Form, ...], tuple[str, ...], str]


def _labelled(text: str, post: Post, heard: Heard, vocabulary: Vocabulary, sender: Sender) -> _Found | None:
    """The reading of a post with labels; None when its labels are chance and it must be read as prose."""
    if len(post.codes) == 1 and "priority" in post.codes and not post.header:
        return None  # "DHARURA: nyumba imeanguka, watu wako ndani"
    named = sender.role in _OWN_WARD or _named(post.drafts, vocabulary)
    if not named and (above := vocabulary.wards.mentioned("\n".join(post.lead))):
        sender, named = sender._replace(ward=above), True  # "Two for your action, both from Metkei ward"
    every = _every(post, vocabulary, sender)
    forms, cut_short = every[: vocabulary.max_requests], len(every) > vocabulary.max_requests
    silent = _why_no_form(post, forms, heard, vocabulary, sender) or _why_not_new(text, post, forms, heard, vocabulary)
    if silent:
        return "chatter", (), (), silent
    if not _is_form(post, forms, own_ward=sender.role in _OWN_WARD):
        return ("chatter", (), (), "labels_of_no_form") if len(post.codes) >= 3 else None
    whole = tuple([form for form in forms if not _missing(form, vocabulary)])
    if not named:
        # Whoever has no ward of his own must name one; what he reports is still worth a number.
        sure = whole and (post.header or whole[0].priority)
        return ("unformatted", whole[:1], (), "no_ward") if sure else ("chatter", (), (), "no_ward")
    if whole:
        if len(whole) == vocabulary.max_requests and cut_short:
            return "request", whole, (), "form_cut_short"
        return "request", whole, (), "form" if len(whole) == len(forms) else _WITH_UNFINISHED
    return "incomplete", forms[:1], _missing(forms[0], vocabulary), "form_lacks_fields"


def _every(post: Post, vocabulary: Vocabulary, sender: Sender) -> tuple[Form, ...]:
    if len(post.drafts) == 1:
        return values(post.drafts[0], vocabulary, sender)
    return tuple([form for draft in post.drafts for form in values(draft, vocabulary, sender)])


def _unfinished(post: Post, vocabulary: Vocabulary, sender: Sender) -> tuple[tuple[int, Form], ...]:
    """Beside whole forms, those that tell a problem and lack something; what is only begun was hardly meant."""
    forms = _every(post, vocabulary, sender)[: vocabulary.max_requests]
    numbered = enumerate(forms, 1)
    return tuple([(number, form) for number, form in numbered if form.problem and _missing(form, vocabulary)])


def _why_no_form(post: Post, forms: tuple[Form, ...], heard: Heard, vocabulary: Vocabulary, sender: Sender) -> str:
    """Why a labelled post is not a form at all, or an empty string."""
    around = vocabulary.around
    no_need_told = not post.header and "problem" not in post.codes
    outside = sender.role == _OUTSIDE
    if (no_need_told and outside) or ((no_need_told or outside) and around.adverts.any(heard)):
        return "labels_of_an_outsider"
    begun = post.header and any(map(_names_only_ward, post.drafts))
    if not (begun or any(map(_is_filled, forms))) or all(_only_explains(draft, vocabulary) for draft in post.drafts):
        return "blank_form"
    if post.lead and around.examples.any(Heard.of(" / ".join(post.lead))):
        return "example_of_the_form"
    if post.asks and not post.header and any(_asks_how(form, heard, vocabulary) for form in forms):
        return "question_on_the_form"
    if post.header or not (post.lead or post.notices):
        return ""
    return "notice" if _is_notice(post, vocabulary) or _invites(post, forms, vocabulary, sender) else ""


def _why_not_new(text: str, post: Post, forms: tuple[Form, ...], heard: Heard, vocabulary: Vocabulary) -> str:
    """Why a form asks for nothing new: it is asked about, over, or a joke; or an empty string."""
    if _is_chase(post, heard, vocabulary):
        return "question_on_a_known_request"
    if all(_is_settled(form, vocabulary) for form in forms) or _ends_settled(
        post, vocabulary, quoted=text.startswith(">")
    ):
        return "settled"
    joking = not post.header and laughs(text, heard, vocabulary)
    if joking and all(_is_hollow(draft, form, vocabulary) for draft, form in zip(post.drafts, forms, strict=False)):
        return "joke"
    return ""


def _asks_how(form: Form, heard: Heard, vocabulary: Vocabulary) -> bool:
    """Whether the form itself is asked about; a problem with its place may well name an example of what is wrong."""
    problem, examples = form.problem or "", vocabulary.around.examples
    return "?" in problem and (examples.opens(Heard.of(problem)) if form.location else examples.any(heard))


def _is_filled(form: Form) -> bool:
    """Whether anything is told; a channel alone is a line below a blank form, taken for the last label's."""
    return any((form.location, form.problem, form.priority, form.reporter_name, form.reporter_phone))


def _names_only_ward(draft: Draft) -> bool:
    """A form sent too early: its ward, and not even the label of anything else."""
    return set(draft.texts) == {"ward"} and bool(draft.texts["ward"])


def _is_bracketed(text: str) -> bool:
    return text[0] == "(" and text[-1] == ")"


def _only_explains(draft: Draft, vocabulary: Vocabulary) -> bool:
    """A form that says what to write: each value in brackets, or a template's words beside the list of all levels.

    Or in the writer's own words, half of the values at least, and whatever is told of place and problem among them.
    """
    level = draft.texts.get("priority")
    listed = level and vocabulary.names_all_levels(" ".join(level).strip())
    explains = vocabulary.around.explains.open_text
    for code in () if listed else vocabulary.required:
        told = " ".join(draft.texts.get(code, ())).strip()
        if told and not _is_bracketed(told) and not explains(told):
            return False  # most forms end here: place and problem are told in words of no template
    given = {code: text for code, parts in draft.texts.items() if (text := " ".join(parts).strip())}
    own = [code for code, text in given.items() if explains(text)]
    if len(own) > 1 and len(own) * 2 >= len(given) and set(own) >= given.keys() & set(vocabulary.required):
        return True
    asks = vocabulary.around.placeholder_starts.open_text
    for code, text in given.items():
        explained = _is_bracketed(text) or code == "channel"
        if not (explained or (listed and (code == "priority" or asks(text)))):
            return False
    return draft.has("location") and draft.has("problem")


def _is_notice(post: Post, vocabulary: Vocabulary) -> bool:
    """A title that belongs to a notice above the labels, or labels that only notices have."""
    if any(_is_title(line, vocabulary) for line in post.lead[:4]):
        return True
    both = {"location", "problem"} <= post.codes
    return post.notices >= (2 if both and not post.references else 1)


def _invites(post: Post, forms: tuple[Form, ...], vocabulary: Vocabulary, sender: Sender) -> bool:
    """ "LAND CLINIC", its place and "Details:", of no citizen and no level, in words that tell of no need."""
    if not post.lead or not post.codes.isdisjoint(_TOLD_BY | {"priority"}) or len(forms) != 1:
        return False
    named = [word for word in post.drafts[0].spellings if vocabulary.labels.exact[word].code == "problem"]
    if not vocabulary.around.notice_details.issuperset(named or [""]) or not _heads(post.lead[0]):
        return False
    told = f"{post.lead[0]}. {forms[0].problem}"
    return not need_reason(told, Heard.of(told), vocabulary, sender)


def _heads(line: str) -> bool:
    return line.isupper() and len(line.split()) <= _LONGEST_TITLE


def _is_announcement(post: Post, vocabulary: Vocabulary) -> bool:
    """Labels that only notices have and none of the form's: two of them, or one under a notice's title."""
    if post.drafts or not post.notices:
        return False
    return post.notices >= 2 or any(_is_title(line, vocabulary) for line in post.lead[:2])


def _is_title(line: str, vocabulary: Vocabulary) -> bool:
    heard = Heard.of(line)
    short = len(heard.line.split()) <= 6 or _heads(line)
    return vocabulary.around.notices.opens(heard) or (short and vocabulary.around.notices.any(heard))


def _ends_settled(post: Post, vocabulary: Vocabulary, *, quoted: bool) -> bool:
    """A form without its header, and below it words that it is over: with thanks, or below a quoted form."""
    if post.header or not post.tail:
        return False
    below = Heard.of(" / ".join(post.tail))
    return vocabulary.needs.settled.any(below) and (quoted or vocabulary.around.social.any(below))


def _is_hollow(draft: Draft, form: Form, vocabulary: Vocabulary) -> bool:
    """A ward that is none ("Emirates"), or a problem of one word: what a joke in the shape of a form has."""
    misnamed = bool(draft.texts.get("ward")) and not names_ward(draft, vocabulary)
    return misnamed or len((form.problem or "").split()) <= 1


def _is_settled(form: Form, vocabulary: Vocabulary) -> bool:
    """ "Issue: resolved": a problem of a few words that say it is over."""
    problem = form.problem or ""
    if _MORE_WORDS.match(problem):
        return False
    heard = Heard.of(problem)
    return len(heard.line.split()) <= _MOST_OF_SETTLED and vocabulary.needs.settled.opens(heard)


def _is_chase(post: Post, heard: Heard, vocabulary: Vocabulary) -> bool:
    """A form with its reference number and a question on its progress: of ours anywhere, else above or below it."""
    if not (post.asks or post.references or post.lead or post.tail):
        return False
    past = vocabulary.around.past
    questions = [asked for draft in post.drafts for asked in _questions(draft)] if post.asks and not post.header else ()
    if any(past.any(Heard.of(asked)) for asked in questions):
        return True
    if not post.header and any("?" in line and past.any(Heard.of(line)) for line in post.lead):
        return True
    if post.asks and any(_asks_behind_a_number(draft) for draft in post.drafts):
        return True
    if not (post.references or post.lead or post.tail):
        return False
    if any(REFERENCE.search(line) for line in (*post.references, *post.lead, *post.tail)):
        asked_above = any("?" in line and not vocabulary.around.social.opens(Heard.of(line)) for line in post.lead)
        return asked_above or past.any(heard) or "?" in " ".join(post.tail) or any(map(_questions, post.drafts))
    labelled = any(any(map(str.isdigit, reference)) for reference in post.references)
    around = " / ".join((*post.lead, *post.tail))
    return labelled and ("?" in " ".join(post.tail) or past.any(Heard.of(around)))


def _asks_behind_a_number(draft: Draft) -> bool:
    """A form in quotation marks on one line, its reference number, and a question, all taken for the problem."""
    problem = " ".join(draft.texts.get("problem", ()))
    number = REFERENCE.search(problem) if "?" in problem else None
    return number is not None and "?" in problem[number.end() :]


def _questions(draft: Draft) -> list[str]:
    """The sentences of a form's values that ask something: on one line the question is taken for the last label's."""
    asked = []
    for told in draft.texts.values():
        parts = _SENTENCE_END.split(" ".join(told))
        asked += [sentence for sentence, end in zip(parts[::2], parts[1::2], strict=False) if end == "?"]
    return asked


def _is_form(post: Post, forms: tuple[Form, ...], *, own_ward: bool) -> bool:
    """Enough of the form: its header, its problem, its place with a level, or its place with ward and citizen.

    Of who writes for a ward of their own a place with its citizen is enough.
    """
    codes = post.codes
    if post.header:
        return True
    if "problem" in codes:
        return len(codes) >= 2 or any(form.problem for form in forms)
    if {"ward", "channel"} <= codes and len(codes) > _FEWEST_LABELS:  # only forms tell how a citizen came
        return True
    if own_ward and "priority" in codes and not codes.isdisjoint(_CITIZEN) and len(codes) >= _FEWEST_LABELS:
        return any(form.priority for form in forms)  # what is wrong, and where, was forgotten
    if "location" not in codes or len(codes) < (2 if "priority" in codes else _FEWEST_LABELS):
        return False
    if codes >= _CITIZEN and post.drafts[0].order[0] == "location" and own_ward:
        return len(post.drafts) == 1
    placed = "ward" in codes and post.drafts[0].order[0] in ("ward", "location")  # a list of people begins with a name
    return any(form.priority or (placed and (form.reporter_name or form.reporter_phone)) for form in forms)


def _named(drafts: list[Draft], vocabulary: Vocabulary) -> bool:
    return all(names_ward(draft, vocabulary) for draft in drafts)


def _missing(form: Form, vocabulary: Vocabulary) -> tuple[str, ...]:
    return tuple([code for code in vocabulary.required if getattr(form, code, None) is None])


def _prose(text: str, post: Post, heard: Heard, vocabulary: Vocabulary, sender: Sender) -> _Found:
    if _is_announcement(post, vocabulary):
        return "chatter", (), (), "notice"
    if post.drafts and post.lead and post.codes <= _TOLD_BY:  # who told of it, under the words; the words are weighed
        told = "\n".join((*post.lead, *post.tail))
        reason = need_reason(told, Heard.of(told), vocabulary, sender)
    else:
        reason = need_reason(text, heard, vocabulary, sender)
    if not reason and sender.role in _OWN_WARD:  # who speaks for a ward is believed in such a matter however briefly
        reason = private_reason(text, vocabulary, more=_UNASKED)
    if not reason:
        return "chatter", (), (), "no_need"
    return "unformatted", (offer(text, vocabulary, sender),), (), reason


def _language(post: Post, heard: Heard, vocabulary: Vocabulary) -> str:
    """The language of most labels; without any, of most everyday words; the pack's first when that is even."""
    if post.languages:
        return max(vocabulary.languages, key=post.languages.count)
    words = {code: len(vocabulary.common.get(code, frozenset()) & heard.words) for code in vocabulary.languages}
    return max(vocabulary.languages, key=lambda code: words[code])
