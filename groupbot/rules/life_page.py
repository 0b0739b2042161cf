"""The life of a request as a page to be read: printed from the very table that decides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from groupbot.records import State
from groupbot.rules.lifecycle import TABLE, Act, entitled_to, refused_in

STATES: tuple[State, ...] = get_args(State)
ACTS: tuple[Act, ...] = get_args(Act)
SAME = "(stays)"


def page() -> str:
    """A Markdown table: each act, who may do it, and for each state where it leads or why it is refused."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield f"| act | who | {' | '.join(STATES)} |"
    yield "|---" * (len(STATES) + 2) + "|"
    for act in ACTS:
        yield f"| {act} | {', '.join(entitled_to(act))} | {' | '.join(_cell(act, state) for state in STATES)} |"


def _cell(act: Act, state: State) -> str:
    for rule in TABLE:
        if rule.act == act and state in rule.states:
            return rule.to or SAME
    return f"no: {refused_in(act, state)}"
