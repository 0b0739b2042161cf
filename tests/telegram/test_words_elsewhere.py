"""Of a group that is bound to nothing no words are kept, whatever brings them; the log quotes nobody."""

from __future__ import annotations

import io
import json
import logging
from typing import Any

import pytest
from aiohttp import web

from groupbot import logs
from groupbot.chat import ChatError
from tests.county import FORM
from tests.telegram.town import GROUPS, USERS, town

FAMILY = -1_000_000_009_999
CHANNEL = {"id": -100777, "type": "channel", "title": "News"}


async def test_nothing_that_is_said_in_a_group_that_is_bound_to_nothing_is_kept() -> None:
    async with town() as here:
        world = here.fake.world
        world.add_group(FAMILY, "Family", (USERS["stranger"], USERS["chebet"]))
        world.add_user(555, "Other bot")
        world.users[555]["is_bot"] = True
        post = world.post(FAMILY, USERS["stranger"], "SECRET plain")
        world.edit(FAMILY, post, "SECRET edited")
        world.post(FAMILY, USERS["stranger"], "SECRET of a channel", sender_chat=CHANNEL)
        world.post(FAMILY, USERS["stranger"], "SECRET forward", sender_chat=CHANNEL, is_automatic_forward=True)
        world.post(FAMILY, 555, "SECRET of a bot")
        for number, odd in enumerate(({"pinned_message": {"message_id": 70, "text": "SECRET pin"}}, {"date": "x"})):
            message = {
                "message_id": 77 + number,
                "from": world.users[USERS["stranger"]],
                "chat": world.chats[FAMILY].short(),
                "date": int(here.clock().timestamp()),
                "text": "SECRET odd",
                **odd,
            }
            here.fake.queue({"message": message})
        await here.settle()
        kinds = {kind for (kind,) in await here.rows("SELECT kind FROM inbox")}
        assert kinds >= {"post", "edit", "other", "unreadable"}
        assert await here.rows("SELECT kind, raw FROM inbox WHERE raw LIKE '%SECRET%'") == []


async def test_an_answer_that_is_no_json_stands_in_no_log() -> None:
    root = logging.getLogger()
    before, level, written, cut = root.handlers[:], root.level, io.StringIO(), [1]
    logs.begin(stream=written)
    try:
        async with town() as here:
            here.fake.world.post(GROUPS["health"], USERS["chebet"], FORM + "\nName: Zebediah")
            answer = here.fake._answer

            def cut_off(code: int, body: dict[str, Any]) -> web.Response:
                if cut and isinstance(body.get("result"), list) and body["result"]:
                    cut.clear()
                    return web.Response(text=json.dumps(body)[:-3], content_type="application/json")
                return answer(code, body)

            here.fake._answer = cut_off  # type: ignore[method-assign]
            with pytest.raises(ChatError):
                await here.app.step()
            await here.settle()
            assert len(here.lines("health")) == 1
    finally:
        root.handlers[:], root.level = before, level
    assert "Can not load invalid JSON data" in written.getvalue()
    assert "Zebediah" not in written.getvalue()
    assert "malaria" not in written.getvalue()
