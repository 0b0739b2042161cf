"""How well posts are read: `python -m tests.score_corpus [FILE ...]` prints the exact rate per kind and every miss.

FILE has the format of tests/corpus/posts.jsonl; without one both files of the corpus are scored, each by itself.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from groupbot import protocol
from groupbot.records import Reading
from groupbot.rules.readings import Vocabulary, read_post

CORPUS = Path(__file__).parent / "corpus"
WITH_FORMS = ("request", "incomplete")


def posts_of(path: Path) -> list[dict[str, Any]]:
    """The posts of one file, one JSON object per line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def group_of(post: dict[str, Any]) -> str:
    """The row of the table that a post counts in: requests are parted into tidy and messy."""
    if post["kind"] == "request":
        return "request, tidy" if "tidy" in post["tags"] else "request, messy"
    if post["kind"] == "chatter" and "hard-negative" in post["tags"]:
        return "chatter, hard"
    return str(post["kind"])


def read(post: dict[str, Any], vocabulary: Vocabulary) -> Reading:
    """The reading of one post of the corpus."""
    return read_post(post["text"], vocabulary, sender_role=post.get("sender_role"), sender_ward=post.get("sender_ward"))


def misses(post: dict[str, Any], reading: Reading) -> list[str]:
    """What differs from gold, one line each; empty when the reading is exactly right."""
    if reading.kind != post["kind"]:
        return [f"kind {reading.kind} ({reading.reason}), not {post['kind']}"]
    found = [f"route {reading.route}"] if post.get("route", reading.route) != reading.route else []
    if post["kind"] not in WITH_FORMS:
        return found
    if list(reading.missing) != post["missing"]:
        found.append(f"missing {list(reading.missing)}, not {post['missing']}")
    if len(reading.forms) != len(post["requests"]):
        return [*found, f"{len(reading.forms)} requests, not {len(post['requests'])}"]
    for form, gold in zip(reading.forms, post["requests"], strict=True):
        found.extend(_fields(form.given(), gold))
    return found


def _fields(given: dict[str, str], gold: dict[str, str]) -> Iterator[str]:
    for name in sorted(given.keys() | gold.keys()):
        if given.get(name) != gold.get(name):
            yield f"{name} {given.get(name)!r}, not {gold.get(name)!r}"


def score(path: Path, vocabulary: Vocabulary) -> Iterable[str]:
    """The report of one file, line by line."""
    total, right = Counter[str](), Counter[str]()
    for post in posts_of(path):
        found = misses(post, read(post, vocabulary))
        total[group_of(post)] += 1
        right[group_of(post)] += not found
        yield from (f"  {post['id']}: {miss}" for miss in found)
    yield f"{path.name}: {right.total()} of {total.total()} exactly right"
    yield from (f"  {group:16}{right[group]:4} of {total[group]:3}" for group in sorted(total))


def main(arguments: list[str]) -> int:
    """Print the reports; exit status 0 when every post is read exactly right."""
    vocabulary = Vocabulary.of(protocol.load(protocol.locate(None)))
    paths = [Path(argument) for argument in arguments] or sorted(CORPUS.glob("*.jsonl"))
    status = 0
    for path in paths:
        lines = list(score(path, vocabulary))
        print("\n".join(lines))
        status |= any(line.startswith("  ") and ": " in line for line in lines)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
