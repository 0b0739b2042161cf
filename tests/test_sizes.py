"""Nothing grows out of hand: files, functions, parameters, nesting; and everything public says what it does."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests import house

FILE_LINES, FUNCTION_LINES, PARAMETERS, NESTING = 400, 50, 5, 3
LONG_BY_NATURE = ("store/migrations", "store/schema_*")
TEST_LINES = 600  # tests are tables of cases: long, but read from the top
TESTS = Path(__file__).parent

# What opens a level. An `elif` and a `match` with its cases are one level, as they read; comprehensions are none.
BLOCKS = ast.If | ast.For | ast.AsyncFor | ast.While | ast.Try | ast.TryStar | ast.With | ast.AsyncWith | ast.Match
Function = ast.FunctionDef | ast.AsyncFunctionDef


def too_much(sources: Mapping[str, str], longest: int = FILE_LINES) -> list[str]:
    """Every breach of the sizes, as `module:line: what`."""
    return [
        f"{module}:{line}: {what}"
        for module, text in sources.items()
        for line, what in _too_much(module, text, longest)
    ]


def undocumented(sources: Mapping[str, str]) -> list[str]:
    """Every module, public class and public function without a docstring, as `module:line: name`."""
    return [
        f"{module}:{line}: {name}"
        for module, text in sources.items()
        if text.strip()
        for line, name in _undocumented(ast.parse(text), module)
    ]


def _too_much(module: str, text: str, longest: int) -> Iterator[tuple[int, str]]:
    lines = len(text.splitlines())
    if lines > longest and not house.fits(module, LONG_BY_NATURE):
        yield 1, f"{lines} lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, Function):
            yield from ((node.lineno, f"{node.name}: {what}") for what in _function_breaches(node))


def _function_breaches(function: Function) -> Iterator[str]:
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    if lines > FUNCTION_LINES:
        yield f"{lines} lines"
    given = [*function.args.posonlyargs, *function.args.args]
    count = len(given) - (bool(given) and given[0].arg in ("self", "cls"))
    if count > PARAMETERS:
        yield f"{count} parameters"
    if (depth := _depth(function.body)) > NESTING:
        yield f"nesting {depth}"


def _depth(body: list[ast.stmt]) -> int:
    return max((_depth_of(statement) for statement in body), default=0)


def _depth_of(statement: ast.stmt) -> int:
    """Levels that a statement opens; functions inside functions are measured by themselves."""
    if not isinstance(statement, BLOCKS):
        return 0
    blocks = [getattr(statement, name, []) for name in ("body", "orelse", "finalbody")]
    blocks += [part.body for name in ("handlers", "cases") for part in getattr(statement, name, [])]
    depths = [0 if _is_elif(statement, block) else 1 for block in blocks]
    return max(own + _depth(block) for own, block in zip(depths, blocks, strict=True))


def _is_elif(statement: ast.stmt, block: list[ast.stmt]) -> bool:
    chained = isinstance(statement, ast.If) and block is statement.orelse and len(block) == 1
    return chained and isinstance(block[0], ast.If) and block[0].col_offset == statement.col_offset


def _undocumented(tree: ast.Module, module: str) -> Iterator[tuple[int, str]]:
    if ast.get_docstring(tree) is None:
        yield 1, module
    yield from _undocumented_in(tree, "")


def _undocumented_in(parent: ast.Module | ast.ClassDef, prefix: str) -> Iterator[tuple[int, str]]:
    for node in parent.body:
        if not isinstance(node, Function | ast.ClassDef) or node.name.startswith("_") or _is_overload(node):
            continue
        if ast.get_docstring(node) is None:
            yield node.lineno, prefix + node.name
        if isinstance(node, ast.ClassDef):
            yield from _undocumented_in(node, f"{node.name}.")


def _is_overload(node: Function | ast.ClassDef) -> bool:
    return any("overload" in ast.unparse(decorator) for decorator in node.decorator_list)


# --- the tests --------------------------------------------------------------------------------------------------------


def test_nothing_in_the_package_is_too_big() -> None:
    assert too_much(house.sources()) == []


def test_nothing_in_the_tests_is_too_big() -> None:
    assert too_much(house.sources(TESTS), TEST_LINES) == []


def test_everything_public_says_what_it_does() -> None:
    assert undocumented(house.sources()) == []


FOUR_DEEP = "def f(x):\n if x:\n  for y in x:\n   with y:\n    while y:\n     pass"
CHAIN = "def f(x):\n" + "\n".join(f" {'elif' if n else 'if'} x == {n}:\n  pass" for n in range(9)) + "\n else:\n  pass"
HIDDEN_IN_ELSE = (
    "def f(x):\n if x:\n  pass\n else:\n  for y in x:\n   try:\n    pass\n   except E:\n    if y:\n     pass"
)
CASES = "def f(x):\n match x:\n  case 1:\n   if x:\n    if x:\n     if x:\n      pass"
INNER = "def f(x):\n if x:\n  for y in x:\n   def g():\n    for z in y:\n     if z:\n      pass"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = 1\n" * 400, []),
        ("x = 1\n" * 401, ["m:1: 401 lines"]),
        ("def f():\n" + " x = 1\n" * 49, []),
        ("def f():\n" + " x = 1\n" * 50, ["m:1: f: 51 lines"]),
        ("def f(a, b, c, d, e, *, g, h): pass", []),
        ("def f(a, b, c, /, d, e, g): pass", ["m:1: f: 6 parameters"]),
        ("class C:\n def f(self, a, b, c, d, e): pass", []),
        ("class C:\n async def f(self, a, b, c, d, e, g): pass", ["m:2: f: 6 parameters"]),
        (FOUR_DEEP.replace("while y", "with y").replace("   with y:\n", "", 1), []),
        (FOUR_DEEP, ["m:1: f: nesting 4"]),
        (CHAIN, []),
        (HIDDEN_IN_ELSE, ["m:1: f: nesting 4"]),
        (CASES, ["m:1: f: nesting 4"]),
        (INNER, []),
    ],
)
def test_what_is_too_big_is_found(text: str, expected: list[str]) -> None:
    assert too_much({"m": text}) == expected


def test_migrations_may_be_long() -> None:
    assert too_much({"store/migrations": "x = 1\n" * 900}) == []


def test_what_says_nothing_is_found() -> None:
    text = "class A:\n def b(self): 0\n def _c(self): 0\ndef d():\n 'Says so.'\ndef _e(): 0\nasync def g(): 0"
    assert undocumented({"m": text, "empty": ""}) == ["m:1: m", "m:1: A", "m:2: A.b", "m:7: g"]
