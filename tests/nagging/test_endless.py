"""What could go on or stay hidden for ever does not: a word a day without an answer, a pause, a report nobody reads."""

from __future__ import annotations

import pytest

from groupbot.chat import ChatError, Outgoing
from groupbot.rehearsal.stage import PLATFORM, Player
from tests.county import FORM, PLAYERS, ZONE, County, county
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


async def test_a_pause_asks_nobody_and_the_mirror_hears_once_that_the_answer_is_late() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "Seen, next word on Thursday", reply_to=post)
        await here.say("nelson", "health", f"/pause {REF} until 31 December 2026, the store is being rebuilt")
        await here.wait_until("2026-12-20 09:00")
        assert here.private("kiptoo") == []
        assert [line for line in here.lines("mirror") if "LATE" in line] == [
            f"{REF}: 1 working day LATE, with the coordinator"
        ]


def _block(here: County, chat_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody blocks the bot: it may write to them no more."""
    chat = here.app.chats[PLATFORM]
    send = chat.send

    async def refusing(message: Outgoing) -> str:
        if message.chat_id == chat_id:
            raise ChatError("gone", detail="blocked")
        return await send(message)

    monkeypatch.setattr(chat, "send", refusing)


async def test_when_the_poster_cannot_be_reached_another_admin_of_the_ward_brings_the_citizens_word(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ben = Player("ben", "Ben Kimaiyo", "ward_admin", ward="Kapsowar")
    async with county(players=(*PLAYERS, ben)) as here:
        _block(here, "private:chebet", monkeypatch)
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "/resolve 200 doses delivered this morning from the store", reply_to=post)
        await here.wait_until("2026-12-04 12:00")
        assert any(f"{REF}, urgent, Kapsowar: does the citizen agree?" in line for line in here.private("ben"))


async def test_whoever_stands_in_is_named_and_not_the_one_who_is_away() -> None:
    async with county() as here:
        await here.say("cheruto", "private:cheruto", "/cover Judith Cherotich until 30 November")
        await here.say("chebet", "health", FORM)
        await here.wait_until("2026-11-25 12:00")
        assert (
            here.lines("health")[-1]
            == f"{REF}: no word yet. Dr Cheruto, please help. If Judith is away, who stands in?"
        )
        assert "no word from Judith" in here.private("cheruto")[-1]


async def test_the_most_pressing_is_in_a_list_however_many_older_ones_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("groupbot.nagging.digests.MOST", 3)
    async with county() as here:
        for number in range(4):
            form = FORM.replace("Urgent", "Routine").replace("malaria drugs", f"supply {number}")
            await here.say("chebet", "health", form.replace("hospital", f"hospital {number}"))
        await here.say("chebet", "health", FORM.replace("malaria drugs", "oxygen").replace("hospital", "clinic"))
        await here.wait_until("2026-11-27 12:00")
        assert "HLT-26-0005-N, urgent, Kapsowar" in here.private("kiptoo")[-1].splitlines()[1]


async def test_the_way_to_the_ombudsman_is_told_once_for_each_time_that_a_ladder_begins() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.wait_until("2026-12-14 09:00")
        told = [line for line in here.private("chebet") if "Ombudsman" in line]
        assert len(told) == 2  # the line, and the text that it announces
        await here.say("kiptoo", "health", "Still on it", reply_to=post)
        await here.wait_until("2027-01-29 09:00")
        assert [line for line in here.private("chebet") if "Ombudsman" in line] == told


async def test_the_ombudsmans_text_does_not_deny_an_answer_that_came_and_did_not_hold() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
        await here.say("chebet", "health", "NOT YET, the shelves are empty", reply_to=post)
        await here.wait_until("2026-12-15 09:00")
        assert here.private("chebet")[-1] == (
            "To the Ombudsman (Commission on Administrative Justice): I reported a matter to Health on Tue 24 Nov under"
            f" the number {REF}. An answer came, but on Tue 24 Nov it was not as it said. No other has come since. I"
            " ask you to look into it."
        )
