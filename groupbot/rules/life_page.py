"""The life of a request as a page to be read: printed from the table that decides. LIFE.md is that page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import get_args

from groupbot.records import State
from groupbot.rules.lifecycle import TABLE, Act, entitled_to, refused_in

STATES: tuple[State, ...] = get_args(State)
ACTS: tuple[Act, ...] = get_args(Act)
SAME = "(stays)"
# Who hears of an act besides whoever does it, wherever it is said: the department's group, the one it goes to, the
# mirrors, the poster's private chat (with the citizen's SMS). One that is not here gets a reaction at most.
TOLD: Mapping[Act, tuple[str, ...]] = {
    "answer": ("group", "mirror", "sms"),
    "cannot": ("group", "mirror", "sms"),
    "by": ("group",),
    "amend": ("group",),
    "move": ("group", "new group", "mirror"),
    "raise": ("group", "mirror"),
    "priority": ("group", "mirror"),
    "pause": ("group",),
    "safe": ("group", "mirror"),
    "same": ("group",),
    "duplicate": ("group", "mirror"),
    "local": ("group", "mirror"),
    "withdraw": ("group", "mirror"),
    "citizen_yes": ("group", "mirror", "sms"),
    "citizen_not_yet": ("group", "mirror"),
    "observe": ("group",),
}
HEAD = """# The life of a request

Each act, who may do it, where it leads from each state or why it is refused there, and who is told. An answer never
closes a request: only the citizen's word does, or the ward itself. Printed from `lifecycle.py`, which decides.
"""


def page() -> str:
    """A Markdown page: each act, who may do it, for each state where it leads or why it is refused, and who is told."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield HEAD
    yield f"| act | who | {' | '.join(STATES)} | told |"
    yield "|---" * (len(STATES) + 3) + "|"
    for act in ACTS:
        cells = " | ".join(_cell(act, state) for state in STATES)
        yield f"| {act} | {', '.join(entitled_to(act))} | {cells} | {', '.join(TOLD.get(act, ()))} |"


def _cell(act: Act, state: State) -> str:
    for rule in TABLE:
        if rule.act == act and state in rule.states:
            return rule.to or SAME
    return f"no: {refused_in(act, state)}"
