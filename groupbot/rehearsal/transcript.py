"""A transcript file -> its lines: who said what, where and when, and which earlier line it answers or edits.

Format, one message each: `YYYY-MM-DD HH:MM | group | Person (role, ward) | text`, continuation lines indented. At the
start of a text: `[reply 07:48]`, `[reply 09-09 07:48]`, `[edit 10:12]`, `[photo]`, `[pin]`, `[forwarded]`.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo

_HEAD = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d) \| ([^|]{1,80}) \| ([^|]{1,120}) \| ?(.*)\Z", re.DOTALL)
_MARK = re.compile(r"\[(reply|edit) (?:(\d\d)-(\d\d) )?(\d\d):(\d\d)\] ?|\[(photo|pin|forwarded)\] ?")
_PERSON = re.compile(r"([^()]{1,80}?) \(([^(),]{1,40})(?:, ([^()]{1,60}))?\)\Z")


class TranscriptError(ValueError):
    """A line that cannot be read; the message names the line and says what was expected."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message. `at`, `reply_to`, `edits` are aware UTC instants; `role` and `ward` as written, '' if not given."""

    number: int
    at: datetime
    group: str
    name: str
    role: str
    ward: str
    text: str
    reply_to: datetime | None = None
    edits: datetime | None = None
    photo: bool = False
    pin: bool = False
    forwarded: bool = False
    more: list[str] = field(default_factory=list, compare=False)


def read(text: str, zone: tzinfo) -> list[Line]:
    """Read a transcript whose times are in `zone`. Raises TranscriptError."""
    lines: list[Line] = []
    # only real line ends: a post may hold other signs that str.splitlines cuts at
    for number, raw in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        if raw.startswith("    ") and lines:
            lines[-1].more.append(raw[4:])
        elif raw.strip() and not raw.startswith("#"):
            lines.append(_line(number, raw, zone))
    whole = [replace(line, text="\n".join([line.text, *line.more])) for line in lines]
    for earlier, later in itertools.pairwise(whole):
        if later.at < earlier.at:
            raise TranscriptError(f"line {later.number}: its time is before that of line {earlier.number}")
    return whole


def _line(number: int, raw: str, zone: tzinfo) -> Line:
    head = _HEAD.match(raw)
    if head is None:
        raise TranscriptError(f"line {number}: expected 'YYYY-MM-DD HH:MM | group | Person (role) | text'")
    person = _PERSON.match(head[3].strip())
    if person is None:
        raise TranscriptError(f"line {number}: expected 'Person (role)' or 'Person (role, ward)', got '{head[3]}'")
    try:
        local = datetime.strptime(head[1], "%Y-%m-%d %H:%M").replace(tzinfo=zone)
        at = local.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise TranscriptError(f"line {number}: no such time '{head[1]}'") from error
    line = Line(number, at, head[2].strip(), person[1], person[2], person[3] or "", head[4])
    return _marks(line, local)


def _marks(line: Line, local: datetime) -> Line:
    """Take the marks off the start of the text; a time without a date is of the line's own day."""
    while mark := _MARK.match(line.text):
        line = replace(line, text=line.text[mark.end() :])
        if mark[6]:
            line = _marked(line, mark[6])
            continue
        try:
            at = _named(mark, local)
        except (ValueError, OverflowError) as error:
            raise TranscriptError(f"line {line.number}: no such time in '{mark[0].strip()}'") from error
        line = replace(line, reply_to=at) if mark[1] == "reply" else replace(line, edits=at)
    return line


def _marked(line: Line, mark: str) -> Line:
    if mark == "photo":
        return replace(line, photo=True)
    return replace(line, pin=True) if mark == "pin" else replace(line, forwarded=True)


def _named(mark: re.Match[str], local: datetime) -> datetime:
    """The instant that a mark names: the last such time before the line's own. Raises ValueError, OverflowError."""
    month, day = (int(mark[2]), int(mark[3])) if mark[2] else (local.month, local.day)
    hour, minute = int(mark[4]), int(mark[5])
    named = local.replace(month=month, day=day, hour=hour, minute=minute)
    if named > local:
        named = local.replace(year=local.year - 1, month=month, day=day, hour=hour, minute=minute)
    return named.astimezone(UTC)
