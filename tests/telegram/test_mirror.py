"""The mirrors on Telegram: every copy is taken back, the log's checkpoints come, and one ends by two people."""

from __future__ import annotations

from groupbot import verify_log
from groupbot.orders import Order, take
from tests.intake.test_mirror import HIV, PIPE
from tests.intake.test_private_road import BRIBE
from tests.telegram.town import GROUPS, USERS, Town, town
from tests.telegram.world import BOT_ID

SECOND = -1_000_000_008_888
SHOWN = "WTR-26-0001-G, the need: "


async def _two_mirrors(here: Town) -> None:
    """Communications connect a second mirror."""
    group = here.fake.world.add_group(SECOND, "Second mirror", (USERS["nelson"], USERS["naomi"]))
    here.fake.world.post(group.id, USERS["nelson"], "/connect mirror")
    await here.settle()


def _about(here: Town, chat: int) -> list[str]:
    return [line for line in here.fake.texts(chat) if line.startswith("WTR-")]


async def test_words_are_shown_in_every_mirror_after_their_preview_and_taken_back_from_every_copy() -> None:
    async with town() as here:
        await _two_mirrors(here)
        await here.say("chebet", "water", PIPE)
        mirrors = (GROUPS["mirror"], SECOND)
        assert [len(_about(here, chat)) for chat in mirrors] == [1, 1]  # the codes
        await here.wait(minutes=20)
        assert any("unless you reply NO" in line for line in here.private("judith"))
        assert [len(_about(here, chat)) for chat in mirrors] == [1, 1]
        await here.wait(hours=3)
        assert [_about(here, chat)[1][: len(SHOWN)] for chat in mirrors] == [SHOWN, SHOWN]
        await here.say("nelson", "communications", "/protect WTR-26-0001-G it names a child")
        for chat in mirrors:
            assert not [line for line in _about(here, chat) if line.startswith(SHOWN) or "Kapsowar" in line]
            assert _about(here, chat)[-1].endswith("Please delete any copy you have.")


async def test_the_checkpoint_comes_to_every_mirror_and_can_be_read_there() -> None:
    async with town() as here:
        await _two_mirrors(here)
        await here.say("chebet", "water", PIPE)
        await here.wait(days=1)
        found = [verify_log.find_checkpoints("\n".join(here.fake.texts(chat))) for chat in (GROUPS["mirror"], SECOND)]
        assert found[0] == found[1]
        assert (len(found[0][0]), found[0][1]) == (1, [])


async def test_a_mirror_ends_on_two_peoples_word_and_hears_nothing_more_and_the_other_goes_on() -> None:
    async with town() as here:
        await _two_mirrors(here)
        here.fake.world.add_user(4242, "Grace Cheptoo")
        here.fake.world.change_member(GROUPS["communications"], 4242, "member")
        grace = {"name": "Grace Cheptoo", "role": "communications", "telegram": "4242"}
        order = Order("o1", "people.add", {"people": [grace]}, "root")
        await here.app.worker.run(lambda: take(here.app.store, here.app.jurisdiction, order, here.clock()))
        here.fake.world.post(SECOND, USERS["nelson"], "/disconnect the society has closed")
        await here.settle()
        assert here.fake.texts(SECOND)[-1].startswith("Kiptoo asks that this mirror end: the society has closed.")
        asked = here.messages("communications")[-1]["message_id"]
        await here.say("nelson", "communications", "YES", asked)  # not one's own
        here.fake.world.post(GROUPS["communications"], 4242, "YES", asked)
        await here.settle()
        ended = here.fake.texts(SECOND)
        assert ended[-1].startswith("This mirror ends here: Kiptoo asked, Grace agreed")
        await here.say("chebet", "water", PIPE)
        assert here.fake.texts(SECOND) == ended
        assert len(_about(here, GROUPS["mirror"])) == 1


async def test_each_class_of_matter_shows_what_its_policy_allows_and_no_more() -> None:
    async with town() as here:
        await here.say("chebet", "water", PIPE)  # an open department
        await here.say(
            "chebet", "health", "Location: Tot clinic\nProblem: No malaria drugs since Monday"
        )  # a closed one
        await here.say("chebet", "health", HIV)  # of the most sensitive
        await here.say("chebet", "water", BRIBE)  # leaves the group
        coded = [line for line in here.lines("mirror") if "·" in line]
        assert coded == [
            "WTR-26-0001-G · Water · Kapsowar · pipes and leaks · routine · due Tue 8 Dec",
            "HLT-26-0001-J · Health · Kapsowar · medicines and supplies · routine · due Tue 8 Dec",
        ]
        await here.wait_until("2026-11-25 09:00")
        coded = [line for line in here.lines("mirror") if "·" in line]
        assert [line for shown in coded for line in shown.splitlines()][2:] == [
            "HLT-26-0002-K · Health · routine · due Tue 8 Dec"
        ]
        words = [line for line in here.lines("mirror") if "the need" in line]
        assert [line[:13] for line in words] == ["WTR-26-0001-G"]


async def test_what_an_observer_sees_is_passed_on_without_a_name_and_asked_for_like_a_request() -> None:
    async with town() as here:
        post = await here.say("chebet", "health", "Location: Tot clinic\nProblem: No malaria drugs since Monday")
        await here.say("kiptoo", "health", "Seen, I shall call on 7 December", post)
        await here.say("naomi", "private", "/we-see HLT-26-0001-J the shelf is empty today")
        assert here.lines("health")[-1] == "HLT-26-0001-J: an observer says: the shelf is empty today"
        before = len(here.private("kiptoo"))
        await here.wait_until("2026-12-02 18:00")
        assert any(
            "HLT-26-0001-J, Kapsowar: your next word was due" in line for line in here.private("kiptoo")[before:]
        )
        assert not [line for line in (*here.lines("health"), *here.private("kiptoo")) if "Naomi" in line]


async def _shown_then_left(here: Town) -> list[str]:
    """Words are published, then the bot is put out of the mirror; what stands there."""
    await here.say("chebet", "water", PIPE)
    await here.wait(hours=3)
    shown = here.lines("mirror")
    here.fake.world.change_member(GROUPS["mirror"], BOT_ID, "left")
    await here.settle()
    return shown


async def _back(here: Town) -> list[str]:
    here.fake.world.change_member(GROUPS["mirror"], BOT_ID, "administrator")
    await here.wait(minutes=5)
    return here.lines("mirror")


async def test_what_is_protected_while_the_bot_is_out_of_a_mirror_is_taken_back_there_on_its_return() -> None:
    async with town() as here:
        shown = await _shown_then_left(here)
        await here.say("nelson", "communications", "/protect WTR-26-0001-G it names a child")
        await here.wait(days=1)
        assert here.lines("mirror") == shown
        assert shown[1].startswith(SHOWN)
        assert await _back(here) == [
            "WTR-26-0001-G · Water · routine · due Tue 8 Dec",
            "WTR-26-0001-G: taken back to protect a person",
            "WTR-26-0001-G: what was said of it is taken back to protect a person. Please delete any copy you have.",
        ]


async def test_what_is_erased_while_the_bot_is_out_of_its_chats_is_taken_back_in_each_on_its_return() -> None:
    async with town() as here:
        await _shown_then_left(here)
        await here.say("chebet", "water", "/withdraw WTR-26-0001-G Hezron Kipzovipu asked for it")
        here.fake.world.change_member(GROUPS["water"], BOT_ID, "left")
        await here.settle()
        await here.app.obey(Order("1", "requests.erase", {"reference": "WTR-26-0001-G"}, "root"))
        await here.wait(days=1)
        here.fake.world.change_member(GROUPS["water"], BOT_ID, "administrator")
        assert await _back(here) == [
            "WTR-26-0001-G · Water · routine · due Tue 8 Dec",
            "WTR-26-0001-G: taken back to protect a person",
            "WTR-26-0001-G: what was said of it is taken back to protect a person. Please delete any copy you have.",
        ]
        assert here.lines("water")[-1] == (
            "WTR-26-0001-G was erased: nothing that was said of it is kept here. Please delete any copy you have."
        )
        assert here.lines("water")[0] == "WTR-26-0001-G: erased"
