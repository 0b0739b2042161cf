"""A post's text -> its drafts and what surrounds them; drafts share what is written once above all of them."""

from __future__ import annotations

from groupbot.rules.readings.coherence import BETTER, coherence
from groupbot.rules.readings.cuts import cuts_of
from groupbot.rules.readings.drafts import JOINED, Draft, Post
from groupbot.rules.readings.forms import assemble
from groupbot.rules.readings.hands import hands
from groupbot.rules.readings.headers import Header
from groupbot.rules.readings.labels import NOT_KEPT, LabelTable
from groupbot.rules.readings.lines import MOST_LINES, REST_OF_MARK, cut, holds_more
from groupbot.rules.readings.phrases import Heard
from groupbot.rules.readings.vocabulary import Vocabulary

_NO_HEADER = Header()
_DASH = " - "
_MARKS = (":", "=", ";", "|", " - ", " – ", " / ", " >")  # more than labels: one may be of a label that was not seen
LOOKED_TWICE = 6_000  # characters of a post that is read again: twenty requests of three hundred
# Above the first form these hold for each; a place or a problem is always a form's own.
_SHARED = ("ward", "priority", "reporter_name", "reporter_phone", "channel", "location")


def parse(text: str, vocabulary: Vocabulary) -> Post:
    """Take a post apart. Any text gives a Post; one without labels has no drafts."""
    tidy = _tidy(text, vocabulary.labels)
    post = tidy or assemble(cut(text, vocabulary.labels), vocabulary)
    if (tidy is None or not _is_whole(tidy, vocabulary)) and _leaves_open(post, text, vocabulary):
        post = _by_hand(post, text, vocabulary)
    post.asks = "?" in text
    if len(post.drafts) > 1:
        _share(post.drafts)
    return post


def _tidy(text: str, table: LabelTable) -> Post | None:
    """The commonest post, put together at once as `assemble` would: one field a line, each once, its label as printed.

    All labels have a colon behind them, or all a dash between spaces. None for a post with anything else in it.
    """
    lines = text.splitlines()
    mark = ":" if ":" in text else _DASH
    if text.count(mark) != len(lines) or len(lines) > MOST_LINES or holds_more(text):
        return None
    if mark == _DASH and not _is_dashed(text, lines, table):
        return None
    exact = table.exact
    texts: dict[str, list[str]] = {}
    spellings, languages, level = list[str](), list[str](), ""
    for line in lines:
        head, marked, value = line.partition(mark)
        label = exact.get(head) or exact.get(head.rstrip())
        value = value.strip()
        if not marked or label is None or value[:1] in REST_OF_MARK:
            return None
        code = label.code
        texts[code] = [value] if value else []
        if code in JOINED:
            if label.spelling in table.spare:
                return None
            spellings.append(label.spelling)
        elif code == "priority":
            level = label.spelling
        if label.language:
            languages.append(label.language)
    if not texts or len(texts) < len(lines) or not NOT_KEPT.isdisjoint(texts):
        return None
    return Post([Draft(_NO_HEADER, texts, spellings, level=level)], codes=set(texts), languages=languages)


def _is_dashed(text: str, lines: list[str], table: LabelTable) -> bool:
    """Whether each line is one value behind one dash: a comma or full stop in it may part it from a further label."""
    if not text.isascii():
        return False
    for line in lines:
        head, _, value = line.partition(_DASH)
        if head not in table.exact or not (head[0].isalpha() and value[:1].isalnum()) or cuts_of(line, table, "-"):
            return False
    return True


def _is_whole(tidy: Post, vocabulary: Vocabulary) -> bool:
    """Whether a form of which every line is a label and its value holds what it must: no other hand reads it better."""
    texts = tidy.drafts[0].texts
    for code in vocabulary.required:
        told = texts.get(code)
        if not told or _is_no_value(told[0], vocabulary):
            return False
    return True


def _leaves_open(post: Post, text: str, vocabulary: Vocabulary) -> bool:
    """Whether a form lacks what it must have, or words of labels stand in the post that were not taken for any."""
    if len(text) > LOOKED_TWICE:
        return False
    for texts in [draft.texts for draft in post.drafts]:
        for code in vocabulary.required:
            if _is_no_value(" ".join(texts.get(code, ())), vocabulary):
                return True
    if not post.drafts:
        return True
    words = vocabulary.labels.words
    if not post.codes.issuperset([words[word] for word in vocabulary.labels.known & Heard.of(text).words]):
        return True
    labels = sum([len(draft.texts) for draft in post.drafts])
    return sum(map(text.count, _MARKS)) > labels


def _is_no_value(text: str, vocabulary: Vocabulary) -> bool:
    """Whether there is nothing in it, or it begins as in "Location is Tot"."""
    return text.partition(" ")[0].lower() in vocabulary.label_verbs or vocabulary.is_placeholder(text)


def _by_hand(first: Post, text: str, vocabulary: Vocabulary) -> Post:
    """The reading by its writer's hand that is clearly better than the first; else the first."""
    best, points, given = first, coherence(first, vocabulary), _given(first)
    for pieces in hands(text, vocabulary):
        post = assemble(pieces, vocabulary)
        reached = coherence(post, vocabulary)
        if reached >= points + (1 if best is not first or given < _given(post) else BETTER):
            best, points = post, reached
    return best


def _given(post: Post) -> set[tuple[int, str]]:
    """Which fields of which form have a value."""
    return {(place, code) for place, draft in enumerate(post.drafts) for code, parts in draft.texts.items() if parts}


def _share(drafts: list[Draft]) -> None:
    """Give every form what stands in the first one before the label that opens the second."""
    first = drafts[0].order
    opener = next((code for code in drafts[1].order if code in first), None)
    above = first[: first.index(opener)] if opener else []
    for draft in drafts[1:]:
        for code in _SHARED:
            if code in above and not draft.texts.get(code):
                draft.texts[code] = drafts[0].texts[code]
