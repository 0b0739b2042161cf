"""B3: nothing is sent whose outbox row is not committed, and an id is known as soon as its row counts as sent."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from tests.county import FORM
from tests.telegram import methods
from tests.telegram.fake import FakeTelegram
from tests.telegram.town import GROUPS, town
from tests.telegram.world import Json


async def test_b3_when_a_call_arrives_its_row_is_committed_as_being_sent_with_its_words(
    tmp_path: Path, monkeypatch: Any
) -> None:
    file = tmp_path / "groupbot.db"
    send, seen = methods.METHODS["sendmessage"], []

    def look(fake: FakeTelegram, params: Json) -> Json:
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as other:  # only what is committed is seen from here
            row = "SELECT text FROM outbox WHERE state = 'sending' AND chat_id = ?"
            seen.append((params["text"], [text for (text,) in other.execute(row, (str(params["chat_id"]),))]))
        other.close()
        return dict(send(fake, params))

    monkeypatch.setitem(methods.METHODS, "sendmessage", look)  # type: ignore[call-overload]
    async with town(f"sqlite:///{file}") as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "/resolve 200 doses delivered this morning", reply_to=post)
        await here.settle()
    assert len(seen) > 3
    assert all(committed == [text] for text, committed in seen), seen


async def test_b3_an_id_is_known_and_linked_in_the_transaction_that_says_sent() -> None:
    async with town() as here:
        await here.say("chebet", "health", FORM)
        sent = "SELECT message_id FROM outbox WHERE state = 'sent' AND key LIKE 'number%'"
        linked = "SELECT message_id FROM message_link WHERE kind = 'bot' AND request_id = 1 AND chat_id = ?"
        (number,) = [one for one in here.messages("health") if "HLT-26" in one["text"]]
        assert await here.rows(sent) == [(str(number["message_id"]),)]
        assert (str(number["message_id"]),) in await here.rows(linked, str(GROUPS["health"]))
