"""Telephone numbers in text, whatever way they were written.

The shape rule is derived from the region's metadata in phonenumbers (calling code, trunk prefix, length and first
digits of mobile numbers), so it holds for any country; phonenumbers itself is asked only about what that leaves.
"""

from __future__ import annotations

import functools
import itertools
import re
from dataclasses import dataclass

_LONGEST = 16_000  # characters of a text that are searched
_ZERO_LETTERS = str.maketrans("Oo", "00")
_NOT_DIGITS = re.compile(r"\D+")
_COMPACT = str.maketrans("", "", " -.()\u00a0")
_DATE = re.compile(r"(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2})(?!\d)")
# What phonenumbers is asked about: an international number, or one that begins with a trunk zero (land lines).
_OTHER = re.compile(r"(?<![\w./+-])(?:\+\d|\(?0)[\d ()./-]{7,18}\d(?![\w:=]|[./-]\d|/[-=])")
_MOST_ASKED = 20


@dataclass(frozen=True, slots=True)
class FoundPhone:
    """A number in a text: where it stands (start, end) and its E.164 form."""

    start: int
    end: int
    e164: str


@dataclass(frozen=True, slots=True)
class _Region:
    code: str
    trunk: str
    length: int
    firsts: str
    shape: re.Pattern[str]


def to_e164(text: str, country: str) -> str | None:
    """The first number of a text as E.164, or None. `country` is the ISO code that numbers without + belong to."""
    if len(text) < 24:  # the common case: the text is a number and nothing else
        short = text if text.isdigit() else text.translate(_COMPACT)
        if len(short) < 8:
            return None
        if short.isdigit() and short.isascii():
            region = _region(country)
            if (
                short.startswith(region.trunk)
                and len(short) == region.length + len(region.trunk)
                and short[len(region.trunk)] in region.firsts
            ):
                return f"+{region.code}{short[len(region.trunk) :]}"
    found = find_phones(text, country)
    return found[0].e164 if found else None


def find_phones(text: str, country: str) -> tuple[FoundPhone, ...]:
    """Every number in the text, in order. References, dates, plots, money and coordinates are not numbers."""
    text = text[:_LONGEST]
    if sum(map(text.count, "0123456789")) < 6 and not _odd_digits(text):
        return ()
    plain = _plain(text).replace("_", " ")  # a chat's italics are no part of a number
    region = _region(country)
    found = [
        FoundPhone(match.start(), match.end(), f"+{region.code}{_national(match.group(), region)}")
        for match in region.shape.finditer(plain)
        if not _DATE.match(plain, match.start())
    ]
    found += _by_library(plain, country, found)
    return tuple(sorted(found, key=lambda phone: phone.start))


def _odd_digits(text: str) -> bool:
    return not text.isascii() and sum(char.isdigit() for char in text) >= 6


def _plain(text: str) -> str:
    """The text, character for character, with digits of any script, spaces and dashes made plain."""
    if text.isascii():
        return text
    return "".join(map(_plain_char, text))


@functools.lru_cache(maxsize=2048)
def _plain_char(char: str) -> str:
    if char.isdecimal():
        return str(int(char))
    if char.isspace() and char != "\n":
        return " "
    if char in "‐‑‒–—−":
        return "-"
    if char in "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad":
        return " "  # nothing to the eye, one character to the place in the text
    return "+" if char == "＋" else char


def _national(written: str, region: _Region) -> str:
    return _NOT_DIGITS.sub("", written.translate(_ZERO_LETTERS))[-region.length :]


@functools.lru_cache(maxsize=16)
def _region(country: str) -> _Region:
    """The shape of the country's mobile numbers. Raises ValueError for an unknown country."""
    from phonenumbers import PhoneMetadata

    metadata = PhoneMetadata.metadata_for_region(country)
    if metadata is None:
        raise ValueError(f"no telephone numbering is known for country {country!r}")
    mobile = metadata.mobile
    if mobile is None or not mobile.national_number_pattern or not mobile.possible_length:
        raise ValueError(f"no mobile numbers are known for country {country!r}")
    length = max(mobile.possible_length)
    firsts = _first_digits(re.compile(mobile.national_number_pattern), length)
    code, trunk = str(metadata.country_code), metadata.national_prefix or ""
    return _Region(code, trunk, length, firsts, _shape(code, trunk, length, firsts))


def _first_digits(pattern: re.Pattern[str], length: int) -> str:
    """Which digits mobile numbers begin with: each digit is tried with every second and third digit."""
    tails = [f"{second}{third}".ljust(length - 1, "0") for second in "0123456789" for third in "0123456789"]
    return "".join(first for first in "123456789" if any(pattern.fullmatch(first + tail) for tail in tails))


def _shape(code: str, trunk: str, length: int, firsts: str) -> re.Pattern[str]:
    """A mobile number: with a prefix its digits may be grouped anyhow; without one only in threes (or fours).

    Every repetition is bounded and its parts begin with different characters, so the search stays linear.
    """
    gap, digit = r"[ ./()-]{0,3}", r"[\dOo]"
    zero = "[0Oo]" if trunk == "0" else re.escape(trunk)
    abroad = rf"(?:\+{gap}|00[ -]?|\(\+)?{code}\)?{gap}(?:\(?{zero}\)?{gap})?" if trunk else rf"\+?{code}{gap}"
    home = rf"\(?{zero}{gap}" if trunk else ""
    anyhow = rf"[{firsts}](?:{gap}{digit}){{{length - 1}}}"
    size = 4 if length % 4 == 0 else 3
    said = rf"[{firsts}]\d{{{size - 1}}}" + rf"[ .-]?\d{{{size}}}" * (length // size - 1) + r"\d" * (length % size)
    groups = rf"(?<!\d[ )]){said}"
    prefixes = f"(?:{abroad}|{home})" if home else f"(?:{abroad})"
    before, after = r"(?<![\w+])(?<!\d[.,:-])", r"(?![\w:=]|[.,-]\d|/[-=])"
    return re.compile(rf"{before}(?:{prefixes}{anyhow}|{groups}){after}")


def _by_library(plain: str, country: str, found: list[FoundPhone]) -> list[FoundPhone]:
    """Land lines and foreign numbers: what phonenumbers calls valid, outside the numbers found already."""
    parts, at = [], 0
    for phone in found:
        parts += [plain[at : phone.start], "\n" * (phone.end - phone.start)]
        at = phone.end
    left = "".join([*parts, plain[at:]])
    asked = (_ask_library(match, country) for match in itertools.islice(_OTHER.finditer(left), _MOST_ASKED))
    return [phone for phone in asked if phone]


def _ask_library(match: re.Match[str], country: str) -> FoundPhone | None:
    if _DATE.match(match.group()):
        return None
    import phonenumbers

    try:
        number = phonenumbers.parse(match.group(), country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return FoundPhone(match.start(), match.end(), e164)
