"""Every act x every disguise: what was forwarded, quoted, edited, captioned, or said by no person does nothing."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from groupbot.chat.sandbox_update import parse
from groupbot.commands import COMMANDS
from groupbot.intake.batches import Intake
from groupbot.records import Batch, Update
from tests.county import FORM, County, county

REF = "HLT-26-0001-J"
OTHER = "HLT-26-0002-K"
DISGUISES = ("forwarded", "quoted", "caption", "channel", "anonymous")
# One line for each command by somebody who may give it, each of which does something when it is said plainly.
ACTS = {
    "resolve": ("kiptoo", "200 doses delivered to the hospital"),
    "cannot": ("kiptoo", "the hospital has no cold room"),
    "by": ("kiptoo", "Thursday"),
    "move": ("kiptoo", "water"),
    "priority": ("cheruto", "routine the clinic has stock for two weeks"),
    "cover": ("cheruto", "Judith until Friday"),
    "local": ("chebet", "the clinic lent twenty packs to everybody"),
    "withdraw": ("chebet", "she went to Iten"),
    "mine": ("chebet", ""),
    "same": ("kiptoo", OTHER),
    "undo": ("kiptoo", ""),
    "language": ("kiptoo", "sw"),
    "status": ("chebet", ""),
    "why": ("chebet", ""),
    "help": ("chebet", ""),
    "join": ("chebet", "0000-0000-0000"),
    "we_see": ("naomi", "the shelves are empty"),
    "contact": ("chebet", ""),
    "report": ("chebet", "she is rude"),
    "warn": ("nelson", "insults"),
    "mute": ("nelson", "insults"),
    "ban": ("nelson", "insults"),
    "lift": ("nelson", ""),
    "called": ("nelson", "yes"),
    "protect": ("nelson", "it names a child"),
    "safe": ("kiptoo", ""),
    "pause": ("nelson", "until Friday, the store is being counted"),
    "announce": ("nelson", "the office is closed"),
    "invite": ("nelson", "champion Kapsowar"),
    "approve": ("nelson", ""),
    "assign": ("nelson", "Rose Kemei champion Kapsowar"),
    "connect": ("nelson", "mirror"),
    "disconnect": ("nelson", "the society has closed"),
    "release": ("nelson", "Rose Kemei ward admin Kabiemit"),
    "guards": ("nelson", ""),
    "health": ("nelson", ""),
    "holiday": ("nelson", "Friday, a state funeral"),
    "workday": ("nelson", "Friday"),
}
ANYWHERE = frozenset(
    {
        "cover",
        "mine",
        "language",
        "help",
        "join",
        "announce",
        "invite",
        "approve",
        "assign",
        "connect",
        "disconnect",
        "release",
        "guards",
        "health",
        "holiday",
        "workday",
    }
)
TABLES = ("request", "request_past", "service_log", "extension", "twin", "invite", "role_grant", "person", "chat")


async def _fingerprint(here: County, *also: str) -> list[object]:
    """All that an act could change, and all that the bot has queued to say."""
    rows: list[object] = []
    for table in (*TABLES, *(also or ("outbox",))):
        sql = f"SELECT * FROM {table} ORDER BY 1, 2"
        rows.append(await here.app.worker.run(lambda sql=sql: here.app.store.read(lambda tx: tx.all(sql))))  # type: ignore[misc]
    return rows


async def _take(here: County, update: Update) -> None:
    """Hand an update to the bot as a platform's adapter would."""
    intake = Intake(here.app.store, here.app.jurisdiction, {"sandbox": parse})
    batch = Batch((update,), "999999")
    await here.app.worker.run(lambda: intake.take("sandbox", batch, here.clock()))


def _update(who: str, text: str, here: County, post: str, **more: Any) -> Update:
    update = Update("sandbox", "health", "m900", "post", "{}", here.clock(), update_id="900", sender_id=who, text=text)
    return replace(update, reply_to=post, sender_name=who, **more)


async def _stage(here: County) -> str:
    post = await here.say("chebet", "health", FORM)
    other = FORM.replace("Kapsowar sub-county hospital", "Chesoi dispensary").replace("malaria drugs", "gloves")
    await here.say("chebet", "health", other)
    await here.say("kiptoo", "health", "Seen, I am on it", reply_to=post)
    return post


def test_every_command_has_its_line_here() -> None:
    assert set(ACTS) == set(COMMANDS) - {"request"}


@pytest.mark.parametrize("name", ACTS)
async def test_an_act_said_plainly_does_something(name: str) -> None:
    who, rest = ACTS[name]
    async with county() as here:
        post = await _stage(here)
        before = await _fingerprint(here)
        await _take(here, _update(who, f"/{name} {rest}", here, post))
        assert await _fingerprint(here) != before


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("mark", ["/{name} {rest}", "!{name} {rest}", "{name} " + REF + " {rest}"])
async def test_no_act_in_disguise_does_anything(disguise: str, mark: str) -> None:
    # of words in the group's name the bot asks whose they are
    said = ("message_link",) if disguise == "anonymous" else ("outbox",)
    async with county() as here:
        post = await _stage(here)
        before = await _fingerprint(here, *said)
        for place, (name, (who, rest)) in enumerate(ACTS.items()):
            update = _update(who, mark.format(name=name, rest=rest), here, post, disguise=disguise)
            await _take(here, replace(update, message_id=f"m{900 + place}"))
            assert await _fingerprint(here, *said) == before, name


@pytest.mark.parametrize("mark", ["/{name} {rest}", "{name} " + REF + " {rest}"])
async def test_no_edit_executes_an_act(mark: str) -> None:
    async with county() as here:
        post = await _stage(here)
        for who in ("kiptoo", "cheruto", "chebet", "nelson", "naomi"):
            await here.say(who, "health", "Good morning to all")
        before = await _fingerprint(here)
        for place, (name, (who, rest)) in enumerate(ACTS.items()):
            text = mark.format(name=name, rest=rest)
            update = _update(who, text, here, post, kind="edit", revision=f"r{place}")
            await _take(here, replace(update, message_id="m5"))
            assert await _fingerprint(here) == before, name


# Words that are acts, by somebody entitled to them: (who, the words, whether the request has been answered).
WORDS = (
    ("kiptoo", "Seen, I am calling the store, back before noon", False),
    ("kiptoo", "It is fixed, 200 doses reached the hospital today", False),
    ("chebet", "EMERGENCY", False),
    ("chebet", "When will this be done?", False),
    ("chebet", "Yes, she got hers", True),
    ("chebet", "Not yet, still nothing", True),
    ("rose", "Ndio, ameridhika", True),
    ("nelson", "The citizen called, she got it", True),
    ("nelson", "Not yet, she called the helpline", True),
)


async def _answered(here: County, *, answered: bool) -> str:
    post = await here.say("chebet", "health", FORM)
    if answered:
        await here.say("kiptoo", "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
    return post


@pytest.mark.parametrize(("who", "text", "answered"), [one for one in WORDS if one[0] != "rose"])
async def test_words_said_plainly_do_something(who: str, text: str, answered: bool) -> None:
    async with county() as here:
        post = await _answered(here, answered=answered)
        before = await _fingerprint(here)
        await _take(here, _update(who, text, here, post))
        assert await _fingerprint(here) != before


@pytest.mark.parametrize("disguise", DISGUISES)
async def test_no_words_in_disguise_do_anything(disguise: str) -> None:
    for answered in (False, True):
        async with county() as here:
            post = await _answered(here, answered=answered)
            before = await _fingerprint(here)
            for place, (who, text, _) in enumerate(one for one in WORDS if one[2] == answered):
                update = _update(who, text, here, post, disguise=disguise)
                await _take(here, replace(update, message_id=f"m{900 + place}"))
                # whoever writes in the group's name is asked who they are: that line alone is said
                some = slice(-1) if disguise == "anonymous" else slice(None)
                assert (await _fingerprint(here))[some] == before[some], text


async def test_words_that_an_edit_puts_there_do_nothing() -> None:
    async with county() as here:
        post = await _answered(here, answered=True)
        said = {who: await here.say(who, "health", "Good morning to all") for who in ("kiptoo", "chebet", "nelson")}
        before = await _fingerprint(here)
        for place, (who, text, _) in enumerate(one for one in WORDS if one[0] in said):
            update = _update(who, text, here, post, kind="edit", revision=f"w{place}")
            await _take(here, replace(update, message_id=said[who]))
            assert await _fingerprint(here) == before, text


@pytest.mark.parametrize(
    "text", ["`/resolve 200 doses delivered`", "> /resolve 200 doses delivered", "say /resolve it"]
)
async def test_a_command_inside_other_text_is_no_command(text: str) -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", text)
        assert await here.value("SELECT state FROM request") == "submitted"


@pytest.mark.parametrize("sender", ["1087968824", "channel:1", ""])
async def test_a_sender_who_is_nobody_has_no_right(sender: str) -> None:
    async with county() as here:
        post = await _stage(here)
        for place, (name, (_, rest)) in enumerate(ACTS.items()):
            update = _update(sender, f"/{name} {rest}", here, post)
            await _take(here, replace(update, message_id=f"m{900 + place}"))
        assert await here.value("SELECT count(*) FROM request_past") == 1
        assert await here.value("SELECT count(*) FROM invite") == 0
        assert await here.value("SELECT count(*) FROM role_grant WHERE acting_for IS NOT NULL") == 0


# --- buttons ----------------------------------------------------------------------------------------------------------


async def test_no_forged_replayed_or_borrowed_tap_is_taken() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "It is fixed, 200 doses reached the hospital today", reply_to=post)
        offer = here.messages("health")[-1]
        token = offer.buttons[0][1]
        forged = ["", "0" * len(token), token.upper() + "x", token[:-1], token + " ", "%", "_" * len(token)]
        for place, (who, chat, given_token) in enumerate(
            [("kiptoo", "health", bad) for bad in forged]
            + [(who, "health", token) for who in ("chebet", "cheruto", "stranger", "naomi")]
            + [("kiptoo", chat, token) for chat in ("water", "private:kiptoo", "mirror")]
        ):
            update = _update(who, "", here, offer.id, kind="tap", token=given_token, revision=f"t{place}")
            await _take(here, replace(update, chat_id=chat, message_id=offer.id))
        assert await here.value("SELECT state FROM request") == "acknowledged"
        for place in range(2):
            await _take(here, _update("kiptoo", "", here, offer.id, kind="tap", token=token, revision=f"own{place}"))
        assert await here.value("SELECT answers FROM request") == 1


async def test_no_made_up_token_is_taken() -> None:
    chance = random.Random(4)
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "It is fixed, 200 doses reached the hospital today", reply_to=post)
        for place in range(300):
            token = "".join(chance.choices("0123456789abcdef%_'\" \x00é🙏", k=chance.randrange(80)))
            await _take(here, _update("kiptoo", "", here, post, kind="tap", token=token, revision=f"t{place}"))
        assert await here.value("SELECT state FROM request") == "acknowledged"
        assert await here.value("SELECT count(*) FROM inbox WHERE state <> 'done'") == 0
