"""Texts made to be slow or strange, of any length, and every rule that reads what people write."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from groupbot import protocol
from groupbot.jurisdiction import Jurisdiction
from groupbot.rules import danger, dates, likeness, names, phones, public_text, references, safety, text, topics
from groupbot.rules.commands import read_command
from groupbot.rules.readings import read_labels, read_post
from groupbot.rules.replies import read_reply, says_nothing

LONGEST = 64_000  # characters of the longest post
SAID_AT = datetime(2026, 11, 24, 7, 10, tzinfo=UTC)
ZALGO = "".join(map(chr, range(0x300, 0x340)))
FORM = "SERVICE REQUEST\nWard: Kapsowar\nLocation: Chesoi dispensary\nProblem: No nurse at night\nPriority: Urgent\n"

# What is repeated, by what it is meant to hurt.
PARTS: Mapping[str, str] = {
    "one letter": "a",
    "one digit": "7",
    "words": "maji ",
    "spaces": " ",
    "line breaks": "\n",
    "labels": "Location: Tot\nProblem: no water\n",
    "labels on one line": "Location: Tot; Problem: no water; Name: Jane; Phone: 0712 000 345; ",
    "labels without values": "Location:\n",
    "misspelt labels": "Locatoin: Tot\nProblm: water\nPriorty: hgih\n",
    "numbered problems": "Problem 1: a\nProblem 2: b\n",
    "colons": "a:b:",
    "separators": "::--==>>||//",
    "brackets": "([{(<",
    "quotes": "\"'`“’",
    "underscores": "_*~`_",
    "struck": "~a",
    "bullets": "- 1. • a) ",
    "numbers": "0712 000 345 ",
    "near numbers": "0712 000 34 ",
    "digits and marks": "0.7-1/2(",
    "plus signs": "+254 ",
    "trunk zeros": "(0) 0-",
    "references": "HLT-26-0042-R ",
    "near references": "HLT-26-",
    "prefixes": "HLT HLTHLT",
    "O for zero": "HLTOOOOO",
    "dashes": "-–—-",
    "clocks": "12:34:56:",
    "dates": "12/11/2026 2026-11-12 ",
    "days": "kesho asubuhi saa nne Friday noon ",
    "numbers of days": "in 3 days 2 wiki ",
    "reply words": "yes but not yet if bado sio ndio ",
    "negations": "not not hakuna ",
    "Swahili verbs": "hawajarekebisha imetengenezwa nitauliza ",
    "question marks": "??!!.. ",
    "wards": "Kapsowar Soy Moiben/Kuserwo ",
    "ward with slips": "Kapsowr Cheranganny ",
    "needs": "no water broken hakuna maji imeharibika ",
    "danger": "snake bite landslide maporomoko ",
    "places": "Kolol market near Tot dispensary at ",
    "officials and money": "chief asked for 500 shillings no receipt ",
    "mentions": "@groupbot @everyone ",
    "commands": "/resolve ",
    "slashes": "/",
    "markup": "<b><i>[x](y)&amp;",
    "JSON": '{"a":[',
    "zalgo": "a" + ZALGO,
    "ligatures": "\ufdfa",
    "joiners": "a\u200d\u200c",
    "overrides": "\u202eabc\u202d",
    "emoji": "👩🏾‍⚕️🙏🏾",
    "flags": "🇰🇪",
    "look-alikes": "Lосаtіоn: ",
    "other digits": "٠٧١٢ ०७१२ ",
    "controls": "\x00\x07\x1b[2J",
    "lone surrogates": "\ud800\udfff",
    "forms": FORM,
}


def texts(length: int = LONGEST) -> dict[str, str]:
    """Each of the parts repeated up to a length in characters, alone and behind a form's first lines."""
    alone = {name: (part * (length // len(part) + 1))[:length] for name, part in PARTS.items()}
    after = {f"{name}, in a form": (FORM[:-1] + filler)[:length] for name, filler in alone.items()}
    return alone | after


@functools.cache
def jurisdiction() -> Jurisdiction:
    """The first pack, compiled once."""
    return Jurisdiction(protocol.load(protocol.locate("ke-elgeyo-marakwet")))


def rules() -> Mapping[str, Callable[[str], object]]:
    """Every rule that reads people's words, by name, each of one text."""
    ours = jurisdiction()
    words, replies, zone = ours.vocabulary, ours.reply_vocabulary, ours.calendar
    lore = ours.name_lore
    return {
        "clean": text.clean,
        "fold": text.fold,
        "bare": text.bare,
        "unmask": text.unmask,
        "read_post": lambda said: read_post(said, words, sender_role="ward_admin", sender_ward="Kapsowar"),
        "read_post of an officer": lambda said: read_post(said, words, sender_role="coordinator", sender_ward=None),
        "read_labels": lambda said: read_labels(said, words, missing=("location", "problem")),
        "read_reply": lambda said: read_reply(said, replies, asked=True),
        "says_nothing": lambda said: says_nothing(said, replies),
        "find_time": lambda said: dates.find_time(said, SAID_AT, ours.date_words, zone),
        "references": lambda said: references.find(said, ours.prefixes),
        "read_command": lambda said: read_command(said, ours.command_aliases),
        "find_phones": lambda said: phones.find_phones(said, "KE"),
        "to_e164": lambda said: phones.to_e164(said, "KE"),
        "called": lambda said: names.called(said, ours.titles),
        "danger_words": lambda said: danger.danger_words(said, words),
        "says_safe": lambda said: safety.says_safe(f"{said} everybody is safe", ours.safety_words, words),
        "best_department": lambda said: topics.best_department(said, words),
        "find_topic": lambda said: topics.find_topic(said, "health", words),
        "ward": words.wards.find,
        "publishable": lambda said: public_text.publishable(said, "KE", ("Zipporah Kipzovipu",), lore),
        "without_links": public_text.without_links,
        "share_words": lambda said: likeness.share_words(said, said),
    }
