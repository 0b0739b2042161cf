"""Whether a post is about corruption, abuse, a child in harm or violence at home, and must leave the group.

People tell of such matters in words that nobody listed, and use the listed ones of much else: of campaigns, shelters
and football. So all words are weighed together, as those of a need are, by weights fitted to examples of such matters
and of their innocent neighbours. What is listed adds to that: a word of the pack, or one of three patterns (somebody
harms who is easily harmed; an official asks for a bribe; an official takes money and gives no receipt). In a pack
without weights it decides alone. Fees, prices and fines by themselves stay public. Source: the design's private road;
domain research, use 11.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from groupbot.records import Form
from groupbot.rules.readings.phrases import Heard
from groupbot.rules.readings.vocabulary import Vocabulary

OF_PROSE = 0.9  # how much more prose must weigh than what stands as a problem: it tells of much besides
_BY_WORD = "private_words"
_OF_A_PART = 2.3  # how much less a sentence must weigh that has a listed word
LABELLED = 21  # signs of a label, or of a label with a short value
_MANY = 16  # different words: among so many a sentence is drowned
_PARTS = re.compile(r"[\n•;]+|(?<=[.!?])\s+")
_AMOUNT = re.compile(r" \d{2,3}(?: ?000)? | \d{4,6} ")


def private_reason(told: str, vocabulary: Vocabulary, *, more: float = 0.0) -> str:
    """The rule that sends a post to the private road, or an empty string.

    `told` is what it says of its matter; `more` is how much more that must weigh than elsewhere.
    """
    heard, private = Heard.once(told), vocabulary.private
    if not private.weights.weights:
        return _listed(heard, vocabulary)
    weight = private.weights.mean(heard.words)
    if weight >= private.least + more:
        return "words_of_a_private_matter"
    if weight < private.least - private.pattern and len(heard.words) < _MANY:
        return ""  # nothing that is listed could tell
    listed = _listed(heard, vocabulary)
    if not listed or weight >= private.least - (private.listed if listed == _BY_WORD else private.pattern):
        return listed
    return listed if any(_stands_out(part, vocabulary) for part in _PARTS.split(told)) else ""


def _stands_out(part: str, vocabulary: Vocabulary) -> bool:
    """Whether one sentence or line among others is of such a matter: the others must not drown it."""
    heard, private = Heard.once(part), vocabulary.private
    less = {"": 0.0, _BY_WORD: _OF_A_PART}.get(_listed(heard, vocabulary), private.pattern)
    return bool(less) and private.weights.mean(heard.words) >= private.least - less


def told_of(text: str, forms: Sequence[Form]) -> tuple[str, str]:
    """What a post says of its matter: of forms their problems; and all that stands in no field.

    Where, who and how would only make the matter weigh less.
    """
    given = [value for form in forms for value in form.given().values()]
    rest = [line for line in text.splitlines() if not any(_is_of(line, value) for value in given)]
    return "\n".join([form.problem for form in forms if form.problem]), "\n".join(rest)


def _is_of(line: str, value: str) -> bool:
    """Whether a line has not much besides a value."""
    return len(line) <= len(value) + LABELLED and value.casefold() in line.casefold()


def is_private(text: str, vocabulary: Vocabulary, *, more: float = 0.0) -> bool:
    """Whether words are of such a matter: a problem, an answer, or what is about to be published."""
    return bool(private_reason(text, vocabulary, more=more))


def may_be_private(text: str, vocabulary: Vocabulary) -> bool:
    """Whether words are of such a matter, or come so near to it that only a person can tell."""
    heard, private = Heard.of(text), vocabulary.private
    near = bool(private.weights.weights) and private.weights.mean(heard.words) >= private.asked
    return near or bool(_listed(heard, vocabulary))


def _listed(heard: Heard, vocabulary: Vocabulary) -> str:
    """The list or the pattern of the pack that speaks for it, or an empty string."""
    words = vocabulary.private
    if not words.telling.any(heard):
        return ""
    by_word = _BY_WORD if words.words.any(heard) else ""
    harm = words.harming.any(heard) and words.harmed.any(heard) and words.doers.any(heard)
    if harm and not words.harmless.any(heard):
        return "somebody_is_harmed"
    offers, hides = words.bribes.any(heard), words.no_receipt.any(heard)  # what is seldom told first
    if not (offers or hides) or not (by_word or words.officials.any(heard)):
        return by_word
    asking = words.asking.any(heard)
    if asking and offers:
        return "official_asks_for_a_bribe"
    if not hides or not (asking or words.taking.any(heard)):
        return by_word
    money = words.money.any(heard) or _AMOUNT.search(heard.line) is not None
    return "official_takes_money_without_receipt" if money else by_word
