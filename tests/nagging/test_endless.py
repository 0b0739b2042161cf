"""What could go on for ever does not: a word a day without an answer, a confidential report that nobody reads."""

from __future__ import annotations

import pytest

from groupbot.rehearsal.stage import Player
from tests.county import FORM, PLAYERS, ZONE, county
from tests.nagging.test_chase import REF

MORNINGS = ["2026-11-30 08:30", *(f"2026-12-{number:02} 08:30" for number in range(1, 24))]


@pytest.mark.parametrize("word", ["Still on it, news by 5 pm today", "Still on it, next word tomorrow", "Still on it"])
async def test_who_gives_a_word_each_day_and_no_answer_climbs_the_ladder_all_the_same(word: str) -> None:
    chief = Player("otieno", "Grace Otieno", "chief_officer", service_code="health")
    async with county(players=(*PLAYERS, chief)) as here:
        post = await here.say("chebet", "health", FORM)
        for morning in MORNINGS:
            await here.wait_until(morning)
            if here.clock().astimezone(ZONE).weekday() < 5:
                await here.say("kiptoo", "health", word, reply_to=post)
        asked = "SELECT group_concat(DISTINCT role) FROM service_log WHERE type = 'escalated' ORDER BY seq"
        assert str(await here.value(asked)).split(",")[:3] == ["director", "chief_officer", "executive"]
        assert f"{REF}: 6 working days without an answer. Now with the chief officer, Grace." in here.lines("health")
        assert sum("6 working days without an answer" in line for line in here.lines("health")) == 1
        assert any(f"{REF}: LATE, ladder exhausted" in line for line in here.lines("mirror"))


BRIBE = "The plumber at Nyaru asked for a bribe of 2,000 before he mends the pipe"


async def test_a_confidential_report_without_an_officer_is_asked_about_again_and_its_poster_hears_of_the_end() -> None:
    async with county() as here:
        await here.say("chebet", "water", BRIBE)
        await here.wait_until("2026-12-31 09:00")
        asked = [line for line in here.lines("communications") if "integrity" in line]
        assert len(asked) > 3
        assert not any("bribe" in line for line in here.lines("communications") + here.lines("mirror"))
        ended = "CNF-26-0001-B: no word has come on your report. You may now also go to the Ombudsman"
        assert sum(line.startswith(ended) for line in here.private("chebet")) == 1


async def test_a_silent_integrity_officer_is_asked_alone_and_the_poster_hears_of_the_end() -> None:
    yano = Player("yano", "Ruth Yano", "integrity")
    async with county(players=(*PLAYERS, yano)) as here:
        await here.say("chebet", "water", BRIBE)
        await here.wait_until("2026-12-31 09:00")
        assert sum("no word has come on your report" in line for line in here.private("chebet")) == 1
        assert not [line for line in here.lines("communications") if "integrity" in line]
