"""The house's import rule as data, and a reader of sources that tells every breach of it.

A module's name here is its path inside the package without the ending: rules/parsing, store/__init__, records.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

PACKAGE = "groupbot"
FOLDER = Path(__file__).parent.parent / PACKAGE


@dataclass(frozen=True)
class Room:
    """Modules, what of the package they may import, which libraries, and what of both they may not."""

    modules: tuple[str, ...]
    sees: tuple[str, ...]
    libraries: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


EDGE = ("app", "config", "control", "chat/*", "cli/*", "rehearsal/*", "web/*", "__main__")

# The first room that fits a module is its room; the last is for verbs, intake and commands.
ROOMS = (
    Room(("records", "failpoints", "verify_log", "__init__"), ()),
    Room(("rules/*",), ("records", "protocol/*", "rules/*"), ("rapidfuzz", "phonenumbers", "holidays")),
    Room(("store/*",), ("records", "failpoints", "store/*"), ("peewee", "playhouse", "psycopg", "sqlite3")),
    Room(("chat/telegram*",), ("records", "chat/*"), ("telegram", "httpx", "aiohttp"), ("chat/matrix*",)),
    Room(("chat/matrix*",), ("records", "chat/*"), ("nio", "aiohttp"), ("chat/telegram*",)),
    Room(("chat/*",), ("records", "failpoints", "chat/*"), (), ("chat/telegram*", "chat/matrix*")),
    Room(("protocol/*",), ("records", "protocol/*"), ("pydantic", "pydantic_core")),
    Room(("pictures/*",), ("pictures/*",), ("matplotlib", "PIL")),
    Room(("messages/*",), ("records", "protocol/*", "messages/*")),
    Room(
        ("protocol_check/*",),
        ("records", "protocol/*", "protocol_check/*", "messages/*", "rules/*", "commands/*"),
        ("pydantic", "pydantic_core"),
    ),
    Room(("config",), ("*",), ("pydantic", "pydantic_core")),
    Room(("cli/*",), ("*",), ("click", "rich")),
    Room(("web/*",), ("*",), ("aiohttp", "jinja2")),
    Room(("control",), ("*",), ("aiohttp",)),
    Room(("app",), ("*",), ("apscheduler",)),
    Room(("rehearsal/*", "__main__"), ("*",)),
    Room(("filling", "inspecting", "recovering"), ("*",), (), tuple(name for name in EDGE if name != "chat/*")),
    Room(("delivery", "delivery/*"), ("*",), (), tuple(name for name in EDGE if name != "chat/*")),
    Room(("*",), ("*",), (), EDGE),
)

# What a rule may use of the standard library: nothing that has a clock, chance, files or a network.
# fmt: off
PURE = frozenset((
    "__future__", "abc", "base64", "bisect", "calendar", "collections", "contextlib", "copy", "dataclasses",
    "datetime", "decimal", "difflib", "enum", "fractions", "functools", "hashlib", "heapq", "hmac", "itertools",
    "json", "math", "operator", "re", "statistics", "string", "textwrap", "types", "typing", "unicodedata", "zoneinfo",
))
# fmt: on
IMPURE_CALLS = frozenset({"open", "print", "input", "eval", "exec", "__import__"})
CLOCKS = frozenset({"now", "utcnow", "today"})
CLOCK_OWNERS = frozenset({"datetime", "date", "dt"})

REQUEST_TABLE = r"(?:request|service_request)"
CHANGES_REQUESTS = re.compile(rf"\b(?:UPDATE|INSERT\s+INTO|DELETE\s+FROM)\s+\"?{REQUEST_TABLE}\b", re.IGNORECASE)
BUILDER_CHANGES = frozenset({"insert", "insert_many", "update", "delete", "replace"})
BUILDER_NAMES = frozenset({"request", "service_request", "servicerequest"})
MAY_CHANGE_REQUESTS = ("moves", "moves/*", "store/*")


def sources(folder: Path = FOLDER) -> dict[str, str]:
    """Every module of the package with its text."""
    files = sorted(folder.rglob("*.py"))
    return {file.relative_to(folder).with_suffix("").as_posix(): file.read_text(encoding="utf-8") for file in files}


def breaches(texts: Mapping[str, str]) -> list[str]:
    """Every breach, one line each: `module:line: what`."""
    trees = {module: ast.parse(text) for module, text in texts.items()}
    changers = request_changers(trees)
    found: list[str] = []
    for module, tree in trees.items():
        lines = [*_import_breaches(module, tree, trees), *_request_breaches(module, tree, trees, changers)]
        if fits(module, ("rules/*",)):
            lines += _impure(tree)
        found += [f"{module}:{line}: {what}" for line, what in lines]
    return found


def room_of(module: str) -> Room:
    """The room a module is in."""
    return next(room for room in ROOMS if fits(module, room.modules))


def fits(module: str, patterns: tuple[str, ...]) -> bool:
    """Whether a module is one of those; a folder's pattern takes its __init__ too."""
    return any(fnmatchcase(module, pattern) for pattern in patterns)


Breach = tuple[int, str]
Trees = Mapping[str, ast.Module]


def _import_breaches(module: str, tree: ast.Module, trees: Trees) -> Iterator[Breach]:
    room = room_of(module)
    for line, target in imported(tree, trees):
        if target.startswith(PACKAGE + "."):
            inner = target.removeprefix(PACKAGE + ".")
            if inner != "__init__" and (not fits(inner, room.sees) or fits(inner, room.hidden)):
                yield line, f"must not import {inner}"
        elif _is_library(target) and target not in room.libraries:
            yield line, f"must not import the library {target}"


def _is_library(name: str) -> bool:
    return name not in sys.stdlib_module_names or name == "sqlite3"


def imported(tree: ast.Module, trees: Trees) -> Iterator[Breach]:
    """(line, what) of each import: the library's first name, or groupbot.<module as above>."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, _target(alias.name, "", trees)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                name = "." * node.level + (node.module or "")
                yield node.lineno, _target(name, alias.name, trees)


def _target(module: str, name: str, trees: Trees) -> str:
    if module.split(".", maxsplit=1)[0] != PACKAGE:
        return module.split(".", maxsplit=1)[0] or "(relative)"
    path = "/".join(module.split(".")[1:])
    inner = f"{path}/{name}".strip("/")
    candidates = (inner, f"{inner}/__init__", path, f"{path}/__init__".strip("/"))
    return f"{PACKAGE}." + next((one for one in candidates if one in trees), inner)


def _impure(tree: ast.Module) -> Iterator[Breach]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((node.lineno, f"a rule must not use {name}") for name in _stdlib(node) if name not in PURE)
        elif isinstance(node, ast.Call) and (name := _called(node.func)):
            yield node.lineno, f"a rule must not call {name}"


def _stdlib(node: ast.Import | ast.ImportFrom) -> list[str]:
    names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
    return [name.split(".")[0] for name in names if name.split(".")[0] in sys.stdlib_module_names]


def _called(function: ast.expr) -> str:
    """The name of a call that makes a rule depend on more than its arguments, or nothing."""
    if isinstance(function, ast.Name) and function.id in IMPURE_CALLS:
        return function.id
    if isinstance(function, ast.Attribute) and function.attr in CLOCKS:
        owner = ast.unparse(function.value)
        return f"{owner}.{function.attr}" if owner.split(".")[-1] in CLOCK_OWNERS else ""
    return ""


# --- who changes requests ---------------------------------------------------------------------------------------------


def request_changers(trees: Trees) -> set[tuple[str, str]]:
    """(module, function) of everything in store/ that changes the request table, directly or through another."""
    stores = {module: tree for module, tree in trees.items() if fits(module, ("store/*",))}
    names: dict[tuple[str, str], ast.stmt] = {}
    for module, tree in stores.items():
        names |= {(module, name): statement for statement in tree.body for name in _defined(statement)}
    found = {key for key, statement in names.items() if _changes_requests(statement)}
    while True:
        more = {key for key, statement in names.items() if _uses(statement, key[0], found, trees)} - found
        if not more:
            return found
        found |= more


def _defined(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [statement.name]
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _changes_requests(node: ast.AST) -> bool:
    return any(_is_change(part) for part in ast.walk(node))


def _is_change(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return bool(CHANGES_REQUESTS.search(node.value))
    if isinstance(node, ast.Attribute) and node.attr in BUILDER_CHANGES:
        return ast.unparse(node.value).split(".")[-1].lower() in BUILDER_NAMES
    return False


def _uses(statement: ast.AST, module: str, found: set[tuple[str, str]], trees: Trees) -> bool:
    mine = {name for home, name in found if home == module}
    named = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
    return bool(named & mine) or any(True for _ in _reached(statement, trees[module], found, trees))


def _reached(where: ast.AST, tree: ast.Module, found: set[tuple[str, str]], trees: Trees) -> Iterator[Breach]:
    """Uses inside `where` of changing functions that the module `tree` imported: as names or through their module."""
    direct, through = _known_names(tree, found, trees)
    for node in ast.walk(where):
        if isinstance(node, ast.Name) and node.id in direct:
            yield node.lineno, direct[node.id]
        elif isinstance(node, ast.Attribute) and (name := (ast.unparse(node.value), node.attr)) in through:
            yield node.lineno, ".".join(name)


def _known_names(
    tree: ast.Module, found: set[tuple[str, str]], trees: Trees
) -> tuple[dict[str, str], set[tuple[str, str]]]:
    direct: dict[str, str] = {}
    through: set[tuple[str, str]] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        for alias in node.names:
            name = alias.name if isinstance(node, ast.ImportFrom) else ""
            home = _target(node.module or "" if name else alias.name, name, trees).removeprefix(PACKAGE + ".")
            called = alias.asname or alias.name
            if name and not home.removesuffix("/__init__").endswith(f"/{name}"):
                direct |= {called: name} if (home, name) in found else {}
            else:
                through |= {(called, changer) for place, changer in found if place == home}
    return direct, through


def _request_breaches(module: str, tree: ast.Module, trees: Trees, changers: set[tuple[str, str]]) -> Iterator[Breach]:
    if fits(module, MAY_CHANGE_REQUESTS):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and _is_change(node):
            yield node.lineno, "only the store may hold SQL that changes requests"
    for line, name in _reached(tree, tree, changers, trees):
        yield line, f"only moves may change requests: {name}"
