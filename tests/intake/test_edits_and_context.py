"""Edits amend while nothing is answered and are never acts; a line without a reply is kept with what it is about."""

from __future__ import annotations

import json

from groupbot.chat import sandbox_update
from groupbot.records import Batch
from tests.county import FORM, County, county


async def test_an_edit_changes_the_request_and_the_group_hears_which_fields() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM.replace("Urgent", "Normal") + "\nPhone: 0700 000 123")
        await here.wait(minutes=44)
        edited = FORM.replace("No malaria drugs", "44 children have no malaria drugs") + "\nPhone: 0700 000 999"
        await here.edit("chebet", "health", post, edited)
        assert here.lines("health")[1:] == [
            "HLT-26-0001-J changed by Jane: the problem; now urgent. Answer due Fri 27 Nov."
        ]
        assert await here.value("SELECT original_priority FROM request") == "routine"
        assert await here.value("SELECT reporter_phone FROM contact") == "+254700000999"
        assert here.lines("mirror")[1:] == ["HLT-26-0001-J: now urgent, due Fri 27 Nov"]


async def test_words_that_were_added_since_outlive_an_edit_of_the_post() -> None:
    told = "No malaria drugs since Monday, patients sent away"
    worse = f"{told}, 2 children referred to Iten"
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        again = await here.say("chebet", "health", FORM.replace(told, worse))
        await here.edit("chebet", "health", post, FORM.replace("sub-county hospital", "hospital, pharmacy"))
        assert here.lines("health")[2:] == ["HLT-26-0001-J changed by Jane: the place."]
        assert await here.value("SELECT description FROM request") == worse
        await here.edit("chebet", "health", post, FORM.replace("Monday", "Friday"))
        assert await here.value("SELECT description FROM request") == worse.replace("Monday", "Friday")
        await here.edit("chebet", "health", again, FORM.replace(told, worse.replace("2 children", "3 children")))
        assert await here.value("SELECT description FROM request") == (
            f"{worse.replace('Monday', 'Friday')}\n{worse.replace('2 children', '3 children')}"
        )


async def test_a_problem_that_was_given_anew_by_a_reply_outlives_an_edit_of_the_post() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("chebet", "health", "Problem: The pharmacy is closed, two were sent to Iten", reply_to=post)
        await here.edit("chebet", "health", post, FORM + "\nPhone: 0700 000 123")
        assert await here.value("SELECT description FROM request") == "The pharmacy is closed, two were sent to Iten"
        await here.edit("chebet", "health", post, FORM.replace("away", "home"))
        assert await here.value("SELECT description FROM request") == (
            "The pharmacy is closed, two were sent to Iten\nNo malaria drugs since Monday, patients sent home"
        )


async def test_an_edit_completes_a_draft() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", "SERVICE REQUEST\nProblem: No nurse at night\nPriority: normal")
        await here.edit("chebet", "health", post, "SERVICE REQUEST\nLocation: Chesoi\nProblem: No nurse at night")
        assert here.lines("health")[1].startswith("HLT-26-0001-J, routine, Kapsowar.")


async def test_an_edit_after_the_answer_is_a_note() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
        await here.edit("chebet", "health", post, FORM.replace("No malaria drugs", "Nothing at all"))
        assert "malaria" in str(await here.value("SELECT description FROM request"))
        assert here.reaction("health", post) == "✍"
        assert len(here.lines("health")) == 2


def _bring(here: County, message_id: str, text: str, file_id: str, number: int, *, by: str = "chebet") -> None:
    """An edit that brings a file, as bridges and editors of photos make it."""
    file = {"kind": "photo", "file_id": file_id, "name": "tap.jpg", "size": 900_000}
    event = {
        "do": "edit", "n": number, "at": here.clock().isoformat(), "chat_id": "health", "message_id": message_id,
        "user_id": by, "text": text, "attachments": [file],
    }  # fmt: skip
    batch = Batch((sandbox_update.parse(json.dumps(event)),), "0")
    here.app.intake.take("sandbox", batch, here.clock())


FILES = "SELECT file_id || ' ' || name || ' ' || size || ' ' || COALESCE(request_id, 0) FROM attachment"


async def test_a_better_photo_takes_the_place_of_the_first_and_nobody_hears_of_it() -> None:
    async with county() as here:
        post = await here.photo("chebet", "health", FORM)
        said = here.lines("health")
        for number, file_id in enumerate(("sharper", "sharpest"), 900):
            _bring(here, post, FORM, file_id, number)
            await here.app.step()
            assert await here.value(FILES) == f"{file_id} tap.jpg 900000 1"
        await here.say("kiptoo", "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
        answered = here.lines("health")
        _bring(here, post, "", "after the answer", 902)
        await here.app.step()
        assert await here.value(FILES) == "after the answer tap.jpg 900000 1"
        assert here.lines("health") == answered
        assert answered[: len(said)] == said
        assert here.reaction("health", post) == ""
        assert await here.value("SELECT count(*) FROM service_log WHERE type LIKE '%amend%'") == 0


async def test_other_words_beside_a_photo_amend_as_any_edit_does() -> None:
    async with county() as here:
        post = await here.photo("chebet", "health", FORM)
        _bring(here, post, FORM.replace("No malaria drugs", "No drugs at all"), "the same", 900)
        await here.app.step()
        assert "No drugs at all" in str(await here.value("SELECT description FROM request"))
        _bring(here, post, FORM, "another", 901)  # and back again
        await here.app.step()
        assert "No malaria drugs" in str(await here.value("SELECT description FROM request"))


async def test_nobody_else_brings_another_photo() -> None:
    async with county() as here:
        post = await here.photo("rose", "health", FORM)
        _bring(here, post, FORM, "forged", 900)
        assert str(await here.value(FILES)).startswith("file-1 ")


async def test_what_another_says_that_the_post_was_counts_for_nothing() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("chebet", "health", "Location: Kapsowar hospital, pharmacy", reply_to=post)
        _bring(here, post, FORM.replace("Kapsowar sub-county", "Any"), "forged", 900, by="rose")
        await here.app.step()
        await here.edit("chebet", "health", post, FORM.replace("away", "home"))
        assert here.lines("health")[2:] == ["HLT-26-0001-J changed by Jane: the problem."]
        assert await here.value("SELECT address FROM request") == "Kapsowar hospital, pharmacy"


async def test_an_edit_is_never_an_act() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        word = await here.say("kiptoo", "health", "Seen", reply_to=post)
        await here.edit("kiptoo", "health", word, "/resolve 200 doses delivered to the hospital")
        assert await here.value("SELECT state FROM request") == "acknowledged"
        await here.say("kiptoo", "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
        chat = await here.say("chebet", "health", "I am calling her", reply_to=post)
        await here.edit("chebet", "health", chat, "Yes, confirmed")
        assert await here.value("SELECT state FROM request") == "answered"


async def test_nobody_edits_anothers_request() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        number = here.messages("health")[0].id
        reply = await here.say("rose", "health", "Same here", reply_to=number)
        await here.edit("rose", "health", reply, FORM.replace("malaria", "cough"))
        assert "malaria" in str(await here.value("SELECT description FROM request WHERE id = 1"))
        assert post


async def test_chatter_edited_into_a_form_is_registered() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", "wait")
        await here.edit("chebet", "health", post, FORM)
        assert here.lines("health")[0].startswith("HLT-26-0001-J, urgent, Kapsowar.")


async def test_a_form_in_the_place_of_a_line_about_a_request_is_registered() -> None:
    bus = "Location: Kapsowar bridge\nProblem: A bus fell into the river\nPriority: Emergency"
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.wait(minutes=3)
        beside = await here.say("chebet", "health", "wait there is another matter")
        reply = await here.say("chebet", "health", "wait there is another matter", reply_to=post)
        await here.edit("chebet", "health", beside, bus)
        assert here.lines("health")[1].startswith("HLT-26-0002-K EMERGENCY, Kapsowar.")
        await here.edit("chebet", "health", reply, "Location: Chesoi\nProblem: No nurse")
        assert here.lines("health")[2].startswith("HLT-26-0003-L, routine, Kapsowar.")
        unfinished = await here.say("chebet", "health", "wait there is another matter")
        await here.edit("chebet", "health", unfinished, "SERVICE REQUEST\nProblem: No gloves in maternity")
        assert (
            here.lines("health")[3] == "Jane, only the place is missing. Reply here with it and I will give a number."
        )


async def test_a_reply_that_corrected_a_request_corrects_it_again_when_it_is_edited() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        reply = await here.say("chebet", "health", "Location: Kapsowar hospital", reply_to=post)
        await here.edit("chebet", "health", reply, "Location: Kapsowar hospital, pharmacy")
        assert await here.value("SELECT address FROM request") == "Kapsowar hospital, pharmacy"
        whole = "Location: Kapsowar hospital, store\nProblem: No malaria drugs"
        await here.edit("chebet", "health", reply, whole)
        assert await here.value("SELECT count(*) || address FROM request") == "1Kapsowar hospital, store"


async def test_confidential_words_that_are_edited_into_a_reply_become_a_case() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        reply = await here.say("chebet", "health", "Please hurry", reply_to=post)
        await here.edit("chebet", "health", reply, "The nurse asked me for a bribe of 2,000")
        assert await here.value("SELECT group_concat(route) FROM request") == "public,private"
        assert not any("bribe" in line for line in here.lines("health"))


async def test_taking_confidential_words_out_of_a_post_leaves_what_others_have_said_since() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM.replace("Urgent", "Normal"))
        await here.say("cheruto", "health", "/priority HLT-26-0001-J urgent children are affected")
        await here.edit("chebet", "health", post, FORM.replace("Urgent", "Normal") + "\nThe nurse asked for a bribe")
        await here.edit("chebet", "health", post, FORM.replace("Urgent", "Normal"))
        assert await here.value("SELECT priority FROM request WHERE id = 1") == "urgent"


async def test_a_line_near_the_talk_about_a_request_is_kept_with_it_and_changes_nothing() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "Seen", reply_to=post)
        await here.wait(minutes=10)
        await here.say("kiptoo", "health", "The mission is lending us 10 packs for today")
        assert await here.value("SELECT count(*) FROM message_link WHERE kind = 'context'") == 1
        assert await here.value("SELECT state FROM request") == "acknowledged"
        assert len(here.lines("health")) == 1


async def test_a_chase_without_a_reply_is_noted_with_the_admins_only_open_request() -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM)
        await here.wait(hours=7)
        chase = await here.say("chebet", "health", "Good evening coordinator, any news about the drugs?")
        assert here.reaction("health", chase) == "✍"
        assert len(here.lines("health")) == 1


async def test_a_chase_by_reply_is_told_once_where_the_request_stands() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.wait(hours=7)
        await here.say("chebet", "health", "Any word? She has called me two times today", reply_to=post)
        assert here.lines("health")[1:] == [
            "HLT-26-0001-J: asked Daniel (today 14:15). If no word comes, the director is asked tomorrow 08:00. "
            "I keep asking."
        ]
        again = await here.say("chebet", "health", 'Please even an "I have seen" is enough for us', reply_to=post)
        assert here.reaction("health", again) == "✍"
        assert len(here.lines("health")) == 2


async def test_a_photo_before_or_after_its_form_and_an_album_in_any_order_belong_to_the_request() -> None:
    async with county() as here:
        await here.photo("chebet", "health")
        await here.wait(minutes=5)
        post = await here.say("chebet", "health", FORM)
        reply = await here.say("chebet", "health", "", reply_to=post, attachments=_photo("p2"))
        assert reply
        await here.say("rose", "water", "", attachments=_photo("a1"), album_id="album")
        await here.say(
            "rose", "water", "Location: Nyaru\nProblem: Pipe is cut", attachments=_photo("a2"), album_id="album"
        )
        await here.say("rose", "water", "", attachments=_photo("a3"), album_id="album")
        counts = "SELECT count(*) FROM attachment WHERE request_id = ?"
        assert await here.value(counts, 1) == 2
        assert await here.value(counts, 2) == 3


def _photo(name: str):  # type: ignore[no-untyped-def]
    from groupbot.records import Attachment

    return (Attachment("photo", name),)


async def test_a_ward_that_two_share_is_asked_back_and_never_guessed() -> None:
    async with county() as here:
        post = await here.say(
            "nelson", "health", "SERVICE REQUEST\nWard: Soy\nLocation: Emsea\nProblem: No nurse at night"
        )
        assert here.lines("health") == [
            "Nelson, only the ward is missing. Reply here with it and I will give a number."
        ]
        await here.say("nelson", "health", "Soy North", reply_to=post)
        assert here.lines("health")[1].startswith("HLT-26-0001-J, routine, Soy North.")


async def test_a_need_at_another_place_is_no_context_and_is_offered_as_a_request_of_its_own() -> None:
    async with county() as here:
        await here.say("chebet", "water", "Location: Kamwosor\nProblem: Kiosk is locked")
        await here.wait(minutes=5)
        await here.say("chebet", "water", "The borehole at Nyaru has broken down, people have no water")
        assert here.lines("water")[1].startswith("Shall I register this? Place: ")
