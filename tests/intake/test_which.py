"""Words that may be about several requests: harmless ones are about all, weighty ones only about the one meant."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from groupbot.chat.sandbox import SandboxMessage
from groupbot.records import Capabilities
from tests.county import County, county

TWO = (
    "1. Location: Chesoi dispensary\nProblem: No gloves in the maternity\n\n"
    "2. Location: Chebiemit\nProblem: The ambulance has broken down"
)
GLOVES, CAR = "HLT-26-0001-J", "HLT-26-0002-K"
WHICH = f"Which one: {GLOVES} (medicines and supplies) or {CAR} (ambulance and referral)? Reply with its number."


@dataclass
class Post:
    """A post of two requests, and what the group has heard since."""

    here: County
    id: str

    async def reply(self, who: str, text: str) -> str:
        return await self.here.say(who, "health", text, reply_to=self.id)

    def heard(self) -> list[str]:
        return self.here.lines("health")[1:]

    def last(self) -> SandboxMessage:
        return self.here.messages("health")[-1]

    async def states(self) -> list[object]:
        return [
            await self.here.value("SELECT state FROM request WHERE service_request_id = ?", ref)
            for ref in (GLOVES, CAR)
        ]


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    async with county() as here:
        yield Post(here, await here.say("chebet", "health", TWO))


async def test_a_first_word_is_about_both(post: Post) -> None:
    word = await post.reply("kiptoo", "Seen, I am calling the store")
    assert post.here.reaction("health", word) == "👀"
    assert await post.states() == ["acknowledged", "acknowledged"]
    assert post.heard() == []


async def test_an_answer_without_saying_to_which_is_asked_back_and_one_tap_gives_it(post: Post) -> None:
    await post.reply("kiptoo", "/resolve two boxes came this morning from the sub-county store")
    assert post.heard() == [WHICH]
    assert [label for label, _ in post.last().buttons] == [GLOVES, CAR]
    post.here.sandbox.tap("health", "kiptoo", post.last().id, post.last().buttons[1][1], post.here.clock())
    await post.here.app.step()
    assert post.heard()[1:] == [
        f"{CAR}: Daniel says it is done. Jane, please ask the citizen. Reply YES, or NOT YET and why."
    ]
    assert await post.states() == ["submitted", "answered"]
    notes = await post.here.value("SELECT status_notes FROM request WHERE service_request_id = ?", CAR)
    assert notes == "two boxes came this morning from the sub-county store"


async def test_the_number_in_reply_does_what_was_said_before(post: Post) -> None:
    await post.reply("kiptoo", "/resolve two boxes came this morning from the sub-county store")
    await post.here.say("kiptoo", "health", "hlt 26 0001", reply_to=post.last().id)
    assert await post.states() == ["answered", "submitted"]


@pytest.mark.parametrize("named", ["number one", "the first one", "nambari 1", "the gloves", f"{GLOVES}"])
async def test_it_may_be_named_as_people_do(post: Post, named: str) -> None:
    await post.reply("kiptoo", "/resolve two boxes came this morning from the sub-county store")
    await post.here.say("kiptoo", "health", named, reply_to=post.last().id)
    assert await post.states() == ["answered", "submitted"]


async def test_telling_words_need_no_question(post: Post) -> None:
    await post.reply("kiptoo", "/resolve the ambulance was repaired and is on the road again")
    assert post.heard() == [
        f"{CAR}: Daniel says it is done. Jane, please ask the citizen. Reply YES, or NOT YET and why."
    ]


async def test_a_yes_is_about_the_only_one_that_was_answered(post: Post) -> None:
    await post.reply("kiptoo", "/resolve the ambulance was repaired and is on the road again")
    await post.reply("chebet", "Yes, she confirms")
    assert await post.states() == ["submitted", "closed"]


async def test_a_yes_to_two_answers_is_asked_back(post: Post) -> None:
    for ref in (GLOVES, CAR):
        await post.here.say("kiptoo", "health", f"/resolve {ref} it was brought this morning by the rider")
    before = len(post.heard())
    await post.reply("chebet", "Yes, the citizen confirms")
    assert post.heard()[before:] == [WHICH]
    assert await post.states() == ["answered", "answered"]
    await post.here.say("chebet", "health", GLOVES, reply_to=post.last().id)
    assert await post.states() == ["closed", "answered"]


async def test_words_that_settle_nothing_ask_nothing(post: Post) -> None:
    for ref in (GLOVES, CAR):
        await post.here.say("kiptoo", "health", f"/resolve {ref} it was brought this morning by the rider")
    before = len(post.heard())
    word = await post.reply("chebet", "Not sure, I will ask them")
    assert post.heard()[before:] == []
    assert post.here.reaction("health", word) == "✍"


async def test_it_is_done_said_of_one_of_two_is_taken_once_it_is_named(post: Post) -> None:
    await post.reply("kiptoo", "It has been delivered this morning by the rider")
    assert post.heard() == [WHICH]
    await post.here.say("kiptoo", "health", GLOVES, reply_to=post.last().id)
    assert await post.states() == ["answered", "submitted"]


async def test_only_the_person_who_was_asked_can_say_which(post: Post) -> None:
    await post.reply("kiptoo", "/resolve two boxes came this morning from the sub-county store")
    asked = post.last()
    for who in ("chebet", "cheruto", "stranger"):
        post.here.sandbox.tap("health", who, asked.id, asked.buttons[0][1], post.here.clock())
        await post.here.say(who, "health", "number one", reply_to=asked.id)
    assert "answered" not in await post.states()


async def test_a_second_tap_takes_the_other_one_too(post: Post) -> None:
    await post.reply("kiptoo", "/resolve both boxes came this morning from the store")
    asked = post.last()
    for _, token in (*asked.buttons, asked.buttons[0]):
        post.here.sandbox.tap("health", "kiptoo", asked.id, token, post.here.clock())
        await post.here.app.step()
    assert await post.states() == ["answered", "answered"]


async def test_a_stranger_is_not_asked(post: Post) -> None:
    await post.reply("stranger", "It has been fixed, yes, confirmed")
    assert post.heard() == []


async def test_a_command_without_reply_is_about_the_only_request_it_fits() -> None:
    async with county() as here:
        await here.say("chebet", "health", "Location: Chesoi dispensary\nProblem: No gloves in the maternity")
        await here.say("kiptoo", "health", "/resolve two boxes came this morning from the store")
        assert here.lines("health")[1:] == [
            f"{GLOVES}: Daniel says it is done. Jane, please ask the citizen. Reply YES, or NOT YET and why."
        ]


async def test_a_command_without_reply_that_fits_several_is_asked_back_the_likeliest_first(post: Post) -> None:
    await post.here.say("kiptoo", "health", "/resolve the ambulance was repaired and is on the road again")
    assert post.heard() == [
        f"Which one: {CAR} (ambulance and referral) or {GLOVES} (medicines and supplies)? Reply with its number."
    ]
    await post.here.tap("kiptoo", "health", post.last())
    assert await post.states() == ["submitted", "answered"]


async def test_a_command_without_words_is_told_how(post: Post) -> None:
    await post.here.say("kiptoo", "health", "/resolve")
    assert post.heard() == [
        "Reply to the request with /resolve and what was done, or write /resolve, its number and what was done."
    ]


async def test_a_plain_chat_names_it_by_its_number() -> None:
    async with county(capabilities=Capabilities(repeatable_sends=True)) as here:
        post = Post(here, await here.say("chebet", "health", TWO))
        await post.reply("kiptoo", "/resolve two boxes came this morning from the sub-county store")
        assert post.last().buttons == ()
        await here.say("kiptoo", "health", "the second one", reply_to=post.last().id)
        assert await post.states() == ["submitted", "answered"]


async def test_a_number_without_its_letter_is_asked_back_and_one_tap_does_what_was_said(post: Post) -> None:
    await post.here.say("kiptoo", "health", "/resolve HLT-26-0002 the ambulance was repaired")
    assert post.heard() == [f"I find no HLT-26-0002. Did you mean {CAR} or {GLOVES}? Nothing was changed."]
    await post.here.tap("kiptoo", "health", post.last())
    assert await post.states() == ["submitted", "answered"]


async def test_a_stranger_with_a_number_without_its_letter_has_nothing_to_tap(post: Post) -> None:
    await post.here.say("stranger", "health", "/resolve HLT-26-0002 done by me")
    assert post.last().buttons == ()
    assert await post.states() == ["submitted", "submitted"]


@pytest.mark.parametrize("said", ["Both", "zote mbili", "all of them."])
async def test_both_does_what_was_said_for_each(post: Post, said: str) -> None:
    await post.reply("kiptoo", "It is done, two boxes came and the car was serviced this morning")
    assert post.heard() == [WHICH]
    await post.here.say("kiptoo", "health", said, reply_to=post.last().id)
    assert await post.states() == ["answered", "answered"]
    assert post.heard()[1:] == [
        f"{GLOVES}: Daniel says it is done. Jane, please ask the citizen. Reply YES, or NOT YET and why.",
        f"{CAR}: Daniel says it is done. Jane, please ask the citizen. Reply YES, or NOT YET and why.",
    ]


@pytest.mark.parametrize(("who", "said"), [("chebet", "Both"), ("kiptoo", "both are not done"), ("kiptoo", "Yes")])
async def test_anything_else_beside_it_and_anybody_else_takes_nothing(post: Post, who: str, said: str) -> None:
    await post.reply("kiptoo", "It is done, two boxes came and the car was serviced this morning")
    await post.here.say(who, "health", said, reply_to=post.last().id)
    assert "answered" not in await post.states()


@pytest.mark.parametrize(
    "said", ["Problem: Nothing left in the store", "Name: Mary Kosgei\nPhone: 0712 345 678", "Priority: urgent"]
)
async def test_what_a_label_gives_is_asked_back_and_counts_for_the_one_that_is_named(post: Post, said: str) -> None:
    columns = (
        "description || priority || COALESCE((SELECT reporter_phone FROM contact WHERE request_id = request.id), '')"
    )
    before = [await post.here.value(f"SELECT {columns} FROM request WHERE id = ?", pk) for pk in (1, 2)]
    await post.reply("chebet", said)
    assert post.heard() == [WHICH]
    await post.here.tap("chebet", "health", post.last())
    now = [await post.here.value(f"SELECT {columns} FROM request WHERE id = ?", pk) for pk in (1, 2)]
    assert (now[0] != before[0], now[1] == before[1]) == (True, True)


async def test_an_emergency_of_one_of_two_is_asked_back_with_the_numbers_to_call(post: Post) -> None:
    await post.reply("chebet", "Priority: Emergency")
    numbers = "ambulance 1199, police 999 / 112 or county helpline (Mon-Fri 8-17) 0704 220 220"
    assert post.heard() == [f"If anyone is in danger, call now: {numbers}. {WHICH}"]
    await post.here.tap("chebet", "health", post.last())
    assert post.heard()[2].startswith(f"{GLOVES} EMERGENCY")


async def test_a_whole_form_in_reply_to_several_numbers_is_a_need_of_its_own(post: Post) -> None:
    await post.reply("chebet", "Location: Kapsowar\nProblem: The fence was stolen")
    assert post.heard()[0].startswith("HLT-26-0003-L, routine, Kapsowar.")


@pytest.mark.parametrize(
    ("who", "form"),
    [
        ("rose", "Location: Kamwosor\nProblem: The fence was stolen"),
        ("kiptoo", "Ward: Kabiemit\nLocation: Kamwosor\nProblem: The fence was stolen"),
    ],
)
async def test_another_ones_whole_form_below_a_number_is_registered(post: Post, who: str, form: str) -> None:
    await post.reply(who, form)
    assert post.heard()[0].startswith("HLT-26-0003-L, routine, Kabiemit.")
    assert await post.states() == ["submitted", "submitted"]
