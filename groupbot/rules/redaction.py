"""A text without what names a citizen: phones, identity numbers, e-mail addresses, and names known from the form.

Pure. It hides what it knows to look for; a name that no form gives stays, so free text is still not published.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from groupbot.rules.phones import find_phones
from groupbot.rules.text import fold

_NUMBER = re.compile(r"(?<![\w-])\d{6,10}(?![\w-])")
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_WORD = re.compile(r"\w+")
_LEFTOVER = re.compile(r"[ \t]{2,}")
SHORTEST_NAME = 3  # letters of a name's part that is looked for
FEWEST_DIGITS = 6  # of any number that names a person


def redact(text: str, country: str, names: Collection[str] = ()) -> str:
    """The text without phones of `country` and abroad, numbers of 6 to 10 digits, addresses, and parts of the names."""
    if sum(map(str.isdigit, text)) >= FEWEST_DIGITS:
        for phone in reversed(find_phones(text, country)):
            text = text[: phone.start] + text[phone.end :]
        text = _NUMBER.sub("", text.replace("_", " "))
    if "@" in text:
        text = _ADDRESS.sub("", text)
    parts = {part for name in names for part in fold(name).split() if len(part) >= SHORTEST_NAME}
    if parts:
        text = _WORD.sub(lambda word: "" if fold(word[0]) in parts else word[0], text)
    return "\n".join(_LEFTOVER.sub(" ", line).strip(" \t,;:") for line in text.split("\n"))
