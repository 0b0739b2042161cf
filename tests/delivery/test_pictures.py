"""A notice with a picture: drawn when it is sent, never in the way of its words."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from groupbot.chat import ChatError, Outgoing, Picture
from groupbot.chat.sandbox import FULL, PLAIN, SHOWN, Sandbox, SandboxChat, SandboxMessage
from groupbot.clock import real_time
from groupbot.delivery import showing
from groupbot.records import Notice, Rate
from groupbot.store import hot
from tests.county import County, county
from tests.pictures.test_figures import told


@pytest.fixture(autouse=True)
def _undrawn() -> Iterator[None]:
    showing._drawn.cache_clear()
    yield
    showing._drawn.cache_clear()


async def queue(here: County, *chats: str, **other: Any) -> None:
    params = {"items": ["Week from Mon 23 Nov:", "The citizen agrees: 23 of 36."], "picture": told()}
    notices = [
        Notice("sandbox", chat, "send", f"{chat} {number}", "mirror_figures", {**params, **other})
        for number, chat in enumerate(chats)
    ]
    await here.app.worker.run(lambda: here.app.store.write_tx(lambda tx: hot.queue(tx, notices, here.clock())))
    await here.app.step()


def shown(message: SandboxMessage) -> tuple[int, int]:
    assert message.picture is not None
    return Image.open(io.BytesIO(message.picture.png)).size


WORDS = "Week from Mon 23 Nov:\nThe citizen agrees: 23 of 36."


async def test_words_and_picture_are_one_message() -> None:
    async with county(capabilities=SHOWN) as here:
        await queue(here, "mirror")
        (message,) = here.messages("mirror")
        assert message.text == WORDS
        assert message.picture is not None
        assert (message.picture.alt, message.picture.name) == (told()["alt"], "figures.png")
        assert shown(message) == (message.picture.width, message.picture.height)


@pytest.mark.parametrize("capabilities", [FULL, PLAIN])
async def test_where_a_chat_has_no_pictures_the_words_go_alone_and_nothing_is_drawn(
    capabilities: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(showing, "_drawn", lambda _: pytest.fail("drawn in vain"))
    async with county(capabilities=capabilities) as here:
        await queue(here, "mirror")
        (message,) = here.messages("mirror")
        assert (message.text, message.picture) == (WORDS, None)


async def test_without_the_library_the_words_go_alone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    async with county(capabilities=SHOWN) as here:
        with caplog.at_level(logging.INFO):
            await queue(here, "mirror")
        (message,) = here.messages("mirror")
        assert (message.text, message.picture) == (WORDS, None)
    assert "goes out without its picture: pictures need the extra 'reports'" in caplog.text


async def test_a_picture_that_cannot_be_drawn_keeps_nothing_back(caplog: pytest.LogCaptureFixture) -> None:
    async with county(capabilities=SHOWN) as here:
        await queue(here, "mirror", picture={"title": "of a newer version"})
        (message,) = here.messages("mirror")
        assert (message.text, message.picture) == (WORDS, None)
        assert await here.value("SELECT state FROM outbox WHERE key = 'mirror_figures'") == "sent"
    assert "goes out without its picture" in caplog.text


class Counting(SandboxChat):
    """A chat whose first call does not arrive."""

    failing = 1
    pictures: list[Picture | None]

    async def send(self, message: Outgoing) -> str:
        """Fail once."""
        self.pictures.append(message.picture)
        if self.failing:
            self.failing -= 1
            raise ChatError("not_sent")
        return await super().send(message)


async def test_the_same_picture_goes_to_several_groups_and_again_and_is_drawn_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn: list[object] = []
    real = showing.figures.laid_out
    monkeypatch.setattr(showing.figures, "laid_out", lambda words: drawn.append(words) or real(words))
    async with county(capabilities=SHOWN) as here:
        chat = Counting(here.sandbox, here.clock, SHOWN)
        chat.pictures = []
        here.app.chats["sandbox"] = chat  # type: ignore[index]
        await queue(here, "mirror", "communications")
        await here.wait(seconds=2)
        assert [len(here.messages(where)) for where in ("mirror", "communications")] == [1, 1]
        assert len(chat.pictures) == 3
        assert len({one.png for one in chat.pictures if one}) == 1
    assert len(drawn) == 1


async def test_in_a_burst_a_message_with_a_picture_stands_alone() -> None:
    slow = FULL.__class__(**{**{name: getattr(SHOWN, name) for name in SHOWN.__slots__}, "rates": (Rate(1, 60.0),)})
    async with county(capabilities=slow) as here:
        await queue(here, *["mirror"] * 3)
        await here.wait(minutes=5)
        assert [message.text for message in here.messages("mirror")] == [WORDS] * 3
        assert all(message.picture for message in here.messages("mirror"))


async def test_the_sandbox_keeps_a_picture_through_a_restart_and_refuses_one_where_it_has_none(tmp_path: Any) -> None:
    path = tmp_path / "chats.jsonl"
    picture = Picture(b"\x89PNG bytes", 3, 4, "a.png", "three by four")
    message = Outgoing("mirror", "words", "txn", picture=picture)
    sandbox = Sandbox(path)
    sandbox.add_chat("mirror", "Mirror", "mirror")
    with pytest.raises(ChatError, match="no pictures"):
        await SandboxChat(sandbox, real_time, FULL).send(message)
    number = await SandboxChat(sandbox, real_time, SHOWN).send(message)
    sandbox.close()
    again = Sandbox(path)
    assert again.message("mirror", number).picture == picture
    again.close()
