"""Which reference is this? Making references such as HLT-26-0042-R, finding them in text, and guessing the one meant.

Three department letters, the local year, a counter of at least four digits, and a check letter: the base-36 value of
the other signs modulo 23, in an alphabet without I, O and Z. Modulo 23 it catches every wrong digit, every wrong check
letter and every swap of neighbours, but for letters 23 apart (A and X, B and Y, C and Z).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

CHECK_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXY"
YEARS = range(2000, 2100)  # two digits must name one year only
LARGEST = 9_999_999  # longer runs of digits in text are phone numbers
FAR = 2  # slips of the finger; a reference further off is another one

_DASHES = "\\-\u00ad\u2010-\u2015\u2212\ufe58\ufe63\uff0d"  # hyphens and dashes, as phones and word processors set them
_BETWEEN = rf"[ \t\u00a0\u2009\u202f_/{_DASHES}]"  # on one line
_GAP = rf"{_BETWEEN}{{0,3}}"
_CODE = re.compile(
    rf"(?<![^\W_])(?P<prefix>[A-Za-z]{{3}})(?P<gap1>{_GAP})"
    rf"(?:20(?=[0-9Oo]{{2}}{_BETWEEN}))?(?P<year>[0-9][0-9Oo])(?P<gap2>{_GAP})"
    rf"(?P<number>[0-9Oo]{{1,7}})(?:(?P<gap3>{_GAP})(?P<letter>[A-Za-z])(?![^\W_])|(?![^\W_]))"
)
_COMPACT = re.compile(r"([A-Z]{3})([0-9]{2})([0-9]+)([A-Z]?)")


@dataclass(frozen=True, slots=True)
class FoundReference:
    """A reference found in a text: in its one canonical spelling, as given, where, and whether its letters hold.

    `valid` says that the department is known and the check letter right, not that such a request exists. Without a
    check letter the canonical text has none either, and is not valid.
    """

    text: str
    given: str
    start: int
    valid: bool

    @property
    def end(self) -> int:
        """Where the given text ends."""
        return self.start + len(self.given)


def make(prefix: str, year: int, number: int) -> str:
    """The reference of a department's three letters, the local year in four digits and the counter from 1 on.

    Raises ValueError for anything else, for years outside 2000 to 2099 and for counters above 9,999,999.
    """
    if not re.fullmatch(r"[A-Z]{3}", prefix):
        raise ValueError(f"a reference begins with three capital letters, not {prefix!r}")
    if year not in YEARS:
        raise ValueError(f"a reference has a year from {YEARS.start} to {YEARS.stop - 1}, not {year}")
    if not 1 <= number <= LARGEST:
        raise ValueError(f"a reference counts from 1 to {LARGEST}, not {number}")
    return _spell(prefix, f"{year % 100:02}", number, check_letter(prefix, year, number))


def check_letter(prefix: str, year: int, number: int) -> str:
    """The letter that vouches for the other signs of a reference; `year` may have two digits or four."""
    return CHECK_LETTERS[int(f"{prefix}{year % 100:02}{number:04}", 36) % len(CHECK_LETTERS)]


def find(text: str, prefixes: Collection[str]) -> list[FoundReference]:
    """The references in a text, in order, of departments with these three letters.

    Read in any case, with any hyphens, slashes or spaces or none, O for 0 in the digits, leading zeros of the counter
    left out or added, and the year in four digits where a separator follows. Not valid, but still found so that the
    writer can be helped: a wrong check letter; none, after at least four digits set off from the year; a department
    one slip away from a known one, when all else is written in full. With slashes only what is valid is found, since
    plot and file numbers look the same.
    """
    found = []
    for match in _CODE.finditer(text):
        reference = _read(match, prefixes)
        if reference:
            found.append(reference)
    return found


def nearest(given: str, candidates: Iterable[str], limit: int = 3) -> list[str]:
    """The real references that a mistyped one most probably means, the closest first.

    `given` is a found reference's canonical text. Closeness counts wrong, missing and added signs and swaps of
    neighbours as one slip each and ends at two; equally close ones keep the order of `candidates`. A check letter that
    is not given is not missed.
    """
    from rapidfuzz.distance import OSA

    wanted = _signs(given)
    scored = []
    for candidate in dict.fromkeys(candidates):
        signs = _signs(candidate)
        slips = OSA.distance(wanted, signs if _has_letter(wanted) else signs[:-1], score_cutoff=FAR)
        if slips <= FAR:
            scored.append((slips, candidate))
    scored.sort(key=lambda pair: pair[0])
    return [candidate for _, candidate in scored[:limit]]


def serial(reference: str) -> int:
    """The counter of a reference in its canonical spelling. Raises ValueError for anything else."""
    match = _COMPACT.fullmatch(_signs(reference))
    if match is None:
        raise ValueError(f"{reference!r} is no reference")
    return int(match[3])


def _read(match: re.Match[str], prefixes: Collection[str]) -> FoundReference | None:
    prefix, year = match["prefix"].upper(), _digits(match["year"])
    number = int(_digits(match["number"]))
    letter = (match["letter"] or "").upper()
    right = number > 0 and prefix in prefixes and letter == check_letter(prefix, int(year), number)
    given = match[0]
    if letter and not right and match["gap3"].isspace():  # a word of one letter after a reference without its own
        letter, given = _short_word(match, letter, given)
    if not right and not _meant(match, prefix, letter, prefixes):
        return None
    return FoundReference(_spell(prefix, year, number, letter), given, match.start(), right)


def _short_word(match: re.Match[str], letter: str, given: str) -> tuple[str, str]:
    """Whether a letter after a space is a wrong check letter or a word of its own ("HLT-26-0042 a pipe")."""
    if len(match["number"]) < 4 or match["gap2"].isspace():
        return letter, given
    return "", given[: match.end("number") - match.start()]


def _meant(match: re.Match[str], prefix: str, letter: str, prefixes: Collection[str]) -> bool:
    """Whether a reference that does not hold was still meant as one."""
    gaps = (match["gap1"], match["gap2"], match["gap3"] or "")
    if any("/" in gap for gap in gaps) or not int(_digits(match["number"])):
        return False
    long_number = len(match["number"]) >= 4
    if prefix not in prefixes:
        in_full = bool(letter) and long_number and all(gap and not gap.isspace() for gap in gaps)
        return in_full and _one_slip_from_any(prefix, prefixes)
    return bool(letter) or (long_number and bool(gaps[1]))


def _one_slip_from_any(prefix: str, prefixes: Collection[str]) -> bool:
    from rapidfuzz.distance import OSA

    return any(OSA.distance(prefix, known, score_cutoff=1) <= 1 for known in prefixes)


def _digits(text: str) -> str:
    return text.upper().replace("O", "0")


def _spell(prefix: str, year: str, number: int, letter: str) -> str:
    spelled = f"{prefix}-{year}-{number:04}"
    return f"{spelled}-{letter}" if letter else spelled


def _signs(reference: str) -> str:
    return "".join(sign for sign in reference.upper() if sign.isalnum())


def _has_letter(signs: str) -> bool:
    match = _COMPACT.fullmatch(signs)
    return match is None or bool(match[4])
