"""Canaries: invented citizens, planted in every place where a post can name one, and looked for in what the bot says.

A bot text in a group or a mirror may hold no name and no telephone number that a form gave, nor the old value of an
edit. Names are of syllables that no text of ours has; a number is found by its last digits, however they are parted.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from groupbot.chat.sandbox import BOT, Sandbox
from groupbot.protocol import Protocol

GIVEN = (
    "Zipporah", "Hezron", "Wilkister", "Eunah", "Obadiah", "Tabitha", "Zablon", "Keziah",
    "Habakuk", "Perpetuah", "Ezbon", "Vashti", "Jepthah", "Abishag", "Zephania", "Milkah",
)  # fmt: skip
STARTS = ("Kip", "Chep", "Jep", "Lag", "Rot")
MIDDLES = ("zov", "vux", "qet", "xob", "zaq", "wuv", "yix", "fuz", "goz", "hux")
ENDS = ("ipu", "ezo", "uvat", "oxin", "abiq", "yezu", "omuz", "iwoq")

# Seventeen ways of writing a Kenyan mobile number: abc def ghi are its nine national digits.
WAYS = (
    "0{a}{b}{c}", "0{a} {b} {c}", "0{a}-{b}-{c}", "0{a}.{b}.{c}", "0{a}/{b}/{c}", "(0{a}) {b} {c}", "0{a}{b} {c}",
    "+254{a}{b}{c}", "+254 {a} {b} {c}", "+254-{a}-{b}-{c}", "(+254) {a} {b} {c}", "+254 (0){a} {b} {c}",
    "254{a}{b}{c}", "00254 {a} {b} {c}", "{a} {b} {c}", "O{a} {b} {c}", "0{a} – {b} – {c}",
)  # fmt: skip

# Where a form can name somebody. L, P, U, N, T, C are labels of place, problem, priority, name, telephone, channel.
FORMS = (
    "{H}\n{L}: {location}\n{P}: {problem}\n{U}: {priority}\n{N}: {name}\n{T}: {phone}",
    "{N}: {name}\n{T}: {phone}\n{L}: {location}\n{P}: {problem}\n{U}: {priority}",
    "{H}\n{L}: {location}\n{P}: {problem}\n{U}: {priority}\n{N}: {name} {phone}",
    "{H}\n{L}: {location}\n{P}: {problem}\n{U}: {priority}\n{N}/{T}: {name}, {phone}",
    "{H}\n{L}: {location}\n{P}: {problem}\n{U}: {priority}\n{N}: {name} ({phone})",
    "{H}\n{L}: {location}, near the home of {name}\n{P}: {problem}\n{U}: {priority}\n{T}: {phone}",
    "{L}: {location} ({name} {phone})\n{P}: {problem}\n{U}: {priority}",
    "{L}: {location}\n{P}: {problem}. Call {name} on {phone}\n{U}: {priority}",
    "{L}: {location}\n{P}: {name} says {problem}, {phone}\n{U}: {priority}",
    "{L}: {location} | {P}: {problem} | {U}: {priority} | {N}: {name} | {T}: {phone}",
    "{H}. {L}: {location}. {P}: {problem}. {U}: {priority}. {N}: {name}. {T}: {phone}",
    "{L}\n{location}\n{P}\n{problem}\n{U}\n{priority}\n{N}\n{name}\n{T}\n{phone}",
    "📍 {location}\n❗ {problem}\n⏱ {priority}\n👤 {name}\n📞 {phone}",
    "*{L}*: {location}\n*{P}*: {problem}\n*{U}*: {priority}\n*{N}*: _{name}_\n*{T}*: `{phone}`",
    "{H}\nWard: Kapsowar ({name} {phone})\n{L}: {location}\n{P}: {problem}\n{U}: {priority}",
    "{H} from {name} {phone}\n{L}: {location}\n{P}: {problem}\n{U}: {priority}",
    "{name} {phone}\n{H}\n{L}: {location}\n{P}: {problem}\n{U}: {priority}",
    "{H}\n{L}: {location}\n{P}: {problem}\n{U}: {priority}\n\n{name}\n{phone}",
    "{H}\n{L}: {location}\n{P}: {problem}\n{U}: {priority}\n{C}: call from {name}, {phone}",
    "{H}\n{L}: {location}\n{P}: {problem}\n{U}: {priority} - {name} {phone}",
    "{H}\nRemarks: {name} {phone}\n{L}: {location}\n{P}: {problem}\n{U}: {priority}\nID no: 1{digits}",
    "{L} - {location}\n{P} - {problem}\n{U} - {priority}\n{N} - {NAME}\n{T} - {phone}",
)
HEADERS = {"en": "SERVICE REQUEST", "sw": "OMBI LA HUDUMA"}
CODES = {
    "L": "location", "P": "problem", "U": "priority", "N": "reporter_name", "T": "reporter_phone", "C": "channel",
}  # fmt: skip

# A run of digits as a reader puts them together: letters end it, marks do not. One character at a time: linear.
_RUN = re.compile(r"[\dO][\dO\s()./+\-]*")
_TAIL = 7  # last digits of a number that give it away
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Canary:
    """One invented citizen. `phone` is the number as this one writes it, `digits` its nine national digits."""

    given: str
    family: str
    digits: str
    phone: str

    @property
    def name(self) -> str:
        """Both names."""
        return f"{self.given} {self.family}"

    def words(self) -> dict[str, str]:
        """What templates say of the citizen."""
        return {"name": self.name, "NAME": self.name.upper(), "phone": self.phone, "digits": self.digits}


def canaries(chance: random.Random) -> Iterator[Canary]:
    """Endless citizens: the family name and the number are each one's own."""
    number = 0
    while True:
        family = _family(number)
        digits = f"{chance.choice('71')}{chance.randrange(10, 30)}{number:04}{chance.randrange(100):02}"
        parts = dict(zip("abc", (digits[:3], digits[3:6], digits[6:]), strict=True))
        yield Canary(chance.choice(GIVEN), family, digits, WAYS[number % len(WAYS)].format(**parts))
        number += 1


def _family(number: int) -> str:
    """A name of its own for each number: a start, a syllable for each decimal digit of the rest, an end."""
    rest, start = divmod(number, len(STARTS))
    rest, end = divmod(rest, len(ENDS))
    return STARTS[start] + "".join(MIDDLES[int(digit)] for digit in str(rest)) + ENDS[end]


def form(chance: random.Random, canary: Canary, pack: Protocol, shapes: Sequence[str] = FORMS, **values: str) -> str:
    """A filled form that names the citizen somewhere; `values` are location and problem, and priority if not normal."""
    language = chance.choice(pack.languages)
    fields = {field.code: field.labels[language] for field in pack.reading.field}
    labels = {letter: fields[code][0].capitalize() for letter, code in CODES.items()}
    labels |= {letter: chance.choice(fields[CODES[letter]]).capitalize() for letter in "NT"}
    return chance.choice(shapes).format(
        H=HEADERS[language], **labels, **canary.words(), **{"priority": "normal", **values}
    )


def public_texts(sandbox: Sandbox) -> Iterator[str]:
    """Everything that the bot has put where more than one person reads: texts, their old versions, buttons, signs."""
    for room in sandbox.chats():
        if room.kind == "private":
            continue
        for message in room.messages.values():
            if message.sender_id == BOT:
                yield from (message.text, *message.old_texts, *(label for label, _ in message.buttons))
            yield message.reactions.get(BOT, "")


def found(texts: Iterable[str], planted: Iterable[Canary]) -> list[tuple[str, str]]:
    """Every (text, what of a citizen it holds): a name in any case and accents, or the end of a number in any shape."""
    names = {name.casefold() for canary in planted for name in (canary.given, canary.family)}
    tails = {canary.digits[-_TAIL:] for canary in planted}
    leaks = []
    for text in texts:
        leaks += [(text, word) for word in _words(text) if word in names]
        leaks += [(text, tail) for run in _digit_runs(text) for tail in _windows(run) if tail in tails]
    return leaks


def _words(text: str) -> set[str]:
    apart = unicodedata.normalize("NFKD", text).casefold()
    return set(_WORD.findall("".join(sign for sign in apart if not unicodedata.combining(sign))))


def _digit_runs(text: str) -> Iterator[str]:
    plain = unicodedata.normalize("NFKC", text).replace("–", "-")
    for run in _RUN.findall(plain.replace("o", "O")):
        yield "".join(str(int(sign)) if sign.isdecimal() else "0" for sign in run if sign.isdecimal() or sign == "O")


def _windows(run: str) -> Iterator[str]:
    return (run[at : at + _TAIL] for at in range(len(run) - _TAIL + 1))
