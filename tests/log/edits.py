"""Single edits of an export, seeded: each must be found by the verifier, and named where it is.

`play` is one round for `python -m tests.faults`; `edited` makes one edit.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from groupbot import verify_log
from tests.log import made
from tests.log.made import Record

SIZES = (40, 80, 120)  # the checkpoints; the last is of the whole log
LOG = made.records(SIZES[-1])
THEIRS = made.records(SIZES[-1], view="theirs", text="")
A_ROUND = 50  # edits; 200 rounds are 10,000


@dataclass(frozen=True)
class Edit:
    """An edited export, the first entry that is not as it was, and the sizes of the checkpoints to hold against it."""

    name: str
    records: list[Record]
    first: int
    sizes: tuple[int, ...] = SIZES


def edited(chance: random.Random) -> Edit:
    """One edit of any kind, anywhere."""
    return chance.choice(KINDS)(chance)


def _change(chance: random.Random) -> Edit:
    at = chance.randrange(len(LOG))
    record = dict(LOG[at])
    name = chance.choice(list(record))
    value = record[name]
    record[name] = _other_number(chance, value) if isinstance(value, int) else _other_text(chance, name, value)
    return Edit(f"change {name}", [*LOG[:at], record, *LOG[at + 1 :]], at + 1)


def _other_number(chance: random.Random, value: int) -> object:
    return chance.choice([value + 1, value + 10**6, value ^ 1 << chance.randrange(50), str(value), float(value), None])


def _other_text(chance: random.Random, name: str, value: str) -> object:
    if value and chance.random() < 0.7:
        place = chance.randrange(len(value))
        letters = "0123456789abcdef" if name in ("leaf_hash", *verify_log.HEX) else "aeiou XY-ñ"
        return value[:place] + chance.choice([one for one in letters if one != value[place]]) + value[place + 1 :]
    return chance.choice([value + " ", value + "\u200b", value.upper() + "X", None, 7, [value]])


def _rename(chance: random.Random) -> Edit:
    at = chance.randrange(len(LOG))
    gone = chance.choice([name for name in LOG[at] if name not in verify_log.PUBLISHED])
    record = {name if name != gone else name.upper(): value for name, value in LOG[at].items()}
    return Edit(f"rename {gone}", [*LOG[:at], record, *LOG[at + 1 :]], at + 1)


def _drop(chance: random.Random) -> Edit:
    at = chance.randrange(len(LOG))
    return Edit("drop", _tidied(chance, LOG[:at] + LOG[at + 1 :]), at + 1)


def _swap(chance: random.Random) -> Edit:
    one, other = sorted(chance.sample(range(len(LOG)), 2))
    log = list(LOG)
    log[one], log[other] = log[other], log[one]
    return Edit("swap", _tidied(chance, log), one + 1)


def _insert(chance: random.Random) -> Edit:
    at = chance.randrange(len(LOG))
    forged = {**THEIRS[at], "seq": at + 1}
    return Edit("insert", _tidied(chance, [*LOG[:at], forged, *LOG[at:]]), at + 1)


def _duplicate(chance: random.Random) -> Edit:
    at = chance.randrange(len(LOG) - 1)
    return Edit("duplicate", _tidied(chance, [*LOG[: at + 1], *LOG[at:]]), at + 2)


def _truncate(chance: random.Random) -> Edit:
    left = chance.randrange(len(LOG))
    return Edit("truncate", LOG[:left], left + 1)


def _split(chance: random.Random) -> Edit:
    """Another log from some entry on, held against an older checkpoint of the true one alone."""
    since = chance.randrange(SIZES[1])
    older = tuple(size for size in SIZES[:-1] if size > since)[:1]
    return Edit("split view", LOG[:since] + THEIRS[since:], since + 1, older)


def _tidied(chance: random.Random, log: list[Record]) -> list[Record]:
    """Left with the numbers it has, or numbered anew by someone who covers their tracks."""
    if chance.random() < 0.5:
        return log
    return [{**record, "seq": number} for number, record in enumerate(log, 1)]


KINDS: Sequence[Callable[[random.Random], Edit]] = (
    _change, _change, _rename, _drop, _swap, _insert, _duplicate, _truncate, _split,
)  # fmt: skip


def check(edit: Edit) -> str:
    """What is wrong with the verifier's finding; empty when the edit is found, named and placed."""
    checkpoints = made.told(LOG, *edit.sizes)
    problem = verify_log.verify(made.lines(edit.records), checkpoints).problem
    if problem is None:
        return f"{edit.name} at {edit.first} was not found"
    before = max((size for size in edit.sizes if size < edit.first), default=0)
    after = min(size for size in edit.sizes if size >= edit.first)
    if not before < problem.first <= edit.first <= problem.last <= after:
        return f"{edit.name} at {edit.first} was placed at {problem.first} to {problem.last}"
    return "" if problem.what else f"{edit.name} at {edit.first} was not named"


def play(_: Path, seed: int) -> None:
    """One round of edits. Raises AssertionError with the first one that was missed."""
    chance = random.Random(seed)
    for _number in range(A_ROUND):
        wrong = check(edited(chance))
        if wrong:
            raise AssertionError(wrong)
