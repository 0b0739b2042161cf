"""Named points at which a fault test may end the process; in a normal run nothing is armed and passing does nothing.

They stand before and after every commit, every call of a platform and every step on a file that must survive a crash.
"""

from __future__ import annotations

from collections.abc import Callable

_armed: Callable[[str], None] | None = None


def reach(name: str) -> None:
    """Tell whoever armed the points that the process has come to this one."""
    if _armed is not None:
        _armed(name)


def arm(then: Callable[[str], None] | None) -> None:
    """Call `then` with the name of each point that is reached from now on; None disarms. For fault tests alone."""
    global _armed  # noqa: PLW0603
    _armed = then
