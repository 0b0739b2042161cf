"""The independent checker: what must be true of the database, the platform's record and the export after any crash.

It uses nothing of the bot but `verify_log`, which CSOs have too: the database is read by its driver, the record as
JSON. The invariants: I1 one row per update, one request per filing; I2 numbers unique and gapless; I3 one leaf per
change, and the log tells each request; I4 every notice ends; I5 extra copies bounded; I6 order; I7 nothing said that
is not committed; I9 the database is sound; I10 the log verifies against every checkpoint told; I11 no canary anywhere;
I12 one list stands in a private chat.
"""

from __future__ import annotations

import hmac
import itertools
import json
import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from groupbot import verify_log

REFERENCE = re.compile(r"\b([A-Z]{2,4})-(\d\d)-(\d{4,})-[A-Z]\b")
OLD_LIST = "list_old|"
LISTS = (OLD_LIST, "list|")
NUMBERED = ("post", "edit", "tap", "reaction", "redaction")
Rows = list[dict[str, Any]]


@dataclass
class Snapshot:
    """What one moment left behind: the tables, and the platform's events."""

    tables: dict[str, Rows]
    events: list[dict[str, Any]]
    faults: list[str]

    def said(self) -> list[dict[str, Any]]:
        """The bot's messages, in order."""
        return [event for event in self.events if event["do"] == "say"]


TABLES = ("inbox", "request", "counter", "service_log", "outbox", "checkpoint", "schema_version", "platform_cursor")


def snapshot(url: str, folder: Path, record: Path) -> Snapshot:
    """Read everything; SQLite's files are copied first, so that the dead process's own stay as it left them."""
    with _opened(url, folder) as connection:
        faults = _sound(connection) if isinstance(connection, sqlite3.Connection) else []
        tables = {name: _table(connection, name) for name in TABLES}
    lines = record.read_bytes().split(b"\n")
    return Snapshot(tables, [json.loads(line) for line in lines[:-1]], faults)


@contextmanager
def _opened(url: str, folder: Path) -> Iterator[Any]:
    if not url.startswith("sqlite"):
        import psycopg

        with psycopg.connect(url) as connection:
            yield connection
        return
    source = Path(url.removeprefix("sqlite:///"))
    copies = folder / "copies"
    copies.mkdir(exist_ok=True)
    for suffix in ("", "-wal"):
        shutil.copyfile(f"{source}{suffix}", copies / f"db{suffix}") if Path(f"{source}{suffix}").exists() else None
    opened = sqlite3.connect(copies / "db")
    try:
        yield opened
    finally:
        opened.close()
        shutil.rmtree(copies)


def _table(connection: Any, name: str) -> Rows:
    cursor = connection.execute(f"SELECT * FROM {name}")
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _sound(connection: sqlite3.Connection) -> list[str]:
    found = [f"I9 integrity: {row[0]}" for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
    return found + [f"I9 foreign key: {row}" for row in connection.execute("PRAGMA foreign_key_check")]


# --- at any instant ---------------------------------------------------------------------------------------------------


def wrong_at_death(left: Snapshot) -> list[str]:
    """What is wrong with what a killed process left behind, before anything else has touched it."""
    found = [*left.faults, *_numbers(left), *_leaves(left), *_announced(left), *_log(left), *_canaries(left)]
    keys = Counter((row["chat_id"], row["message_id"], row["revision"]) for row in left.tables["inbox"])
    found += [f"I1 update {key} is kept {count} times" for key, count in keys.items() if count > 1]
    filings = Counter((row["chat_id"], row["message_id"], row["part"]) for row in left.tables["request"])
    found += [f"I1 filing {key} is {count} requests" for key, count in filings.items() if count > 1]
    cursor = max((int(row["value"]) for row in left.tables["platform_cursor"] if not row["stream"]), default=0)
    kept = {(row["chat_id"], row["message_id"], row["revision"]) for row in left.tables["inbox"]}
    found += [f"I1 confirmed but not kept: event {n}" for n, key in _updates(left) if n <= cursor and key not in kept]
    return found


def _updates(left: Snapshot) -> list[tuple[int, tuple[str, str, str]]]:
    return [
        (event["n"], (event["chat_id"], event["message_id"], "" if event["do"] == "post" else str(event["n"])))
        for event in left.events
        if event["do"] in NUMBERED
    ]


def _numbers(left: Snapshot) -> list[str]:
    drawn: dict[tuple[str, str], list[int]] = {}
    for row in left.tables["request"]:
        match = REFERENCE.fullmatch(row["service_request_id"])
        if match is None:
            return [f"I2 not a reference: {row['service_request_id']}"]
        drawn.setdefault((match[1], match[2]), []).append(int(match[3]))
    found = [
        f"I2 series {series}: {sorted(numbers)}"
        for series, numbers in drawn.items()
        if sorted(numbers) != list(range(1, len(numbers) + 1))
    ]
    total = sum(int(row["value"]) for row in left.tables["counter"])
    return found + (
        [f"I2 counters say {total}, {sum(map(len, drawn.values()))} requests"]
        if total != sum(map(len, drawn.values()))
        else []
    )


def _leaves(left: Snapshot) -> list[str]:
    """The log, folded by the checker itself, tells where each request stands; every request has its opening."""
    log = sorted(left.tables["service_log"], key=lambda row: row["seq"])
    found = [f"I3 seq {row['seq']} at place {at}" for at, row in enumerate(log, 1) if row["seq"] != at]
    last = {row["ref"]: row for row in log if row["ref"]}
    for request in left.tables["request"]:
        row = last.get(request["service_request_id"])
        private = request["route"] == "private"  # of a confidential case the log keeps no more than how it stands
        names = ("state", "outcome", "pack_version", *(() if private else ("service_code", "ward")))
        if row is None or any(row[name] != request[name] for name in names):
            found.append(f"I3 the log does not tell {request['service_request_id']}: {row and row['state']}")
    known = {request["service_request_id"] for request in left.tables["request"]}
    found += [f"I3 the log tells of {ref}, which is not kept" for ref in last if ref not in known]
    found += _commitments(log)
    return found


def _commitments(log: Rows) -> list[str]:
    found = []
    salts = [row["private_salt"] for row in log] + [row["public_salt"] for row in log if row["c_public"]]
    if any(len(salt or "") != 64 for salt in salts) or len(set(salts)) != len(salts):  # nothing is erased here
        found.append("I10 a commitment's salt is short or used twice")
    for row in log:
        for side in ("public", "private"):
            salt, text = row[f"{side}_salt"], row[f"{side}_text"] or ""
            if salt and hmac.digest(bytes.fromhex(salt), text.encode(), "sha256").hex() != row[f"c_{side}"]:
                found.append(f"I10 entry {row['seq']} does not commit to its {side} text")
    return found


def _announced(left: Snapshot) -> list[str]:
    """I7: at this very instant everything that was said is committed; and what is marked sent was said."""
    rows = {row["txn_id"]: row for row in left.tables["outbox"]}
    known = {request["service_request_id"] for request in left.tables["request"]}
    found = []
    for event in left.said():
        row = rows.get(event["txn_id"].split("#")[0])
        if row is None or (row["state"] == "new" and not row["attempts"]):
            found.append(f"I7 said, but not committed before: {event['text'][:60]}")
        found += [
            f"I7 announced, but not kept: {m[0]}"
            for m in REFERENCE.finditer(event["text"])
            if m[0] not in known and row is not None and row["key"].startswith("number")
        ]
    said = {event["txn_id"].split("#")[0] for event in left.said()}
    heads = {row["id"]: row["txn_id"] for row in left.tables["outbox"]}  # a line may stand in another one's message
    found += [
        f"I4 marked sent, never said: {row['key']}"
        for row in left.tables["outbox"]
        if row["state"] == "sent" and row["action"] == "send"
        if heads[row["merged_into"] or row["id"]] not in said
    ]
    return found


def _log(left: Snapshot) -> list[str]:
    """I10: the rows make a log that every checkpoint in the mirror and in the table belongs to."""
    names = [name for name in verify_log.FIELDS if name not in ("v", "log_id")]
    lines = [
        json.dumps(
            {"v": 1, "log_id": row["jurisdiction_id"], **{name: row[name] for name in names}},
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        ).encode()
        for row in sorted(left.tables["service_log"], key=lambda row: row["seq"])
    ]
    told, damaged = verify_log.find_checkpoints("\n".join(e["text"] for e in left.said() if e["chat_id"] == "mirror"))
    report = verify_log.verify(lines, told)
    found = [f"I10 {report.problem.what}"] if report.problem else []
    sizes = {row["tree_size"] for row in left.tables["checkpoint"]}
    found += [f"I10 told a checkpoint of {one.size}, which is not kept" for one in told if one.size not in sizes]
    return found + [f"I10 damaged checkpoint: {what}" for what in damaged]


def _canaries(left: Snapshot) -> list[str]:
    from tests.faults.crash.workload import CANARIES

    public = [e["text"] for e in left.said() if not e["chat_id"].startswith("private:")]
    coded = [str(value) for row in left.tables["service_log"] for name, value in row.items() if "text" not in name]
    return [f"I11 {canary} in public" for canary in CANARIES if any(canary in text for text in (*public, *coded))]


# --- at the end -------------------------------------------------------------------------------------------------------


def wrong_at_the_end(end: Snapshot, deaths: Sequence[Snapshot], export: Path, noise: Path) -> list[str]:
    """What is wrong when the bot has come to rest."""
    from tests.faults.crash.workload import CANARIES

    found = wrong_at_death(end)
    keys = {(row["chat_id"], row["message_id"], row["revision"]) for row in end.tables["inbox"]}
    found += [f"I1 lost: event {n}" for n, key in _updates(end) if key not in keys]
    waiting = [row for row in end.tables["inbox"] if row["state"] != "done"]
    if not parked_fairly(end, deaths):
        found += [f"I1 not worked: {row['id']} {row['state']}" for row in waiting]
    done = ("sent", "expired", "parked")
    found += [f"I4 {row['key']} is {row['state']}" for row in end.tables["outbox"] if row["state"] not in done]
    told = [event["text"] for event in end.said() if event["chat_id"] == "mirror"]
    checkpoints, _ = verify_log.find_checkpoints("\n".join(told))
    report = verify_log.verify(export.read_bytes().splitlines(), checkpoints)
    if report.problem or report.entries != len(end.tables["service_log"]):
        found.append(f"I10 the export does not hold: {report.problem}, {report.entries} entries")
    heard = noise.read_text(errors="replace")
    public = heard + export.read_text()
    found += [f"I11 {canary} in the logs or the export" for canary in CANARIES if canary in public]
    return found + _order(end) + _lists(end)


def parked_fairly(end: Snapshot, deaths: Sequence[Snapshot]) -> bool:
    """Whether rows are parked, each of them because the process died three times while it was being worked."""
    parked = {row["id"] for row in end.tables["inbox"] if row["state"] == "parked"}
    tries: dict[int, set[int]] = {pk: set() for pk in parked}
    for dead in deaths:
        for row in dead.tables["inbox"]:
            if row["id"] in parked and row["state"] == "waiting" and row["attempts"]:
                tries[row["id"]].add(row["attempts"])
    return bool(parked) and all(len(seen) >= 3 for seen in tries.values())


def _order(end: Snapshot) -> list[str]:
    """I6: in each chat no notice is first delivered before an older one that was due by then.

    (One that is for a later time may be overtaken; after a restart also one queued before the clock went back.)
    """
    rows = {row["txn_id"]: row for row in end.tables["outbox"]}
    first: dict[str, dict[int, tuple[dict[str, Any], int]]] = {}
    for event in end.said():
        row = rows.get(event["txn_id"].split("#")[0])
        if row is not None:
            first.setdefault(event["chat_id"], {}).setdefault(row["id"], (row, event["at"]))
    return [
        f"I6 {chat}: {row['id']} before {older['id']}"
        for chat, said in first.items()
        for place, (row, at) in enumerate(said.values())
        for older, _ in list(said.values())[place + 1 :]
        if older["id"] < row["id"] and older["not_before"] <= at
    ]


def _lists(end: Snapshot) -> list[str]:
    """I12: where a list follows one that is known to have arrived, the older one is deleted, and no other message."""
    written = {event["chat_id"] for event in end.events if event["do"] == "post"}  # what people wrote below it stays
    arrived: dict[str, Rows] = {}
    for row in end.tables["outbox"]:
        if row["state"] == "sent" and row["action"] == "send" and row["message_id"] and row["chat_id"] not in written:
            arrived.setdefault(row["chat_id"], []).append(row)
    due = set()
    for chat_id, rows in arrived.items():
        rows.sort(key=lambda row: int(row["message_id"]))
        pairs = itertools.pairwise(rows)
        due |= {(chat_id, old["message_id"]) for old, new in pairs if old["key"] == new["key"] == "digest"}
    kept = {(row["chat_id"], row["target"]) for row in end.tables["outbox"] if row["dedup_key"].startswith(OLD_LIST)}
    return [f"I12 list {which} is deleted: {which in kept}" for which in sorted(due ^ kept)]


def wrong_copies(end: Snapshot, deaths: Sequence[Snapshot], *, repeatable: bool) -> list[str]:
    """I5: no copy where the chat can tell repeats; elsewhere at most one, and no more than calls that were cut off."""
    copies = Counter(event["txn_id"].split("#")[0] for event in end.said())
    extra = {txn: count - 1 for txn, count in copies.items() if count > 1}
    cut_off = Counter(row["txn_id"] for dead in deaths for row in dead.tables["outbox"] if row["state"] == "sending")
    allowed = 0 if repeatable else 1
    found = [f"I5 {count} extra copies" for txn, count in extra.items() if count > min(allowed, cut_off[txn])]
    texts: dict[str, str] = {}
    for event in end.said():
        txn = event["txn_id"].split("#")[0]
        if txn in texts and (texts[txn] not in event["text"] or texts[txn] == event["text"]):
            found.append("I5 a repeat that does not say that it is one")
        texts.setdefault(txn, event["text"])
    return found


def story(end: Snapshot) -> dict[str, list[tuple[Any, ...]]]:
    """What must be the same however often the bot died: requests, log, and what was announced."""
    picks = {
        "request": (
            "chat_id", "message_id", "part", "service_request_id", "service_code", "ward", "state", "outcome", "word",
            "version",
        ),
        "service_log": ("seq", "type", "ref", "service_code", "ward", "role", "state", "outcome"),
        "inbox": ("chat_id", "message_id", "revision", "state"),
        "outbox": ("action", "key", "chat_id", "reply_to", "target"),
    }  # fmt: skip
    # which list takes the place of which follows from where each one landed, copies included: `_lists` looks at that
    told = {**end.tables, "outbox": [row for row in end.tables["outbox"] if not row["dedup_key"].startswith(LISTS)]}
    return {table: sorted(tuple(row[name] for name in names) for row in told[table]) for table, names in picks.items()}
