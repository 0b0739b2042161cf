"""Whether a post is about corruption, abuse, a child in harm or violence at home, and must leave the group.

Words of the pack are enough, or one of three patterns: somebody harms who is easily harmed; an official asks for a
bribe; an official takes money and gives no receipt. Fees, prices and fines by themselves stay public. Source: the
design's private road; domain research, use 11.
"""

from __future__ import annotations

import re

from groupbot.rules.readings.phrases import Heard
from groupbot.rules.readings.vocabulary import Vocabulary

_AMOUNT = re.compile(r" \d{2,3}(?: ?000)? | \d{4,6} ")


def private_reason(heard: Heard, vocabulary: Vocabulary) -> str:
    """The rule that sends the post to the private road, or an empty string."""
    words = vocabulary.private
    if words.words.any(heard):
        return "private_words"
    harm = words.harmed.any(heard) and words.doers.any(heard) and words.harming.any(heard)
    if harm and not words.harmless.any(heard):
        return "somebody_is_harmed"
    if not words.officials.any(heard):
        return ""
    asking = words.asking.any(heard)
    if asking and words.bribes.any(heard):
        return "official_asks_for_a_bribe"
    if not (asking or words.taking.any(heard)) or not words.no_receipt.any(heard):
        return ""
    money = words.money.any(heard) or _AMOUNT.search(heard.line) is not None
    return "official_takes_money_without_receipt" if money else ""


def is_private(text: str, vocabulary: Vocabulary) -> bool:
    """Whether words are of such a matter: added to a request, or about to be published."""
    return bool(private_reason(Heard.of(text), vocabulary))
