"""Every act x every disguise of Telegram: forwarded, through a bot, quoted, as code, said by no person."""

from __future__ import annotations

from typing import Any

import pytest

from tests.commands.test_disguises import ACTS, TABLES
from tests.county import FORM
from tests.telegram.town import USERS, Town, town

ORIGIN = {"type": "hidden_user", "sender_user_name": "Somebody", "date": 1_795_000_000}
CHANNEL = {"id": -1009, "type": "channel", "title": "News"}
DISGUISES: dict[str, dict[str, Any]] = {
    "forwarded": {"forward_origin": ORIGIN},
    "through a bot": {"via_bot": {"id": 9, "is_bot": True, "first_name": "Other"}},
    "quoted": {"entities": [{"type": "blockquote", "offset": 0, "length": 7}]},
    "as a code block": {"entities": [{"type": "pre", "offset": 0, "length": 7}]},
    "as code": {"entities": [{"type": "code", "offset": 0, "length": 7}]},
    "in a channel's name": {"sender_chat": CHANNEL},
}


async def _state(here: Town) -> list[Any]:
    read = here.app.store.read
    tables = [name for name in (*TABLES, "outbox") if name != "chat"]
    return [
        await here.app.worker.run(lambda n=n: read(lambda tx: tx.all(f"SELECT * FROM {n} ORDER BY 1"))) for n in tables
    ]


@pytest.mark.parametrize("disguise", DISGUISES)
async def test_no_act_in_disguise_does_anything(disguise: str) -> None:
    async with town() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "Seen, I am on it", reply_to=post)
        for who in USERS:
            await here.say(who, "health", "Good morning to all")
        before = await _state(here)
        for name, (who, rest) in ACTS.items():
            await here.say(who, "health", f"/{name} {rest}", reply_to=post, **DISGUISES[disguise])
            assert await _state(here) == before, name


async def test_the_same_act_said_plainly_is_done() -> None:
    async with town() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
        assert await here.value("SELECT state FROM request") == "answered"
