"""Which closed requests are called back: drawn by a seed that nobody can choose and everybody can check."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from hashlib import sha256


def draw(seed: str, month: str, references: Iterable[str], count: int) -> list[str]:
    """So many of the references, or all of fewer: those whose SHA-256 of "seed month reference" is lowest.

    The seed is the root of the log's last checkpoint, which the mirror was shown before the draw.
    """
    ordered = sorted(references, key=lambda one: sha256(f"{seed} {month} {one}".encode()).hexdigest())
    return sorted(ordered[:count])


def name(day: date) -> str:
    """A month as it is kept: 2026-11."""
    return f"{day:%Y-%m}"
