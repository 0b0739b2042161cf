"""`groupbot erase`: a request loses its words, at the citizen's wish, at once and everywhere."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from groupbot.cli import opened


@click.command()
@click.argument("reference")
@click.option("--yes", is_flag=True, help="Do not ask back.")
@opened.options
def erase(reference: str, *, yes: bool, database: str, pack: str | None) -> None:
    """Erase every word that was said of the closed request REFERENCE, and who its citizen is.

    Its number, codes and dates stay, so that figures hold and the public log still verifies. It cannot be undone. The
    number is put on a list beside the database, so that a restored backup loses it again: keep that list with the
    backups.
    """
    from groupbot import control, erasures
    from groupbot.cli.packs import jurisdiction
    from groupbot.rules import references

    found = references.find(reference, jurisdiction(pack).prefixes)
    if not found or not found[0].valid:
        raise click.ClickException(f"{reference} is no request's number: check it")
    named = found[0].text
    if not yes:
        click.confirm(f"Erase all that was said of {named}, for good?", abort=True)
    for line in opened.order(database, pack, "requests.erase", {"reference": named}):
        click.echo(line)
    listed = opened.erased_list(database)
    if listed is None:
        return
    try:
        erasures.note(listed, named, control.whoever(), datetime.now(UTC))
    except (OSError, ValueError) as error:
        raise click.ClickException(
            f"it is erased, but not on the list {listed}: {error}. Mend that and give the same command again"
        ) from error
    click.echo(f"{listed}: the list of what is erased; keep a copy of it with the backups.")
