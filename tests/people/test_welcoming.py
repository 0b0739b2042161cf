"""Who is new is welcomed once, alone, with form and rules; the group hears one line for those who cannot be."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from groupbot.chat.sandbox import FULL, PLAIN
from groupbot.orders import Order, take
from groupbot.records import Capabilities
from tests.county import FORM, PLACES, PLAYERS, County, Place, Player, county
from tests.people.staff import never_opened
from tests.people.test_order import register

ROSE = """Karibu Afya, Rose. Kuripoti huko, andika:
Mahali:
Shida:
Kipaumbele:

Hitaji moja, ujumbe mmoja. Litapata nambari, nami nitasema nani atajibu na lini. Jina na simu ya mwananchi: kwangu \
pekee, faraghani. Hatari kwa maisha: piga simu kwanza, ambulensi 1199, polisi 999 / 112 na simu ya kaunti \
(Jtt-Ijm 8-17) 0704 220 220. Wanayoona CSO ni misimbo: hakuna majina wala simu. Unachoweza kufanya: /msaada."""
JANE = """Welcome to Health, Jane. To report there, write:
Location:
Problem:
Priority:

One post for each need. It gets a number, and I say who answers by when. A citizen's name and phone: only to me \
alone. Danger to life: call first, ambulance 1199, police 999 / 112 and county helpline (Mon-Fri 8-17) 0704 220 220. \
CSOs see codes: no names, no phones. What you can do: /help."""
HERE = "Welcome, {}. The form and the rules of this group wait for you in a private chat with me."
NEW = tuple(Player(f"new-{number}", f"Ann{number} Cheptoo", "ward_admin", ward="Kapsowar") for number in range(7))
GROUPS = tuple(
    Place(one.chat_id, one.title, one.kind, one.service_code, (*one.members, *(new.user_id for new in NEW)))
    if one.kind == "department"
    else one
    for one in PLACES
)


def bare(lines: Sequence[str]) -> list[str]:
    """Lines without the blanks after the labels of the form."""
    return [line.replace(": \n", ":\n") for line in lines]


async def enter(here: County, where: str, *who: str) -> None:
    """Let people come into a group."""
    for one in who:
        here.sandbox.enter(where, one, here.clock())
    await here.app.step()


def greetings(here: County, where: str = "health") -> list[str]:
    return [line for line in here.lines(where) if line.startswith("Welcome")]


# --- alone ------------------------------------------------------------------------------------------------------------


async def test_a_known_person_is_welcomed_once_alone_in_their_language_whatever_they_join() -> None:
    async with county() as here:
        for where in ("health", "water", "health"):
            await enter(here, where, "rose")
        await here.wait(days=2)
        assert bare(here.private("rose")) == [ROSE]
        assert greetings(here) == greetings(here, "water") == here.lines("communications") == []


async def test_who_comes_into_a_mirror_is_told_what_it_is_and_nobody_else_hears_of_it() -> None:
    async with county() as here:
        await enter(here, "mirror", "naomi")
        assert here.private("naomi") == [
            "Welcome to the mirror, Naomi. It shows in codes, without names, what becomes of each request; only I "
            "write there. Write me a number alone to see where it stands. You see something else: /we-see, the number "
            "and what you see. More: /help."
        ]
        assert here.lines("mirror") == []


async def test_a_stranger_is_not_welcomed_before_they_are_registered_and_then_with_the_form() -> None:
    async with county() as here:
        await enter(here, "health", "stranger")
        await here.wait(days=1)
        assert here.private("stranger") == greetings(here) == []
        await register(here, "ward admin Kapsowar")
        assert here.private("stranger")[-1].startswith("Welcome to Health, Philip. To report there, write:\nLocation:")
        assert greetings(here) == []


# --- without a private chat -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("capabilities", [FULL, PLAIN])
async def test_who_has_no_private_chat_is_told_in_the_group_where_the_welcome_waits_and_gets_it_there(
    capabilities: Capabilities,
) -> None:
    async with county(capabilities=capabilities) as here:
        await never_opened(here, "chebet")
        await enter(here, "health", "chebet")
        assert greetings(here) == []
        await here.wait(minutes=10)
        assert greetings(here) == [HERE.format("Jane")]
        await here.say("chebet", "private:chebet", "/start")
        assert bare(here.private("chebet"))[0] == JANE
        await enter(here, "water", "chebet")
        await here.wait(days=3)
        assert bare(here.private("chebet")).count(JANE) == 1
        assert greetings(here, "water") == []


async def test_a_wave_of_new_people_is_one_line_and_later_ones_wait_for_the_next_day() -> None:
    async with county(players=(*PLAYERS, *NEW), places=GROUPS) as here:
        await never_opened(here, *(one.user_id for one in NEW))
        for number in range(6):
            await enter(here, "health", f"new-{number}")
            await here.wait(minutes=1)
        await here.wait(hours=1)
        expected = (
            "Welcome to the 6 who are new here. The form and the rules of this group wait for each of you in a private "
            "chat with me."
        )
        assert greetings(here) == [expected]
        await enter(here, "health", "new-6")
        await here.wait(hours=20)
        assert greetings(here) == [expected]
        await here.wait(hours=10)
        assert greetings(here) == [expected, HERE.format("Cheptoo")]


async def test_who_opens_a_private_chat_meanwhile_or_leaves_is_not_named_in_the_group() -> None:
    async with county() as here:
        await never_opened(here, "chebet", "rose")
        await enter(here, "health", "chebet", "rose")
        await here.say("chebet", "private:chebet", "hello")
        here.sandbox.leave("health", "rose", here.clock())
        await here.app.step()
        await here.wait(days=1)
        assert greetings(here) == []
        assert bare(here.private("chebet"))[0] == JANE


async def test_nobody_is_greeted_at_night_nor_named_twice_in_two_groups() -> None:
    async with county() as here:
        await never_opened(here, "chebet")
        await here.wait_until("2026-11-24 22:00")
        await enter(here, "health", "chebet")
        await enter(here, "water", "chebet")
        await here.wait_until("2026-11-25 07:59")
        assert greetings(here) == greetings(here, "water") == []
        await here.wait_until("2026-11-26 12:00")
        assert greetings(here) + greetings(here, "water") == [HERE.format("Jane")]


async def test_a_group_in_which_the_bot_only_watches_is_told_nothing() -> None:
    async with county() as here:
        await never_opened(here, "chebet")
        order = Order("o1", "pilot.stage", {"mode": "shadow", "department": "health"}, "root")
        await here.app.worker.run(lambda: take(here.app.store, here.app.jurisdiction, order, here.clock()))
        await enter(here, "health", "chebet")
        await here.say("chebet", "health", FORM)
        await here.wait(days=1)
        assert greetings(here) == []
