"""Do a pack's own examples behave: posts that must be read so, or be left alone? One post per file of examples/."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from groupbot.protocol import NonEmpty, Part, Protocol
from groupbot.protocol_check.problems import Findings, read
from groupbot.records import Reading, ReadingKind, Route

if TYPE_CHECKING:
    from groupbot.rules.readings import Vocabulary


class Expected(Part):
    """[expected]: how the post must be read. `requests` counts for requests and incomplete posts only."""

    kind: ReadingKind
    route: Route = "public"
    missing: tuple[str, ...] = ()
    requests: tuple[dict[str, str], ...] = ()


class Example(Part):
    """examples/*.toml: one post as it was sent, who sent it, and how it must be read."""

    why: NonEmpty  # what it is an example of
    text: NonEmpty
    sender_role: str | None = None
    sender_ward: str | None = None
    expected: Expected


def compare(pack: Protocol, found: Findings) -> None:
    """Read every example and note where the reading differs from what it must be."""
    from groupbot.rules.readings import Vocabulary

    vocabulary = Vocabulary.of(pack)
    for path in files(pack.folder):
        name = f"examples/{path.name}"
        example = read(pack.folder, name, Example, found)
        if example is not None and _sender_exists(pack, name, example, found):
            _behaves(name, example, vocabulary, found)


def files(folder: Path) -> list[Path]:
    """The examples of the pack in `folder`, in order."""
    return sorted((folder / "examples").glob("*.toml"))


def _sender_exists(pack: Protocol, name: str, example: Example, found: Findings) -> bool:
    before = len(found.problems)
    if example.sender_role is not None and example.sender_role not in pack.roles:
        problem = f"There is no role '{example.sender_role}'."
        found.add((name, "sender_role"), problem, "Write the code of a [[role]], or leave it out for a stranger.")
    if example.sender_ward is not None and example.sender_ward not in pack.wards:
        found.add((name, "sender_ward"), f"There is no ward '{example.sender_ward}'.", "Write the name of a [[ward]].")
    return len(found.problems) == before


def _behaves(name: str, example: Example, vocabulary: Vocabulary, found: Findings) -> None:
    from groupbot.rules.readings import read_post

    reading = read_post(example.text, vocabulary, sender_role=example.sender_role, sender_ward=example.sender_ward)
    wanted, got = _facts(example.expected), _facts(_as_expected(reading))
    for key, value in wanted.items():
        if got[key] != value:
            problem = f"Expected {value}, but it is read as {got[key]} ({reading.reason or 'no reason given'})."
            found.add((name, f"expected.{key}"), problem, "Correct the example, or the words by which it is read.")


def _as_expected(reading: Reading) -> Expected:
    given = tuple(form.given() for form in reading.forms)
    return Expected(kind=reading.kind, route=reading.route, missing=reading.missing, requests=given)


def _facts(expected: Expected) -> dict[str, object]:
    facts: dict[str, object] = {"kind": expected.kind, "route": expected.route, "missing": list(expected.missing)}
    counts = expected.kind in ("request", "incomplete")
    return facts | {"requests": list(expected.requests) if counts else []}
