"""Loading a pack for a command: what is wrong with it goes to the person as sentences, not as a traceback."""

from __future__ import annotations

from pathlib import Path

import click

from groupbot import protocol
from groupbot.jurisdiction import Jurisdiction


def jurisdiction(pack: str | None) -> Jurisdiction:
    """The jurisdiction of a pack given by id or folder; None means the default pack.

    Raises click.ClickException with what to do when it cannot be loaded.
    """
    try:
        place = protocol.locate(pack)
        return Jurisdiction(protocol.load(place))
    except FileNotFoundError as error:
        raise click.ClickException(str(error)) from error
    except (ValueError, OSError) as error:  # what pydantic and tomllib raise are ValueErrors
        raise click.ClickException(_advice(pack)) from error


def _advice(pack: str | None) -> str:
    place: Path = protocol.locate(pack)
    return f"the pack in {place} does not hold; `groupbot check {place}` says what to mend"
