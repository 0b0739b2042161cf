"""What the edit of a post changes of its request: what the post itself says anew, and nothing that others added since.

Pure. A request may have more to it than its post: a priority that was set, a place that was mended, details.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from groupbot.records import Form
from groupbot.rules.text import fold

_HALF = 0.5  # of the words of the shorter problem: what is told with half of them is told anew, not another need
_SHORTEST = 3  # letters of a word that counts
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]+")


def revised(before: Form, now: Form) -> Form:
    """The fields of an edited form that say something else than before."""
    told = before.given()
    return Form(**{code: value for code, value in now.given().items() if told.get(code) != value})


def retold(description: str, before: str, now: str) -> str:
    """A request's description after its post's problem was edited: the old words give way, what was added stays.

    Where the old words stand there no more, the new ones are added to it, unless they stand there already.
    """
    if now in description and (before in now or before not in description):
        return description
    return description.replace(before, now, 1) if before and before in description else f"{description}\n{now}"


def follows(before: int, now: int, stands: int) -> bool:
    """Whether a request goes along with a priority that was edited, by ranks, 0 the most pressing.

    Only the way that the edit goes: who makes a post more pressing never lowers a request that was raised further.
    """
    return (before - now) * (stands - now) > 0


def paired(before: Sequence[Form], now: Sequence[Form]) -> list[int | None]:
    """For each form of an edited post, which of its forms it was before; None of one that was added.

    Who has kept most goes first. What has kept nothing is another need: no number is made over to it.
    """
    likely = sorted(
        (-_kept(old, form, stands=there == here), here, there)
        for here, form in enumerate(now)
        for there, old in enumerate(before)
    )
    found: list[int | None] = [None] * len(now)
    for lost, here, there in likely:
        if lost < 0 and found[here] is None and there not in found:
            found[here] = there
    return found


def _kept(old: Form, form: Form, *, stands: bool) -> float:
    """How much an edit has left of a form, 0 for nothing: the problem before the place, which several may share.

    A place alone is the same form's only where it still `stands` where it stood in the post.
    """
    if old == form:
        return 5
    placed = old.location is not None and old.location == form.location
    if old.problem is not None and old.problem == form.problem:
        return 3 + placed
    told, tells = _words(old.problem), _words(form.problem)
    share = len(told & tells) / (min(len(told), len(tells)) or 1)
    if share >= _HALF and (placed or _is_near(old, form)):
        return 1 + share + placed / 2
    return (placed and stands) / 2


def _is_near(old: Form, form: Form) -> bool:
    """Whether a place that was told otherwise may still be the same one; not if anything is numbered otherwise."""
    words = _words(old.location), _words(form.location)
    numbers = [_NUMBER.findall(f"{one.location} {one.problem}") for one in (old, form)]
    return (not all(words) or bool(words[0] & words[1])) and numbers[0] == numbers[1]


def _words(text: str | None) -> frozenset[str]:
    return frozenset(word for word in _WORD.findall(fold(text or "")) if len(word) >= _SHORTEST)
