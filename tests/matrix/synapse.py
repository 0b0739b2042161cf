"""A throw-away homeserver: a real Synapse on loopback with SQLite, in a temporary folder, and people to write there."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import secrets
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.lives import Life, Mother, mother

SERVER = "county.test"
SECRET = "registered-by-tests"
BRIDGE_TOKEN = "the-bridge"
START_SECONDS = 60.0

GENEROUS = {"per_second": 10000, "burst_count": 10000}
LIMITS = {
    "rc_message": GENEROUS,
    "rc_registration": GENEROUS,
    "rc_joins": {"local": GENEROUS, "remote": GENEROUS},
    "rc_joins_per_room": GENEROUS,
    "rc_invites": {"per_room": GENEROUS, "per_user": GENEROUS, "per_issuer": GENEROUS},
    "rc_room_creation": GENEROUS,
    "rc_login": {"address": GENEROUS, "account": GENEROUS, "failed_attempts": GENEROUS},
}


SETTINGS = {
    "server_name": SERVER,
    "registration_shared_secret": SECRET,
    "macaroon_secret_key": SECRET,
    "form_secret": SECRET,
    "report_stats": False,
    "trusted_key_servers": [],
    "suppress_key_server_warning": True,
    "federation_domain_whitelist": [],
    "presence": {"enabled": False},
    "bcrypt_rounds": 4,
    "max_upload_size": "512K",  # so that little is too much
    # nothing here looks at these, and they cost time with every event
    "push": {"enabled": False},
    "enable_search": False,
    "stats": {"enabled": False},
    "user_directory": {"enabled": False},
}
BRIDGE = {
    "id": "whatsapp",
    "url": None,
    "as_token": BRIDGE_TOKEN,
    "hs_token": "not-used",
    "sender_localpart": "whatsappbot",
    "rate_limited": False,
    "namespaces": {"users": [{"exclusive": True, "regex": "@whatsapp_.*:.*"}], "rooms": [], "aliases": []},
}


class NoSynapse(Exception):
    """Synapse cannot be started here; the message says why."""


class Refused(Exception):
    """The homeserver did not do what was asked."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body


class Homeserver:
    """A running Synapse. `kill` is a crash; `start` after it takes up the same database."""

    def __init__(self, mother: Mother, folder: Path, settings: Mapping[str, Any]) -> None:
        self._mother = mother
        self.folder = folder
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._life: Life | None = None
        self._line: http.client.HTTPConnection | None = None
        self._write_settings(settings)
        self._generate_keys()

    def _write_settings(self, settings: Mapping[str, Any]) -> None:
        files = {
            "homeserver.yaml": {**self._settings(), **settings},
            "bridge.yaml": BRIDGE,
            "log.yaml": self._logging(),
        }
        for name, content in files.items():
            (self.folder / name).write_text(json.dumps(content))  # JSON is YAML too

    def _settings(self) -> dict[str, Any]:
        listener = {
            "port": self.port,
            "type": "http",
            "bind_addresses": ["127.0.0.1"],
            "resources": [{"names": ["client"]}],
        }
        return {
            **SETTINGS,
            "public_baseurl": self.url,
            "pid_file": str(self.folder / "homeserver.pid"),
            "listeners": [listener],
            "database": {"name": "sqlite3", "args": {"database": str(self.folder / "homeserver.db")}},
            "signing_key_path": str(self.folder / "signing.key"),
            "media_store_path": str(self.folder / "media"),
            "log_config": str(self.folder / "log.yaml"),
            "app_service_config_files": [str(self.folder / "bridge.yaml")],
        }

    def _logging(self) -> dict[str, Any]:
        file = {"class": "logging.FileHandler", "filename": str(self.folder / "synapse.log")}
        return {"version": 1, "handlers": {"file": file}, "root": {"level": "WARNING", "handlers": ["file"]}}

    def _begin(self, *more: str) -> Life:
        try:
            return self._mother.begin(" ".join(["-c", str(self.folder / "homeserver.yaml"), *more]))
        except (ChildProcessError, TimeoutError) as error:
            raise NoSynapse(str(error)) from error

    def _generate_keys(self) -> None:
        self._begin("--generate-keys").ended(START_SECONDS)
        if not (self.folder / "signing.key").exists():
            raise NoSynapse(f"it made no keys: {self._said()}")

    def _said(self) -> str:
        return (self.folder / "output.log").read_text(errors="replace")[-2000:]

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._life = self._begin()
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._life.ended() or time.monotonic() > deadline:
                raise NoSynapse(self._said() or f"it has not answered after {START_SECONDS:.0f} seconds")
            time.sleep(0.02)

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End the server; SIGTERM ends it cleanly, SIGKILL is a crash."""
        if self._line is not None:
            self._line.close()
            self._line = None
        if self._life is not None:
            self._life.end(how)
            self._life = None

    def _answers(self) -> bool:
        try:
            self.call("GET", "/_matrix/client/versions")
        except (OSError, Refused):
            return False
        return True

    def call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, token: str = "", timeout: float = 30
    ) -> dict[str, Any]:
        """One request. Raises Refused, and OSError where no server answers."""
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body).encode()
        if self._line is None:
            self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            self._line.request(method, path, data, headers)
            answer = self._line.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self._line.close()
            self._line = None
            raise OSError(str(error)) from error
        try:
            said = json.loads(text)
        except ValueError:
            said = {"text": text.decode(errors="replace")}
        if answer.status != 200:
            raise Refused(answer.status, said)
        return said  # type: ignore[no-any-return]

    def register(self, name: str, *, admin: bool = False, password: str = "password") -> str:
        """Make an account; its access token comes back."""
        path = "/_synapse/admin/v1/register"
        nonce = self.call("GET", path)["nonce"]
        signed = "\0".join((nonce, name, password, "admin" if admin else "notadmin")).encode()
        mac = hmac.new(SECRET.encode(), signed, hashlib.sha1).hexdigest()
        account = {"nonce": nonce, "username": name, "password": password, "admin": admin, "mac": mac}
        return str(self.call("POST", path, account)["access_token"])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def unique(name: str) -> str:
    """A user name that no other test has used."""
    return f"{name}-{secrets.token_hex(4)}"


@contextmanager
def homeserver(*, generous: bool = True, **settings: Any) -> Iterator[Homeserver]:
    """A running homeserver with generous limits, or with Synapse's own; and with other settings. Raises NoSynapse."""
    try:
        import synapse  # noqa: F401
    except ImportError as error:
        raise NoSynapse(str(error)) from error
    folder = Path(tempfile.mkdtemp(prefix="groupbot-synapse-"))
    running: Homeserver | None = None
    try:
        with mother(folder / "output.log", "tests.matrix.synapses") as servers:
            running = Homeserver(servers, folder, {**(LIMITS if generous else {}), **settings})
            running.start()
            yield running
    finally:
        if running is not None:
            running.kill()
        shutil.rmtree(folder, ignore_errors=True)
