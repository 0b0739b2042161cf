"""Which waiting lines of one chat may become one message when there are more of them than the chat lets through."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

# Lines that only tell. What asks for an answer, has buttons or rings somebody stays a message of its own.
TELLS = frozenset(
    (
        "number",
        "number_unattended",
        "number_near",
        "several",
        "several_unattended",
        "moved_here",
        "moved_here_unattended",
        "details_added",
        "same_filing",
        "acknowledged",
        "closed",
        "settled",
        "withdrawn",
    )
)
READ_PREFIXES = ("mirror_", "published_", "checkpoint")  # lines of the mirrors, where nobody can reply
BLOCKS = frozenset(("mirror_figures",))  # many lines of their own
# told to a whole group by the time that has passed, and true an hour later too
UNHURRIED = frozenset(("late", "late_vacant", "late_several", "closed_unreachable"))
FEW = 2  # ours: so many lines of a mirror come one by one; more at one time, as after an absence, share a message
PATIENCE = timedelta(seconds=10)  # ours: a queue that is shorter goes out line by line, each under its own post
MOST_TOGETHER = 40  # lines: one look at the screen is for less, but a storm of posts must get through in minutes


def may_share(key: str) -> bool:
    """Whether a line with this text may stand in one message with others."""
    return key in TELLS or only_read(key)


def only_read(key: str) -> bool:
    """Whether nobody replies to a line with this text."""
    return key.startswith(READ_PREFIXES) and key not in BLOCKS


def may_wait(key: str) -> bool:
    """Whether a line with this text tells all of a group what they need not hear at this minute."""
    return only_read(key) or key in BLOCKS or key in UNHURRIED


def how_many_fit(texts: Sequence[str], longest: int) -> int:
    """How many of the texts, from the first on, fit into one message of `longest` UTF-16 units, a line each."""
    room = longest
    for count, text in enumerate(texts):
        room -= len(text.encode("utf-16-le", "surrogatepass")) // 2 + (1 if count else 0)
        if room < 0:
            return max(1, count)
    return len(texts)
