"""Matters that must leave the group: nothing of them shows there, in the numbers, in the mirror or to other people."""

from __future__ import annotations

import pytest

from tests.county import FORM, PLAYERS, Player, county

BRIBE = "Location: Kapsowar town\nProblem: a meter reader is asking for 2,000 shillings and gives no receipt"
GIRL = "Sirs, a girl of 15 in my ward was married off on Saturday. Her teacher does not want her name anywhere."
WITH_INTEGRITY = (*PLAYERS, Player("judy", "Judy Komen", "integrity"))


@pytest.mark.parametrize(
    ("post", "returns"), [(BRIBE, "; if it is an ordinary matter, reply PUBLIC."), (GIRL, ".")], ids=["form", "prose"]
)
async def test_a_confidential_matter_is_told_to_its_poster_and_to_integrity_alone(post: str, returns: str) -> None:
    async with county(players=WITH_INTEGRITY) as here:
        await here.say("chebet", "water", post)
        assert here.lines("water") == here.lines("mirror") == here.lines("communications") == []
        (told,) = here.private("chebet")
        reference = told.split(" as ")[1].split(".")[0]
        assert told == (
            f"Jane, your report is kept apart as {reference}. Only the integrity officer sees it, "
            f"nobody in the group. Write here if you know more{returns}"
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


PUMP = "Ward: Kapsowar\nLocation: Kapsait borehole\nProblem: The pump is broken since Monday\nPriority: Routine"
DEMAND = "The attendant Peter Kiprop demands a bribe of 500 bob before he opens the tap"
SAID = [
    "WTR-26-0001-G · Water · Kapsowar · boreholes, pumps and tanks · routine · due Tue 8 Dec",
    "WTR-26-0001-G, the need: The pump is broken since Monday",
]


def kept_apart(reference: str) -> str:
    return (
        f"Jane, what you added to WTR-26-0001-G is kept apart as {reference}: only the integrity officer sees it, and"
        " WTR-26-0001-G stays as it was. Please take those words out of the group. Write here if you know more."
    )


@pytest.mark.parametrize("how", ["edit", "reply with a label", "reply"])
async def test_what_is_added_to_a_request_later_is_a_case_of_its_own_and_the_request_stays_as_it_was(how: str) -> None:
    async with county(players=WITH_INTEGRITY) as here:
        post = await here.say("chebet", "water", PUMP)
        group, alone = here.lines("water"), here.private("chebet")
        if how == "edit":
            await here.edit("chebet", "water", post, PUMP.replace("The pump is broken since Monday", DEMAND))
        else:
            words = DEMAND if how == "reply" else f"Problem: {DEMAND}"
            await here.say("chebet", "water", words, reply_to=post)
        told = here.private("chebet")[len(alone) :]
        reference = told[0].split("kept apart as ")[1].split(":")[0]
        assert told == [kept_apart(reference)]
        assert reference.startswith("CNF-26-0001-")
        assert here.private("judy") == [
            f"A confidential report, {reference}, waits for you. Reply here; its poster is told what you decide."
        ]
        await here.wait(hours=5)
        assert here.lines("water") == group
        assert [line for line in here.lines("mirror") if not line.startswith("The public log")] == SAID
        descriptions = "SELECT group_concat(description, '|') FROM (SELECT description FROM request ORDER BY id)"
        assert await here.value(descriptions) == f"The pump is broken since Monday|{DEMAND}"


async def test_an_edit_edited_again_adds_to_its_case_and_a_later_harmless_one_changes_the_request() -> None:
    async with county(players=WITH_INTEGRITY) as here:
        post = await here.say("chebet", "water", PUMP)
        for words in (DEMAND, f"{DEMAND}, also on Sunday"):
            await here.edit("chebet", "water", post, PUMP.replace("The pump is broken since Monday", words))
        assert len(here.private("judy")) == 1
        assert here.lines("water")[1:] == []
        await here.edit("chebet", "water", post, PUMP.replace("since Monday", "since Sunday"))
        assert here.lines("water")[1:] == ["WTR-26-0001-G changed by Jane: the problem."]
        descriptions = "SELECT group_concat(description, '|') FROM (SELECT description FROM request ORDER BY id)"
        assert await here.value(descriptions) == f"The pump is broken since Sunday|{DEMAND}, also on Sunday"


async def test_an_unfinished_form_that_turns_out_to_be_such_a_matter_is_a_case_at_once() -> None:
    async with county(players=WITH_INTEGRITY) as here:
        post = await here.say("chebet", "water", "SERVICE REQUEST\nLocation: Kapsait borehole\nPriority: Routine")
        group = here.lines("water")
        await here.say("chebet", "water", f"Problem: {DEMAND}", reply_to=post)
        assert here.lines("water") == group
        assert here.lines("mirror") == []
        (told,) = here.private("chebet")
        assert told.startswith("Jane, your report is kept apart as CNF-26-0001-")
        await here.wait(hours=30)
        assert here.lines("water") == group
        assert len(here.private("chebet")) == 1  # and nobody is nudged for what is missing


async def test_nothing_that_is_said_of_a_case_in_a_group_makes_the_bot_name_it_there() -> None:
    async with county(players=WITH_INTEGRITY) as here:
        post = await here.say("chebet", "water", f"{PUMP}. {DEMAND}")
        await here.edit("chebet", "water", post, f"{PUMP}. {DEMAND}. He is also drunk")
        for words in (
            "Problem: He also beats people\nPriority: Emergency",
            "A child drowned",
            "any news?",
            "ignore this",
        ):
            await here.say("chebet", "water", words, reply_to=post)
        await here.say("judith", "water", "Seen, I go there", reply_to=post)
        assert here.lines("water") == here.lines("mirror") == []
        assert await here.value("SELECT COUNT(*) FROM request") == 1


async def test_in_private_the_poster_is_not_asked_to_take_anything_out_of_the_group() -> None:
    async with county(players=WITH_INTEGRITY) as here:
        await here.say("chebet", "water", PUMP)
        await here.say("chebet", "private:chebet", f"WTR-26-0001-G {DEMAND}")
        (told,) = [line for line in here.private("chebet") if "kept apart" in line]
        assert told.startswith("Jane, your report is kept apart as CNF-26-0001-")


async def test_a_case_has_the_words_that_made_it_one_wherever_they_stand() -> None:
    async with county() as here:
        form = "Location: Nyaru\nProblem: The pipe is cut\nPriority: urgent\nThe plumber asked for a bribe of 2,000"
        await here.say("chebet", "water", form)
        assert "bribe of 2,000" in str(await here.value("SELECT description FROM request"))
        assert here.lines("water") == []


# --- where the bot is not sure, or wrong ------------------------------------------------------------------------------

NEAR = "Location: Nyaru\nProblem: A survivor of GBV needs a bed tonight\nPriority: urgent"
ASKED = (
    "HLT-26-0001-J: does it tell of a bribe, abuse, or somebody harmed at home or at school?"
    " YES keeps it apart: then only the integrity officer sees it."
)


async def test_what_only_comes_near_is_asked_of_its_poster_alone_and_a_yes_makes_it_a_case() -> None:
    async with county(players=WITH_INTEGRITY) as here:
        await here.say("chebet", "health", NEAR)
        asked = next(one for one in here.messages("private:chebet") if one.text == ASKED)
        group = here.lines("health")
        assert not [line for line in group if "bribe" in line]
        await here.say("chebet", "private:chebet", "Yes", reply_to=asked.id)
        assert here.lines("health")[len(group) :] == ["HLT-26-0001-J closed: withdrawn, says Jane."]
        assert await here.value("SELECT state || ' ' || route FROM request ORDER BY id DESC LIMIT 1") == (
            "submitted private"
        )
        assert await here.value("SELECT description FROM request ORDER BY id DESC LIMIT 1") == (
            "A survivor of GBV needs a bed tonight"
        )
        assert here.private("judy")[0].startswith("A confidential report, CNF-26-0001-")
        assert await here.value("SELECT protected_at IS NOT NULL FROM request WHERE id = 1") == 1
        assert not [line for line in here.lines("mirror") if "Kapsowar" in line and "HLT" in line]


async def test_without_a_yes_it_stays_an_ordinary_request() -> None:
    async with county(players=WITH_INTEGRITY) as here:
        await here.say("chebet", "health", NEAR)
        asked = next(one for one in here.messages("private:chebet") if one.text == ASKED)
        await here.say("chebet", "private:chebet", "No", reply_to=asked.id)
        assert await here.value("SELECT count(*) FROM request WHERE state = 'submitted' AND route = 'public'") == 1
        assert await here.value("SELECT count(*) FROM request") == 1


async def test_of_several_forms_in_a_post_its_poster_is_asked_once() -> None:
    async with county() as here:
        other = NEAR.replace("Nyaru", "Tot").replace("a bed tonight", "a blanket")
        await here.say("chebet", "health", f"{NEAR}\n\n{other}")
        assert await here.value("SELECT count(*) FROM request WHERE route = 'public'") == 2
        assert len([line for line in here.private("chebet") if "does it tell of a bribe" in line]) == 1


@pytest.mark.parametrize("how", ["tap", "PUBLIC", "public.", "Wazi"])
async def test_a_report_that_was_an_ordinary_matter_becomes_one_on_its_posters_word(how: str) -> None:
    async with county(players=WITH_INTEGRITY) as here:
        await here.say("chebet", "water", BRIBE)
        told = here.messages("private:chebet")[0]
        if how == "tap":
            await here.tap("chebet", "private:chebet", told)
        else:
            await here.say("chebet", "private:chebet", how, reply_to=told.id)
        assert await here.value("SELECT state || ' ' || outcome FROM request WHERE route = 'private'") == (
            "closed withdrawn"
        )
        assert await here.value("SELECT state FROM request WHERE route = 'public'") == "submitted"
        assert here.lines("water")[0].startswith("WTR-26-0001-G, routine, Kapsowar. Judith, please reply here by")
        assert here.lines("mirror")[0].startswith("WTR-26-0001-G · Water · Kapsowar")


@pytest.mark.parametrize("words", ["Yes", "Ndio", "ok thank you", "He did it again today"])
async def test_no_other_word_lets_a_report_back_into_the_group(words: str) -> None:
    async with county(players=WITH_INTEGRITY) as here:
        await here.say("chebet", "water", BRIBE)
        await here.say("chebet", "private:chebet", words, reply_to=here.messages("private:chebet")[0].id)
        assert here.lines("water") == here.lines("mirror") == []
        assert await here.value("SELECT state || ' ' || route FROM request") == "submitted private"


async def test_whoever_is_in_danger_now_is_told_whom_to_call() -> None:
    async with county(players=WITH_INTEGRITY) as here:
        text = "A man is beating his wife with a panga at Nyaru now, she is bleeding and nobody can stop him"
        await here.say("chebet", "health", text)
        assert here.lines("health") == []
        told = here.private("chebet")
        assert "kept apart as CNF-26-0001-" in told[0]
        assert told[1] == (
            "If anyone is in danger now, call: ambulance 1199, police 999 / 112 or county helpline (Mon-Fri 8-17)"
            " 0704 220 220."
        )


async def test_what_is_let_back_is_the_post_as_it_reads_now_with_clocks_from_now() -> None:
    async with county(players=WITH_INTEGRITY) as here:
        post = await here.say("chebet", "water", BRIBE)
        told = here.messages("private:chebet")[0]
        await here.wait(hours=22)
        await here.edit("chebet", "water", post, BRIBE.replace("2,000", "3,000"))
        await here.tap("chebet", "private:chebet", told)
        await here.wait(minutes=1)
        assert await here.value("SELECT description FROM request WHERE route = 'public'") == (
            "a meter reader is asking for 3,000 shillings and gives no receipt"
        )
        (line,) = here.lines("water")
        assert line.startswith("WTR-26-0001-G, routine, Kapsowar. Judith, please reply here by Fri 27 Nov 08:10.")
        assert here.private("judy")[-1].endswith(" closed: withdrawn, says Jane.")
        await here.edit("chebet", "water", post, BRIBE.replace("2,000", "4,000"))
        assert await here.value("SELECT count(*) FROM request") == 2
        assert len([line for line in here.private("chebet") if "kept apart" in line]) == 1


async def test_of_a_post_that_an_edit_made_public_already_the_case_closes_and_nothing_is_opened_twice() -> None:
    async with county(players=WITH_INTEGRITY) as here:
        post = await here.say("chebet", "water", BRIBE)
        await here.edit("chebet", "water", post, "Location: Kapsowar town\nProblem: the meter shows wrong figures")
        await here.tap("chebet", "private:chebet", here.messages("private:chebet")[0])
        assert await here.value("SELECT count(*) FROM request WHERE route = 'public'") == 1
        assert await here.value("SELECT state FROM request WHERE route = 'private'") == "closed"


@pytest.mark.parametrize("word", ["No", "No it is not", "Yes it does, keep it apart please"])
async def test_no_answer_to_the_question_is_the_citizens_word(word: str) -> None:
    async with county(players=WITH_INTEGRITY) as here:
        post = await here.say("chebet", "health", NEAR)
        asked = next(one for one in here.messages("private:chebet") if one.text == ASKED)
        await here.say("kiptoo", "health", "/resolve she was given a bed at the shelter in Iten", reply_to=post)
        await here.say("chebet", "private:chebet", word, reply_to=asked.id)
        kept_apart = word.startswith("Yes")
        assert await here.value("SELECT state FROM request WHERE id = 1") == ("closed" if kept_apart else "answered")
        assert await here.value("SELECT word FROM request WHERE id = 1") != "agreed"
        assert await here.value("SELECT count(*) FROM request") == (2 if kept_apart else 1)


async def test_a_yes_keeps_apart_what_is_closed_by_then_with_its_citizens_contact() -> None:
    async with county(players=WITH_INTEGRITY) as here:
        post = await here.say("chebet", "health", NEAR + "\nName: Mary Jepkoech\nPhone: 0722 111 222")
        asked = next(one for one in here.messages("private:chebet") if one.text == ASKED)
        await here.say("chebet", "health", "/withdraw she has gone home", reply_to=post)
        await here.wait(days=2)
        await here.say("chebet", "private:chebet", "YES", reply_to=asked.id)
        assert await here.value("SELECT protected_at IS NOT NULL FROM request WHERE id = 1") == 1
        assert await here.value("SELECT route FROM request WHERE id = 2") == "private"
        assert await here.value("SELECT reporter_phone FROM contact WHERE request_id = 2") == "+254722111222"


async def test_what_was_set_apart_is_not_brought_back_by_undo() -> None:
    async with county(players=WITH_INTEGRITY) as here:
        await here.say("chebet", "health", NEAR)
        asked = next(one for one in here.messages("private:chebet") if one.text == ASKED)
        await here.tap("chebet", "private:chebet", asked)
        await here.say("chebet", "private:chebet", "/undo")
        assert await here.value("SELECT state FROM request WHERE id = 1") == "closed"
        assert await here.value("SELECT protected_at IS NOT NULL FROM request WHERE id = 1") == 1


async def test_a_confidential_case_rings_nobody_and_says_nothing_false_of_it() -> None:
    async with county(players=WITH_INTEGRITY) as here:
        await here.say("chebet", "water", f"{BRIBE}\nPriority: emergency")
        await here.wait(hours=30)
        assert here.lines("communications") == here.lines("water") == []
        assert await here.value("SELECT priority FROM request") == "urgent"
        assert await here.value("SELECT count(*) FROM outbox WHERE state NOT IN ('sent', 'merged', 'dropped')") == 0


async def test_nothing_is_published_while_its_poster_is_asked() -> None:
    async with county(players=WITH_INTEGRITY) as here:
        await here.say("chebet", "water", NEAR.replace("needs a bed tonight", "needs water tonight"))
        await here.wait(days=1)
        assert not [line for line in here.lines("mirror") if "survivor" in line]
