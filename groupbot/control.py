"""The running bot's control socket: the command line hands it orders and asks how it is, on this machine only.

One line of JSON each way. Whoever may open the socket's file may give orders: it is its owner's alone (mode 600).
"""

from __future__ import annotations

import asyncio
import getpass
import json
import logging
import os
import socket
import stat
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

from groupbot.orders import Order, OrderRefused

Answer = dict[str, Any]

LONGEST = 16 * 1024 * 1024  # bytes of one line: a roster of 50,000 people
PATIENCE = 60.0  # seconds that either side waits for the other
_LONGEST_ADDRESS = 100  # bytes; systems take 104 to 108

log = logging.getLogger(__name__)


class ControlLost(Exception):
    """The bot went away while it had an order in hand: whether it is done is not known."""


def place(database: str, folder: Path) -> Path | None:
    """Where the socket is: beside the SQLite file, else in the folder of the settings; None for one in memory."""
    if database == "sqlite://":
        return None
    file = database.removeprefix("sqlite:///")
    return Path(f"{Path(file).resolve()}.sock") if file != database else folder.resolve() / "groupbot.sock"


# --- the bot's side ---------------------------------------------------------------------------------------------------

Take = Callable[[Order], Awaitable[list[str]]]
Tell = Callable[[], Awaitable[Mapping[str, Any]]]


@asynccontextmanager
async def served(path: Path | None, jurisdiction_id: str, take: Take, health: Tell) -> AsyncIterator[None]:
    """Listen at `path` meanwhile (None: nowhere).

    Only a bot that has the database may: a socket that lies there is a dead one's, and goes.
    """
    if path is None:
        yield
        return
    desk = _Desk(jurisdiction_id, take, health)
    with suppress(FileNotFoundError):
        if stat.S_ISSOCK(path.lstat().st_mode):
            path.unlink()
    listening = socket.socket(socket.AF_UNIX)
    with _short(path) as address:
        listening.bind(address)
    path.chmod(0o600)  # nobody can connect before it listens
    server = await asyncio.start_unix_server(desk.meet, sock=listening, limit=LONGEST)
    try:
        yield
    finally:
        server.close()
        with suppress(FileNotFoundError):
            path.unlink()


class _Desk:
    def __init__(self, jurisdiction_id: str, take: Take, health: Tell) -> None:
        self.jurisdiction_id = jurisdiction_id
        self.take = take
        self.health = health

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One caller: a line in, a line out."""
        try:
            line = await asyncio.wait_for(reader.readline(), PATIENCE)
            writer.write(json.dumps(await self._answer(line), ensure_ascii=False).encode() + b"\n")
            await asyncio.wait_for(writer.drain(), PATIENCE)
        except (TimeoutError, OSError, ValueError):  # slow, gone, or a line that is too long
            log.warning("a caller at the control socket was given up")
        finally:
            writer.close()

    async def _answer(self, line: bytes) -> Answer:
        try:
            order = self._read(line)
            if order is None:
                return {"health": dict(await self.health())}
            return {"said": await self.take(order)}
        except OrderRefused as error:
            return {"refused": str(error)}
        except Exception:
            log.exception("an order failed")
            return {"refused": "it failed, and nothing was changed; the bot's log says where"}

    def _read(self, line: bytes) -> Order | None:
        """The order of a line; None when it is asked how the bot is. Raises OrderRefused."""
        try:
            asked = json.loads(line)
            if asked["order"] == "health":
                return None
            order = Order(str(asked["id"]), str(asked["order"]), dict(asked["given"]), str(asked["by"]))
            wanted = str(asked["jurisdiction"])
        except (KeyError, TypeError, ValueError):
            raise OrderRefused("that is no order") from None
        if wanted != self.jurisdiction_id:
            raise OrderRefused(f"the running bot serves {self.jurisdiction_id}, not {wanted}")
        return order


# --- the command line's side ------------------------------------------------------------------------------------------


def ask(path: Path, asked: Mapping[str, Any]) -> Answer | None:
    """Ask the bot that listens at `path`; None where none does.

    Raises ControlLost when it went away before it answered, OrderRefused for what is too long to be asked.
    """
    line = json.dumps(asked, ensure_ascii=False).encode() + b"\n"
    if len(line) >= LONGEST:
        raise OrderRefused("that is too much at once: give it in smaller parts")
    with socket.socket(socket.AF_UNIX) as caller:
        caller.settimeout(PATIENCE)
        try:
            with _short(path) as address:
                caller.connect(address)
        except (FileNotFoundError, ConnectionRefusedError, NotADirectoryError):
            return None
        try:
            caller.sendall(line)
            with caller.makefile("rb") as answers:
                answer: Answer = json.loads(answers.readline() or b"null")
        except (OSError, ValueError) as error:
            raise ControlLost(str(error)) from error
    if not isinstance(answer, dict):
        raise ControlLost("no answer")
    return answer


def whoever() -> str:
    """The system user who gives an order, for the record."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return str(os.getuid())


@contextmanager
def _short(path: Path) -> Iterator[str]:
    """An address that the system takes: a long path is reached through its opened folder (Linux)."""
    if len(os.fsencode(path)) <= _LONGEST_ADDRESS:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
