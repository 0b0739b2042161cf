"""`groupbot run`: the bot on the platforms of its settings, until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import TYPE_CHECKING

import click

from groupbot.cli import opened
from groupbot.cli.packs import jurisdiction
from groupbot.cli.stopping import stop_signal

if TYPE_CHECKING:
    from groupbot.app import App
    from groupbot.config import Settings
    from groupbot.jurisdiction import Jurisdiction

log = logging.getLogger(__name__)


@click.command()
@click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="GROUPBOT_CONFIG",
    help="The settings; default: groupbot.toml, where there is one.",
)
@click.pass_context
def run(ctx: click.Context, config: Path | None) -> None:
    """The bot on its platforms, until Ctrl-C or SIGTERM; without any settings, the sandbox.

    Its log goes to stderr, one JSON object a line, without secrets and without anybody's words.
    """
    settings = opened.read(config)
    if not settings.has_platform():
        _without_platform(ctx, settings)
        return
    county = jurisdiction(settings.pack)
    from groupbot.config import ConfigError
    from groupbot.store.database import StoreError
    from groupbot.store.migrations import SchemaTooNew

    try:
        asyncio.run(_serve(county, settings))
    except ConfigError as error:
        raise click.ClickException(str(error)) from error
    except (StoreError, SchemaTooNew) as error:
        raise click.ClickException(f"the database cannot be used: {error}") from error


def _without_platform(ctx: click.Context, settings: Settings) -> None:
    """Without settings there is the sandbox; settings that name no platform are an oversight."""
    if settings.file is not None:
        raise click.ClickException(f"{settings.file} names no platform: add a [telegram] or a [matrix] section")
    from groupbot.cli.sandbox import sandbox

    click.echo("There are no settings (groupbot.toml) here: this is the sandbox.")
    ctx.invoke(sandbox)


async def _serve(county: Jurisdiction, settings: Settings) -> None:
    from groupbot import control, logs
    from groupbot.app import App
    from groupbot.cli import platforms
    from groupbot.clock import real_time
    from groupbot.store.database import Store

    logs.begin(platforms.secrets(settings))
    stop = stop_signal()
    app = App(county, Store(settings.database), platforms.chats(settings), real_time)
    await app.start()
    where = control.place(settings.database, settings.file.parent if settings.file else Path())
    try:
        await _welcome_operator(app)
        await _show_menus(app)
        async with control.served(where, county.id, app.obey, app.health):
            log.info("groupbot runs for %s on %s", county.id, ", ".join(app.chats))
            await app.run(stop)
        log.info("groupbot stops: what is being done is finished first")
    finally:
        await app.close()


async def _welcome_operator(app: App) -> None:
    """Until somebody is operator, print the code by which the first one joins: here only whoever runs the bot looks."""
    from groupbot import enrolling
    from groupbot.rules.invites import LIFETIME

    now = app.clock()
    code = await app.worker.run(
        lambda: app.store.write_tx(lambda tx: enrolling.first_operator(tx, app.jurisdiction, now))
    )
    if code is not None:
        hours = int(LIFETIME.total_seconds() // 3600)
        click.echo(f"Nobody is operator yet. Within {hours} hours, write this to the bot, alone:\n\n    /join {code}\n")


async def _show_menus(app: App) -> None:
    """Platforms that show menus of commands get them; without a menu everything works all the same."""
    from groupbot.chat import ChatError, Menued
    from groupbot.menus import menus

    for name, chat in app.chats.items():
        if not isinstance(chat, Menued):
            continue
        try:
            for menu in menus(app.jurisdiction, app.clock()):
                await chat.set_menu(menu.scope, menu.language, menu.commands)
        except ChatError as error:
            log.warning("the menus of commands could not be shown on %s: %s", name, error.kind)
