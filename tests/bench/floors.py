"""The floors: the least code that could do a part of the job. Nothing of groupbot is imported here."""

from __future__ import annotations

import difflib
import re
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench.laps import Laps, Measures
from tests.bench.text import LABELS, Post

# --- one durable commit of four rows ----------------------------------------------------------------------------------

SCHEMA = """
CREATE TABLE received(id INTEGER PRIMARY KEY, chat TEXT NOT NULL, message TEXT NOT NULL, sender TEXT NOT NULL,
    body TEXT NOT NULL, at INTEGER NOT NULL, UNIQUE(chat, message));
CREATE TABLE request(id INTEGER PRIMARY KEY, reference TEXT NOT NULL UNIQUE, department TEXT NOT NULL,
    ward TEXT NOT NULL, place TEXT NOT NULL, problem TEXT NOT NULL, priority TEXT NOT NULL, citizen TEXT NOT NULL,
    phone TEXT NOT NULL, state TEXT NOT NULL, opened_at INTEGER NOT NULL, due_at INTEGER);
CREATE INDEX request_due ON request(due_at) WHERE state = 'open';
CREATE INDEX request_report ON request(department, state, opened_at);
CREATE TABLE event(id INTEGER PRIMARY KEY, request_id INTEGER NOT NULL, kind TEXT NOT NULL, actor TEXT NOT NULL,
    at INTEGER NOT NULL);
CREATE INDEX event_request ON event(request_id);
CREATE TABLE queued(id INTEGER PRIMARY KEY, request_id INTEGER NOT NULL, chat TEXT NOT NULL, body TEXT NOT NULL,
    state TEXT NOT NULL, next_at INTEGER NOT NULL);
CREATE INDEX queued_next ON queued(next_at) WHERE state = 'new';
"""
INSERTS = (
    "INSERT INTO received(chat, message, sender, body, at) VALUES (?, ?, ?, ?, ?)",
    "INSERT INTO request(reference, department, ward, place, problem, priority, citizen, phone, state, opened_at,"
    " due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'open', ?, ?)",
    "INSERT INTO event(request_id, kind, actor, at) VALUES (?, 'opened', ?, ?)",
    "INSERT INTO queued(request_id, chat, body, state, next_at) VALUES (?, ?, ?, 'new', ?)",
)
DAY = 86_400_000_000  # microseconds


def bare_commits(posts: Sequence[Post], file: Path) -> Measures:
    """Each post as four rows in one commit of its own: WAL, synchronous FULL, the fields known already."""
    database = sqlite3.connect(file, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.executescript(SCHEMA)
    laps = Laps()
    for post in posts:
        with laps:
            database.execute("BEGIN IMMEDIATE")
            for statement, row in zip(INSERTS, _rows(post), strict=True):
                database.execute(statement, row)
            database.execute("COMMIT")
    measures = laps.measures(len(posts))
    kept = database.execute("SELECT COUNT(*) FROM queued").fetchone()[0]
    database.close()
    if kept != len(posts):
        raise AssertionError(f"{kept} of {len(posts)} posts kept")
    return measures


def _rows(post: Post) -> tuple[tuple[object, ...], ...]:
    reference = f"{post.service_code}-{post.number:06d}"
    return (
        (post.service_code, str(post.number), post.user_id, post.text, post.at),
        (reference, post.service_code, *post.values, post.at, post.at + DAY),
        (post.number, post.user_id, post.at),
        (post.number, post.service_code, f"Received. Your reference is {reference}.", post.at),
    )


# --- the labels of a form: a dictionary, and difflib for what is not in it --------------------------------------------

PLACES = {label.lower(): place for labels in LABELS.values() for place, label in enumerate(labels)}
SPELLINGS = list(PLACES)
LABELLED = re.compile(r"[ \t]*([^\n:\-]{2,24}?)[ \t]*[:\-][ \t]*(.+)")
CLOSE = 0.72


def read_labels(text: str) -> tuple[str | None, ...]:
    """The six values of a form, in the order of the labels."""
    values: list[str | None] = [None] * 6
    for line in text.split("\n"):
        match = LABELLED.match(line)
        if match is None:
            continue
        place = _place(match[1].lower())
        if place is not None and values[place] is None:
            values[place] = match[2].strip()
    return tuple(values)


def _place(label: str) -> int | None:
    known = PLACES.get(label)
    if known is not None:
        return known
    near = difflib.get_close_matches(label, SPELLINGS, 1, CLOSE)
    return PLACES[near[0]] if near else None


def parse(texts: Sequence[str], read: Callable[[str], object]) -> Measures:
    """How long reading takes, all texts in one turn."""
    laps = Laps()
    with laps:
        for text in texts:
            read(text)
    return laps.measures(len(texts))
