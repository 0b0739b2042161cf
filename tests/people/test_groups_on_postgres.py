"""The mirror's words, order in the groups and contacts on PostgreSQL as on SQLite: every statement of theirs once."""

from __future__ import annotations

from tests.county import FORM, county

PIPE = "Location: Chesoi market\nProblem: The pipe has burst and 300 homes are dry\nName: Hezron Kipzovipu"


async def test_words_are_previewed_published_and_protected_on_either_database(store_url: str) -> None:
    async with county(store_url) as here:
        await here.say("chebet", "water", PIPE)
        await here.wait(minutes=10)
        await here.say("judith", "private:judith", "A burst pipe at the market", here.messages("private:judith")[-1].id)
        await here.wait(hours=3)
        assert "WTR-26-0001-G, the need: A burst pipe at the market" in here.lines("mirror")
        await here.say("judith", "private:judith", "/contact WTR-26-0001-G")
        assert here.private("judith")[-1].startswith("WTR-26-0001-G: Hezron Kipzovipu")
        await here.say("nelson", "communications", "/protect WTR-26-0001-G it names a child")
        assert "WTR-26-0001-G: taken back to protect a person" in here.lines("mirror")
        assert await here.value("SELECT count(*) FROM inbox WHERE state <> 'done'") == 0


async def test_strangers_guards_and_acts_on_either_database(store_url: str) -> None:
    async with county(store_url) as here:
        await here.wait(days=14)
        here.sandbox.enter("health", "stranger", here.clock())
        here.sandbox.enter("health", "rose", here.clock())
        post = await here.say("stranger", "health", FORM)
        for number in range(20):
            await here.say("stranger", "health", f"hello {number}")
        await here.say("chebet", "health", "/report rude", post)
        await here.say("nelson", "health", "/mute until Friday insults", post)
        await here.tap("nelson", "health", here.messages("health")[-1])
        await here.say("nelson", "health", "/lift", post)
        await here.say("nelson", "private:nelson", "/invite ward admin Kapsowar Philip Otieno")
        code = here.private("nelson")[-1].split("/join ")[1].split("\n")[0]
        await here.say("stranger", "private:stranger", f"/join {code}")
        assert here.lines("health")[-1].startswith("HLT-26-0001-J")
        assert await here.value("SELECT count(*) FROM inbox WHERE state <> 'done'") == 0
        assert await here.value("SELECT count(*) FROM held_post WHERE released_at IS NULL") == 0
        assert await here.value("SELECT count(DISTINCT finding) FROM moderation_act WHERE finding <> ''") == 3
