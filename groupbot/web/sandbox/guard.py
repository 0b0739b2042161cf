"""Who may talk to the sandbox: only pages that it served itself, on this machine. And plain words for what is wrong."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from groupbot.chat.sandbox import SandboxError

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

log = logging.getLogger(__name__)


class BadInputError(ValueError):
    """A request that cannot be understood; the message is a sentence for the person at the page."""


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Send the protective headers with every response, streams and errors included."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


@web.middleware
async def own_pages_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse other host names (a foreign site whose name was pointed here) and anything another site's page sends."""
    if request.host.rpartition(":")[0] not in LOOPBACK and request.host not in LOOPBACK:
        return refusal(403, "The sandbox answers only on this machine, as 127.0.0.1 or localhost.")
    if request.method not in ("GET", "HEAD"):
        origin = request.headers.get("Origin")
        if origin is not None and origin != f"http://{request.host}":
            return refusal(403, "That request came from another site.")
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return refusal(403, "That request came from another site.")
        if request.content_type != "application/json":
            return refusal(415, "Send JSON.")
    return await handler(request)


@web.middleware
async def plain_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn what went wrong into a status and a sentence; the page shows it beside the box."""
    try:
        return await handler(request)
    except (SandboxError, BadInputError) as error:
        return refusal(400, str(error))
    except web.HTTPRequestEntityTooLarge:
        return refusal(400, "That is too long to send: at most 256 kB.")
    except web.HTTPException as error:
        return refusal(error.status, f"{error.reason}.")
    except OSError as error:
        log.exception("the sandbox cannot write")
        return refusal(500, f"The sandbox cannot write its record: {error.strerror or error}.")
    except Exception:
        log.exception("the sandbox failed at %s", request.path)
        return refusal(500, "Something went wrong in the sandbox; its log says what.")


def refusal(status: int, sentence: str) -> web.Response:
    """An error as the page expects it."""
    return web.json_response({"error": sentence}, status=status)
