"""When the next word is due: the time that an officer names is kept until it comes, and no emergency waits for it."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.county import FORM, ZONE, County, county

REF = "HLT-26-0001-J"


async def _due(here: County) -> str:
    """The next word's time, local, with a star where somebody named it."""
    at = await here.value("SELECT next_word_at FROM request")
    assert isinstance(at, int)
    named = await here.value("SELECT next_word_named FROM request")
    return f"{datetime.fromtimestamp(at / 1e6, ZONE):%a %d %b %H:%M}{'*' if named else ''}"


@pytest.mark.parametrize("level", ["Routine", "Urgent", "Emergency"])
@pytest.mark.parametrize(
    ("who", "word"),
    [
        ("kiptoo", "ok"),
        ("kiptoo", "👍"),
        ("cheruto", "Thanks Daniel"),
        ("cheruto", "Daniel, see that the store is called"),
    ],
)
async def test_a_word_that_is_not_the_promised_one_keeps_the_time_that_was_named(
    level: str, who: str, word: str
) -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM.replace("Urgent", level))
        await here.say("kiptoo", "health", "Seen, I tell you today before 3pm", reply_to=post)
        assert await _due(here) == "Tue 24 Nov 15:00*"
        await here.wait(minutes=20)
        await here.say(who, "health", word, reply_to=post)
        assert await _due(here) == "Tue 24 Nov 15:00*"


@pytest.mark.parametrize(
    ("level", "due"),
    [("Routine", "Fri 27 Nov 11:37"), ("Urgent", "Wed 25 Nov 11:37"), ("Emergency", "Tue 24 Nov 17:37")],
)
async def test_what_the_coordinator_tells_on_the_day_that_was_named_is_the_promised_word(level: str, due: str) -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM.replace("Urgent", level))
        await here.say("kiptoo", "health", "Seen, back before noon", reply_to=post)
        await here.wait_until("2026-11-24 11:37")
        await here.say("kiptoo", "health", "The store has 40 packs, the lorry is loading", reply_to=post)
        assert await _due(here) == due
        before = here.private("kiptoo")
        await here.wait(hours=2)
        assert here.private("kiptoo") == before


async def test_news_before_the_day_that_was_named_keeps_it() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "Seen, the technician comes on Thursday at 10", reply_to=post)
        await here.wait(hours=3)
        await here.say("kiptoo", "health", "He takes two lengths of pipe from the store in Iten", reply_to=post)
        assert await _due(here) == "Thu 26 Nov 10:00*"


@pytest.mark.parametrize(
    ("level", "due"),
    [("Routine", "Fri 27 Nov 15:10"), ("Urgent", "Wed 25 Nov 15:10"), ("Emergency", "Tue 24 Nov 21:10")],
)
async def test_a_named_time_that_is_past_gives_way_to_the_clock(level: str, due: str) -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM.replace("Urgent", level))
        await here.say("kiptoo", "health", "Seen, I tell you today before 3pm", reply_to=post)
        await here.wait_until("2026-11-24 15:10")
        await here.say("kiptoo", "health", "The lorry has left", reply_to=post)
        assert await _due(here) == due


async def test_a_new_time_takes_the_place_of_the_one_before() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "Seen, I tell you today before 3pm", reply_to=post)
        await here.say("kiptoo", "health", "It will be tomorrow at 10", reply_to=post)
        assert await _due(here) == "Wed 25 Nov 10:00*"


async def test_no_named_time_outlasts_an_emergencys_clock_and_who_named_it_is_told_alone_once() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM.replace("Urgent", "Emergency"))
        await here.say("kiptoo", "health", "Seen, going there now", reply_to=post)
        group, before = here.lines("health"), here.private("kiptoo")
        await here.wait(minutes=10)
        await here.say("kiptoo", "health", "The surveyor comes on Friday at 10 am", reply_to=post)
        assert await _due(here) == "Tue 24 Nov 16:20"
        await here.wait(minutes=10)
        await here.say("kiptoo", "health", "I will give word on 20 December 2027", reply_to=post)
        assert await _due(here) == "Tue 24 Nov 16:30"
        assert here.lines("health") == group
        assert here.private("kiptoo")[len(before) :] == [
            f"{REF} is an emergency, so I ask sooner than the time you named: next word by today 16:20. "
            "Nobody in danger any more: /safe."
        ]


async def test_who_speaks_beside_an_emergency_is_not_corrected() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM.replace("Urgent", "Emergency"))
        await here.say("kiptoo", "health", "Seen, going there now", reply_to=post)
        before = here.private("cheruto")
        await here.say("cheruto", "health", "Daniel, the wheel loader can be moved on Friday")
        assert await _due(here) == "Tue 24 Nov 16:10"
        assert here.private("cheruto") == before


@pytest.mark.parametrize("word", ["Nobody is in danger any more, I come back on Friday at 10 am", "Back Friday 10 am"])
async def test_where_nobody_is_in_danger_any_more_the_named_time_is_kept(word: str) -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM.replace("Urgent", "Emergency"))
        await here.say("kiptoo", "health", "Seen, going there now", reply_to=post)
        before = here.private("kiptoo")
        if "danger" not in word:
            await here.say("kiptoo", "health", "/safe", reply_to=post)
        await here.say("kiptoo", "health", word, reply_to=post)
        assert await _due(here) == "Fri 27 Nov 10:00*"
        assert here.private("kiptoo") == before


async def test_a_word_that_keeps_the_named_time_begins_the_ladder_anew_as_any_word_does() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "Seen, I tell you on Friday 4 December", reply_to=post)
        await here.wait_until("2026-12-03 09:00")
        assert await here.value("SELECT escalation_step FROM request") == 1
        await here.say("kiptoo", "health", "Still on the road", reply_to=post)
        assert await here.value("SELECT escalation_step FROM request") == 0
        assert await _due(here) == "Fri 04 Dec 17:00*"


async def test_who_has_named_another_day_already_is_not_told_to_name_one() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "/by 30 November, the ship is late", reply_to=post)
        for day in ("2026-11-26", "2026-11-30"):
            await here.wait_until(f"{day} 09:00")
            await here.say("kiptoo", "health", "Nothing yet, next word on 2 December", reply_to=post)
        group = here.lines("health")
        await here.wait_until("2026-12-02 09:00")
        assert here.lines("health")[len(group) :] == [
            "HLT-26-0001-J: the answer was due Mon 30 Nov, a day that was named. Daniel, please answer."
        ]


async def test_a_next_word_that_is_overdue_is_not_promised_to_who_asks_for_news() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "Seen, next word at noon", reply_to=post)
        await here.wait_until("2026-11-24 12:03")
        await here.say("chebet", "health", "Any news?", reply_to=post)
        assert here.lines("health")[-1] == (
            "HLT-26-0001-J, urgent, Kapsowar: with Daniel. The next word was due today 12:00. Answer due Fri 27 Nov."
        )
