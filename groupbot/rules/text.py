"""What is done to text before anybody looks into it: cleaned at the door, folded for matching, undecorated for keeping.

All three are linear in the length of the text, whatever it holds.
"""

from __future__ import annotations

import re
import unicodedata

MAX_LENGTH = 64_000  # characters of one post that are kept; Matrix allows about as many bytes

# Control characters other than line breaks and tabs, lone surrogates, bidirectional embeddings and overrides, tag
# characters (they can hide a second text) and code points that are never text.
_DROPPED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff"
    "\U000e0000-\U000e007f]"
)
_MARKS = "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0e34-\u0e3a\u1ab0-\u1aff\u1dc0-\u1dff"
_PILED = re.compile(f"([{_MARKS}\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]{{3}})[{_MARKS}\u20d0-\u20ff\ufe00-\ufe2f]+")
_LIGATURES = re.compile("[\ufb50-\ufdff\ufe70-\ufefc\u3300-\u33ff]")  # one of them may unfold into eighteen letters
_COMBINING = re.compile(f"[{_MARKS}]")

# Marks without width: soft hyphen, zero-width spaces and joiners, direction marks, byte order mark.
INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
EMOJI = re.compile(
    "[0-9#*]\ufe0f?\u20e3|[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u2300-\u23ff\u2500-\u27bf\u2934\u2935"
    "\u2b00-\u2bff\u3030\u303d\u3297\u3299\ufe00-\ufe0f\u20e3\U0001f000-\U0001faff]"
)
_BULLET = re.compile("[•‣⁃◦∙‧▪●○■□➤►]")
_MARKUP = re.compile(r"[*~]+|`{2,}|(?<![^\W_])_+|_+(?![^\W_])|`")
_STRUCK = re.compile(r"~[^~\n]+~")
_QUOTES = str.maketrans("", "", "'’‘ʼ‛`´′“”„\"")
# Letters of other alphabets that look like Latin ones, read so in labels only: a name keeps its own letters.
_LOOK_ALIKES = str.maketrans("аеорсухіјѕмтвнкαεοριντκυ", "aeopcyxijsmtbhkaeopivtku")


def clean(text: str) -> str:
    """The text as it may enter the store: nothing that controls a screen, no piled accents, at most 64,000 characters.

    Line breaks, tabs, emoji and the joiners inside emoji stay. Cleaning twice changes nothing more.
    """
    if text.isascii() and text.isprintable():
        return text[:MAX_LENGTH]
    text = _DROPPED.sub("", text[: 4 * MAX_LENGTH])
    if not text.isascii():
        text = _PILED.sub(r"\1", text)
    return text[:MAX_LENGTH]


def fold(text: str) -> str:
    """The text for comparing: lower case, no accents, no apostrophes or quotation marks, single spaces."""
    if not text.isascii():
        text = _LIGATURES.sub(" ", INVISIBLE.sub("", text))
        text = _COMBINING.sub("", unicodedata.normalize("NFKD", text)).casefold()
    return " ".join(text.lower().translate(_QUOTES).split())


def unmask(text: str) -> str:
    """Folded text with look-alike letters of other alphabets read as Latin ones; for labels and headers."""
    return fold(text).translate(_LOOK_ALIKES) if not text.isascii() else fold(text)


def bare(text: str) -> str:
    """A value without decoration: no bold or struck marks, emoji, bullets or invisible marks; single spaces."""
    if not text.isascii():
        text = _BULLET.sub("", EMOJI.sub("", INVISIBLE.sub("", text)))
    if "*" in text or "_" in text or "~" in text or "`" in text:
        text = _MARKUP.sub("", text)
    return " ".join(text.split())


def without_struck(text: str) -> str:
    """The text without what its writer struck out (~so~)."""
    return _STRUCK.sub(" ", text) if "~" in text else text
