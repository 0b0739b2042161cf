"""groupbot parse: how posts are read. JSON Lines in, one JSON line out for each: id, kind, requests, missing, route."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from groupbot.records import Reading
    from groupbot.rules.readings import Vocabulary

_WITH_FORMS = ("request", "incomplete")


@click.command()
@click.option("--pack", metavar="ID", help="The pack's name or folder; default: the one that default.toml names.")
@click.argument("file", metavar="FILE.jsonl", type=click.File("r", encoding="utf-8", errors="replace"))
def parse(pack: str | None, file: IO[str]) -> None:
    """Read the posts of FILE.jsonl (- is standard input) and print what each is.

    A post is a JSON object with id and text, and, where known, sender_role and sender_ward. A line that is no post is
    named on standard error, the others are still read, and the exit status is 1.
    """
    from groupbot.cli.packs import jurisdiction

    vocabulary = jurisdiction(pack).vocabulary
    status = 0
    for number, post in _posts(file):
        if isinstance(post, str):
            click.echo(f"line {number}: {post}", err=True)
            status = 1
        else:
            click.echo(json.dumps(_line(post, vocabulary), ensure_ascii=False))
    sys.exit(status)


def _posts(file: IO[str]) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """Each line's number with its post, or with what is wrong with it."""
    for number, line in enumerate(file, 1):
        if line.strip():
            yield number, _post(line)


def _post(line: str) -> dict[str, Any] | str:
    try:
        post = json.loads(line)
    except (ValueError, RecursionError) as error:
        return f"not JSON: {error}"
    if not isinstance(post, dict):
        return "not an object with id and text"
    if not isinstance(post.get("text"), str):
        return "no text (a string is needed)"
    if not isinstance(post.get("id"), str | int):
        return "no id (a string or a whole number is needed)"
    for key in ("sender_role", "sender_ward"):
        if not isinstance(post.get(key), str | None):
            return f"{key} must be a string or null"
    return post


def _line(post: dict[str, Any], vocabulary: Vocabulary) -> dict[str, Any]:
    from groupbot.rules.readings import read_post
    from groupbot.rules.text import clean

    reading = read_post(
        clean(post["text"]), vocabulary, sender_role=post.get("sender_role"), sender_ward=post.get("sender_ward")
    )
    name = clean(post["id"]) if isinstance(post["id"], str) else post["id"]
    return {"id": name, **_facts(reading)}


def _facts(reading: Reading) -> dict[str, Any]:
    forms = reading.forms if reading.kind in _WITH_FORMS else ()
    return {
        "kind": reading.kind,
        "requests": [form.given() for form in forms],
        "missing": list(reading.missing),
        "route": reading.route,
    }
