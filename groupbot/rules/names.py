"""How is this person addressed? By first name, or by title and last name."""

from __future__ import annotations

import re
from collections.abc import Collection

from groupbot.rules.text import bare, fold

_ASIDE = re.compile(r"\([^()]{0,200}\)|\[[^\[\]]{0,200}\]")
_JUNK = ".,;:!?-–—_/\\\"'()[]@#+&"
_NOT_A_NAME = re.compile(r"[\d@/\\]")
_CODE = re.compile(r"[<>{}=$%^|~]")
_LONGEST = 40  # characters of a form of address
_LONGEST_NAME = 200  # characters of a name that are looked at


def called(name: str, titles: Collection[str]) -> str:
    """The short form by which a message addresses somebody: "Daniel", "Dr Cheruto", "Eng. Rutto"; "" for no name.

    `titles` are the pack's, in any case, with or without a final dot. Shouted and whispered names get ordinary
    capitals. What follows a comma or stands in brackets is no part of a name, and nothing with a digit in it is: a
    telephone number in the place of a name is never repeated.
    """
    words = _words(name)
    known = {_bald(title): title for title in titles}
    title, words = _title(words, known)
    names = [word for word in words if _bald(word) not in known]
    if not names:
        return title
    chosen = _last(names) if title else _first(names)
    return f"{title} {chosen}".strip()[:_LONGEST].rstrip()


def _words(name: str) -> list[str]:
    text = _ASIDE.sub(" ", bare(name[:_LONGEST_NAME])).split(",")[0]
    words = [word.lstrip(_JUNK).rstrip(_JUNK.replace(".", "")) for word in text.split() if not _CODE.search(word)]
    return [word for word in words if any(sign.isalpha() for sign in word) and not _NOT_A_NAME.search(word)]


def _bald(word: str) -> str:
    return fold(word).rstrip(".")


def _title(words: list[str], known: dict[str, str]) -> tuple[str, list[str]]:
    """The first title, as its bearer writes it unless shouted or whispered, and the words after all leading titles."""
    title = ""
    while words and _bald(words[0]) in known:
        pack_form = known[_bald(words[0])]
        dot = "." if words[0].endswith(".") or pack_form.endswith(".") else ""
        title = title or pack_form.rstrip(".") + dot
        words = words[1:]
    return title, words


def _first(names: list[str]) -> str:
    """The first name that is more than an initial; with a lower-case particle ("arap Too") the whole of it."""
    for place, word in enumerate(names):
        if _is_particle(word, names) and place + 1 < len(names):
            return f"{word} {_tamed(names[place + 1])}"
        if not _is_initial(word):
            return _tamed(word)
    return _tamed(names[-1])


def _last(names: list[str]) -> str:
    full = [word for word in names if not _is_initial(word)] or names
    if len(full) > 1 and _is_particle(full[-2], full):
        return f"{full[-2]} {_tamed(full[-1])}"
    return _tamed(full[-1])


def _is_initial(word: str) -> bool:
    return len(word.rstrip(".")) == 1


def _is_particle(word: str, names: list[str]) -> bool:
    """A word in small letters among others with capitals: the "arap" of "Kipkoech arap Too"."""
    return word.islower() and not _is_initial(word) and any(other[0].isupper() for other in names)


def _tamed(word: str) -> str:
    """Ordinary capitals for a word that is all capitals or all small letters; O'Hara and McLeod stay as they are."""
    word = word.rstrip(".") if len(word) > 2 else word
    if not (word.isupper() or word.islower()):
        return word
    return "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))
