"""The road of one post, as the people in the groups see it: whole messages, in order."""

from __future__ import annotations

from datetime import timedelta

import pytest

from groupbot.chat.sandbox import PLAIN
from groupbot.records import Attachment, micros
from tests.county import FORM, county


async def test_a_post_gets_a_number_and_says_who_answers_by_when() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        (line,) = here.messages("health")
        assert line.text == (
            "HLT-26-0001-J, urgent, Kapsowar. Daniel, please reply here by today 14:10. Answer due Fri 27 Nov."
        )
        assert line.reply_to == post
        assert here.lines("mirror") == [
            "HLT-26-0001-J · Health · Kapsowar · medicines and supplies · urgent · due Fri 27 Nov"
        ]


async def test_the_first_word_is_met_with_a_reaction_and_keeps_the_time_that_it_names() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.wait(minutes=20)
        word = await here.say("kiptoo", "health", "Seen. I am calling the store, back before noon", reply_to=post)
        assert here.reaction("health", word) == "👀"
        assert len(here.lines("health")) == 1
        assert await here.value("SELECT state FROM request") == "acknowledged"
        noon = await here.value("SELECT next_word_at FROM request")
        assert noon == int(here.clock().replace(hour=9, minute=0, second=0).timestamp()) * 1_000_000
        more = await here.say("kiptoo", "health", "The store has 40 packs", reply_to=post)
        assert here.reaction("health", more) == "✍"


async def test_an_answer_waits_for_the_citizens_word_which_closes_it() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.wait_until("2026-11-25 12:05")
        await here.say("kiptoo", "health", "/resolve 200 doses delivered this morning from the store", reply_to=post)
        assert here.lines("health")[1:] == [
            "HLT-26-0001-J: no word yet. Dr Cheruto, please help. If Daniel is away, who stands in?",
            "HLT-26-0001-J: Daniel says it is done. Jane, please ask the citizen. Reply YES, or NOT YET and why.",
        ]
        assert await here.value("SELECT state FROM request") == "answered"
        asked = here.messages("health")[-1].id
        await here.wait(minutes=15)
        await here.say("chebet", "health", "Mary confirms, she got hers", reply_to=asked)
        assert here.lines("health")[3:] == [
            "HLT-26-0001-J closed: the citizen agrees, says Jane. 1 day 2 h. Thank you both."
        ]
        assert here.lines("mirror")[2:] == [  # after the morning's checkpoint of the log
            "HLT-26-0001-J: says done after 1 day; citizen being asked",
            "HLT-26-0001-J: citizen agrees, reported by ward admin",
        ]


async def test_not_yet_opens_it_again_and_a_second_answer_is_asked_about_again() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
        await here.say("chebet", "health", "Mary says not yet, she was sent away again", reply_to=post)
        assert here.lines("health")[2:] == [
            "HLT-26-0001-J open again: the citizen says not yet. Daniel, please see Jane's message."
        ]
        await here.say("kiptoo", "health", "/resolve 100 more doses, signed for by the in-charge", reply_to=post)
        await here.say("chebet", "health", "Yes", reply_to=post)
        assert here.lines("health")[3:] == [
            "HLT-26-0001-J: Daniel says it is done (answer 2). Jane, please ask the citizen again. "
            "Reply YES, or NOT YET and why.",
            "HLT-26-0001-J closed: the citizen agrees, says Jane. Under a minute, answered twice. Thank you both.",
        ]
        assert await here.value("SELECT word FROM request") == "disputed_then_agreed"
        assert await here.value("SELECT first_answer_held FROM request") == 0
        assert here.lines("mirror")[2] == "HLT-26-0001-J: citizen says NOT YET, open again"


async def test_a_swahili_post_is_answered_in_swahili() -> None:
    async with county() as here:
        post = await here.say(
            "rose", "water", "OMBI LA HUDUMA\nMahali: Nyaru\nShida: Bomba limepasuka\nKipaumbele: haraka"
        )
        await here.say("judith", "water", "/resolve Bomba limebadilishwa, Nyaru", reply_to=post)
        await here.say("rose", "water", "Mama ameridhika, asante", reply_to=post)
        assert here.lines("water") == [
            "WTR-26-0001-G, haraka, Kabiemit. Judith, tafadhali jibu hapa kabla ya leo 14:10. Jibu kamili: Ijm 27 Nov.",
            "WTR-26-0001-G: Judith anasema imekamilika. Rose, muulize mwananchi. Jibu NDIO, au BADO na sababu.",
            "WTR-26-0001-G imefungwa: mwananchi ameridhika, asema Rose. Chini ya dakika moja. Asanteni.",
        ]


async def test_what_is_missing_is_asked_for_once_and_given_by_a_reply_to_ones_own_post() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", "SERVICE REQUEST\nProblem: No nurse at night\nPriority: normal")
        assert here.lines("health") == ["Jane, only the place is missing. Reply here with it and I will give a number."]
        await here.wait(minutes=19)
        await here.say("chebet", "health", "Location: Chesoi dispensary", reply_to=post)
        assert here.lines("health")[1:] == [
            "HLT-26-0001-J, routine, Kapsowar. Daniel, please reply here by Thu 26 Nov 10:29. Answer due Tue 8 Dec."
        ]
        word = await here.say("kiptoo", "health", "Noted, I am sending a reliever", reply_to=post)
        assert here.reaction("health", word) == "👀"


async def test_what_is_missing_may_be_given_in_a_reply_to_the_bot_or_as_a_bare_label() -> None:
    async with county() as here:
        await here.say("chebet", "health", "SERVICE REQUEST\nProblem: No nurse at night\nPriority: normal")
        await here.say("chebet", "health", "Chesoi dispensary", reply_to=here.messages("health")[0].id)
        await here.say("chebet", "health", "SERVICE REQUEST\nLocation: Kapsowar\nPriority: normal")
        await here.say("chebet", "health", "Problem: The gate has no lock")
        assert [line.split(",")[0] for line in here.lines("health")] == [
            "Jane", "HLT-26-0001-J", "Jane", "HLT-26-0002-K",
        ]  # fmt: skip


@pytest.mark.parametrize(
    "place", ["Location: Tot centre", "Mahali - Tot centre", "place: Tot centre", "Location\nTot centre"]
)
async def test_a_lone_place_completes_the_senders_own_post(place: str) -> None:
    async with county() as here:
        await here.say("chebet", "health", "SERVICE REQUEST\nProblem: No nurse at night\nPriority: normal")
        await here.say("rose", "health", place)
        assert len(here.lines("health")) == 1
        await here.say("chebet", "health", place)
        assert [line.split(",")[0] for line in here.lines("health")] == ["Jane", "HLT-26-0001-J"]
        assert await here.value("SELECT address FROM request") == "Tot centre"


async def test_a_lone_label_that_is_not_missing_completes_nothing() -> None:
    async with county() as here:
        await here.say("chebet", "health", "SERVICE REQUEST\nProblem: No nurse at night\nPriority: normal")
        await here.say("chebet", "health", "Phone: 0712 345 678")
        await here.say("chebet", "health", "Location?")
        assert len(here.lines("health")) == 1


async def test_a_pin_for_a_missing_place_is_kept_and_the_place_is_asked_for_in_words_once() -> None:
    async with county() as here:
        pin = (Attachment("location", "geo:0.670000,35.510000"),)
        await here.say("rose", "health", "", attachments=pin)
        post = await here.say("chebet", "health", "SERVICE REQUEST\nProblem: No nurse at night\nPriority: normal")
        await here.say("chebet", "health", "", attachments=pin)
        await here.say("chebet", "health", "", attachments=pin, reply_to=post)
        assert here.lines("health") == [
            "Jane, only the place is missing. Reply here with it and I will give a number.",
            "Jane, I keep the pin. Please write the place in words too, and I will give a number.",
        ]
        await here.say("chebet", "health", "Chesoi dispensary", reply_to=here.messages("health")[1].id)
        assert here.lines("health")[2].startswith("HLT-26-0001-J")
        assert await here.value("SELECT count(*) FROM attachment WHERE request_id = 1") == 2


@pytest.mark.parametrize("order", ["pin first", "pin last"])
async def test_a_pin_before_or_after_its_form_belongs_to_the_request_and_says_nothing(order: str) -> None:
    async with county() as here:
        pin = (Attachment("location", "geo:0.670000,35.510000"),)
        if order == "pin first":
            await here.say("chebet", "health", "", attachments=pin)
            await here.wait(minutes=5)
        await here.say("chebet", "health", FORM)
        if order == "pin last":
            await here.wait(minutes=5)
            await here.say("chebet", "health", "", attachments=pin)
        assert len(here.lines("health")) == 1
        assert await here.value("SELECT count(*) FROM attachment WHERE request_id = 1") == 1


async def test_the_same_words_within_the_hour_are_the_same_filing() -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM)
        echo = await here.say("chebet", "health", FORM)
        assert here.reaction("health", echo) == "👍"
        assert len(here.lines("health")) == 1
        await here.wait(hours=2)
        await here.say("chebet", "health", FORM)
        assert len(here.lines("health")) == 2


async def test_several_forms_in_one_post_are_numbered_in_one_line() -> None:
    async with county() as here:
        await here.say(
            "chebet",
            "health",
            "1. Location: Chesoi\nProblem: No gloves\nPriority: urgent\n\n"
            "2. Location: Chebiemit\nProblem: Fridge is off\nPriority: normal",
        )
        assert here.lines("health") == [
            "HLT-26-0001-J, urgent, Kapsowar, answer due Fri 27 Nov\n"
            "HLT-26-0002-K, routine, Kapsowar, answer due Tue 8 Dec\n"
            "Daniel, please reply here by today 14:10."
        ]
        both = here.messages("health")[0].id
        seen = await here.say("kiptoo", "health", "Seen", reply_to=both)
        assert here.reaction("health", seen) == "👀"
        assert len(here.lines("health")) == 1


async def test_an_emergency_prints_the_numbers_and_rings_until_somebody_answers() -> None:
    async with county() as here:
        await here.wait_until("2026-11-24 22:47")
        post = await here.say(
            "chebet", "health", "EMERGENCY SERVICE REQUEST\nLocation: Chesoi\nProblem: Maternity roof has fallen in"
        )
        (line,) = here.lines("health")
        assert line.startswith("HLT-26-0001-J EMERGENCY, Kapsowar. Do not wait for this bot, call now: ")
        assert line.endswith(" Ringing Daniel, Dr Cheruto and Nelson.")
        ring = (
            "EMERGENCY HLT-26-0001-J, Health, Kapsowar, posted by Jane today 22:47. "
            "Please reply in the group now; one word is enough."
        )
        assert here.private("kiptoo") == here.private("cheruto") == here.private("nelson") == [ring]
        await here.wait(minutes=11)
        assert here.private("kiptoo") == [ring, ring]
        await here.say("cheruto", "health", "I have it", reply_to=post)
        await here.wait(minutes=30)
        assert here.private("kiptoo") == [ring, ring]


async def test_in_an_emergency_one_word_in_the_group_ends_the_rings_though_it_is_no_reply() -> None:
    async with county() as here:
        await here.wait_until("2026-11-24 22:47")
        await here.say(
            "chebet", "health", "EMERGENCY SERVICE REQUEST\nLocation: Chesoi\nProblem: Maternity roof has fallen in"
        )
        await here.say("rose", "health", "Pole sana")
        await here.say("judith", "health", "I am awake, who is near?")
        await here.wait(minutes=11)
        assert len(here.private("kiptoo")) == 2
        word = await here.say("kiptoo", "health", "I am calling the in-charge, an ambulance is on the way")
        assert here.reaction("health", word) == "👀"
        await here.wait(minutes=30)
        assert len(here.private("kiptoo")) == 2
        assert len(here.lines("health")) == 1


async def test_chatter_is_met_with_silence() -> None:
    async with county() as here:
        for text in ("Good morning team", "🙏🏾🙏🏾", "I heard the same from people of Koitilial", "Yes doctor"):
            await here.say("chebet", "health", text)
        assert here.lines("health") == here.lines("mirror") == []


async def test_a_strangers_form_is_not_registered() -> None:
    async with county() as here:
        await here.say("stranger", "health", FORM)
        assert await here.value("SELECT count(*) FROM request") == 0
        assert [line[:25] for line in here.lines("health")] == ["I do not know you yet, so"]


async def test_a_plain_chat_carries_the_whole_road_without_reactions() -> None:
    async with county(capabilities=PLAIN) as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "Seen, I am on it", reply_to=post)
        await here.say("kiptoo", "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
        await here.say("chebet", "health", "Confirmed, she got hers", reply_to=post)
        assert [line.split(",")[0].split(":")[0] for line in here.lines("health")] == [
            "HLT-26-0001-J", "HLT-26-0001-J", "HLT-26-0001-J closed",
        ]  # fmt: skip


async def test_a_department_without_a_coordinator_is_told_to_communications_once_a_day() -> None:
    async with county() as here:
        await here.say("rose", "roads", "Location: Nyaru\nProblem: Culvert is blocked\nPriority: normal")
        await here.say("rose", "roads", "Location: Metkei\nProblem: Bridge has sunk\nPriority: normal")
        assert here.lines("roads")[0] == (
            "RDS-26-0001-V, routine, Kabiemit. This department has no coordinator yet; "
            "communications are asked to name one. Answer due Tue 8 Dec."
        )
        assert here.lines("communications") == [
            "Roads has no coordinator, and RDS-26-0001-V waits for one. Please name one."
        ]
        await here.wait(days=1)
        await here.say("rose", "roads", "Location: Flax\nProblem: Lorry is stuck\nPriority: normal")
        asked = [line for line in here.lines("communications") if "has no coordinator" in line]
        assert len(asked) == 2


async def test_who_posts_more_than_the_pack_splits_is_asked_to_post_the_rest() -> None:
    async with county() as here:
        forms = "\n\n".join(f"{n}. Location: Village {n}\nProblem: Tap {n} is dry" for n in range(1, 26))
        await here.say("chebet", "water", forms)
        assert here.lines("water")[-1] == "I took the first 20. Please post the rest in another message."
        assert await here.value("SELECT count(*) FROM request") == 20


async def test_a_post_dated_in_the_future_counts_from_its_arrival() -> None:
    async with county() as here:
        here.sandbox.post("health", "chebet", FORM, at=here.clock() + timedelta(days=900))
        await here.app.step()
        assert "please reply here by today 14:10" in here.lines("health")[0]


async def test_when_the_department_was_first_told_is_kept_however_late_the_line_went_out() -> None:
    async with county() as here:
        here.sandbox.post("health", "chebet", FORM, at=here.clock())
        await here.app._pump("sandbox", wait=0.0)
        assert await here.value("SELECT told_at FROM request") is None
        here.clock.set(here.clock() + timedelta(minutes=10))
        await here.app.step()
        told = await here.value("SELECT told_at FROM request")
        assert told == micros(here.clock())
        await here.wait(minutes=5)
        await here.say("kiptoo", "health", "/move HLT-26-0001-J water")
        assert here.lines("water")
        assert await here.value("SELECT told_at FROM request") == told
