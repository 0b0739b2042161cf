"""The bot's session on its homeserver: logged in once, its access token and device id kept in a file of mode 600.

The device is chosen before the first login and never changes: a message that is sent again is known again only by the
same device.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from nio import Api

from groupbot.chat import ChatError
from groupbot.chat.matrix_line import Built, HomeserverError, Json, Line, Upload

FILE = "session.json"
DEVICE_NAME = "groupbot"


class SessionLost(ChatError):
    """The session is of no use any more; `remedy` is what a person does about it."""

    def __init__(self, said: str, remedy: str) -> None:
        super().__init__("refused", detail=f"{said}; {remedy}")
        self.remedy = remedy


class Session:
    """Calls as the logged-in bot. `password` is asked for only when there is no good token."""

    def __init__(self, line: Line, user_id: str, password: Callable[[], str], folder: Path) -> None:
        self.line = line
        self.user_id = user_id
        self.file = folder / FILE
        self._password = password
        self._kept: Json | None = None
        self._ended = ""  # a token that the server has ended for good
        self._refused = ""  # the hash of a password that the server has refused

    @property
    def device_id(self) -> str:
        """The device of this session; '' before the first login."""
        return str(self._read().get("device_id", ""))

    async def call(self, built: Built | Upload, seconds: float = 30.0) -> Json:
        """Make one request as the bot; the object that comes back. Raises ChatError."""
        answer = await self._call(built, seconds)
        return answer if isinstance(answer, dict) else {}

    async def call_list(self, built: Built) -> list[Any]:
        """Make one request as the bot; the list that comes back. Raises ChatError."""
        answer = await self._call(built, 30.0)
        return answer if isinstance(answer, list) else []

    async def _call(self, built: Built | Upload, seconds: float) -> Any:
        """One request; after a soft logout, log in again on the same device and make it once more."""
        token = await self._token()
        try:
            return await self.line.call(built, token, seconds)
        except HomeserverError as error:
            if not error.token_unknown:
                raise
            self._lost(token, soft=error.soft_logout)
        return await self.line.call(built, await self._token(), seconds)

    async def _token(self) -> str:
        kept = self._read()
        token = str(kept.get("access_token", ""))
        if token and token == self._ended:
            self._kept = None  # another look at the file: whoever mends this removes it
            token = str(self._read().get("access_token", ""))
            if token == self._ended:
                raise SessionLost("the session was ended", f"remove {self.file} to log in again")
        return token or await self._log_in()

    async def _log_in(self) -> str:
        password = self._password()
        digest = sha256(password.encode()).hexdigest()
        if digest == self._refused:
            raise ChatError("refused", detail="the homeserver refused the password of the bot; put the right one there")
        kept = self._read()
        if not kept.get("device_id"):
            kept = {"user_id": self.user_id, "device_id": f"GROUPBOT{secrets.token_hex(4).upper()}"}
            self._write(kept)  # before the login, so that a crash in between leaves no second device
        device_id = str(kept["device_id"])
        try:
            answer = await self.line.call(
                Api.login(self.user_id, password, device_name=DEVICE_NAME, device_id=device_id)
            )
        except HomeserverError as error:
            if error.errcode == "M_FORBIDDEN":
                self._refused = digest
            raise
        token = answer.get("access_token")
        if not isinstance(token, str) or answer.get("user_id") != self.user_id:
            raise SessionLost("the homeserver logged somebody else in", f"name {answer.get('user_id')} as user_id")
        self._write({**kept, "user_id": self.user_id, "access_token": token})
        return token

    def _lost(self, token: str, *, soft: bool) -> None:
        if soft:
            self._write({**self._read(), "access_token": ""})
        else:
            self._ended = token

    def _read(self) -> Json:
        if self._kept is None:
            try:
                kept = json.loads(self.file.read_text(encoding="utf-8"))
            except FileNotFoundError:
                kept = {}
            except (OSError, ValueError) as error:
                said = f"{self.file} cannot be read ({type(error).__name__})"
                raise SessionLost(said, f"remove {self.file} to log in again") from error
            mine = isinstance(kept, dict) and kept.get("user_id") in (None, self.user_id)
            self._kept = kept if mine else {}  # another account's session is of no use to this one
        return self._kept or {}

    def _write(self, kept: Json) -> None:
        """Keep it durably, readable by nobody else."""
        self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = self.file.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(json.dumps(kept))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.file)
        self._kept = kept
