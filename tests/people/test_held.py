"""What a stranger posted waits until they are registered: it is taken as they left it, edited or deleted."""

from __future__ import annotations

from groupbot.records import micros
from tests.county import FORM, County, county
from tests.people.test_order import ANOTHER, HELD, register

NUMBER = "HLT-26-0001-J, urgent, Kapsowar. Daniel, please reply here by today 14:10. Answer due Fri 27 Nov."
TAKEN_BACK = "Philip Otieno is registered now, and had deleted before what waited in Health: that gets no number."


async def _delete(here: County, post: str) -> None:
    here.sandbox.delete("health", "stranger", post, here.clock())
    await here.app.step()


async def test_a_post_that_was_edited_before_is_registered_in_its_last_words_and_nowhere_in_its_first(
    store_url: str,
) -> None:
    async with county(store_url) as here:
        post = await here.say("stranger", "health", FORM.replace("No malaria", "Zebediah got no malaria"))
        await here.edit("stranger", "health", post, FORM.replace("No malaria", "Hezron got no malaria"))
        await here.edit("stranger", "health", post, FORM)
        forged = {"text": FORM.replace("drugs", "forged drugs"), "message_id": post, "at": micros(here.clock())}
        here.sandbox.happen("edit", chat_id="health", user_id="judith", **forged)  # a homeserver lets anybody send that
        await here.app.step()
        await register(here, "ward admin Kapsowar")
        assert await here.value("SELECT count(*) FROM request") == 1
        assert await here.value("SELECT description FROM request") == (
            "No malaria drugs since Monday, patients sent away"
        )
        assert here.lines("health") == [HELD, NUMBER]
        assert here.messages("health")[-1].reply_to == post


async def test_a_post_that_was_deleted_before_gets_no_number_and_staff_hear_why(store_url: str) -> None:
    async with county(store_url) as here:
        post = await here.say("stranger", "health", FORM.replace("drugs", "SECRETWORD drugs"))
        other = await here.say("stranger", "health", ANOTHER)
        await here.edit("stranger", "health", post, FORM.replace("drugs", "SECRETWORD and more drugs"))
        for deleted in (post, other):
            await _delete(here, deleted)
        await register(here, "ward admin Kapsowar")
        await here.wait(days=2)
        assert await here.value("SELECT count(*) FROM request") == 0
        assert await here.value("SELECT count(*) FROM held_post WHERE released_at IS NULL") == 0
        assert here.lines("health") == [HELD]
        assert here.lines("mirror") == []
        assert here.lines("communications").count(TAKEN_BACK) == 1


async def test_what_is_left_beside_a_deleted_post_is_registered() -> None:
    async with county() as here:
        await _delete(here, await here.say("stranger", "health", ANOTHER))
        await here.say("stranger", "health", FORM)
        await register(here, "ward admin Kapsowar")
        assert here.lines("health") == [HELD, NUMBER]


async def test_nobody_hears_that_confidential_words_were_deleted() -> None:
    async with county() as here:
        post = await here.say("stranger", "health", "The clerk at Tot asks for a bribe of 2,000 and gives no receipt")
        await _delete(here, post)
        await register(here, "ward admin Kapsowar")
        await here.wait(days=2)
        assert here.lines("communications")[0] == "Philip Otieno is now ward admin of Kapsowar."
        assert TAKEN_BACK not in here.lines("communications")
        assert await here.value("SELECT count(*) FROM request") == 0


async def test_a_post_that_was_edited_into_an_act_does_nothing() -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM)
        post = await here.say("stranger", "health", ANOTHER)
        await here.edit("stranger", "health", post, "/withdraw HLT-26-0001-J not needed any more")
        await register(here, "ward admin Kapsowar")
        assert await here.value("SELECT count(*) FROM request") == 1
        assert await here.value("SELECT state FROM request") == "submitted"
        assert len(here.lines("health")) == 2


async def test_a_photo_that_waited_with_its_form_is_the_requests_once() -> None:
    async with county() as here:
        await here.photo("stranger", "health", FORM)
        await register(here, "ward admin Kapsowar")
        assert await here.value("SELECT count(*) FROM attachment WHERE request_id = 1") == 1
