"""The database of a command that writes: opened with the lock, brought up to date, its refusals as sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
DEFAULT = "sqlite:///groupbot.db"


def options(command: Decorated) -> Decorated:
    """The options that say which database and which pack."""
    database = click.option(
        "--database",
        metavar="URL",
        envvar="GROUPBOT_DATABASE",
        default=DEFAULT,
        show_default=True,
        help="sqlite:///FILE or postgresql://…",
    )
    pack = click.option("--pack", metavar="ID", help="The pack's name or folder; default: the one of default.toml.")
    return database(pack(command))


@contextmanager
def store(url: str) -> Iterator[Any]:
    """An open store of the newest schema. Raises click.ClickException when another process has it, or it is unfit."""
    from groupbot.store import migrations
    from groupbot.store.database import Store, StoreBusy, StoreError

    try:
        with Store(url if "://" in url else f"sqlite:///{url}") as opened:
            migrations.migrate(opened)
            yield opened
    except StoreBusy as error:
        raise click.ClickException(f"{error}. Stop the running bot first, or give the command in the chat.") from error
    except (StoreError, migrations.SchemaTooNew, ValueError) as error:
        raise click.ClickException(str(error)) from error
