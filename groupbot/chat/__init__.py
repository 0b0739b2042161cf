"""What every chat platform offers the bot: updates to fetch, messages to send, and one error with named kinds.

Each platform is one adapter in this folder; only that adapter imports the platform's library.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol, TypeGuard, TypeVar, runtime_checkable

from groupbot.records import Batch, Capabilities, Gap, Page, Rate, Standing, Update

LONGEST_WAIT = 86_400.0  # seconds; nobody asks for more in earnest, and what cannot be reckoned with stops every send
T = TypeVar("T")
Buttons = tuple[tuple[str, str], ...]  # (worded label, token)
ErrorKind = Literal["retry_after", "moved", "gone", "refused", "not_sent", "unknown"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG file that stands with a message; sizes in pixels. `alt` says it in words, for who cannot see it."""

    png: bytes
    width: int
    height: int
    name: str
    alt: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A worded message on its way to a chat."""

    chat_id: str
    text: str
    txn_id: str
    reply_to: str | None = None
    buttons: tuple[tuple[str, str], ...] = ()  # (worded label, token)
    mentions: tuple[str, ...] = ()  # user ids of those whom it asks something
    tried_at: datetime | None = None  # when it was first sent, where it may have arrived (aware UTC)
    picture: Picture | None = None  # where the chat has pictures; without it the words say all


class ChatError(Exception):
    """A platform did not do what was asked.

    `kind` says what to do next: retry_after (wait `retry_after` seconds), moved (the chat is now `new_chat_id`), gone
    (no such chat or message, or the bot was put out), refused (asking again will not help), not_sent (it surely did
    not arrive), unknown (it may have arrived). Adapters never try again by themselves: delivery does.
    No wait is longer than LONGEST_WAIT.
    """

    def __init__(
        self, kind: ErrorKind, retry_after: float | None = None, new_chat_id: str | None = None, detail: str = ""
    ) -> None:
        super().__init__(f"{kind}: {detail}" if detail else kind)
        self.kind = kind
        self.retry_after = None if retry_after is None else max(0.0, min(LONGEST_WAIT, retry_after))
        self.new_chat_id = new_chat_id
        self.detail = detail


class Chat(Protocol):
    """One platform, as the bot sees it. All but `parse` and `capabilities_of` may raise ChatError."""

    platform: str
    capabilities: Capabilities  # of a chat about which nothing is known yet
    rates: tuple[Rate, ...]  # the platform's limits for all chats together; delivery keeps to them

    def capabilities_of(self, chat_id: str) -> Capabilities:
        """What this chat offers."""
        ...

    async def fetch(self, cursor: str | None, limit: int = 100, wait: float = 0) -> Batch:
        """The updates after `cursor`, oldest first, at most `limit`; waits up to `wait` seconds for the first one.

        Asking with a cursor confirms everything up to it: the platform may forget that, so ask only after the commit.
        """
        ...

    def parse(self, raw: str) -> Update:
        """Read one raw update. Pure and never raises: what cannot be read has the kind "unreadable"."""
        ...

    async def send(self, message: Outgoing) -> str:
        """Post a message; the platform's message id comes back."""
        ...

    async def edit(self, chat_id: str, message_id: str, text: str, buttons: Buttons = ()) -> None:
        """Give one of the bot's messages a new text and new buttons; the same ones again are no error."""
        ...

    async def delete(self, chat_id: str, message_id: str) -> None:
        """Remove a message; one that is already removed is no error."""
        ...

    async def react(self, chat_id: str, message_id: str, emoji: str) -> None:
        """Put the bot's one reaction under a message; an empty emoji takes it away."""
        ...

    async def pin(self, chat_id: str, message_id: str) -> None:
        """Pin a message; one that is already pinned is no error."""
        ...

    async def ping(self) -> None:
        """Ask the platform for a sign of life, saying nothing to anybody; a refusal of the call is one too."""
        ...

    async def close(self) -> None:
        """Let go of connections and files."""
        ...


_OFFERS: dict[tuple[type, type], bool] = {}


def offers(chat: object, what: type[T]) -> TypeGuard[T]:
    """Whether a chat is one of the protocols below, asked of each kind of chat once: to ask takes long."""
    key = (type(chat), what)
    if key not in _OFFERS:
        _OFFERS[key] = isinstance(chat, what)
    return _OFFERS[key]


@runtime_checkable
class History(Protocol):
    """What an adapter offers besides, where a fetch may leave gaps. It may raise ChatError."""

    async def page_back(self, gap: Gap) -> Page:
        """The page of a gap that ends at its `from_cursor`."""
        ...


@runtime_checkable
class Guest(Protocol):
    """What an adapter offers besides, where the bot is asked into chats. Each may raise ChatError."""

    async def accept(self, chat_id: str) -> None:
        """Come into a chat."""
        ...

    async def decline(self, chat_id: str, reason: str) -> None:
        """Turn an invitation down, or leave; `reason` is for whoever invited."""
        ...


@runtime_checkable
class Forgetful(Protocol):
    """A platform that forgets what was not fetched in time, and has no past to page back through."""

    retention: timedelta  # for how long it keeps an update


@runtime_checkable
class Recovering(Protocol):
    """A platform without a past to page back through, on which single messages can be looked for."""

    recovers: bool  # whether it may be done, by the settings

    def next_lost(self, chat_id: str, after: str, before: str) -> str:
        """The id of the first message after one and before another; '' where there is none, or no telling."""
        ...

    async def recover(self, chat_id: str, message_id: str) -> Update | None:
        """A message as an update; None where nobody's words are found under its id. Raises ChatError."""
        ...


@runtime_checkable
class Linking(Protocol):
    """A platform on which a message has an address."""

    def link(self, chat_id: str, message_id: str) -> str:
        """The address at which a member of the chat finds a message; '' where it has none."""
        ...


@runtime_checkable
class Joinable(Protocol):
    """A platform on which others can come into the chat that one person has with the bot."""

    def crowded(self, chat_id: str) -> bool:
        """Whether others than one person and the bot are in a chat, or are asked into it."""
        ...


@runtime_checkable
class Topical(Protocol):
    """A platform whose groups may have topics."""

    def strayed(self, reply_to: str | None, message_id: str) -> bool:
        """Whether a reply landed in another topic than what it replies to, whose topic is closed or gone."""
        ...


@runtime_checkable
class Troubled(Protocol):
    """A platform whose adapter can say what a person must mend before anything comes in again."""

    trouble: str  # in words for the operator; '' while all is well


@runtime_checkable
class Menued(Protocol):
    """A platform that shows people a menu of commands. May raise ChatError."""

    async def set_menu(self, scope: str, language: str, commands: Sequence[tuple[str, str]]) -> None:
        """Show these (name, what it does) to people of a language ('' for all others); unchanged ones are left.

        `scope` is "groups", "officers" (a group's administrators) or "private".
        """
        ...


@runtime_checkable
class Keeper(Protocol):
    """What a platform's adapter offers besides, where groups can be kept in order. Each may raise ChatError.

    An adapter that is no Keeper has no such chats; one that is says by `capabilities_of` what each chat has. Only a
    named person's decision restricts or bans. What is so already is no error. `until` is aware UTC, in the future.
    """

    async def standing(self, chat_id: str) -> Standing:
        """What members and the bot may do in a chat, read back from the platform."""
        ...

    async def set_read_only(self, chat_id: str, read_only: bool) -> None:
        """Let only the bot write in a chat, or its members too."""
        ...

    async def restrict(self, chat_id: str, user_id: str, until: datetime) -> None:
        """Keep a member from writing until then; `unrestrict` ends it where the platform cannot by itself."""
        ...

    async def unrestrict(self, chat_id: str, user_id: str) -> None:
        """Let a member write again."""
        ...

    async def ban(self, chat_id: str, user_id: str, until: datetime) -> None:
        """Put a member out until then; as with `restrict`, `unban` ends it where the platform does not."""
        ...

    async def unban(self, chat_id: str, user_id: str) -> None:
        """Let a person join again."""
        ...

    async def close_invites(self, chat_id: str) -> None:
        """From now on only those whom an administrator invites can join; links given out before are good no more."""
        ...
