"""The sandbox in a browser: the page, its files and its API as one aiohttp application. Bind it to 127.0.0.1."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from groupbot.chat.sandbox import Sandbox
from groupbot.web.sandbox import api, live
from groupbot.web.sandbox.assets import KEPT, read_assets
from groupbot.web.sandbox.guard import add_headers, own_pages_only, plain_errors
from groupbot.web.sandbox.settings import (
    ADVANCING,
    CLOCK,
    ON_ADVANCE,
    SANDBOX,
    SETTINGS,
    STREAMS,
    OnAdvance,
    PageSettings,
    SandboxClock,
)

__all__ = ["OnAdvance", "PageSettings", "SandboxClock", "make_app", "served"]

LARGEST_REQUEST = 256 * 1024  # bytes


def make_app(sandbox: Sandbox, clock: SandboxClock, on_advance: OnAdvance, settings: PageSettings) -> web.Application:
    """The application. `on_advance(to)` is awaited to move the clock to an aware UTC instant; it alone moves it.

    Raises OSError when the page's files are missing.
    """
    app = web.Application(middlewares=[plain_errors, own_pages_only], client_max_size=LARGEST_REQUEST)
    app[SANDBOX] = sandbox
    app[CLOCK] = clock
    app[ON_ADVANCE] = on_advance
    app[SETTINGS] = settings
    app[ADVANCING] = asyncio.Lock()
    app[STREAMS] = set()
    app.on_response_prepare.append(add_headers)
    app.on_shutdown.append(live.close_streams)
    _add_page(app)
    _add_api(app)
    return app


@asynccontextmanager
async def served(app: web.Application, host: str, port: int) -> AsyncIterator[str]:
    """Serve the application while the block runs; yields its address. Port 0 takes a free one. Raises OSError."""
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        name, number = runner.addresses[0][:2]
        yield f"http://{name}:{number}/"
    finally:
        await runner.cleanup()


def _add_page(app: web.Application) -> None:
    assets = read_assets()

    async def page(request: web.Request) -> web.Response:
        return assets.page.answer(request, "no-cache")

    async def loaded(request: web.Request) -> web.Response:
        asset = assets.loaded.get(request.match_info["name"])
        if asset is None:
            raise web.HTTPNotFound
        return asset.answer(request, KEPT)

    app.router.add_get("/", page)
    app.router.add_get("/{name}", loaded)


def _add_api(app: web.Application) -> None:
    app.router.add_get("/api/state", api.state)
    app.router.add_get("/api/messages", api.messages)
    app.router.add_get("/api/picture", api.picture)
    app.router.add_get("/api/events", live.events)
    for act in (api.post, api.edit, api.tap, api.react, api.delete, api.clock):
        app.router.add_post(f"/api/{act.__name__}", act)
