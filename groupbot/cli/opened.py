"""How a command reaches the database: orders go to the running bot, else are worked under the lock; reading is free."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from groupbot.config import Settings
    from groupbot.orders import Order

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
NOT_THERE = "there is no database {}: `groupbot run` makes it, --config or --database name another one"
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
        help="sqlite:///FILE or postgresql://…; default: that of the settings, else groupbot.db beside them; "
        "without settings, the sandbox's.",
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


def order(database: str, pack: str | None, name: str, given: Mapping[str, Any]) -> list[str]:
    """Have an order of groupbot.orders carried out: by the bot that runs on this database, else here, under the lock.

    Gives the lines that answer it. Raises click.ClickException when it is refused.
    """
    from groupbot import control, orders
    from groupbot.cli.packs import jurisdiction

    county = jurisdiction(pack)
    wanted = orders.Order(uuid.uuid4().hex, name, given, control.whoever())
    try:
        answer = _asked(database, {"jurisdiction": county.id, "id": wanted.id, "order": name}, wanted)
        if answer is None:
            with store(database) as opened:
                return orders.take(opened, county, wanted, datetime.now(UTC))
    except orders.OrderRefused as error:
        raise click.ClickException(str(error)) from error
    if "refused" in answer:
        raise click.ClickException(str(answer["refused"]))
    return [str(line) for line in answer["said"]]


def _asked(database: str, head: Mapping[str, Any], wanted: Order) -> Mapping[str, Any] | None:
    """What the running bot answers; None where none runs. When an answer is lost, the same order is asked once more."""
    from groupbot import control

    where = socket_of(database)
    if where is None:
        return None
    asked = {**head, "given": dict(wanted.given), "by": wanted.by}
    try:
        return control.ask(where, asked)
    except control.ControlLost:
        pass
    try:
        return control.ask(where, asked)
    except control.ControlLost as error:
        raise click.ClickException("the bot went away meanwhile: look whether it was done, then try again") from error


def live(database: str) -> Mapping[str, Any] | None:
    """What the bot that runs on this database says of its chats; None where none runs."""
    from groupbot import control

    where = socket_of(database)
    try:
        answer = control.ask(where, {"order": "health"}) if where is not None else None
    except control.ControlLost:
        return None
    found = answer.get("health") if answer is not None else None
    return found if isinstance(found, dict) else None


def socket_of(database: str) -> Path | None:
    """Where the bot that runs on this database listens for the command line."""
    from groupbot import control

    file = settings(click.get_current_context()).file
    return control.place(_url(database), file.parent if file else Path())


def erased_list(database: str) -> Path | None:
    """Where the list of erasures of this database is kept."""
    from groupbot import erasures

    file = settings(click.get_current_context()).file
    return erasures.place(_url(database), file.parent if file else Path())


def _url(database: str) -> str:
    return database if "://" in database else f"sqlite:///{database}"


def file_of(database: str) -> Path | None:
    """The file of a SQLite database; None for any other."""
    path = _url(database).removeprefix("sqlite:///")
    return None if "://" in path or not path else Path(path)


def missing(database: str) -> Path | None:
    """The file of a SQLite database that is not there yet; None for any other."""
    file = file_of(database)
    return None if file is None or file.exists() else file


@contextmanager
def reading(database: str) -> Iterator[Any]:
    """A store that is only read, whether a bot runs on it or not; an old one is brought up to date where none runs.

    Raises click.ClickException when it cannot be read.
    """
    from groupbot.store import migrations
    from groupbot.store.database import Store, StoreBusy, StoreError
    from groupbot.store.errors import DatabaseError, breaks_transaction

    if (file := missing(database)) is not None:
        raise click.ClickException(NOT_THERE.format(file))
    try:
        if not _is_newest(database):  # who only reads keeps no bot from starting
            with suppress(StoreBusy), Store(_url(database)) as opened:
                _bring_up_to_date(opened)
        with Store(_url(database), read_only=True) as opened:
            known = opened.read(migrations.version)
            if known != migrations.NEWEST:
                raise click.ClickException(f"the database has schema {known}; this groupbot wants {migrations.NEWEST}")
            yield opened
    except (StoreError, migrations.SchemaTooNew, ValueError) as error:
        raise click.ClickException(str(error)) from error
    except DatabaseError as error:
        if not breaks_transaction(error):
            raise
        raise _unusable(database, error) from error


def _unusable(database: str, error: Exception) -> click.ClickException:
    """What to say of a full disk, a damaged file, or one of another program."""
    from groupbot.store.engines import full_disk

    return click.ClickException(f"the database cannot be used: {error}{full_disk(file_of(database))}")


def _is_newest(database: str) -> bool:
    from groupbot.store import migrations
    from groupbot.store.database import Store

    with Store(_url(database), read_only=True) as opened:
        return bool(opened.read(migrations.version) == migrations.NEWEST)


@contextmanager
def store(url: str) -> Iterator[Any]:
    """An open store of the newest schema. Raises click.ClickException when another process has it, or it is unfit."""
    with as_it_is(url) as opened:
        _bring_up_to_date(opened)
        yield opened


@contextmanager
def as_it_is(url: str, *, read_only: bool = False) -> Iterator[Any]:
    """An open store of whatever schema, perhaps of none. Raises click.ClickException as `store` does."""
    from groupbot.store import migrations
    from groupbot.store.database import Store, StoreError
    from groupbot.store.errors import DatabaseError, breaks_transaction

    file = missing(url)
    if file is not None and (read_only or not file.parent.is_dir()):
        raise click.ClickException(NOT_THERE.format(file))
    try:
        with Store(_url(url), read_only=read_only) as opened:
            yield opened
    except (StoreError, migrations.SchemaTooNew, ValueError) as error:
        raise click.ClickException(str(error)) from error
    except DatabaseError as error:
        if not breaks_transaction(error):
            raise
        raise _unusable(url, error) from error


def _bring_up_to_date(opened: Any) -> None:
    from groupbot import backups

    try:
        _, _, file = backups.migrate(opened, datetime.now(UTC))
    except OSError as error:
        raise click.ClickException(f"the backup before the update cannot be written: {error.strerror}") from error
    if file is not None:
        click.echo(f"{file}: a backup, made before the database was brought up to date", err=True)
