"""Is this text a command, and which? `/cmd`, `!cmd`, or a plain command word before a reference.

Commands are named in code; what people may type for them, in their languages, is the pack's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

STAND_ALONE = frozenset({"mine", "help", "undo"})  # plain words that are a command when they are all that is said
# Commands that are about no single request: before a reference their words are prose ("request HLT-26-0042-R is late").
MARKED_ONLY = frozenset(
    {
        "announce", "approve", "assign", "ban", "connect", "disconnect", "guards", "health", "help", "holiday",
        "invite", "join", "language", "lift", "mine", "mute", "release", "report", "request",
        "warn", "workday",
    }
)  # fmt: skip
_MENTION = re.compile(r"\s*@[^\s:,]{1,64}[:,]?\s+")
MARKS = ("/", "!", "／", "！")  # before a command
_MARKED = re.compile(
    r"\s*[" + "".join(MARKS) + r"][ \t]?(?P<word>[^\W_][^\s@:]{0,39})(?:@(?P<bot>[^\s:]{1,64}))?:?(?=\s|$)[^\S\n]*"
)
_PLAIN = re.compile(r"\s*(?P<word>[^\W_][^\s@:]{0,39}):?(?=\s|$)[^\S\n]*")
_SECOND = re.compile(r"(?P<word>[^\W\d_][^\s@:]{0,39}):?(?=\s|$)[^\S\n]*")  # of a command in two words ("kwa nini")
# Three letters, a year, a counter: the shape only. Whether there is such a request is not asked here.
_REFERENCE = re.compile(r"\W{0,3}[^\W\d_]{3}[\s\-‐-―−_/.]{0,3}[\dOo]{2}[\s\-‐-―−_/.]{0,3}[\dOo]{1,7}(?![\d])")


@dataclass(frozen=True, slots=True)
class CommandCall:
    """A command by its canonical name, and the text after it, line breaks kept.

    `bot` is the name after an @ ("/status@groupbot"), or empty: a call with another bot's name is not for us.
    """

    name: str
    rest: str
    bot: str = ""


def read_command(text: str, aliases: Mapping[str, str]) -> CommandCall | None:
    """The command that a text is, or None.

    `aliases` maps what may be typed, in small letters, to canonical names. With a mark (/ or !) any command counts, and
    an unknown one is none. A plain word counts only before a reference ("resolve HLT-26-0042-R ..."), or when it is one
    of STAND_ALONE and nothing else is said: people say "same" and "help" without commanding. A mention before it is
    passed over.
    """
    mention = _MENTION.match(text)
    start = mention.end() if mention else 0
    marked = _MARKED.match(text, start)
    if marked:
        name, rest = _named(text, marked, aliases)
        return CommandCall(name, rest, marked["bot"] or "") if name else None
    plain = _PLAIN.match(text, start)
    if plain is None:
        return None
    name, rest = _named(text, plain, aliases)
    if name is None:
        return None
    if not rest:
        return CommandCall(name, rest) if name in STAND_ALONE else None
    return CommandCall(name, rest) if name not in MARKED_ONLY and _REFERENCE.match(rest) else None


def _named(text: str, first: re.Match[str], aliases: Mapping[str, str]) -> tuple[str | None, str]:
    """The command that one word names, or else two, and the text after it."""
    name, end = _canonical(first["word"], aliases), first.end()
    second = None if name else _SECOND.match(text, end)
    if second:
        name, end = _canonical(f"{first['word']} {second['word']}", aliases), second.end()
    return name, text[end:].rstrip()


def _canonical(word: str, aliases: Mapping[str, str]) -> str | None:
    word = word.casefold().rstrip(".")
    return aliases.get(word) or aliases.get(word.replace("-", "_")) or aliases.get(word.replace("’", "'"))
