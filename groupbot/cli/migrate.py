"""`groupbot migrate`: the database brought up to this program's schema, after a backup."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from groupbot.cli import opened


@click.command()
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where the backup is put; default: beside a SQLite file, else here.",
)
@opened.options
def migrate(folder: Path | None, *, database: str, pack: str | None) -> None:
    """Bring the database up to date. What is there is backed up first; each step is one transaction."""
    from groupbot import backups
    from groupbot.store.migrations import SchemaTooNew

    with opened.as_it_is(database) as store:
        try:
            before, after, file = backups.migrate(store, datetime.now(UTC), folder)
        except SchemaTooNew as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            raise click.ClickException(
                f"the backup cannot be written: {error.strerror}; nothing was changed"
            ) from error
    if file is not None:
        click.echo(f"{file}: the backup of before")
    click.echo(f"schema {before}, nothing to do" if before == after else f"schema {before} to {after}")
