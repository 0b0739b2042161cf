"""What `groupbot doctor` finds: one thing looked at, whether it holds, and the exact remedy where it does not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `remedy` is '' where it holds."""

    about: str
    said: str
    remedy: str = ""

    @property
    def holds(self) -> bool:
        """Whether nothing is to be mended."""
        return not self.remedy
