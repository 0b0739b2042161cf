"""Matters that must leave the group: nothing of them shows there, in the numbers, in the mirror or to other people."""

from __future__ import annotations

import pytest

from tests.county import FORM, PLAYERS, Player, county

BRIBE = "Location: Kapsowar town\nProblem: a meter reader is asking for 2,000 shillings and gives no receipt"
GIRL = "Sirs, a girl of 15 in my ward was married off on Saturday. Her teacher does not want her name anywhere."
WITH_INTEGRITY = (*PLAYERS, Player("judy", "Judy Komen", "integrity"))


@pytest.mark.parametrize("post", [BRIBE, GIRL])
async def test_a_confidential_matter_is_told_to_its_poster_and_to_integrity_alone(post: str) -> None:
    async with county(players=WITH_INTEGRITY) as here:
        await here.say("chebet", "water", post)
        assert here.lines("water") == here.lines("mirror") == here.lines("communications") == []
        (told,) = here.private("chebet")
        reference = told.split(" as ")[1].split(".")[0]
        assert told == (
            f"Jane, your report is kept apart as {reference}. Only the integrity officer sees it, "
            "nobody in the group. Write here if you know more."
        )
        assert here.private("judy") == [
            f"A confidential report, {reference}, waits for you. Reply here; its poster is told what you decide."
        ]
        for other in ("rose", "judith", "cheruto", "nelson", "naomi"):
            assert here.private(other) == []


async def test_no_gap_shows_in_the_departments_numbers() -> None:
    async with county() as here:
        for text in (FORM, BRIBE, FORM.replace("malaria", "cough and cold")):
            await here.say("chebet", "health", text)
        assert [line.split(",")[0] for line in here.lines("health")] == ["HLT-26-0001-J", "HLT-26-0002-K"]


async def test_nobody_else_learns_that_a_confidential_case_exists() -> None:
    async with county() as here:
        await here.say("chebet", "water", BRIBE)
        reference = here.private("chebet")[0].split(" as ")[1].split(".")[0]
        for who, where in (("judith", "water"), ("rose", "water"), ("judith", "private:judith")):
            await here.say(who, where, reference)
            await here.say(who, where, f"/resolve {reference} I have spoken with him about the money")
        said = here.lines("water") + here.private("judith")
        assert said
        assert all(line.startswith(("I find no ", "Sioni ")) for line in said), said
        assert await here.value("SELECT state FROM request") == "submitted"


async def test_the_log_names_neither_ward_nor_words_of_it() -> None:
    async with county() as here:
        await here.say("chebet", "water", BRIBE)
        assert await here.value("SELECT ward || service_code FROM service_log") == ""
        assert await here.value("SELECT public_text FROM service_log") is None


async def test_the_integrity_officer_may_answer_it_and_its_poster_brings_the_word() -> None:
    async with county(players=WITH_INTEGRITY) as here:
        await here.say("chebet", "water", BRIBE)
        case = here.messages("private:judy")[0].id
        await here.say("judy", "private:judy", "I am taking this up with the audit office", reply_to=case)
        assert await here.value("SELECT state FROM request") == "acknowledged"


async def test_who_cannot_be_written_to_is_asked_into_private_with_a_neutral_line() -> None:
    async with county() as here:
        await here.app.worker.run(
            lambda: here.app.store.write_tx(
                lambda tx: (
                    tx.execute("UPDATE chat SET state = 'unbound' WHERE chat_id = 'private:chebet'"),
                    tx.execute("UPDATE roster_version SET version = version + 1"),
                )
            )
        )
        await here.say("chebet", "water", BRIBE)
        assert here.lines("water") == ["Received. Please continue with me in private."]
        before = len(here.private("chebet"))
        await here.say("chebet", "private:chebet", "/help")
        (opened,) = here.private("chebet")[before:]  # what waited, and nothing else
        assert opened.startswith("Jane, your report is kept apart as ")
        await here.say("chebet", "private:chebet", "/help")
        assert len(here.private("chebet")) == before + 2


async def test_communications_are_asked_to_name_an_integrity_officer_and_learn_nothing_else() -> None:
    async with county() as here:
        for post in (BRIBE, GIRL):
            await here.say("chebet", "water", post)
        assert here.lines("communications") == [
            "No integrity officer is named, and a confidential report waits for one. Please name one."
        ]


async def test_the_integrity_officers_own_list_has_the_confidential_cases_and_no_others() -> None:
    async with county(players=WITH_INTEGRITY) as here:
        await here.say("chebet", "health", FORM)
        await here.say("chebet", "water", BRIBE)
        reference = here.private("chebet")[-1].split(" as ")[1].split(".")[0]
        await here.say("judy", "private:judy", "/mine")
        listed = here.private("judy")[-1]
        assert reference in listed
        assert "HLT-26-0001-J" not in listed
        for who in ("rose", "judith", "cheruto", "nelson", "naomi"):
            await here.say(who, f"private:{who}", "/mine")
            assert reference not in here.private(who)[-1]


async def test_what_is_answered_is_told_to_its_poster_alone_and_their_word_to_the_integrity_officer() -> None:
    async with county(players=WITH_INTEGRITY) as here:
        post = await here.say("chebet", "water", BRIBE)
        reference = here.private("chebet")[0].split(" as ")[1].split(".")[0]
        await here.say("judy", "private:judy", f"/resolve {reference} he was moved and the money is given back")
        done = f"{reference}: Judy says it is done. Jane, please ask the citizen. Reply YES, or NOT YET and why."
        assert here.private("chebet")[1:] == here.private("judy")[1:] == [done]
        await here.say("chebet", "water", "Not yet, he asks for money again", reply_to=post)
        again = f"{reference} open again: the citizen says not yet. Judy, please see Jane's message."
        assert here.private("chebet")[2:] == here.private("judy")[2:3] == [again]
        assert here.lines("water") == here.lines("mirror") == here.lines("communications") == []
