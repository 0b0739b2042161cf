"""Order in the groups: strangers' posts wait and are not lost, guards only tell, people decide and can undo."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from groupbot.chat.sandbox import FULL, PLAIN, SandboxError
from groupbot.records import Capabilities, micros
from groupbot.store import people
from groupbot.store.database import Tx
from tests.county import FORM, County, county
from tests.people.staff import never_opened

ANOTHER = "Location: Chesoi market\nProblem: No gloves at the dispensary since Monday"
HELD = (
    "I do not know you yet, so this has no number. Communications are asked; once you are registered it gets its "
    "number, in order."
)


@asynccontextmanager
async def settled(capabilities: Capabilities = FULL) -> AsyncIterator[County]:
    """A county whose guards no longer only watch."""
    async with county(capabilities=capabilities) as here:
        await here.wait(days=14)
        yield here


async def register(here: County, as_what: str) -> None:
    """Communications invite the stranger, who joins with the code."""
    await here.say("nelson", "private:nelson", f"/invite {as_what} Philip Otieno")
    code = here.private("nelson")[-1].split("/join ")[1].split("\n")[0]
    await here.say("stranger", "private:stranger", f"/join {code}")


# --- strangers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("capabilities", [FULL, PLAIN])
async def test_a_strangers_posts_wait_and_are_registered_in_order_once_they_are_known(
    capabilities: Capabilities,
) -> None:
    async with county(capabilities=capabilities) as here:
        first = await here.say("stranger", "health", FORM)
        second = await here.say("stranger", "health", ANOTHER)
        await here.say("stranger", "health", "Good morning all")
        assert here.lines("health") == [HELD]
        await here.wait(days=1)
        await register(here, "ward admin Kapsowar")
        numbers = [message for message in here.messages("health") if message.text.startswith("HLT-")]
        assert [(line.text[:13], line.reply_to) for line in numbers] == [
            ("HLT-26-0001-J", first),
            ("HLT-26-0002-K", second),
        ]
        assert await here.value("SELECT count(*) FROM held_post WHERE released_at IS NULL") == 0


async def test_nobody_is_late_for_a_post_that_was_held() -> None:
    async with county() as here:
        await here.say("stranger", "health", FORM)
        await here.wait(days=7)
        await register(here, "ward admin Kapsowar")
        asked = await here.value("SELECT requested_datetime FROM request")
        assert isinstance(asked, int)
        assert asked < await here.value("SELECT acknowledge_due FROM request") - 6 * 86_400 * 1_000_000  # type: ignore[operator]
        assert here.lines("health")[-1].startswith("HLT-26-0001-J, urgent, Kapsowar.")


async def test_staff_hear_of_a_strangers_need_once_a_day_after_the_dry_run() -> None:
    async with settled() as here:
        for text in (FORM, ANOTHER):
            await here.say("stranger", "health", text)
        told = [line for line in here.lines("communications") if "Philip Otieno" in line]
        assert told == [
            "Philip Otieno posted a need in Health and is on no roster. "
            "It waits without a number: /invite registers it."
        ]


async def test_of_a_strangers_confidential_words_nobody_hears() -> None:
    async with settled() as here:
        before = len(here.lines("communications"))
        await here.say("stranger", "health", "The clerk at Tot is asking for a bribe of 2,000 and gives no receipt")
        assert here.lines("health") == here.lines("mirror")[:0]
        assert len(here.lines("communications")) == before


# --- who comes in -----------------------------------------------------------------------------------------------------


async def join(here: County, names: list[str], where: str = "health") -> None:
    """Let unknown people join by the link."""
    for number, name in enumerate(names):
        here.sandbox.add_person(f"new-{number}-{name}", name, "")
        here.sandbox.enter(where, f"new-{number}-{name}", here.clock())
    await here.app.step()


async def test_a_wave_of_unknown_people_closes_the_door_and_touches_no_member() -> None:
    async with settled() as here:
        await join(here, [f"Visitor {number}" for number in range(30)])
        assert here.sandbox.room("health").by_invitation
        assert [line for line in here.lines("communications") if "Many unknown" in line] == [
            "Many unknown people are joining Health. "
            "I closed its invitation link; members are not affected. Please look."
        ]
        assert not here.sandbox.room("health").banned
        assert [line[:9] for line in here.lines("communications") if "is on no roster" in line] == [
            f"Visitor {number}" for number in range(9)
        ]
        await here.say("chebet", "health", FORM)
        assert here.lines("health")[-1].startswith("HLT-26-0001-J")


async def test_in_the_first_fourteen_days_guards_only_note_what_they_would_do() -> None:
    async with county() as here:
        await join(here, [f"Visitor {number}" for number in range(10)] + ["Daniel Kipt00"])
        for _ in range(20):
            await here.say("judith", "health", "hello")
        assert not here.sandbox.room("health").by_invitation
        assert here.lines("communications") == []
        noted = await here.value("SELECT count(DISTINCT finding) FROM moderation_act WHERE dry_run = 1 AND act = ''")
        assert noted == 4


@pytest.mark.parametrize("name", ["Daniel Kiptoo", "DANIEL  KIPTOO", "Kiptoo Daniel", "Danie1 Kipto0", "Dаniel Kiptoо"])
async def test_a_name_like_an_officers_is_shown_to_staff(name: str) -> None:
    async with settled() as here:
        await join(here, [name])
        assert [line for line in here.lines("communications") if "is not Daniel Kiptoo" in line]


async def test_who_posts_very_much_is_told_to_staff_once_and_a_ward_admin_never() -> None:
    async with settled() as here:
        for who in ("judith", "chebet"):
            for number in range(30):
                await here.say(who, "health", f"hello {number}")
        assert [line for line in here.lines("communications") if "posts very much" in line] == [
            "Judith Cherotich posts very much in Health. All of it is kept and nothing was done; please look."
        ]


async def test_who_shows_an_identity_number_is_told_in_private_alone() -> None:
    async with settled() as here:
        await here.say("kiptoo", "health", "the mother's card is 23456789, please check")
        assert here.private("kiptoo")[-1].startswith("Your post in the group seems to show an identity number.")
        assert here.lines("health") == []


# --- what people decide -----------------------------------------------------------------------------------------------


async def test_a_mute_is_asked_back_ends_by_itself_is_told_to_all_concerned_and_can_be_lifted() -> None:
    async with county() as here:
        post = await here.say("stranger", "health", "you are all thieves")
        await here.say("nelson", "health", "/mute until Friday insults", post)
        asked = here.messages("health")[-1]
        assert asked.text == "Keep Philip Otieno from writing here until Fri 27 Nov 17:00, because: insults? Reply YES."
        assert not here.sandbox.room("health").muted
        await here.tap("nelson", "health", asked)
        assert here.lines("health")[-1] == (
            "Philip Otieno, you cannot write in this group until Fri 27 Nov 17:00: insults. "
            "So decided Nelson of communications; ask them if that is not right."
        )
        assert here.private("cheruto")[-1] == (
            "Nelson keeps Philip Otieno from writing in Health until Fri 27 Nov 17:00: insults."
        )
        with pytest.raises(SandboxError, match="may not write"):
            await here.say("stranger", "health", "again")
        await here.say("nelson", "health", "/undo")
        assert here.lines("health")[-1] == (
            "You did nothing in the last 24 hours that I could take back. "
            "A mute or ban ends by /lift, in reply to what that person wrote."
        )
        await here.say("nelson", "health", "/lift", post)
        assert here.lines("health")[-1] == "Philip Otieno may take part again, says Nelson."
        await here.say("stranger", "health", "thank you")
        assert await here.value("SELECT count(*) FROM service_log WHERE type IN ('muted', 'lifted')") == 2


async def test_a_ban_ends_on_its_day_and_a_warning_holds_nobody_back() -> None:
    async with county() as here:
        post = await here.say("rose", "health", "you are all thieves")
        await here.say("nelson", "health", "/warn insults", post)
        await here.tap("nelson", "health", here.messages("health")[-1])
        assert here.private("rose")[-1].endswith(
            "anakuonya katika kikundi cha Afya: insults. Kama si sawa, uliza mawasiliano."
        )
        await here.say("nelson", "health", "/ban until tomorrow insults again", post)
        await here.tap("nelson", "health", here.messages("health")[-1])
        with pytest.raises(SandboxError):
            here.sandbox.enter("health", "rose", here.clock())
        await here.wait(days=2)
        here.sandbox.enter("health", "rose", here.clock())


async def test_who_is_put_out_is_told_before_it_happens_and_why_whenever_they_ask_the_bot() -> None:
    async with county() as here:
        post = await here.say("stranger", "health", "you are all thieves")
        await here.say("nelson", "health", "/ban until Friday insults", post)
        await here.tap("nelson", "health", here.messages("health")[-1])
        told = here.messages("health")[-1]
        assert told.text.startswith("Philip Otieno, you are out of this group until Fri 27 Nov 17:00: insults.")
        sql = (
            "SELECT action FROM outbox WHERE chat_id = 'health' AND action IN ('send', 'ban') ORDER BY id DESC LIMIT 2"
        )
        rows = await here.app.worker.run(lambda: here.app.store.read(lambda tx: tx.all(sql)))
        assert rows == [("ban",), ("send",)]
        for text in ("Why can I not write?", "/help"):
            await here.say("stranger", "private:stranger", text)
        why = (
            "Philip Otieno, you are out of the group of Health until Fri 27 Nov 17:00: insults. "
            "So decided Nelson of communications; ask them if that is not right."
        )
        assert here.private("stranger").count(why) == 1
        assert here.private("stranger")[0] == why
        await here.wait(days=5)
        await here.say("stranger", "private:stranger", "hello")
        assert here.private("stranger").count(why) == 1


async def test_who_has_no_private_chat_is_told_in_the_group_and_again_when_they_open_one() -> None:
    async with county() as here:
        await never_opened(here, "rose")
        post = await here.say("rose", "health", "you are all thieves")
        await here.say("nelson", "health", "/ban until Friday insults", post)
        await here.tap("nelson", "health", here.messages("health")[-1])
        assert here.lines("health")[-1].startswith("Rose Kemei, you are out of this group until Fri 27 Nov 17:00")
        await here.say("rose", "private:rose", "hujambo")
        assert here.private("rose")[0] == (
            "Rose Kemei, uko nje ya kikundi cha Afya hadi Ijm 27 Nov 17:00: insults. "
            "Ameamua Nelson wa mawasiliano; waulize kama si sawa."
        )


async def test_what_comes_after_is_not_ended_by_the_end_of_what_was_before() -> None:
    async with county() as here:
        post = await here.say("rose", "health", "hello")
        for until in ("tomorrow", "Friday"):
            await here.say("nelson", "health", f"/mute until {until} insults", post)
            await here.tap("nelson", "health", here.messages("health")[-1])
        sql = "SELECT state FROM outbox WHERE action = 'unrestrict' ORDER BY id"
        rows = await here.app.worker.run(lambda: here.app.store.read(lambda tx: tx.all(sql)))
        assert rows == [("expired",), ("new",)]
        await here.wait(days=2)
        with pytest.raises(SandboxError):
            await here.say("rose", "health", "hello")
        await here.wait(days=2)
        await here.say("rose", "health", "hello")
        assert here.sandbox.room("health").muted == {}


@pytest.mark.parametrize("who", ["chebet", "kiptoo", "cheruto", "naomi", "stranger"])
async def test_nobody_else_holds_anybody_back(who: str) -> None:
    async with county() as here:
        post = await here.say("rose", "health", "hello")
        for act in ("/mute until Friday insults", "/ban until Friday insults", "/warn insults", "/lift"):
            await here.say(who, "health", act, post)
        assert await here.value("SELECT count(*) FROM offer") == 0
        assert all("Only the" in line or "Ni " in line for line in here.lines("health"))


async def test_no_act_without_a_reason_a_post_and_a_yes() -> None:
    async with county() as here:
        post = await here.say("rose", "health", "hello")
        await here.say("nelson", "health", "/mute", post)
        await here.say("nelson", "health", "/mute until Friday insults")
        assert {line.split(",")[0] for line in here.lines("health")} == {"To keep people from writing"}
        await here.say("nelson", "health", "/mute until Friday insults", post)
        await here.say("chebet", "health", "YES", here.messages("health")[-1].id)
        await here.wait(hours=2)
        await here.say("nelson", "health", "YES", here.messages("health")[-1].id)
        assert not here.sandbox.room("health").muted


async def test_no_reason_that_names_somebody_is_repeated_to_others() -> None:
    async with county() as here:
        post = await here.say("rose", "health", "hello")
        for act in ("/mute", "/warn", "/ban"):
            await here.say("nelson", "health", f"{act} Zipporah Kipzovipu 0722 000 345", post)
        assert set(here.lines("health")) == {"Please give the reason in a few words that name nobody: others read it."}
        await here.say("chebet", "health", "/report Zipporah Kipzovipu 0722 000 345", post)
        assert here.lines("communications") == [
            "Jane reports a post of Rose Kemei in Health. Please look; nothing was done."
        ]


async def test_a_report_reaches_staff_and_nothing_else() -> None:
    async with county() as here:
        post = await here.say("rose", "health", "hello")
        await here.say("chebet", "health", "/report She is rude.", post)
        assert here.lines("communications") == [
            "Jane reports a post of Rose Kemei in Health: “She is rude.”. Please look; nothing was done."
        ]
        assert here.lines("health") == []


@pytest.mark.parametrize(
    ("said", "until", "why"),
    [
        ("2 days insults, again", "Thu 26 Nov 17:00", "insults, again"),
        ("siku 2 matusi", "Thu 26 Nov 17:00", "matusi"),
        ("2 people were insulted", "tomorrow 10:10", "2 people were insulted"),
        ("until Friday insults", "Fri 27 Nov 17:00", "insults"),
    ],
)
async def test_how_long_may_be_said_as_so_many_days(said: str, until: str, why: str) -> None:
    async with county() as here:
        post = await here.say("judith", "health", "you are all thieves")
        await here.say("nelson", "health", f"/mute {said}", post)
        assert here.lines("health")[-1] == (
            f"Keep Judith Cherotich from writing here until {until}, because: {why}? Reply YES."
        )


async def _without_office(here: County, role: str) -> None:
    """Nobody holds a role any more."""

    def end(tx: Tx) -> None:
        tx.execute("UPDATE role_grant SET granted_until = ? WHERE role = ?", (micros(here.clock()), role))
        people.touch(tx, here.app.jurisdiction.id)

    await here.app.worker.run(lambda: here.app.store.write_tx(end))


@pytest.mark.parametrize("by", ["tap", "reply"])
async def test_a_yes_of_one_who_keeps_order_no_more_does_nothing_and_is_told_why(by: str) -> None:
    async with county() as here:
        post = await here.say("judith", "health", "rude words")
        await here.say("nelson", "health", "/mute until tomorrow rude words", reply_to=post)
        (asked,) = here.messages("health")
        await _without_office(here, "communications")
        if by == "tap":
            await here.tap("nelson", "health", asked)
        else:
            await here.say("nelson", "health", "yes", reply_to=asked.id)
        assert here.lines("health")[1:] == ["Only the communications can keep people from writing."]
        assert here.private("judith") == []
        assert await here.value("SELECT count(*) FROM moderation_act") == 0
        assert await here.value("SELECT count(*) FROM service_log") == 0


@pytest.mark.parametrize(
    ("order", "refusal"),
    [
        ("/holiday Friday state funeral", "Only the communications can declare a holiday."),
        ("/workday Friday", "Only the communications can take a holiday back."),
    ],
)
async def test_a_yes_to_a_holiday_of_one_who_declares_none_any_more_does_nothing(order: str, refusal: str) -> None:
    async with county() as here:
        if order.startswith("/workday"):
            await here.say("nelson", "communications", "/holiday Friday state funeral")
            await here.say("nelson", "communications", "yes", reply_to=here.messages("communications")[-1].id)
        await here.say("nelson", "communications", order)
        before, said = await here.value("SELECT count(*) FROM holiday"), len(here.lines("communications"))
        await _without_office(here, "communications")
        await here.tap("nelson", "communications", here.messages("communications")[-1])
        ended = "Nelson Kiptoo no longer has the role communications. Nobody has it for now."
        assert here.lines("communications")[said:] == [refusal, ended]
        assert await here.value("SELECT count(*) FROM holiday") == before
