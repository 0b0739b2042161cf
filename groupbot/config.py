"""Settings: groupbot.toml, then GROUPBOT_… variables of the environment over it. What is unknown is refused.

A variable is the section and the key in capitals: GROUPBOT_DATABASE, GROUPBOT_TELEGRAM_TOKEN, GROUPBOT_MATRIX_USER_ID.
Relative paths in the file are beside the file; in the environment they are beside the process.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from groupbot import defaults

PREFIX = "GROUPBOT_"
NO_SETTINGS = ("GROUPBOT_CONFIG",)  # variables of that prefix that are read elsewhere
NO_SETTINGS_PREFIX = "GROUPBOT_TEST_"  # and those by which tests steer a process of their own

Tree = dict[str, Any]


class ConfigError(Exception):
    """The settings cannot be used; the message names the file or variable, the key, and what to do."""


class Section(BaseModel):
    """Settings that are not changed once they are read; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class TelegramSettings(Section):
    """The Telegram account of the bot. `base_url` is that of a local Bot API server where there is one.

    With `webhook_url` updates are received at `webhook_listen` (host:port) instead of being fetched. Through
    `recovery_chat`, where the bot may write and nobody but operators reads, it looks for what a longer absence took.
    """

    token: SecretStr | None = None
    token_file: Path | None = None
    base_url: str = Field("https://api.telegram.org/bot", pattern=r"^https?://[^\s/].*$")
    webhook_url: str | None = Field(None, pattern=r"^https://[^\s/].*$")
    webhook_listen: str = Field("127.0.0.1:8443", pattern=r"^.+:\d{1,5}$")
    webhook_secret: SecretStr | None = None
    webhook_secret_file: Path | None = None
    recovery_chat: int | None = None

    def read_token(self) -> str:
        """The bot's token. Raises ConfigError when there is none."""
        return _secret("telegram.token", self.token, self.token_file)

    def read_webhook_secret(self) -> str:
        """What Telegram must show with every call of the webhook. Raises ConfigError when there is none."""
        return _secret("telegram.webhook_secret", self.webhook_secret, self.webhook_secret_file)


class MatrixSettings(Section):
    """The Matrix account of the bot. The password is for the first login only; the device is kept in `state_dir`."""

    homeserver: str = Field(pattern=r"^https?://[^\s/].*$")
    user_id: str = Field(pattern=r"^@[^\s:]+:\S+$")
    password: SecretStr | None = None
    password_file: Path | None = None
    state_dir: Path = Path("matrix-state")

    def read_password(self) -> str:
        """The account's password. Raises ConfigError when there is none."""
        return _secret("matrix.password", self.password, self.password_file)


class Settings(Section):
    """All settings. `file` is where they were read, None when there is no file; `pack` None is the default pack."""

    file: Path | None = Field(None, exclude=True)
    database: str = "sqlite:///groupbot.db"
    pack: str | None = None
    telegram: TelegramSettings | None = None
    matrix: MatrixSettings | None = None

    def has_platform(self) -> bool:
        """Whether any chat platform is set."""
        return self.telegram is not None or self.matrix is not None


SECTIONS: Mapping[str, type[Section]] = {"telegram": TelegramSettings, "matrix": MatrixSettings}
SECRET_FILES = ("token_file", "webhook_secret_file", "password_file")
PATHS = (*SECRET_FILES, "state_dir")


def load(file: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of a file and the environment; with None, of ./groupbot.toml where it is; else the sandbox's.

    Raises ConfigError for a file that is missing or damaged, an unknown key or variable, and a value that is unfit.
    """
    place = file if file is not None else (defaults.SETTINGS if defaults.SETTINGS.is_file() else None)
    tree = {} if place is None else _beside(_read(place), place.parent)
    named = {**dict.fromkeys(_keys(tree), str(place)), **_take_environment(tree, environ or os.environ)}
    if place is None and not tree.keys() & {"database", *SECTIONS}:
        tree["database"] = f"sqlite:///{defaults.SANDBOX / defaults.SANDBOX_DATABASE}"
    try:
        return Settings.model_validate({**tree, "file": place})
    except ValidationError as error:
        raise ConfigError("\n".join(_sentence(item, named, place) for item in error.errors())) from None


def _read(place: Path) -> Tree:
    try:
        tree = tomllib.loads(place.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise ConfigError(f"there is no file {place}: write one, or name another with --config") from None
    except OSError as error:
        raise ConfigError(f"{place} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{place} is not TOML: {error}") from None
    if "file" in tree:
        raise ConfigError(f"{place}: 'file' is not a setting; remove it")
    return tree


def _beside(tree: Tree, folder: Path) -> Tree:
    """Relative paths, those left at their defaults too, counted from the folder of the file."""
    tree.setdefault("database", Settings.model_fields["database"].default)
    if isinstance(matrix := tree.get("matrix"), dict):
        matrix.setdefault("state_dir", str(MatrixSettings.model_fields["state_dir"].default))
    for section in tree.values():
        if isinstance(section, dict):
            section |= {key: str(folder / section[key]) for key in PATHS if isinstance(section.get(key), str)}
    scheme, mark, path = str(tree.get("database", "")).partition("sqlite:///")
    if mark and not scheme and path and not path.startswith(("/", ":")):
        tree["database"] = f"sqlite:///{(folder / path).absolute()}"
    pack = tree.get("pack")
    if isinstance(pack, str) and (folder / pack / "protocol.toml").is_file():
        tree["pack"] = str(folder / pack)
    return tree


def _keys(tree: Tree) -> list[str]:
    inner = [f"{name}.{key}" for name, part in tree.items() if isinstance(part, dict) for key in part]
    return [*tree, *inner]


def _take_environment(tree: Tree, environ: Mapping[str, str]) -> dict[str, str]:
    """Put the variables over the file's values; which variable each key came from."""
    variables: dict[str, tuple[str, ...]] = {
        f"{PREFIX}{key.upper()}": (key,) for key in Settings.model_fields if key not in (*SECTIONS, "file")
    }
    for name, section in SECTIONS.items():
        variables |= {f"{PREFIX}{name}_{key}".upper(): (name, key) for key in section.model_fields}
    named: dict[str, str] = {}
    for variable, value in environ.items():
        if not variable.startswith(PREFIX) or variable in NO_SETTINGS or variable.startswith(NO_SETTINGS_PREFIX):
            continue
        if variable not in variables:
            raise ConfigError(f"the environment's {variable} is not a setting; {_near(variable, list(variables))}")
        *inside, key = variables[variable]
        part = tree.setdefault(inside[0], {}) if inside else tree
        if isinstance(part, dict):
            part[key] = value
            named[".".join(variables[variable])] = f"the environment ({variable})"
    return named


def _sentence(item: Any, named: Mapping[str, str], place: Path | None) -> str:
    key = ".".join(str(part) for part in item["loc"])
    where = named.get(key) or (str(place) if place else "the environment")
    *section, last = key.split(".")
    known = SECTIONS[section[0]].model_fields if section and section[0] in SECTIONS else Settings.model_fields
    if item["type"] == "extra_forbidden":
        return f"{where}: '{key}' is not a setting; {_near(last, [one for one in known if one != 'file'])}"
    if item["type"] == "missing":
        return f"{where}: '{key}' is missing; {key.split('.')[0]} needs it"
    return f"{where}: '{key}' is unfit: {item['msg']}"


def _near(word: str, known: list[str]) -> str:
    close = get_close_matches(word, known, n=1)
    return f"did you mean '{close[0]}'?" if close else f"known here are {', '.join(known)}"


def _secret(key: str, value: SecretStr | None, file: Path | None) -> str:
    variable = PREFIX + key.replace(".", "_").upper()
    if value is not None and value.get_secret_value().strip():
        return value.get_secret_value().strip()
    if file is None:
        raise ConfigError(f"'{key}' is missing: put it in a file and name that as {key}_file, or set {variable}")
    try:
        text = file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        name = key.split(".")[1].replace("_", " ")
        make = f"printf '%s' 'THE-{name.upper().replace(' ', '-')}' > {file} && chmod 600 {file}"
        raise ConfigError(f"{key}_file {file} is not there: put the {name} in it: {make}") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise ConfigError(f"{key}_file {file} cannot be read: {reason}") from None
    if not text:
        raise ConfigError(f"{key}_file {file} is empty: put the {key.split('.')[1].replace('_', ' ')} in it")
    return text
