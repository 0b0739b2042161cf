"""`groupbot log`: the public log for anybody, its verifier for a CSO, the log sheet for the county's own staff."""

from __future__ import annotations

import csv
import json
import sys
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar, cast

import click

from groupbot.cli import opened

if TYPE_CHECKING:
    from groupbot.jurisdiction import Jurisdiction
    from groupbot.store.database import Tx
    from groupbot.verify_log import Checkpoint, Report

T = TypeVar("T")

_target = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.group()
def log() -> None:
    """The public log: its export, its verification, and the county's log sheet."""


@log.command()
@_target
@click.option("--csv", "as_csv", is_flag=True, help="A table for a spreadsheet instead of JSON Lines.")
@opened.options
def export(file: Path, *, as_csv: bool, database: str, pack: str | None) -> None:
    """Write the public log to FILE, for anybody to have.

    It holds coded fields, no person, and no text that is not published. It is compared with the checkpoints on the
    way; the exit status is 0 only if all of them hold.
    """
    from groupbot import publishing, verify_log
    from groupbot.store import log_read

    county, table = _county(pack), _csv_lines if as_csv else _json_lines

    def write(tx: Tx) -> Report:
        told = [_as_told(one) for one in publishing.told(tx, county)]
        total = log_read.size(tx, county.id) or _refuse_other_logs(tx, county.id)
        with _replacing(file, bom=as_csv) as out:
            lines = table(_with_progress(publishing.exported(tx, county), total), out)
            return verify_log.verify(lines, told)  # reads all of them, and so all are written

    report = _read(database, write)
    click.echo("\n".join([f"{file}:", *verify_log.describe(report)]))
    if report.problem is not None:
        raise SystemExit(1)


@log.command()
@_target
@click.option("--language", metavar="CODE", help="The language of the sheet; default: the pack's first.")
@opened.options
def sheet(file: Path, *, language: str | None, database: str, pack: str | None) -> None:
    """Write the county's log sheet to FILE (CSV). It holds people's words: it is for the county's own staff."""
    from groupbot import log_sheet

    county = _county(pack)
    if language is not None and language not in county.protocol.languages:
        spoken = ", ".join(county.protocol.languages)
        raise click.BadParameter(f"the pack speaks {spoken}, not '{language}'", param_hint="--language")

    def write(tx: Tx) -> int:
        count = -1  # the headings are no request
        with _replacing(file, bom=True) as out:
            for row in log_sheet.rows(tx, county, language or county.language):
                _write_row(out, row)
                count += 1
        return count

    count = _read(database, write)
    click.echo(f"{file}: {count} request{'' if count == 1 else 's'}")


@log.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--checkpoint", multiple=True, metavar="TEXT_OR_FILE", help="A checkpoint's message or a whole chat.")
@click.option("--give", type=click.Path(path_type=Path), help="Write the verifier itself here, to be handed on.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object: holds, log_id, entries, root and more.")
def verify(file: Path | None, *, checkpoint: tuple[str, ...], give: Path | None, as_json: bool) -> None:
    """Check FILE, an export, against checkpoints. The exit status is 0 only if all of it holds."""
    from groupbot import verify_log

    if give is not None:
        _give(give)
    elif file is None:
        raise click.UsageError("name the export to check, or --give FILE to get the verifier itself")
    if file is None:
        return
    checkpoints, problems = verify_log.gather(checkpoint)
    with file.open("rb") as lines:
        report = verify_log.verify(lines, checkpoints)
    said = _record(report, problems) if as_json else "\n".join(verify_log.describe(report, problems))
    click.echo(said)
    if report.problem is not None or problems:
        raise SystemExit(1)


def _give(target: Path) -> None:
    try:
        target.write_bytes((resources.files("groupbot") / "verify_log.py").read_bytes())
    except OSError as error:
        raise click.ClickException(f"cannot write {target}: {error.strerror}") from error
    click.echo(f"{target}: run it as  python {target.name} EXPORT --checkpoint MESSAGE_OR_FILE")


def _record(report: Report, problems: list[str]) -> str:
    found = report.problem
    fields = {
        "holds": found is None and not problems,
        "log_id": report.log_id,
        "entries": report.entries,
        "withheld": report.withheld,
        "root": b64encode(report.root).decode(),
        "checkpoints_held": [one.size for one in report.held],
        "problem": found and {"first": found.first, "last": found.last, "what": found.what},
        "unusable": problems,
    }
    return json.dumps(fields, ensure_ascii=False)


# --- reading the database ---------------------------------------------------------------------------------------------


def _county(pack: str | None) -> Jurisdiction:
    from groupbot.cli.packs import jurisdiction

    return jurisdiction(pack)


def _read(database: str, work: Callable[[Tx], T]) -> T:
    """Do the work on one unchanging view of the database. Raises click.ClickException where that cannot be."""
    try:
        with opened.as_it_is(database, read_only=True) as store:
            return cast("T", store.read(lambda tx: _checked(tx, work)))
    except OSError as error:
        raise click.ClickException(f"cannot write {error.filename}: {error.strerror}") from error


def _checked(tx: Tx, work: Callable[[Tx], T]) -> T:
    from groupbot.store import log_read

    log_read.check_database(tx)
    return work(tx)


def _refuse_other_logs(tx: Tx, log_id: str) -> int:
    """An empty log is none that has another pack's name. Raises click.ClickException, returns 0 entries."""
    from groupbot.store import log_read

    others = log_read.log_ids(tx)
    if others:
        raise click.ClickException(f"the database holds the log of {', '.join(others)}, not of {log_id}: name --pack")
    return 0


def _as_told(checkpoint: Any) -> Checkpoint:
    from groupbot.verify_log import Checkpoint

    log_id, epoch, size, root, day = checkpoint
    return Checkpoint(log_id, day.isoformat(), epoch, size, root)


# --- writing files ----------------------------------------------------------------------------------------------------


@contextmanager
def _replacing(file: Path, *, bom: bool) -> Iterator[IO[str]]:
    """A text file that takes the place of `file` only when it is whole. `bom`: so that spreadsheets see UTF-8."""
    part = file.with_name(f"{file.name}.part")
    try:
        with part.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as out:
            yield out
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _json_lines(records: Iterable[dict[str, Any]], out: IO[str]) -> Iterator[bytes]:
    """Write each record as a line, and hand it on."""
    from groupbot.rules.log_leaf import canonical

    for record in records:
        line = canonical(record)
        out.write(f"{line.decode()}\n")
        yield line


def _csv_lines(records: Iterable[dict[str, Any]], out: IO[str]) -> Iterator[bytes]:
    """Write each record as a row of a table, and hand it on as a line."""
    from groupbot.rules.log_leaf import FIELDS, canonical

    columns = (*FIELDS, "leaf_hash", "public_text", "public_salt")
    _write_row(out, columns)
    for record in records:
        _write_row(out, [str(record.get(name, "")) for name in columns])
        yield canonical(record)


def _write_row(out: IO[str], cells: Iterable[str]) -> None:
    from groupbot.rules.cells import guard

    csv.writer(out).writerow([guard(cell) for cell in cells])


def _with_progress(records: Iterable[T], total: int) -> Iterable[T]:
    if not sys.stderr.isatty():
        return records
    from rich.console import Console
    from rich.progress import track

    return track(records, total=total, description="", console=Console(stderr=True), transient=True)
