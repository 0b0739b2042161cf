"""`groupbot backup`: everything in one file, while the bot goes on."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from groupbot.cli import opened


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@opened.options
def backup(file: Path, *, database: str, pack: str | None) -> None:
    """Copy the whole database into FILE, as it stands at one moment; the bot may be running.

    FILE holds people's words and contacts: keep it as safe as the database, and on another machine.
    """
    from groupbot import backups

    if file.exists():
        raise click.ClickException(f"{file} exists; a backup never writes over another one")
    with opened.as_it_is(database, read_only=True) as store:
        try:
            rows = backups.back_up(store, file, datetime.now(UTC))
        except OSError as error:
            raise click.ClickException(f"{file} cannot be written: {error.strerror}") from error
    click.echo(f"{file}: {rows} rows")
    click.echo(f"Try it now and then: groupbot restore {file} --database sqlite:///trial.db --nothing-lost")
