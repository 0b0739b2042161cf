"""What waits for somebody who has never opened a private chat: the group's line has a button that leads there."""

from __future__ import annotations

from tests.county import FORM
from tests.intake.test_private_road import BRIBE
from tests.telegram.fake import Failure
from tests.telegram.town import GROUPS, USERS, Town, town
from tests.telegram.world import BOT_ID

BUTTON = {"inline_keyboard": [[{"text": "Continue in private", "url": "https://t.me/ElgeyoGroupBot?start=continue"}]]}
START = "/start continue"
LIST_WAITS = "I cannot write to you alone yet. Please open a private chat with me: your list waits for you there."


async def never_opened(here: Town, who: str) -> None:
    """Somebody is on the roster, and has no private chat with the bot."""
    user = str(USERS[who])
    await here.app.worker.run(
        lambda: here.app.store.write_tx(
            lambda tx: (
                tx.execute("DELETE FROM chat WHERE chat_id = ?", (user,)),
                tx.execute("UPDATE roster_version SET version = version + 1"),
            )
        )
    )


async def test_a_list_that_cannot_be_given_alone_waits_behind_a_link_and_is_given_when_it_is_opened() -> None:
    async with town() as here:
        await never_opened(here, "chebet")
        await here.say("chebet", "health", FORM)
        await here.say("chebet", "health", "/mine")
        line = here.messages("health")[-1]
        assert (line["text"], line["reply_markup"]) == (LIST_WAITS, BUTTON)
        assert here.private("chebet") == []
        await here.say("chebet", "private", START)
        *slips, said = here.private("chebet")
        assert [slip[:33] for slip in slips] == [
            "For the citizens: at each number,",
            "HLT-26-0001-J: your report has re",
        ]
        assert "HLT-26-0001-J, Kapsowar" in said
        await here.say("chebet", "private", START)  # nothing waits any more: what can be done here
        assert len(here.private("chebet")) == 4
        assert here.private("chebet")[3].startswith("1. ")


async def test_who_comes_into_a_group_is_led_to_their_welcome_with_the_form_and_the_rules() -> None:
    async with town() as here:
        await never_opened(here, "chebet")
        here.fake.world.change_member(GROUPS["health"], USERS["chebet"], "left")
        here.fake.world.change_member(GROUPS["health"], USERS["chebet"], "member")
        await here.wait(minutes=11)
        (line,) = [line for line in here.messages("health") if line["text"].startswith("Welcome, Chebet. The form and")]
        assert line["reply_markup"] == BUTTON
        await here.say("chebet", "private", START)
        (said,) = here.private("chebet")
        assert said.startswith("Welcome to Health, Chebet. To report there, write:\nLocation:")
        assert said.endswith("What you can do: /help.")


async def test_a_confidential_report_goes_on_in_private_and_the_group_learns_nothing_of_it() -> None:
    async with town() as here:
        await never_opened(here, "chebet")
        await here.say("chebet", "water", BRIBE)
        (line,) = here.messages("water")
        assert (line["text"], line["reply_markup"]) == ("Received. Please continue with me in private.", BUTTON)
        await here.say("kiptoo", "private", START)
        assert not [said for said in here.private("kiptoo") if "kept apart" in said]
        await here.say("chebet", "private", START)
        (said,) = here.private("chebet")
        assert said.startswith("Chebet, your report is kept apart as ")
        assert len(here.lines("water")) == 1


async def test_the_first_number_of_somebody_who_never_opened_a_private_chat_leads_to_the_texts_for_the_citizens() -> (
    None
):
    async with town() as here:
        await never_opened(here, "chebet")
        await here.say("chebet", "health", FORM)
        await here.say("chebet", "health", FORM.replace("malaria drugs", "gloves"))
        numbers = [line for line in here.messages("health") if line["text"].startswith("HLT-")]
        assert [line.get("reply_markup") for line in numbers] == [BUTTON, None]
        await here.say("chebet", "private", START)
        assert [said[:40] for said in here.private("chebet")] == [
            "For the citizens: at each number, answer",
            "HLT-26-0001-J: your report has reached H",
            "HLT-26-0002-K: your report has reached H",
        ]


async def test_an_invitation_waits_no_longer_than_its_code_is_good() -> None:
    async with town() as here:
        await never_opened(here, "nelson")
        await here.say("nelson", "communications", "/invite ward admin Kapsowar")
        assert here.messages("communications")[0]["reply_markup"] == BUTTON
        assert "/join" not in here.lines("communications")[0]
        await here.say("nelson", "private", START)
        assert here.private("nelson")[0].startswith("For the ward admin of Kapsowar:\n/join ")
        await never_opened(here, "nelson")
        await here.say("nelson", "communications", "/invite ward admin Arror")
        await here.wait(days=8)
        await here.say("nelson", "private", START)
        assert not [said for said in here.private("nelson") if "Arror" in said]


async def test_what_waits_is_said_to_somebody_who_had_blocked_the_bot_and_comes_back() -> None:
    async with town() as here:
        await here.say("chebet", "health", FORM)
        chebet = USERS["chebet"]
        here.fake.world.change_member(chebet, BOT_ID, "kicked", by=chebet)
        await here.settle()
        await here.say("chebet", "health", "/mine")
        assert here.messages("health")[-1]["reply_markup"] == BUTTON
        before = len(here.private("chebet"))
        here.fake.world.change_member(chebet, BOT_ID, "member", by=chebet)
        await here.settle()
        assert [said for said in here.private("chebet")[before:] if "HLT-26-0001-J, Kapsowar" in said]


async def test_the_line_goes_out_without_its_link_while_the_bots_own_name_cannot_be_asked_for() -> None:
    async with town() as here:
        await never_opened(here, "chebet")
        here.fake.fail("getMe", Failure(code=500))
        await here.say("chebet", "health", "/mine")
        line = here.messages("health")[-1]
        assert line["text"] == LIST_WAITS
        assert "reply_markup" not in line
        await here.say("chebet", "health", "/mine")
        assert here.messages("health")[-1]["reply_markup"] == BUTTON
