"""A sandbox chat that fails as a script says, in every way in which a platform can, and remembers each call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from groupbot.chat import ChatError, Outgoing
from groupbot.chat.sandbox import SandboxChat
from groupbot.records import Capabilities, Notice, Rate
from groupbot.store import hot
from tests.county import County

# How a call may go. "hangs" and "vanishes" give no answer in time, "hangs" before the message has arrived.
WAYS = ("arrives", "not_sent", "unknown", "lost_answer", "retry_after", "hangs", "vanishes", "crashes", "refused")
LATE = ("unknown", "lost_answer", "hangs", "vanishes", "crashes")  # the outcome is not known to the bot
TELEGRAM = (Rate(1, 1.0), Rate(20, 60.0))  # for one group


@dataclass(frozen=True)
class Call:
    """One call: when, for which chat, which text, and how it went."""

    at: datetime
    chat_id: str
    text: str
    txn_id: str
    way: str


class ScriptedChat(SandboxChat):
    """`script(chat_id)` gives the way in which the next message to that chat goes; None is "arrives"."""

    def __init__(self, here: County, script: Callable[[str], str | None], capabilities: Capabilities) -> None:
        super().__init__(here.sandbox, here.clock, capabilities)
        self.script = script
        self.calls: list[Call] = []
        self.pings = 0
        self.alive = True
        self.retry_after = 30.0

    async def ping(self) -> None:
        """Answer while alive."""
        self.pings += 1
        if not self.alive:
            raise ChatError("not_sent")

    async def send(self, message: Outgoing) -> str:
        """Go the way of the script."""
        way = self.script(message.chat_id) or "arrives"
        self.calls.append(Call(self._now(), message.chat_id, message.text, message.txn_id, way))
        if way in ("lost_answer", "vanishes", "arrives"):
            message_id = await super().send(message)
        if way == "arrives":
            return message_id
        if way in ("hangs", "vanishes"):
            await asyncio.Event().wait()
        if way == "crashes":
            raise ConnectionResetError
        kind = "unknown" if way == "lost_answer" else way
        raise ChatError(kind, retry_after=self.retry_after if way == "retry_after" else None)  # type: ignore[arg-type]


def scripted(
    here: County,
    *ways: str,
    chat: str = "health",
    capabilities: Capabilities | None = None,
    rates: tuple[Rate, ...] = (),
) -> ScriptedChat:
    """Let one chat fail in these ways, one after the other; later calls and other chats arrive."""
    left: Iterator[str] = iter(ways)
    adapter = ScriptedChat(
        here,
        lambda chat_id: next(left, None) if chat_id == chat else None,
        capabilities or Capabilities(reactions=True, repeatable_sends=True),
    )
    adapter.rates = rates
    here.app.chats["sandbox"] = adapter  # type: ignore[index]
    here.app.delivery.longest_call = 0.02
    return adapter


async def queue(here: County, *notices: Notice) -> None:
    """Put notices into the outbox, as moves do."""
    store = here.app.store
    await here.app.worker.run(lambda: store.write_tx(lambda tx: hot.queue(tx, notices, here.clock())))


def line(number: int, chat: str = "health", key: str = "settled", **more: object) -> Notice:
    """A telling line that is told apart by its reference."""
    params = {"ref": f"HLT-26-{number:04}", "who": "Jane"}
    return Notice("sandbox", chat, "send", f"{chat}-{number}", key, params, **more)  # type: ignore[arg-type]
