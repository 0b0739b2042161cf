"""`groupbot sandbox`: a whole county in a browser, on this machine only."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from groupbot import defaults
from groupbot.cli.packs import jurisdiction
from groupbot.cli.stopping import stop_signal
from groupbot.jurisdiction import Jurisdiction

if TYPE_CHECKING:
    from groupbot.store.database import Tx
    from groupbot.web.sandbox.server import PageSettings

RECORD, DATABASE = "chats.jsonl", defaults.SANDBOX_DATABASE
HOST = "127.0.0.1"


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8080,
    show_default=True,
    help="Port on 127.0.0.1; 0 takes a free one.",
)
@click.option("--empty", is_flag=True, help="Begin with empty groups, without the opening conversation.")
@click.option("--pack", help="Pack id or folder; the default pack if left out.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=defaults.SANDBOX,
    show_default=True,
    help="Where the chats and the database are kept; remove it to begin anew.",
)
def sandbox(port: int, empty: bool, pack: str | None, folder: Path) -> None:
    """A whole county in a browser: groups, people to speak as, a clock to move. Ctrl-C ends it; nothing is lost."""
    from groupbot.chat.sandbox import RecordError
    from groupbot.store.database import StoreBusy
    from groupbot.store.errors import OperationalError

    county = jurisdiction(pack)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"cannot make the folder {folder}: {error.strerror}") from error
    try:
        asyncio.run(_serve(county, folder, port, empty))
    except StoreBusy as error:
        raise click.ClickException(f"another groupbot is using {folder}: {error}") from error
    except RecordError as error:
        raise click.ClickException(
            f"{folder / RECORD} is damaged: {error}. Move {folder} away to begin anew."
        ) from error
    except OperationalError as error:  # a full disk, a file that may not be written
        raise click.ClickException(f"{folder / DATABASE} cannot be used: {error}") from error
    except OSError as error:
        raise click.ClickException(f"cannot serve on {HOST}:{port}: {error}. Try --port 0.") from error


def page_settings(county: Jurisdiction) -> PageSettings:
    """What the page shows of a county; "Next opening" is one after now, also while the offices are open."""
    from groupbot.rules.worktime import opening
    from groupbot.web.sandbox.server import PageSettings

    return PageSettings(
        county.protocol.file.pack.name,
        str(county.zone),
        county.blank_form(county.language),
        lambda now: opening(now, county.calendar),
    )


async def _serve(county: Jurisdiction, folder: Path, port: int, empty: bool) -> None:
    from groupbot import cards, control
    from groupbot.app import App
    from groupbot.chat.sandbox import SHOWN, Sandbox, SandboxChat
    from groupbot.clock import VirtualClock, real_time
    from groupbot.rehearsal import county as stage_of
    from groupbot.rehearsal import stage
    from groupbot.store.database import Store
    from groupbot.store.locking import FileLock
    from groupbot.web.sandbox.server import make_app, served

    record_lock = FileLock(folder / RECORD)
    record_lock.take()  # before the record is opened: opening it mends it
    platform = Sandbox(folder / RECORD)
    fresh = not platform.chats()
    lines = [] if empty or not fresh else stage_of.opening(county, real_time())
    # a county that has a past goes on from there, whatever the time outside
    start = (lines[0].at if lines else real_time()) if fresh else platform.state.latest
    clock = VirtualClock(start)
    players = stage_of.players(county)
    places = stage_of.places(county, players)
    stage.set_up(platform, players, places)
    store = Store(f"sqlite:///{(folder / DATABASE).absolute()}")
    app = App(county, store, {stage.PLATFORM: SandboxChat(platform, clock, SHOWN)}, clock)

    def prepare(tx: Tx) -> None:
        stage.enrol(tx, county, (players, places), start)
        cards.begin(tx, county, [(stage.PLATFORM, place.chat_id) for place in places], start)

    await app.start(prepare)
    web = make_app(platform, clock, lambda to: app.advance(clock, to), page_settings(county))
    orders = control.served(control.place(store.url, folder), county.id, app.obey, app.health)
    try:
        async with orders, served(web, HOST, port) as address:
            stop = stop_signal()
            click.echo(f"The sandbox is at {address}  (Ctrl-C ends it; what was said is kept)")
            await stage_of.play_opening(app, platform, clock, lines)
            clock.run_at(real_time)
            await app.run(stop)
    finally:
        await app.close()
        record_lock.release()
