"""`groupbot restore`: a backup into an empty database, and openly so."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from groupbot.cli import opened

if TYPE_CHECKING:
    from groupbot.backups import Restored


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--seen",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The mirror's chat, exported or copied: the last checkpoint and the highest numbers are found in it.",
)
@click.option(
    "--nothing-lost", is_flag=True, help="The bot was stopped before the backup and has not run since: nothing to tell."
)
@click.option(
    "--erased",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The list of what was erased; default: the one beside the database, where there is one.",
)
@opened.options
def restore(
    file: Path, *, seen: Path | None, nothing_lost: bool, erased: Path | None, database: str, pack: str | None
) -> None:
    """Fill the empty database from the backup FILE. A damaged FILE is refused.

    What was erased since is erased again.

    Numbers go on above all that were seen, the log goes on in a new epoch, and every group is told at the next start.
    """
    from groupbot import backups
    from groupbot.cli.packs import jurisdiction
    from groupbot.store.backup_file import DamagedBackup

    if seen is not None and nothing_lost:
        raise click.UsageError("--seen tells what was lost, --nothing-lost that nothing was: give one of them")
    county = jurisdiction(pack)
    known = None
    if not nothing_lost:
        known = backups.what_was_seen(seen.read_text(encoding="utf-8", errors="replace") if seen else "", county)
        if known.checkpoint is None:
            click.echo("No checkpoint was given (--seen); CSOs will hold theirs against the log.", err=True)
    listed = _erased(erased, database)
    with opened.as_it_is(database) as store:
        try:
            done = backups.restore(store, file, county, known, datetime.now(UTC), erased=listed)
        except (DamagedBackup, backups.NotRestored) as error:
            raise click.ClickException(str(error)) from error
        except (OSError, ValueError, KeyError) as error:
            raise click.ClickException(f"{file} cannot be read: {error}") from error
    click.echo("\n".join(_lines(done)))


def _erased(erased: Path | None, database: str) -> list[str]:
    """What is on the list of erasures. Raises click.ClickException when it is none."""
    from groupbot import erasures

    beside = opened.erased_list(database)
    file = erased or (beside if beside is not None and beside.exists() else None)
    if file is None:
        click.echo("No list of erasures was given (--erased): what was erased since the backup is back.", err=True)
        return []
    try:
        return erasures.read(file)
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error


def _lines(done: Restored) -> list[str]:
    lines = [f"{done.rows} rows, as they stood on {done.made_at:%Y-%m-%d %H:%M} UTC"]
    if done.erased_again:
        lines.append(f"Erased again: {done.erased_again}")
    if done.epoch:
        lines.append(f"The log goes on in epoch {done.epoch}, from entry {done.first_entry}.")
        lines.append("The groups are told when the bot starts.")
    return lines
