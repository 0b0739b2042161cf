"""Requests to a homeserver: one at a time in, JSON or a ChatError with a named kind out. Nothing is retried here.

matrix-nio builds the requests and holds the connections. Its own loop is not used: it moves its sync token before the
events are handled, repeats inside a call without end, and sees 10 of the 300 posts that came while it was away.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

import aiohttp
from nio import AsyncClient, AsyncClientConfig

from groupbot.chat import ChatError

Json = dict[str, Any]
Built = tuple[str, ...]  # method, path and perhaps body, as nio.Api builds them


@dataclass(frozen=True, slots=True)
class Upload:
    """A file for the homeserver to keep, instead of a body of JSON."""

    path: str
    data: bytes
    content_type: str


CONNECT_SECONDS = 10.0
CALL_SECONDS = 30.0
TOO_LARGE = 413  # the status with which whatever stands in between refuses a file for good
CONFIG = AsyncClientConfig(store_sync_tokens=False, max_limit_exceeded=0, max_timeouts=0, encryption_enabled=False)


class HomeserverError(ChatError):
    """The homeserver answered with an error: its HTTP status and its Matrix error code ('' for none)."""

    def __init__(self, status: int, body: Json, retry_after: float | None) -> None:
        self.status = status
        self.errcode = str(body.get("errcode", ""))
        self.soft_logout = body.get("soft_logout") is True
        said = str(body.get("error", ""))[:200]
        super().__init__(_kind(status, self.errcode), retry_after, detail=f"{status} {self.errcode} {said}".strip())

    @property
    def token_unknown(self) -> bool:
        """Whether the access token is good no more."""
        return self.errcode == "M_UNKNOWN_TOKEN"


def _kind(status: int, errcode: str) -> Any:
    """What an error means. One without a Matrix code is of something in between, which passed nothing on."""
    if status == 429:
        return "retry_after"
    if status >= 500 or status < 400:
        return "unknown"
    if not errcode and status != TOO_LARGE:
        return "not_sent"
    return "gone" if status == 404 and errcode == "M_NOT_FOUND" else "refused"


class Line:
    """A connection to one homeserver. Raises ChatError: not_sent where no connection came about, unknown after that."""

    def __init__(self, homeserver: str) -> None:
        self.homeserver = homeserver.rstrip("/")
        self._client = AsyncClient(self.homeserver, config=CONFIG)

    async def call(self, built: Built | Upload, token: str = "", seconds: float = CALL_SECONDS) -> Any:
        """Make one request, at most `seconds` long; the JSON of the answer. Raises HomeserverError, ChatError."""
        method, path, *body = ("POST", built.path, built.data) if isinstance(built, Upload) else built
        headers = {"Content-Type": built.content_type if isinstance(built, Upload) else "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        await self._open()
        limit: Any = aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT_SECONDS)
        try:
            answer = await self._client.send(
                method, without_token(path), body[0] if body else None, headers, timeout=limit
            )
            async with answer:
                text = await answer.text()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise ChatError("not_sent", detail=f"no connection to the homeserver: {type(error).__name__}") from error
        except (aiohttp.ClientError, TimeoutError, UnicodeDecodeError) as error:
            raise ChatError("unknown", detail=f"no answer from the homeserver: {type(error).__name__}") from error
        return _read(answer.status, text, answer.headers.get("Retry-After", ""))

    async def _open(self) -> None:
        if self._client.client_session is None:
            session = aiohttp.ClientSession()
            session._retry_connection = False  # aiohttp too repeats a GET or PUT on its own when a line breaks
            self._client.client_session = session

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.close()


def without_token(path: str) -> str:
    """The path without the access token, which goes into a header: addresses are written to the logs of proxies."""
    place, _, query = path.partition("?")
    if "access_token" not in query:
        return path
    kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != "access_token"]
    return f"{place}?{urlencode(kept)}" if kept else place


def _read(status: int, text: str, retry_after: str) -> Any:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        body = None
    if status == 200 and isinstance(body, dict | list):
        return body
    if status == 200:
        raise ChatError("unknown", detail="the homeserver's answer is not JSON")
    found = body if isinstance(body, dict) else {}
    raise HomeserverError(status, found, _seconds(found, retry_after))


def _seconds(body: Json, header: str) -> float | None:
    milliseconds = body.get("retry_after_ms")
    if isinstance(milliseconds, int) and milliseconds >= 0:
        return min(milliseconds, 10**9) / 1000
    return float(header) if header.isdecimal() else None
