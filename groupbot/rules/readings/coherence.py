"""How well the fields of a post fit together: a ward that is a ward, a level that is one, a problem of some words.

Of two ways to read one post the one is right whose fields are more what they are labelled as.
"""

from __future__ import annotations

import re

from groupbot.rules.phones import to_e164
from groupbot.rules.readings.drafts import Draft, Post
from groupbot.rules.readings.sites import LINE, SPACE, Site, sites_of
from groupbot.rules.readings.vocabulary import Vocabulary
from groupbot.rules.text import bare, without_struck

BETTER = 2  # points by which another way of reading a post must win over the first
_LONGEST_NAME = 6  # words of a name or a channel
_LONGEST_PLACE = 16
_SURE = frozenset(":|;>-")  # marks behind a label
_MOST_WORDS = 40  # of a value that are looked into for labels
_COUNTED = re.compile(r"[^\W\d_] \d{1,2}[.)]?$")
_LETTERS = re.compile(r"[^\W\d_]{3}")


def coherence(post: Post, vocabulary: Vocabulary) -> int:
    """Points for every field that holds what it should, less points for those that do not and for each further form."""
    return sum(_of_draft(draft, vocabulary) - _cost(draft) * (place > 0) for place, draft in enumerate(post.drafts))


def suits(code: str, value: str, vocabulary: Vocabulary) -> bool:
    """Whether a value is what only one field holds: a ward, a level, a telephone number."""
    if code == "ward":
        return len(value) < 40 and vocabulary.wards.find(value) is not None
    if code == "priority":
        return bare(value).lower().strip(" .!") in vocabulary.priorities
    if code == "reporter_phone":
        return len(value) < 40 and to_e164(value, vocabulary.country) is not None
    return False


def looks_like_name(value: str) -> bool:
    """A few words, each with a capital: "Mzee Kibet", never "No water"."""
    words = bare(value).split()
    return 1 <= len(words) <= 4 and all(word[0].isupper() for word in words)


def _cost(draft: Draft) -> int:
    """What a further form must bring: a form cut in two has a half without its place or its problem."""
    return 2 if draft.texts.get("location") and draft.texts.get("problem") else 6


def _of_draft(draft: Draft, vocabulary: Vocabulary) -> int:
    return sum(_of_field(code, " ".join(parts).strip(), vocabulary) for code, parts in draft.texts.items())


def _of_field(code: str, value: str, vocabulary: Vocabulary) -> int:
    value = without_struck(value)
    hidden = sum(map(_is_marked, sites_of(value, vocabulary, most=_MOST_WORDS)))
    begun = value.partition(" ")[0].lower() in vocabulary.label_verbs  # "is Kaben": of "Location is Kaben"
    counted = code != "reporter_phone" and _COUNTED.search(value) is not None  # "Endo 2)": of "2) Location"
    return _of_value(code, value, vocabulary) - 3 * hidden - begun - counted


def _is_marked(site: Site) -> bool:
    """Whether a label inside a value is set off as labels are, and its value perhaps not this field's."""
    return site.before not in (SPACE, LINE) and site.behind in _SURE


def _of_value(code: str, value: str, vocabulary: Vocabulary) -> int:
    if vocabulary.is_placeholder(bare(value)):
        return 1 if code in vocabulary.required else 0
    words = len(value.split())
    if code in ("ward", "priority", "reporter_phone"):
        return 2 if suits(code, value, vocabulary) else 0 if words <= 3 else -2
    if code == "location":
        return (3 if words <= _LONGEST_PLACE else 1) if _LETTERS.search(value) else 0
    if code == "problem":
        return 4 if words > 1 and _LETTERS.search(value) else 2
    return 1 if words <= _LONGEST_NAME else -2
