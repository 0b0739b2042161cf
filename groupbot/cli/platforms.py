"""Which chat platforms the settings name, each one's adapter made only when it is named: its library loads late."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from groupbot.chat import Chat
from groupbot.config import SECTIONS, ConfigError, Settings


def _telegram(settings: Settings) -> Chat:
    from groupbot.chat.telegram import ALLOWED, TelegramChat
    from groupbot.chat.telegram_api import Api
    from groupbot.chat.telegram_webhook import Hook, Webhook
    from groupbot.clock import real_time

    given = settings.telegram
    assert given is not None
    api = Api(given.read_token(), given.base_url)
    source = None
    if given.webhook_url is not None:
        hook = Hook(given.webhook_url, given.webhook_listen, given.read_webhook_secret())
        source = Webhook(api, hook, ALLOWED)
    chat = TelegramChat(api, real_time, source)
    chat.recovery_chat = given.recovery_chat
    return chat


def _matrix(settings: Settings) -> Chat:
    from groupbot.chat.matrix import Account, MatrixChat
    from groupbot.clock import real_time

    matrix = settings.matrix
    assert matrix is not None
    return MatrixChat(Account(matrix.homeserver, matrix.user_id, matrix.read_password, matrix.state_dir), real_time)


# platform -> what makes its adapter; the platform's name is that of its section in the settings
ADAPTERS: Mapping[str, Callable[[Settings], Chat]] = {"telegram": _telegram, "matrix": _matrix}


def chats(settings: Settings) -> dict[str, Chat]:
    """The adapters of all platforms in the settings, by platform name. Raises ConfigError for what lacks."""
    named = [name for name in SECTIONS if getattr(settings, name) is not None]
    missing = [name for name in named if name not in ADAPTERS]
    if missing:
        raise ConfigError(f"this groupbot cannot speak {' and '.join(missing)} yet: remove the section")
    return {name: ADAPTERS[name](settings) for name in named}


def secrets(settings: Settings) -> list[str]:
    """Everything in the settings that must never reach a log. Raises ConfigError for a secret that lacks."""
    found = []
    if settings.telegram is not None:
        found.append(settings.telegram.read_token())
        if settings.telegram.webhook_url is not None:
            found.append(settings.telegram.read_webhook_secret())
    if settings.matrix is not None and (settings.matrix.password or settings.matrix.password_file):
        found.append(settings.matrix.read_password())
    return found
