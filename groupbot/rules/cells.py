"""Cells of a table that no spreadsheet program takes for a formula, and the way back to what they were.

A cell, or a line in it, that after blanks starts as a formula does (= + - @, their other forms, TAB, CR, LF) gets a
leading apostrophe. So does what stands behind a semicolon, tab or bar: a program that was told, or by its country
takes, another separator than the comma begins a cell there. What already has an apostrophe before such a start gets
another, so that nothing is lost on the way back. Source: OWASP, "CSV Injection".
"""

from __future__ import annotations

import re

_BREAKS = "\n\r\v\f\x1c-\x1e\x85\u2028\u2029"
_BLANKS = (
    "\x00-\x08\x0e-\x1b\x1f-\x20\x7f\xa0\xad\u061c\u1680\u180e\u2000-\u200f\u202a-\u202f\u205f-\u2064\u2066-\u206f"
    "\u3000\ufeff"
)
# The four signs as they are, full-width, small, super- and subscript; the minus sign; the tab.
_SIGNS = "=+\\-@\t＝＋－＠﹦﹢﹣﹫⁼⁺⁻₌₊₋−﬩"
_SEPARATORS = ";\t|"
_CELL_START = f"(?='*[{_BLANKS}]*[{_SIGNS}\n\r])"
_LINE_START = f"(?='*[{_BLANKS}]*[{_SIGNS}])"
_DANGEROUS = re.compile(f"^{_CELL_START}|(?<=[{_BREAKS}{_SEPARATORS}]){_LINE_START}")
_GUARDED = re.compile(f"^'{_CELL_START}|(?<=[{_BREAKS}{_SEPARATORS}])'{_LINE_START}")


def guard(cell: str) -> str:
    """The cell with an apostrophe before each dangerous start."""
    return _DANGEROUS.sub("'", cell)


def unguard(cell: str) -> str:
    """What `guard` was given."""
    return _GUARDED.sub("", cell)
