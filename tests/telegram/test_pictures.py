"""Pictures on Telegram: a photo with its words under it, or answered to it, and at most one copy too many."""

from __future__ import annotations

from groupbot.chat import ChatError, Outgoing, Picture
from groupbot.pictures import figures, png
from groupbot.records import Notice
from groupbot.store import hot
from tests.pictures.test_figures import told
from tests.telegram.fake import Failure
from tests.telegram.town import GROUPS, Town, town

MIRROR = GROUPS["mirror"]
SHEET = figures.laid_out(told())
PICTURE = Picture(png.drawn(SHEET), 1080, round(SHEET.height), "figures.png", SHEET.alt)
WORDS = "Week from Mon 23 Nov:\nThe citizen agrees: 23 of 36."


def outgoing(text: str = WORDS, **more: object) -> Outgoing:
    return Outgoing(str(MIRROR), text, "txn-1", picture=PICTURE, **more)  # type: ignore[arg-type]


def methods(here: Town) -> list[str]:
    return [call.method for call in here.fake.calls if call.method.startswith("send")]


async def test_the_words_stand_under_the_photo() -> None:
    async with town() as here:
        number = await here.chat.send(outgoing())
        (message,) = here.messages("mirror")
        assert (number, message["caption"]) == (str(message["message_id"]), WORDS)
        assert message["photo"][0]["width"] == 1080
        assert [call["photo"] for call in here.fake.called("sendPhoto")] == [PICTURE.png]
        assert here.fake.violations == []


async def test_words_that_are_too_long_answer_their_photo_and_the_line_goes_on_where_it_stopped() -> None:
    async with town() as here:
        long = "\n".join(f"Line {number} of many words" for number in range(60))
        here.fake.fail("sendMessage", Failure("drop", arrives=False))
        try:
            await here.chat.send(outgoing(long))
        except ChatError as error:
            assert error.kind == "unknown"
        assert await here.chat.send(outgoing(long)) == str(here.messages("mirror")[1]["message_id"])
        photo, words = here.messages("mirror")
        assert "caption" not in photo
        assert words["text"] == long
        assert words["reply_to_message"]["message_id"] == photo["message_id"]
        assert methods(here) == ["sendphoto", "sendmessage", "sendmessage"]


async def test_where_photos_are_refused_the_words_go_alone_and_as_the_answer_that_they_are() -> None:
    async with town() as here:
        asked = here.fake.world.post(MIRROR, 1000, "How did it go?", quiet=True)
        here.fake.fail("sendPhoto", Failure(code=400, description="Bad Request: not enough rights to send photos"))
        await here.chat.send(outgoing(reply_to=str(asked)))
        (message,) = here.messages("mirror")
        assert (message["text"], message["reply_to_message"]["message_id"]) == (WORDS, asked)


async def test_what_a_photo_answers_may_be_gone() -> None:
    async with town() as here:
        here.fake.fail("sendPhoto", Failure(code=400, description="Bad Request: message to be replied not found"))
        await here.chat.send(outgoing(reply_to="77"))
        assert [message["caption"] for message in here.messages("mirror")] == [WORDS]


async def test_a_photo_of_unknown_outcome_is_sent_once_more_and_says_so() -> None:
    async with town() as here:
        here.fake.fail("sendPhoto", *[Failure("drop")] * 5)
        params = {"items": WORDS.splitlines(), "picture": told()}
        notice = Notice("telegram", str(MIRROR), "send", "figures", "mirror_figures", params)
        await here.app.worker.run(lambda: here.app.store.write_tx(lambda tx: hot.queue(tx, [notice], here.clock())))
        await here.wait(hours=1)
        first, second = here.lines("mirror")
        assert (first, WORDS in second, second != first) == (WORDS, True, True)
        assert len({call["photo"] for call in here.fake.called("sendPhoto")}) == 1
