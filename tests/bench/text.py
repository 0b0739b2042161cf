"""The text that is measured: formatted posts of ward admins, made from a seed, one at a time.

The mix is that of the peers' harness: six labels; three posts in four English, one Swahili; some with labels in
capitals or small letters, some with another separator. Only the standard library is used: a floor's process stays bare.
"""

from __future__ import annotations

import json
import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SEED = 4
PROTOCOL = Path(__file__).parents[2] / "protocols" / "ke-elgeyo-marakwet" / "protocol.toml"
FIRST_AT = 1_795_503_600_000_000  # Tuesday 24 November 2026, 07:00 UTC, in microseconds
APART = 37_000_000  # microseconds between two posts
SLIPS = 0.1  # share of labels with one wrong, missing or doubled letter

LABELS = {
    "en": ("Ward", "Location", "Problem", "Priority", "Citizen", "Phone"),
    "sw": ("Wadi", "Mahali", "Tatizo", "Kipaumbele", "Mwananchi", "Simu"),
}
PRIORITIES = {"en": ("Low", "Normal", "Urgent"), "sw": ("Chini", "Kawaida", "Haraka")}
PLACES = {
    "en": ("near the market", "behind the dispensary", "at the river crossing", "along the escarpment road"),
    "sw": ("karibu na soko", "nyuma ya zahanati", "kwenye kivuko cha mto", "kando ya barabara ya bonde"),
}
PROBLEMS = {
    "en": (
        ("water", "the borehole pump has stopped and {count} homes have no water"),
        ("water", "a burst pipe is flooding the path to {count} homes"),
        ("health", "no malaria drugs since Monday, {count} patients sent away"),
        ("health", "the nurse has not reported and {count} mothers went home unseen"),
        ("roads", "the culvert is washed out and {count} vehicles are stuck"),
        ("education", "the classroom roof was blown off, {count} pupils learn outside"),
        ("agriculture", "fertiliser has not reached the depot, {count} farmers wait"),
    ),
    "sw": (
        ("water", "pampu ya kisima imeharibika, nyumba {count} hazina maji"),
        ("health", "zahanati haina dawa za malaria, wagonjwa {count} walirudishwa"),
        ("roads", "kalvati limesombwa na maji, magari {count} yamekwama"),
        ("education", "paa la darasa limeezuliwa, wanafunzi {count} wanasomea nje"),
    ),
}
GIVEN = ("Jane", "Philip", "Ann", "Peter", "Ruth", "Joseph", "Mary", "Moses", "Esther", "Daniel")
FAMILY = ("Kiptoo", "Cheboi", "Rotich", "Korir", "Biwott", "Yego", "Kosgei", "Suter", "Kiprop", "Jerop")


@dataclass(frozen=True, slots=True)
class Post:
    """One post and what it says. `values` are in the order of the labels; `at` is UTC microseconds."""

    number: int  # from 1
    text: str
    language: str
    service_code: str
    values: tuple[str, ...]
    user_id: str
    at: int

    @property
    def ward(self) -> str:
        """The ward it is about, which is its sender's."""
        return self.values[0]


def wards() -> tuple[str, ...]:
    """The wards of the first pack."""
    return tuple(ward["name"] for ward in tomllib.loads(PROTOCOL.read_text(encoding="utf-8"))["ward"])


def sender_of(ward: str) -> str:
    """The user id of a ward's admin."""
    return f"admin-{ward.lower().replace(' ', '-')}"


def posts(count: int, seed: int = SEED) -> Iterator[Post]:
    """That many posts, the same for the same seed; no two within an hour say the same."""
    chance = random.Random(seed)
    places = wards()
    for number in range(1, count + 1):
        yield _post(number, chance, chance.choice(places))


def _post(number: int, chance: random.Random, ward: str) -> Post:
    language = "sw" if chance.random() < 0.25 else "en"
    service_code, problem = chance.choice(PROBLEMS[language])
    values = (
        ward,
        f"{ward} {chance.choice(PLACES[language])}",
        problem.format(count=2 + number % 997),
        chance.choices(PRIORITIES[language], (2, 5, 2))[0],
        f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}",
        f"0700{chance.randrange(10**6):06d}",
    )
    text = _written(LABELS[language], values, chance.random())
    return Post(number, text, language, service_code, values, sender_of(ward), FIRST_AT + number * APART)


def _written(labels: tuple[str, ...], values: tuple[str, ...], style: float) -> str:
    """The form as its writer's habits have it: `style` from 0 to 1 picks them."""
    if style < 0.06:
        labels = tuple(label.upper() for label in labels)
    elif style < 0.10:
        labels = tuple(label.lower() for label in labels)
    mark = " - " if 0.10 <= style < 0.14 else " : " if 0.14 <= style < 0.18 else ": "
    return "\n".join(f"{label}{mark}{value}" for label, value in zip(labels, values, strict=True))


def with_slips(texts: list[str], seed: int = SEED) -> list[str]:
    """The same posts, one label in ten misspelt; its first letter stays right."""
    chance = random.Random(seed + 1)
    return ["\n".join(_slipped(line, chance) for line in text.split("\n")) for text in texts]


def _slipped(line: str, chance: random.Random) -> str:
    if chance.random() >= SLIPS:
        return line
    label = line[: next(at for at, letter in enumerate(line) if not letter.isalpha())]
    at = chance.randrange(1, len(label))
    wrong = chance.choice(("", label[at] * 2, chance.choice("aeioukm")))
    return label[:at] + wrong + line[at + 1 :]


def raw_update(post: Post) -> str:
    """The post as the sandbox hands it to the bot: one line of JSON."""
    event = {
        "n": post.number,
        "do": "post",
        "chat_id": post.service_code,
        "private": False,
        "message_id": str(post.number),
        "user_id": post.user_id,
        "name": f"Ward Admin {post.ward}",
        "at": post.at,
        "text": post.text,
        "reply_to": None,
        "forwarded": False,
        "attachments": [],
        "album_id": "",
    }
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"))
