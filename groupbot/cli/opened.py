"""The database of a command that writes: opened with the lock, brought up to date, its refusals as sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from groupbot.config import Settings

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
SETTINGS = "groupbot.settings"  # where a command's context keeps which file was named, then what it says


def options(command: Decorated) -> Decorated:
    """The options that say which database and which pack: named outright, else those of the settings."""
    config = click.option(
        "--config",
        type=click.Path(dir_okay=False, path_type=Path),
        envvar="GROUPBOT_CONFIG",
        expose_value=False,
        is_eager=True,
        callback=_keep_config,
        help="The settings; default: groupbot.toml, where there is one.",
    )
    database = click.option(
        "--database",
        metavar="URL",
        callback=lambda ctx, _, value: value or settings(ctx).database,
        help="sqlite:///FILE or postgresql://…; default: that of the settings, else sqlite:///groupbot.db.",
    )
    pack = click.option(
        "--pack",
        metavar="ID",
        callback=lambda ctx, _, value: value or settings(ctx).pack,
        help="The pack's name or folder; default: that of the settings, else of default.toml.",
    )
    return config(database(pack(command)))


def _keep_config(ctx: click.Context, _: click.Parameter, value: Path | None) -> None:
    ctx.meta[SETTINGS] = value


def settings(ctx: click.Context) -> Settings:
    """The settings of the file that --config names, read once. Raises click.ClickException when they are unfit."""
    known = ctx.meta.get(SETTINGS)
    if known is None or isinstance(known, Path):
        known = ctx.meta[SETTINGS] = read(known)
    assert not isinstance(known, Path)
    return known


def read(file: Path | None) -> Settings:
    """The settings of a file and the environment. Raises click.ClickException with what to do."""
    from groupbot import config

    try:
        return config.load(file)
    except config.ConfigError as error:
        raise click.ClickException(str(error)) from error


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
