"""What can be wrong between the bot and Telegram, looked up without fetching a single update."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from groupbot.chat import ChatError
from groupbot.chat.checks import Finding
from groupbot.chat.telegram import CAPABILITIES
from groupbot.chat.telegram_api import Api, TokenRefused
from groupbot.chat.telegram_keeping import Keeping
from groupbot.records import Capabilities, Group, GroupKind, Right, Standing

MOST_SKEW = timedelta(minutes=2)  # the bot's nags are held beyond that
ADMINISTRATOR = "open the group's settings, Administrators, and make the bot administrator"
RIGHTS: dict[Right, str] = {  # as Telegram's screen calls them; the others come with being administrator
    "pin": "Pin messages",
    "delete": "Delete messages",
    "restrict": "Ban users",
    "ban": "Ban users",
    "read_only": "Ban users",
    "invites": "Invite users via link",
}

# What a kind of group needs and the bot does not have there, of what the chat offers.
Lacking = Callable[[GroupKind, Standing, Capabilities], Sequence[Right]]


class Doctor:
    """Looks at one bot's account. `lacking` says what the bot needs in a kind of group and has not.

    `webhook_url` is the one of the settings, None where updates are fetched.
    """

    def __init__(self, api: Api, lacking: Lacking, webhook_url: str | None = None) -> None:
        self._api = api
        self._keeping = Keeping(api)
        self._lacking = lacking
        self._webhook_url = webhook_url

    async def look(self, groups: Sequence[Group], now: datetime) -> AsyncIterator[Finding]:
        """Everything, the token first: without it nothing else can be looked at."""
        try:
            me = await self._api.call("getMe", {})
        except TokenRefused:
            remedy = "ask @BotFather: /mybots, your bot, API Token; put it in the file that token_file names"
            yield Finding("token", "Telegram does not know it", remedy)
            return
        except ChatError as error:
            remedy = "look whether this machine reaches the internet, and whether base_url is right"
            yield Finding("token", f"Telegram cannot be reached ({error.detail})", remedy)
            return
        yield Finding("token", f"the bot is @{me.get('username')}")
        yield await self._clock(now)
        yield await self._webhook()
        deaf = []
        for group in groups:
            finding, hears = await self._group(group)
            yield finding
            if not hears:
                deaf.append(_called(group))
        yield _privacy(me, deaf)

    async def _clock(self, now: datetime) -> Finding:
        """This machine's clock against the one that Telegram's answers bear."""
        try:
            async with httpx.AsyncClient(timeout=10) as client:
                answer = await client.get(self._api.url("getMe"))
            theirs = parsedate_to_datetime(answer.headers["Date"]).astimezone(UTC)
        except (httpx.HTTPError, KeyError, ValueError):
            return Finding("clock", "Telegram's answer bears no date to compare with")
        skew = now - theirs
        if abs(skew) <= MOST_SKEW:
            return Finding("clock", f"within {abs(skew).total_seconds():.0f} s of Telegram's")
        ahead = "ahead of" if skew > timedelta(0) else "behind"
        minutes = abs(skew).total_seconds() / 60
        return Finding("clock", f"{minutes:.0f} min {ahead} Telegram's", "set it: timedatectl set-ntp true")

    async def _webhook(self) -> Finding:
        info = await self._api.call("getWebhookInfo", {})
        url, waiting = info.get("url", ""), info.get("pending_update_count", 0)
        if url and url != self._webhook_url:
            remedy = "stop the program that it belongs to, then: groupbot doctor --remove-webhook"
            return Finding("webhook", f"another program takes this bot's updates at {url}", remedy)
        if not url and self._webhook_url:
            return Finding("webhook", "not set yet: groupbot run sets it")
        if info.get("last_error_message"):
            remedy = "see that webhook_url leads to webhook_listen through your https server"
            return Finding("webhook", f"Telegram says: {info['last_error_message']}", remedy)
        return Finding("webhook", f"{'ours' if url else 'none'}; {waiting} updates wait")

    async def _group(self, group: Group) -> tuple[Finding, bool]:
        """What the bot lacks in a group, and whether it hears every post there, as far as that can be known."""
        about = f"group {_called(group)} ({group.chat_id})"
        try:
            chat = await self._api.call("getChat", {"chat_id": int(group.chat_id)})
            standing = await self._keeping.standing(group.chat_id)
        except ChatError as error:
            if error.kind == "moved":
                return Finding(about, f"is now {error.new_chat_id}", "start the bot: it follows by itself"), True
            return Finding(about, f"cannot be looked at ({error.detail})", "add the bot to the group again"), True
        return self._found(about, group, chat, standing), "read" in standing.rights

    def _found(self, about: str, group: Group, chat: Mapping[str, Any], standing: Standing) -> Finding:
        if chat.get("type") == "group":
            remedy = "make it a supergroup: in its settings let new members see the chat history"
            return Finding(about, "is a basic group, in which Telegram can mute nobody", remedy)
        lacking = self._lacking(group.kind, standing, CAPABILITIES)
        if lacking:
            named = dict.fromkeys(RIGHTS[right] for right in lacking if right in RIGHTS)
            remedy = f"{ADMINISTRATOR} with: {', '.join(named)}" if named else f"{ADMINISTRATOR}, with any one right"
            return Finding(about, f"the bot lacks: {', '.join(lacking)}", remedy)
        if group.kind == "mirror" and not standing.read_only:
            return Finding(about, "members can write in the mirror", "take from all members the right to send messages")
        return Finding(about, "the bot has what it needs")


def _called(group: Group) -> str:
    return group.title or group.service_code or group.kind


def _privacy(me: Mapping[str, Any], deaf: Sequence[str]) -> Finding:
    """Whether Telegram keeps posts from the bot in one of these groups."""
    if me.get("can_read_all_group_messages"):
        return Finding("privacy mode", "off: the bot hears every post")
    if not deaf:
        return Finding("privacy mode", "on: the bot hears every post only where it is administrator")
    remedy = (
        f"write to @BotFather: /setprivacy, @{me.get('username')}, Disable; then take the bot out of each of these"
        " groups and add it again. Or make it administrator there"
    )
    return Finding(
        "privacy mode", f"on, and the bot is no administrator: it hears no posts in {', '.join(deaf)}", remedy
    )
