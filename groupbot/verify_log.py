"""Check the export of a service log against the checkpoints that a chat has shown. One file; it needs only Python.

    python verify_log.py FILE [--checkpoint TEXT_OR_FILE ...]

FILE is the export: one JSON object a line. A checkpoint is the message in which the bot told the log's size and root;
give the copied message, a file with it, or a whole exported chat: every checkpoint found there is checked.

It shows whether an entry was changed, taken out, put in or moved since a checkpoint was made. It cannot show what was
never written into the log, and without a checkpoint it shows only that the file is whole in itself.
"""

from __future__ import annotations

import argparse
import hmac
import json
import re
import sys
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

VERSION = 1
NUMBERS = ("v", "epoch", "seq", "at")
HASHES = ("c_public", "c_private")
TEXTS = ("log_id", "type", "ref", "service_code", "ward", "role", "state", "outcome", "pack_version")
FIELDS = tuple(sorted(NUMBERS + HASHES + TEXTS))
PUBLISHED = ("public_salt", "public_text")  # beside the fields that are hashed: both or neither
WITHHELD = ("leaf_hash", "log_id", "seq", "v")  # an entry of which only the fingerprint is shown
HEX = (*HASHES, "public_salt", "leaf_hash")
HEX64 = re.compile("[0-9a-f]{64}")
ROOT = re.compile("[A-Za-z0-9+/]{43}=?")
DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
DECORATION = "*_~`>|\"'“”‘’«»()[]{}<,;:.·•-–—"  # what chats and people put around words
LONGEST = 18  # digits of a number
ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Checkpoint(NamedTuple):
    """One checkpoint as people were shown it."""

    log_id: str
    day: str
    epoch: int
    size: int
    root: bytes


class Problem(NamedTuple):
    """What is wrong, and the entries, counted from 1, among which it lies (twice the same number for just one)."""

    first: int
    last: int
    what: str


class Report(NamedTuple):
    """What was found. `problem` is the first one, None when all holds."""

    log_id: str
    entries: int
    root: bytes
    withheld: int
    held: tuple[Checkpoint, ...]
    problem: Problem | None


class Entry(NamedTuple):
    """One line as it was read. `epoch` is None for a withheld entry."""

    log_id: str
    epoch: int | None
    seq: int
    leaf: bytes


class Wrong(Exception):
    """A line that cannot be right; the text says why."""


def add_leaf(peaks: list[bytes], size: int, leaf: bytes) -> None:
    """Add a leaf hash to a tree of `size` leaves (RFC 6962), kept as the roots of its whole subtrees."""
    while size & 1:
        leaf = sha256(b"\x01" + peaks.pop() + leaf).digest()
        size >>= 1
    peaks.append(leaf)


def root_of(peaks: Sequence[bytes]) -> bytes:
    """The root over the whole subtrees."""
    if not peaks:
        return sha256(b"").digest()
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = sha256(b"\x01" + peak + root).digest()
    return root


def _exact_lines() -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """A line as the bot writes it, but for a published text its own canonical form; and one that is withheld."""
    number, text, digest = f"0|[1-9][0-9]{{0,{LONGEST - 1}}}", '[^"\\\\\\x00-\\x1f]*', "[0-9a-f]{64}"
    forms = {**dict.fromkeys(TEXTS, f'"{text}"'), **dict.fromkeys(HASHES, f'"(?:{digest})?"')}
    forms.update({**dict.fromkeys(NUMBERS, number), "v": str(VERSION)})
    salt, shown = f'"public_salt":"(?P<salt>{digest})"', f'"public_text":"(?P<text>{text}(?:\\\\.{text})*)"'
    published = f'(?P<published>{salt},{shown},)?"ref":'
    marks = {name: f"?P<{name}>" for name in ("log_id", "epoch", "seq", "c_public")}
    line = ",".join(f'"{name}":({marks.get(name, "?:")}{forms[name]})' for name in FIELDS).replace('"ref":', published)
    withheld = f'"leaf_hash":"({digest})","log_id":"({text})","seq":({number}),"v":{VERSION}'
    return re.compile(f"{{{line}}}".encode()), re.compile(f"{{{withheld}}}".encode())


EXACT, EXACT_WITHHELD = _exact_lines()


def read_entry(line: bytes) -> Entry:
    """One line of the export. Raises Wrong."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        raise Wrong("this line is not UTF-8 text") from None
    found = EXACT.fullmatch(line)
    if found is None:
        kept = EXACT_WITHHELD.fullmatch(line)
        return Entry(kept[2].decode(), None, int(kept[3]), bytes.fromhex(kept[1].decode())) if kept else _slow(text)
    log_id, epoch, seq, salt = found.group("log_id", "epoch", "seq", "salt")
    if salt is not None:
        try:
            shown = found["text"] if b"\\" not in found["text"] else json.loads(b'"%b"' % found["text"]).encode()
        except ValueError:
            return _slow(text)  # which says what is wrong with it
        _check_published(salt.decode(), shown, found["c_public"][1:-1].decode())
        line = line[: found.start("published")] + line[found.end("published") :]
    return Entry(log_id[1:-1].decode(), int(epoch), int(seq), sha256(b"\x00" + line).digest())


def _slow(line: str) -> Entry:
    """A line that some program has written anew, or that is wrong."""
    fields = _parse(line)
    if "leaf_hash" in fields:
        _check(fields, WITHHELD)
        return Entry(fields["log_id"], None, fields["seq"], bytes.fromhex(fields["leaf_hash"]))
    published = any(name in fields for name in PUBLISHED)
    _check(fields, FIELDS + PUBLISHED if published else FIELDS)
    try:
        leaf = ENCODE({name: fields[name] for name in FIELDS}).encode()
        if published:
            _check_published(fields["public_salt"], fields["public_text"].encode(), fields["c_public"])
    except UnicodeEncodeError:
        raise Wrong("a text in this line holds half a character") from None
    return Entry(fields["log_id"], fields["epoch"], fields["seq"], sha256(b"\x00" + leaf).digest())


def _parse(line: str) -> dict[str, Any]:
    try:
        fields = json.loads(line, object_pairs_hook=_once_each)
    except (ValueError, RecursionError):
        raise Wrong("this line is damaged: it is not JSON") from None
    if isinstance(fields, dict):
        return fields
    raise Wrong("this line is damaged: it is not a JSON object")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise Wrong("a field stands twice in this line")
    return fields


def _check(fields: dict[str, Any], wanted: Sequence[str]) -> None:
    """Just the wanted fields, each of its kind. Raises Wrong."""
    for name in wanted:
        if name not in fields:
            raise Wrong(f"the field {name} is missing")
        value = fields[name]
        if name in NUMBERS:
            if type(value) is not int or not 0 <= value < 10**LONGEST:
                raise Wrong(f"the field {name} is not a whole number")
        elif not isinstance(value, str):
            raise Wrong(f"the field {name} is not text")
        elif name in HEX and not (HEX64.fullmatch(value) or (value == "" and name in HASHES)):
            raise Wrong(f"the field {name} is not a hash")
    if len(fields) > len(wanted):
        raise Wrong(f"the field {min(set(fields) - set(wanted))!a} does not belong here")
    if fields["v"] != VERSION:
        raise Wrong(f"this entry is of version {fields['v']}; this verifier knows version {VERSION}")


def _check_published(salt: str, text: bytes, promised: str) -> None:
    """A published text must be the one that was promised when the entry was written. Raises Wrong."""
    if hmac.digest(bytes.fromhex(salt), text, "sha256").hex() != promised:
        raise Wrong("the published text is not the one that was logged")


# --- the whole file ---------------------------------------------------------------------------------------------------


def verify(lines: Iterable[bytes], checkpoints: Sequence[Checkpoint] = ()) -> Report:
    """Read an export once, to its end, and tell the first thing that is wrong. Empty lines are passed over."""
    reading = Reading(checkpoints)
    problem = reading.at_checkpoint()
    for line in lines:
        bare = line.strip(b"\xef\xbb\xbf \t\r\n")  # without what editors add, a byte order mark among it
        if problem is None and bare:
            problem = reading.add(bare) or reading.at_checkpoint()
    return reading.report(problem or reading.at_end())


class Reading:
    """How far a file has been read: the tree so far, the checkpoints that held, and those that are still ahead."""

    def __init__(self, checkpoints: Sequence[Checkpoint]) -> None:
        self.size = 0
        self.peaks: list[bytes] = []
        self.withheld = 0
        self.log_id = ""
        self.epochs = [(0, 1)]  # (epoch, the first entry seen of it)
        self.held: list[Checkpoint] = []
        self.ahead = sorted(checkpoints, key=lambda one: one.size, reverse=True)

    def add(self, line: bytes) -> Problem | None:
        """Take the next line; what is wrong with it, if anything."""
        number = self.size + 1
        try:
            entry = read_entry(line)
        except Wrong as wrong:
            return Problem(number, number, str(wrong))
        if (problem := self._misplaced(entry, number)) is not None:
            return problem
        self.log_id = entry.log_id
        add_leaf(self.peaks, self.size, entry.leaf)
        self.size = number
        if entry.epoch is None:
            self.withheld += 1
        elif self.epochs[-1][0] != entry.epoch:
            self.epochs.append((entry.epoch, number))
        return None

    def _misplaced(self, entry: Entry, number: int) -> Problem | None:
        """Why an entry cannot stand here. Where two contradict each other, either may be the false one."""
        vouched = self.held[-1].size if self.held else 0
        if entry.seq > number:
            return Problem(number, number, f"entry {number} should stand here, but entry {entry.seq} does")
        if entry.seq < number:
            first = max(entry.seq, vouched + 1)
            return Problem(first, number, f"entry {entry.seq} stands here again; entry {number} should")
        if number > 1 and entry.log_id != self.log_id:
            what = f"this entry is of another log: {entry.log_id!a}, not {self.log_id!a}"
            return Problem(number if number > 2 else vouched + 1, number, what)
        epoch, since = self.epochs[-1]
        if entry.epoch is not None and entry.epoch < epoch:
            return Problem(max(since, vouched + 1), number, f"the epoch goes back from {epoch} to {entry.epoch}")
        return None

    def at_checkpoint(self) -> Problem | None:
        """Compare the tree with every checkpoint of just this size."""
        while self.ahead and self.ahead[-1].size == self.size:
            checkpoint = self.ahead.pop()
            if checkpoint.root != root_of(self.peaks) or (self.size and checkpoint.log_id != self.log_id):
                return self._mismatch(checkpoint)
            self.held.append(checkpoint)
        return None

    def _mismatch(self, checkpoint: Checkpoint) -> Problem:
        what = "does not fit: not all is as it was then"
        if any(one.size == self.size and one.root != checkpoint.root for one in (*self.held, *self.ahead)):
            what = f"counts {_counted(self.size)}, as another one does, but not the same: two logs were shown to people"
        return self._problem(checkpoint, what)

    def at_end(self) -> Problem | None:
        """What the checkpoints still ahead say of a file that has ended."""
        if not self.ahead:
            return None
        checkpoint = self.ahead[-1]
        return self._problem(checkpoint, f"counts {_counted(checkpoint.size)}, but the file ends after {self.size}")

    def _problem(self, checkpoint: Checkpoint, what: str) -> Problem:
        """It lies after what a smaller checkpoint vouches for. A restore from a backup explains much: it is told."""
        later = [known for known in self.epochs if known[0] > checkpoint.epoch]
        if self.size and checkpoint.log_id != self.log_id:
            what = f"is of another log: {checkpoint.log_id!a}"
        elif later:
            what += "; the log was restored from a backup since, epoch {} begins at entry {}".format(*later[0])
        first = 1 + max((one.size for one in self.held if one.size < checkpoint.size), default=0)
        return Problem(first, max(first, checkpoint.size), f"the checkpoint of {checkpoint.day} {what}")

    def report(self, problem: Problem | None) -> Report:
        """All that was found."""
        return Report(self.log_id, self.size, root_of(self.peaks), self.withheld, tuple(self.held), problem)


# --- checkpoints in a text --------------------------------------------------------------------------------------------


def find_checkpoints(text: str) -> tuple[list[Checkpoint], list[str]]:
    """Every checkpoint in a text, however it was quoted, decorated or broken into lines; and those that are not whole.

    A checkpoint reads: log ID DATE epoch NUMBER size NUMBER root BASE64.
    """
    text = "".join(letter for letter in unicodedata.normalize("NFKC", text) if unicodedata.category(letter) != "Cf")
    words = [bare for bare in (word.strip(DECORATION) for word in text.split()) if bare]
    found, damaged = [], []
    for index, word in enumerate(words):
        if word.lower() != "epoch" or not "".join(words[index + 1 : index + 2]).isdecimal():
            continue
        checkpoint = _checkpoint_around(words, index)
        if checkpoint is None:
            damaged.append(" ".join(words[max(0, index - 3) : index + 6]))
        else:
            found.append(checkpoint)
    return found, damaged


def _checkpoint_around(words: Sequence[str], index: int) -> Checkpoint | None:
    before, after = words[max(0, index - 3) : index], words[index : index + 5]
    keys = [word.lower() for word in (*before[:1], *after[::2])]
    whole = keys == ["log", "epoch", "size", "root"] and DAY.fullmatch(before[2]) and after[3].isdecimal()
    if not whole or max(len(after[1]), len(after[3])) > LONGEST:
        return None
    root = _root(words[index + 5 : index + 50])
    return None if root is None else Checkpoint(before[1], before[2], int(after[1]), int(after[3]), root)


def _root(words: Sequence[str]) -> bytes | None:
    """32 bytes in base64; what was broken into pieces must have kept its = at the end."""
    written = words[0] if words else ""
    for word in words[1:]:
        if len(written) >= 43:
            break
        written += word
    if not ROOT.fullmatch(written) or (written not in words[:1] and not written.endswith("=")):
        return None
    root = b64decode(written[:43] + "=")
    return root if b64encode(root).decode() == written[:43] + "=" else None


# --- the command ------------------------------------------------------------------------------------------------------


def _counted(entries: int) -> str:
    return f"{entries} entry" if entries == 1 else f"{entries} entries"


def gather(given: Iterable[str]) -> tuple[list[Checkpoint], list[str]]:
    """The checkpoints in texts and in files of texts; and what is wrong with what was given."""
    checkpoints, problems = [], []
    for one in given:
        text, name = _text_of(one)
        found, damaged = find_checkpoints(text)
        checkpoints += found
        problems += [f"a checkpoint in {name} is not whole: {words!a}" for words in damaged]
        if not found and not damaged:
            problems.append(f"there is no checkpoint in {name}")
    return checkpoints, problems


def _text_of(given: str) -> tuple[str, str]:
    try:
        return Path(given).read_text(encoding="utf-8-sig", errors="replace"), given
    except (OSError, ValueError):  # a text is no path, or too long for one
        return given, "the text given"


def describe(report: Report, problems: Sequence[str] = ()) -> list[str]:
    """A report in sentences; `problems` are those of the checkpoints as they were given."""
    said = [f"log {report.log_id!a}: {_counted(report.entries)} read, {report.withheld} of them withheld."]
    said += [f"The checkpoint of {one.day} holds: {_counted(one.size)}." for one in report.held]
    said += [f"WRONG: {problem}." for problem in problems]
    if report.problem is not None:
        first, last, what = report.problem
        place = f"entry {first}" if first == last else f"entries {first} to {last}"
        return [*said, f"WRONG at {place}: {what}."]
    said.append(f"The root is {b64encode(report.root).decode()}")
    if not report.held and not problems:
        said.append("No checkpoint was given: this shows only that the file is whole in itself.")
    return said


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns 0 only if all holds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("file", help="the export, one JSON object a line")
    parser.add_argument("--checkpoint", action="append", default=[], metavar="TEXT_OR_FILE", help="may be repeated")
    given = parser.parse_args(arguments)
    checkpoints, problems = gather(given.checkpoint)
    try:
        with Path(given.file).open("rb") as lines:
            report = verify(lines, checkpoints)
    except OSError as error:
        print(f"WRONG: cannot read {given.file}: {error.strerror}", file=sys.stderr)
        return 1
    print("\n".join(describe(report, problems)))
    return 1 if report.problem or problems else 0


if __name__ == "__main__":
    sys.exit(main())
