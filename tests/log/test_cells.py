"""No cell of an export is a formula, and every cell can be had back as it was."""

from __future__ import annotations

import csv
import io
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from groupbot.rules.cells import guard, unguard

HOSTILE = st.text(st.sampled_from("=+-@;|\t\r\n' \xa0＝＋－＠﹣−\u200b\u2028\x0b\x00a1"), max_size=12)

CASES = [
    ("Kapsowar", "Kapsowar"),
    ("", ""),
    ("a=1", "a=1"),
    ("2+2", "2+2"),
    ("Cherang'any", "Cherang'any"),
    ("=1+1", "'=1+1"),
    ("+254720000662", "'+254720000662"),
    ("-1", "'-1"),
    ("@SUM(A1)", "'@SUM(A1)"),
    ("  =1", "'  =1"),
    ("\xa0\u200b=1", "'\xa0\u200b=1"),
    ("\t=1", "'\t'=1"),
    ("x;=1", "x;'=1"),
    ("x; =1;+2", "x;' =1;'+2"),
    ("x\t@A1", "x\t'@A1"),
    ("x|-1", "x|'-1"),
    ("x;'=1", "x;''=1"),
    ("a; b, -c", "a; b, -c"),
    ("\ttabbed", "'\ttabbed"),
    ("\rx", "'\rx"),
    ("\nx", "'\nx"),
    (" \nx", "' \nx"),
    ("＝1", "'＝1"),
    ("＋1", "'＋1"),
    ("－1", "'－1"),
    ("＠A1", "'＠A1"),
    ("fixed\n=cmd|' /C calc'!A0", "fixed\n'=cmd|' /C calc'!A0"),
    ("fixed\r\n  -done", "fixed\r\n'  -done"),
    ("fixed\n\n=1", "fixed\n\n'=1"),
    ("=1\n=2", "'=1\n'=2"),
    ("a\u2028=1", "a\u2028'=1"),
    ("'=1", "''=1"),
    ("''=1", "'''=1"),
    ("' =1", "'' =1"),
    ("'quoted'", "'quoted'"),
]


@pytest.mark.parametrize(("cell", "safe"), CASES)
def test_what_a_spreadsheet_would_take_for_a_formula_gets_an_apostrophe(cell: str, safe: str) -> None:
    assert guard(cell) == safe
    assert unguard(safe) == cell


@given(st.text() | HOSTILE)
@example("'\n'=")
def test_every_cell_comes_back_as_it_was(cell: str) -> None:
    assert unguard(guard(cell)) == cell


@pytest.mark.parametrize("separator", [None, ";", "\t", "|"])
@given(cell=HOSTILE)
def test_no_line_of_a_guarded_cell_starts_as_a_formula_whatever_separates_cells(
    cell: str, separator: str | None
) -> None:
    for line in guard(cell).splitlines():
        for part in line.split(separator) if separator else [line]:
            assert not part.lstrip().startswith(tuple("=+-@＝＋－＠"))


@given(st.lists(HOSTILE, min_size=2, max_size=5))
def test_a_table_comes_back_as_it_was(row: list[str]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerow([guard(cell) for cell in row])
    (back,) = csv.reader(io.StringIO(out.getvalue(), newline=""))
    assert [unguard(cell) for cell in back] == row


@pytest.mark.parametrize(
    "cell", ["'" * 64_000, " " * 64_000, "\n" * 64_000, "\n'" * 32_000, "\r\n " * 21_000, ";'" * 32_000, "\t" * 64_000]
)
def test_hostile_cells_take_no_time(cell: str) -> None:
    started = time.process_time()
    assert unguard(guard(cell + "=")) == cell + "="
    assert time.process_time() - started < 0.5
