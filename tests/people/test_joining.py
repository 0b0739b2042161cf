"""How people come on the roster: one-time codes, a second person's word, several accounts of one person."""

from __future__ import annotations

import re

import pytest

from groupbot import enrolling
from groupbot.rehearsal.stage import Place, Player
from tests.county import EVERYONE, FORM, PLACES, PLAYERS, county
from tests.people.staff import holds, invited, joined, staffed

NEWCOMER = "stranger"


async def test_a_ward_admin_joins_with_a_code_and_posts_at_once() -> None:
    async with staffed() as here:
        await here.say("nelson", "private:nelson", "/invite ward admin Arror Philip Otieno")
        assert re.fullmatch(
            r"For the ward admin of Arror:\n/join [0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\n"
            r"Good once, until tomorrow 10:10\. They write it to me in private; nobody else may see it\.",
            here.private("nelson")[-1],
        )
        code = here.private("nelson")[-1].split()[7]
        assert await joined(here, NEWCOMER, code) == (
            "Welcome, Philip Otieno. You are now ward admin of Arror. What you can do: /help."
        )
        assert await holds(here, NEWCOMER) == ["ward_admin"]
        assert here.lines("communications") == ["Philip Otieno is now ward admin of Arror."]
        await here.say(NEWCOMER, "health", FORM.replace("Ward: Kapsowar\n", ""))
        assert await here.value("SELECT ward FROM request") == "Arror"


async def test_a_coordinator_waits_for_a_second_persons_word_and_the_department_is_told() -> None:
    async with staffed() as here:
        code = await invited(here, "coordinator water")
        assert await joined(here, NEWCOMER, code) == (
            "Welcome, Philip Otieno. A second person must confirm that you are coordinator; I will tell you when."
        )
        assert await holds(here, NEWCOMER) == []
        assert here.lines("communications") == [
            "Philip Otieno has joined as coordinator of Water, on the word of Nelson Kiptoo. Is it right? "
            "Somebody else than Nelson Kiptoo, please write /approve Philip Otieno."
        ]
        await here.say("grace", "communications", "/approve Philip Otieno")
        assert await holds(here, NEWCOMER) == ["coordinator"]
        assert here.lines("water") == ["Philip Otieno is now coordinator of Water."]
        assert here.private(NEWCOMER)[-1] == (
            "Welcome, Philip Otieno. You are now coordinator of Water. What you can do: /help."
        )


@pytest.mark.parametrize("who", ["nelson", NEWCOMER, "kiptoo", "chebet", "naomi", "cheruto"])
async def test_nobody_but_a_second_steward_can_confirm(who: str) -> None:
    async with staffed() as here:
        await joined(here, NEWCOMER, await invited(here, "coordinator water"))
        await here.say(who, "health", "/approve Philip Otieno")
        assert await holds(here, NEWCOMER) == []


async def test_a_steward_cannot_invite_themselves_into_a_second_office() -> None:
    async with staffed() as here:
        await joined(here, "nelson", await invited(here, "coordinator water"))
        await here.say("nelson", "communications", "/approve")
        assert here.lines("communications")[-1] == (
            "Somebody else must confirm that: not who invited, and not who was invited."
        )
        assert await holds(here, "nelson") == ["communications"]


@pytest.mark.parametrize("who", ["chebet", "kiptoo", "cheruto", "naomi", NEWCOMER])
async def test_only_communications_and_the_operator_invite(who: str) -> None:
    async with staffed() as here:
        await here.say(who, f"private:{who}", "/invite ward admin Arror")
        assert await here.value("SELECT count(*) FROM invite") == 0


async def test_communications_cannot_make_an_operator() -> None:
    async with staffed() as here:
        await here.say("nelson", "private:nelson", "/invite operator")
        assert here.private("nelson")[-1] == "Only the operator can invite an operator."
        assert await here.value("SELECT count(*) FROM invite") == 0


# --- threats: replay, race, expiry, guessing, look-alikes -------------------------------------------------------------

BAD = "That code is wrong, used or too old, and nothing was changed. Please ask communications for a new one."


async def test_a_code_is_good_once() -> None:
    async with staffed() as here:
        code = await invited(here, "ward admin Arror")
        await joined(here, NEWCOMER, code)
        assert await joined(here, "otieno", code) == BAD
        assert await holds(here, "otieno") == []


async def test_of_two_who_race_with_one_code_one_wins() -> None:
    async with staffed() as here:
        code = await invited(here, "ward admin Arror")
        for who in (NEWCOMER, "otieno"):
            here.sandbox.post(f"private:{who}", who, f"/join {code}", at=here.clock())
        await here.app.step()
        assert [await holds(here, NEWCOMER), await holds(here, "otieno")] == [["ward_admin"], []]


async def test_a_code_lapses_after_a_day() -> None:
    async with staffed() as here:
        code = await invited(here, "ward admin Arror")
        await here.wait(hours=24)
        assert await joined(here, NEWCOMER, code) == BAD
        assert await holds(here, NEWCOMER) == []


async def test_a_code_shown_in_a_group_is_good_no_more() -> None:
    async with staffed() as here:
        code = await invited(here, "ward admin Arror")
        await here.say(NEWCOMER, "health", f"/join {code}")
        assert here.lines("health") == [
            "Please write /join and the code to me alone. A code that was shown here is good no more;"
            " ask for a new one."
        ]
        assert await joined(here, NEWCOMER, code) == BAD


@pytest.mark.parametrize("typed", ["{lower}", "{spaced}", "{plain}", " {code} ", "{misread}"])
async def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    async with staffed() as here:
        code = await invited(here, "ward admin Arror")
        shapes = {
            "code": code,
            "lower": code.lower(),
            "spaced": code.replace("-", " "),
            "plain": code.replace("-", ""),
            "misread": code.replace("0", "O").replace("1", "l"),
        }
        assert (await joined(here, NEWCOMER, typed.format(**shapes))).startswith("Welcome")


@pytest.mark.parametrize(
    "typed", ["0000-0000-0000", "AAAA", "x" * 5000, "' OR 1=1 --", "１２３４-１２３４-１２３４", "🙏🏾"]
)
async def test_a_guess_gives_nothing(typed: str) -> None:
    async with staffed() as here:
        await invited(here, "ward admin Arror")
        assert await joined(here, NEWCOMER, typed) == BAD
        assert await holds(here, NEWCOMER) == []


async def test_only_the_hash_of_a_code_is_kept() -> None:
    async with staffed() as here:
        code = await invited(here, "ward admin Arror")
        kept = str(await here.value("SELECT code_hash FROM invite"))
        assert len(kept) == 64
        assert code.replace("-", "") not in kept


async def test_five_hundred_look_alikes_gain_no_right() -> None:
    names = [
        "Daniel Kiptoo",
        "Danіel Kiptoo",
        "Daniel  Kiptoo",
        "DANIEL KIPTOO",
        "Daniel\u200bKiptoo",
        "Ｄaniel Kiptoo",
    ]
    crowd = tuple(Player(f"fake{n}", names[n % len(names)] + "\u200b" * (n // len(names))) for n in range(500))
    fakes = tuple(player.user_id for player in crowd)
    health = Place("health", "Health feedback", "department", "health", (*EVERYONE, *fakes))
    places = (health, *(place for place in PLACES if place.chat_id != "health"))
    async with county(players=(*PLAYERS, *crowd), places=places) as here:
        post = await here.say("chebet", "health", FORM)
        for fake in fakes:
            text = "/resolve 200 doses delivered to the hospital"
            here.sandbox.post("health", fake, text, at=here.clock(), reply_to=post)
        await here.app.step()
        assert await here.value("SELECT state FROM request") == "submitted"
        assert await here.value("SELECT count(*) FROM service_log") == 1


# --- several accounts of one person -----------------------------------------------------------------------------------


async def test_a_further_account_is_tied_to_a_person_by_a_code_from_the_first() -> None:
    async with staffed() as here:
        await here.say("kiptoo", "private:kiptoo", "/join")
        found = re.match(
            r"/join (\S+)\nWrite this to me from your other account, before tomorrow", here.private("kiptoo")[-1]
        )
        assert found
        assert await joined(here, NEWCOMER, found[1]) == "Welcome, Daniel Kiptoo. This account is yours too now."
        assert here.private("kiptoo")[-1] == (
            "One more account, on sandbox, is now yours. If that was not you, tell communications at once."
        )
        post = await here.say("chebet", "health", FORM)
        await here.say(NEWCOMER, "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
        assert await here.value("SELECT state FROM request") == "answered"


# --- the first operator -----------------------------------------------------------------------------------------------


async def test_the_first_operator_joins_by_a_printed_code_and_is_asked_for_a_second() -> None:
    async with staffed("talai") as here:
        ours, now = here.app.jurisdiction, here.clock()
        code = await here.app.worker.run(
            lambda: here.app.store.write_tx(lambda tx: enrolling.first_operator(tx, ours, now))
        )
        assert code
        await here.say(NEWCOMER, f"private:{NEWCOMER}", f"/join {code}")
        assert here.private(NEWCOMER) == [
            "Welcome, Philip Otieno. Your role now: operator. What you can do: /help.",
            "You are the only operator. Please name a second one: /invite operator.",
        ]
        assert await holds(here, NEWCOMER) == ["operator"]
        assert (
            await here.app.worker.run(
                lambda: here.app.store.write_tx(lambda tx: enrolling.first_operator(tx, ours, now))
            )
            is None
        )
