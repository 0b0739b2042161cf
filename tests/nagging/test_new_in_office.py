"""Nobody is blamed for the time before their own: successors, stand-ins, who is back, and who waited for a citizen."""

from __future__ import annotations

import pytest

from groupbot.rehearsal.stage import Player
from tests.county import FORM, PLAYERS, County, county
from tests.people.staff import MORE, staffed

REF = "HLT-26-0001-J"
ITEM = f"{REF}, urgent, Kapsowar"
SAMUEL = Player("samuel", "Samuel Kiprop", "sub_county_admin")


def _items(here: County, who: str, known: list[str]) -> list[str]:
    """The lines about the request in the lists that somebody got since, in English or Swahili."""
    told = [line for said in here.private(who)[len(known) :] for line in said.splitlines()]
    return [line for line in told if line.startswith(REF)]


async def _handed_over(here: County, to: str) -> None:
    await here.say("nelson", "communications", f"/assign {to} coordinator health")
    await here.say("grace", "communications", f"/approve {to.split(maxsplit=1)[0]}")


@pytest.mark.parametrize(
    ("word", "own", "above"),
    [
        (
            "",
            [f"{ITEM}: no word yet, due Tue 24 Nov 14:10"],
            [f"{ITEM}: no word yet, due Tue 24 Nov 14:10. Jane answers for it since Wed 25 Nov"],
        ),
        (
            "Seen, I will tell you by 4 pm",
            [f"{ITEM}: the next word was due Tue 24 Nov 16:00, before your time. Please say where it stands"],
            [f"{ITEM}: the next word was due Tue 24 Nov 16:00. Jane answers for it since Wed 25 Nov"],
        ),
    ],
)
async def test_a_successor_is_told_what_is_owed_and_never_that_they_were_silent(
    word: str, own: list[str], above: list[str]
) -> None:
    async with staffed() as here:
        post = await here.say("rose", "health", FORM)
        if word:
            await here.say("kiptoo", "health", word, reply_to=post)
        await here.wait_until("2026-11-25 10:00")
        await _handed_over(here, "Jane Chebet")
        known, lists = here.private("cheruto"), here.private("chebet")
        await here.wait_until("2026-11-26 08:00")
        assert _items(here, "chebet", lists) == own
        assert _items(here, "cheruto", known) == above


async def test_of_a_late_answer_a_successor_is_named_with_the_day_on_which_they_began() -> None:
    async with staffed() as here:
        post = await here.say("rose", "health", FORM)
        await here.say("kiptoo", "health", "Seen, the lorry comes on 7 December", reply_to=post)
        await here.wait_until("2026-12-01 10:00")
        await _handed_over(here, "Jane Chebet")
        known = here.private("cheruto")
        await here.wait_until("2026-12-04 08:00")
        assert _items(here, "cheruto", known)[-1] == (
            f"{ITEM}: no answer yet, due Fri 27 Nov. Jane answers for it since Tue 1 Dec"
        )


async def test_what_falls_due_in_their_own_time_is_theirs() -> None:
    async with staffed() as here:
        await _handed_over(here, "Jane Chebet")
        await here.wait_until("2026-11-25 09:00")
        known = here.private("cheruto")
        await here.say("rose", "health", FORM)
        await here.wait_until("2026-11-26 08:00")
        assert _items(here, "cheruto", known) == [
            f"{ITEM}: no word from Jane since yesterday 13:00. If they are away, who stands in? /cover"
        ]


async def test_neither_a_stand_in_nor_who_is_back_answers_for_the_days_of_the_other() -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM)
        await here.wait_until("2026-11-25 10:00")
        await here.say("cheruto", "health", "/cover Judith Cherotich until 27 November")
        known, lists = here.private("cheruto"), here.private("judith")
        await here.wait_until("2026-11-26 08:00")
        assert _items(here, "judith", lists) == [f"{ITEM}: no word yet, due Tue 24 Nov 14:10"]
        assert _items(here, "cheruto", known) == [
            f"{ITEM}: no word yet, due Tue 24 Nov 14:10. Judith answers for it since Wed 25 Nov"
        ]
        known = here.private("cheruto")
        await here.wait_until("2026-11-30 08:00")
        assert _items(here, "cheruto", known)[-1] == (
            f"{ITEM}: no word yet, due Tue 24 Nov 14:10. Daniel answers for it since Fri 27 Nov"
        )


async def test_an_officer_whose_term_goes_on_without_a_gap_has_been_there_all_along() -> None:
    async with staffed() as here:
        await here.say("rose", "health", FORM)
        await here.wait_until("2026-11-25 10:00")
        await _handed_over(here, "Daniel Kiptoo")
        known = here.private("cheruto")
        await here.wait_until("2026-11-26 08:00")
        assert _items(here, "cheruto", known) == [
            f"{ITEM}: no word from Daniel since Tue 24 Nov 14:10. If they are away, who stands in? /cover"
        ]


async def test_above_an_emergency_nobody_is_named_who_came_after_its_word_was_due() -> None:
    async with staffed() as here:
        post = await here.say("rose", "health", FORM.replace("Urgent", "Emergency"))
        await here.say("kiptoo", "health", "Seen, I will tell you by noon", reply_to=post)
        await here.wait_until("2026-11-24 12:30")
        await _handed_over(here, "Jane Chebet")
        known = here.private("cheruto")
        await here.wait_until("2026-11-25 08:00")
        assert _items(here, "cheruto", known) == []
        assert [line for line in here.private("cheruto")[len(known) :] if "EMERGENCY" in line] == [
            f"EMERGENCY {REF}, Health, Kapsowar: the next word was due yesterday 12:00. Please reply in the group now."
            " Nobody in danger any more: /safe."
        ]


async def test_of_the_citizens_word_the_one_is_named_who_asks_now() -> None:
    async with county(players=(*PLAYERS, *MORE, SAMUEL)) as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
        await here.wait_until("2026-11-27 10:00")
        await here.say("nelson", "communications", "/assign Rose Kemei ward admin Kapsowar")
        await here.say("grace", "private:grace", "/approve Rose")
        known = here.private("samuel")
        await here.wait_until("2026-12-02 08:00")
        assert _items(here, "samuel", known)[:1] == [
            f"{ITEM}: no word of the citizen yet, asked Tue 24 Nov. Rose is asked since Fri 27 Nov"
        ]


@pytest.mark.parametrize(
    ("answered", "refused", "told", "days"),
    [
        ("2026-11-26 10:00", "2026-12-07 10:00", "2026-12-08 09:00", "1 working day LATE"),
        ("2026-12-01 10:00", "2026-12-10 10:00", "2026-12-11 09:00", "3 working days LATE"),
    ],
)
async def test_days_on_which_the_citizen_was_asked_make_no_answer_late(
    answered: str, refused: str, told: str, days: str
) -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "Seen", reply_to=post)
        await here.wait_until(answered)
        await here.say("kiptoo", "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
        await here.wait_until(refused)
        known = here.lines("mirror")
        await here.say("chebet", "health", "Not yet, nothing has come", reply_to=post)
        await here.wait_until(told)
        late = [line for line in here.lines("mirror")[len(known) :] if "LATE" in line]
        assert late == [f"{REF}: {days}, with the coordinator"]


@pytest.mark.parametrize(
    ("word", "said"),
    [("", "no word yet"), ("Seen, I will tell you by 4 pm", "the next word is overdue")],
)
async def test_the_group_is_not_told_that_who_has_only_begun_may_be_away(word: str, said: str) -> None:
    async with staffed() as here:
        post = await here.say("rose", "health", FORM)
        if word:
            await here.say("kiptoo", "health", word, reply_to=post)
        await here.wait_until("2026-11-24 16:30")
        await _handed_over(here, "Jane Chebet")
        group = here.lines("health")
        await here.wait_until("2026-11-27 09:00")
        told = [line for line in here.lines("health")[len(group) :] if "please help" in line]
        assert told == [f"{REF}: {said}. Dr Cheruto, please help: Jane has only begun."]
