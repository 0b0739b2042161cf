"""What the edit of a post changes of its request: what the post itself says anew, and nothing that others added since.

Pure. A request may have more to it than its post: a priority that was set, a place that was mended, details.
"""

from __future__ import annotations

from collections.abc import Sequence

from groupbot.records import Form


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

    The very same one first, then what has kept most: its place and problem, its problem, its place; of what is left
    one after the other.
    """
    found: list[int | None] = [None] * len(now)
    for kept in (("ward", "location", "problem", "priority"), ("location", "problem"), ("problem",), ("location",), ()):
        for place, form in enumerate(now):
            if found[place] is None:
                same = (at for at, old in enumerate(before) if at not in found and _keeps(kept, old, form))
                found[place] = next(same, None)
    return found


def _keeps(fields: Sequence[str], old: Form, form: Form) -> bool:
    """Whether those fields are the same in both, and not all of them empty."""
    were = [getattr(old, code) for code in fields]
    return were == [getattr(form, code) for code in fields] and (any(were) or not fields)
