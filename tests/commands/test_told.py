"""Who is told of each act, wherever it is said: what the page of a request's life says is what happens."""

from __future__ import annotations

from dataclasses import replace

import pytest

from groupbot.rules.life_page import ACTS, TOLD
from tests.county import EVERYONE, FORM, PLACES, County, county

REF = "HLT-26-0001-J"
OTHER = "HLT-26-0002-K"
TWICE = "HLT-26-0003-L"
RESOLVED = "/resolve 200 doses delivered to the hospital"
# act -> who says what, in the group in reply to the post unless it names its request; elsewhere with its number
SAID = {
    "answer": ("kiptoo", RESOLVED),
    "cannot": ("kiptoo", "/cannot there is no cold room in the hospital"),
    "by": ("kiptoo", "/by tomorrow"),
    "amend": ("chebet", "Location: Chesoi dispensary"),
    "move": ("kiptoo", "/move water"),
    "raise": ("chebet", "EMERGENCY"),
    "priority": ("cheruto", "/priority routine they have stock for two weeks"),
    "pause": ("nelson", "/pause until Friday, the store is being counted"),
    "safe": ("kiptoo", "/safe"),
    "same": ("kiptoo", f"/same {REF} {OTHER}"),
    "duplicate": ("chebet", f"/same {REF} {TWICE}"),
    "local": ("chebet", "/local the clinic lent twenty packs to everybody"),
    "withdraw": ("chebet", "/withdraw"),
    "citizen_yes": ("chebet", "Yes, she got hers"),
    "citizen_not_yet": ("chebet", "Not yet, still nothing"),
    "observe": ("naomi", f"/we-see {REF} the shelves are empty"),
}
BEFORE = {"citizen_yes": ("kiptoo", RESOLVED), "citizen_not_yet": ("kiptoo", RESOLVED)}
DANGER = "Snake bite patient and no antivenom"
# What the department hears of each act, below the request's own post.
HEARD = {
    "answer": f"{REF}: Daniel says it is done. Jane, please ask the citizen. Reply YES, or NOT YET and why.",
    "cannot": (
        f"{REF}: Daniel says it cannot be done, and why. Jane, please tell the citizen. "
        "Reply YES if they accept it, or NOT YET and why."
    ),
    "by": f"{REF}: Daniel says it will be done by tomorrow 17:00.",
    "amend": f"{REF} changed by Jane: the place.",
    "move": f"{REF} moved to Water by Daniel. Number and clock stay.",
    "raise": (
        f"{REF} EMERGENCY, Kapsowar. Do not wait for this bot, call now: ambulance 1199, police 999 / 112 or "
        "county helpline (Mon-Fri 8-17) 0704 220 220. Ringing Daniel, Dr Cheruto and Nelson."
    ),
    "priority": f"{REF} is now routine, says Dr Cheruto. Answer due Tue 8 Dec.",
    "pause": f"{REF}: no reminders until Fri 27 Nov 17:00, says Nelson. Its dates stay.",
    "safe": f"{REF}: nobody is in danger any more, says Daniel. What is left is due Fri 27 Nov.",
    "same": f"{REF} and {OTHER} are one matter now: one answer for all, and each citizen is asked.",
    "duplicate": f"{TWICE} closed: it is the same as {REF}, which goes on.",
    "local": f"{REF} closed: settled in the ward, says Jane.",
    "withdraw": f"{REF} closed: withdrawn, says Jane.",
    "citizen_yes": f"{REF} closed: the citizen agrees, says Jane. Under a minute. Thank you both.",
    "citizen_not_yet": f"{REF} open again: the citizen says not yet. Daniel, please see Jane's message.",
    "observe": f"{REF}: an observer says: the shelves are empty",
}
THANKED = f"{REF}: passed on to the department, without your name."
SMS = (f"{REF}: the county says", f"{REF} is closed", f"{REF}: the county has answered")
CHATS = {"group": "health", "new group": "water", "mirror": "mirror", "sms": "private:chebet"}
# Communications with everybody in it: who says an act there is entitled by their office, not by the chat.
WHERE = ("health", "private", "communications")
TRIED = [(act, where) for act in SAID for where in WHERE if act != "observe" or where == "private"]
OPEN = tuple(replace(place, members=EVERYONE) if place.chat_id == "communications" else place for place in PLACES)


def _sms(here: County) -> list[str]:
    return [message.text for message in here.messages("private:chebet") if message.text.startswith(SMS)]


def _heard(here: County) -> dict[str, int]:
    return {name: len(_sms(here) if name == "sms" else here.lines(chat)) for name, chat in CHATS.items()}


async def _staged(here: County, act: str, chat: str) -> tuple[dict[str, str], str]:
    """The ids of Jane's posts by number, and of what the act's words are a reply to in that chat, '' for nothing."""
    form = FORM.replace("Urgent", "Emergency") if act == "safe" else FORM
    post = await here.say("chebet", "health", form)
    await here.say("rose", "health", FORM.replace("Kapsowar\n", "Kabiemit\n", 1))
    second = FORM.replace("malaria drugs", "gloves").replace("hospital", "dispensary")
    posts = {REF: post, TWICE: await here.say("chebet", "health", second)}
    if act in BEFORE:
        who, text = BEFORE[act]
        await here.say(who, "health", text, reply_to=post)
    if act == "raise":
        await here.say("chebet", chat, f"{REF} {DANGER}")
        return posts, here.messages(chat)[-1].id
    return posts, post if chat == "health" else ""


@pytest.mark.parametrize(("act", "where"), TRIED)
async def test_an_act_is_told_to_whom_the_page_says_wherever_it_is_said(act: str, where: str) -> None:
    who, text = SAID[act]
    chat = f"private:{who}" if where == "private" else where
    async with county(places=OPEN) as here:
        posts, below = await _staged(here, act, chat)
        before, said_here = _heard(here), len(here.lines(chat))
        if not below and REF not in text:  # elsewhere its number says what it is about
            command, _, rest = text.partition(" ") if text.startswith("/") else ("", "", text)
            text = f"{command} {REF} {rest}".strip()
        said = await here.say(who, chat, text, reply_to=below or None)
        after = _heard(here)
        assert {name for name in CHATS if after[name] > before[name]} == set(TOLD[act])  # type: ignore[index]
        (line,) = here.messages("health")[before["group"] :]
        assert line.text == HEARD[act]
        below_post = chat != "health" or act == "move"
        assert line.reply_to == (posts[line.text[: len(REF)]] if below_post else said)
        if chat != "health":
            shown = THANKED if act == "observe" else f"In Health I have said: {HEARD[act]}"
            assert [one for one in here.lines(chat)[said_here:] if not one.startswith(SMS)] == [shown]


def test_every_act_that_is_told_is_tried_here() -> None:
    assert set(SAID) == set(TOLD) == set(HEARD)
    assert set(ACTS) - set(TOLD) == {"word", "protect"}


async def test_an_answer_and_not_yet_below_the_private_lists_reach_the_group_and_each_other() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM.replace("Urgent", "Routine"))
        await here.wait(days=3)
        asked = here.messages("private:kiptoo")[-1].id
        before = len(here.lines("health"))
        await here.say("kiptoo", "private:kiptoo", f"{RESOLVED.replace('resolve', 'resolve ' + REF)}", reply_to=asked)
        await here.wait(days=3)
        asked = here.messages("private:chebet")[-1].id
        await here.say("chebet", "private:chebet", f"{REF} not yet, nothing has come to us", reply_to=asked)
        lines = here.messages("health")[before:]
        assert [(line.text, line.reply_to) for line in lines] == [
            (HEARD["answer"], post),
            (HEARD["citizen_not_yet"], post),
        ]


async def test_an_emergency_made_in_private_is_told_in_the_group_before_its_people_are_rung() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("cheruto", "private:cheruto", f"/priority {REF} emergency the ward is full and one has died")
        made = f"{REF} is now emergency, says Dr Cheruto. Answer due Thu 26 Nov."
        lines = here.messages("health")[1:]
        assert [(line.text, line.reply_to) for line in lines] == [(made, post), (HEARD["raise"], post)]
        shown = [f"In Health I have said: {line}" for line in (made, HEARD["raise"])]
        assert here.private("cheruto")[:2] == shown
        await here.wait(minutes=1)
        assert here.private("kiptoo")[0].startswith(f"EMERGENCY {REF}, Health, Kapsowar, raised by Dr Cheruto")


async def test_a_first_word_in_private_is_seen_on_the_post_and_a_further_one_only_received() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        said = await here.say("kiptoo", "private:kiptoo", f"{REF} seen, I am calling the store")
        assert (here.reaction("private:kiptoo", said), here.reaction("health", post)) == ("👀", "👀")
        said = await here.say("kiptoo", "private:kiptoo", f"{REF} they load the car now")
        assert (here.reaction("private:kiptoo", said), here.reaction("health", post)) == ("✍", "👀")
        assert (len(here.lines("health")), here.private("kiptoo")) == (1, [])


async def test_that_all_are_safe_is_a_line_in_the_group_for_words_that_nobody_there_has_read() -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM.replace("Urgent", "Emergency"))
        before = len(here.lines("health"))
        await here.say("chebet", "private:chebet", f"{REF} everybody is safe now")
        assert here.lines("health")[before:] == [HEARD["safe"].replace("Daniel", "Jane")]


async def test_after_a_move_what_is_said_in_the_old_group_is_told_in_the_new_one() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "/move water", reply_to=post)
        await here.say("judith", "water", RESOLVED, reply_to=here.messages("water")[-1].id)
        before = len(here.lines("health"))
        said = await here.say("chebet", "health", "Not yet, still nothing", reply_to=post)
        assert here.lines("water")[-1] == HEARD["citizen_not_yet"].replace("Daniel", "Judith")
        assert (here.lines("health")[before:], here.reaction("health", said)) == ([], "✍")


async def test_a_request_that_was_moved_is_closed_without_a_word_in_the_group_that_has_it() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "/move water", reply_to=post)
        await here.say("judith", "water", RESOLVED, reply_to=here.messages("water")[-1].id)
        before = len(here.lines("health"))
        await here.wait(days=45)
        assert here.lines("water")[-1] == (
            f"{REF} closed: no word of the citizen came, asked for 6 times. "
            "If it is not done, reply NOT YET and why within 30 days."
        )
        assert here.lines("health")[before:] == []
