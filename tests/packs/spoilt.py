"""A good pack spoilt in one way, as a folder of tests/packs/bad/ describes it.

Its files replace the good pack's; `break.toml` lists smaller changes: find and replace, append, or remove.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.packs.texts import PACK, toml

BAD = Path(__file__).parent / "bad"
OUR_OWN = ("break.toml", "expected.txt")


def good(folder: Path) -> Path:
    """A copy of the good pack."""
    return Path(shutil.copytree(PACK, folder / "pack"))


def spoil(pack: Path, case: Path) -> None:
    """Put the mistake of a case into a copy of the good pack."""
    for path in case.rglob("*"):
        if path.is_file() and path.name not in OUR_OWN:
            (pack / path.relative_to(case)).parent.mkdir(exist_ok=True)
            shutil.copy(path, pack / path.relative_to(case))
    if (case / "break.toml").is_file():
        for change in toml(case / "break.toml")["change"]:
            _change(pack / change["file"], change)


def _change(path: Path, change: dict[str, str]) -> None:
    if "remove" in change:
        path.unlink()
        return
    text = path.read_text(encoding="utf-8")
    if "append" in change:
        path.write_text(text + change["append"], encoding="utf-8")
        return
    times = text.count(change["find"])
    assert times == 1, f"{path.name} has {change['find']!r} {times} times; a break needs one place"
    path.write_text(text.replace(change["find"], change["replace"]), encoding="utf-8")
