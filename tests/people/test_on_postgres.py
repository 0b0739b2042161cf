"""The road of acts and people on PostgreSQL as on SQLite: once through everything that has statements of its own."""

from __future__ import annotations

from tests.county import FORM, county


async def test_acts_and_their_undoing_on_either_database(store_url: str) -> None:
    async with county(store_url) as here:
        post = await here.say("chebet", "health", FORM)
        other = await here.say("rose", "health", FORM.replace("Kapsowar\n", "Kabiemit\n", 1))
        await here.say("kiptoo", "health", "/same HLT-26-0001-J HLT-26-0002-K")
        await here.say("kiptoo", "health", "/by Monday, the lorry leaves Eldoret on Saturday", reply_to=post)
        await here.say("kiptoo", "health", "/undo", reply_to=post)
        await here.say("kiptoo", "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
        await here.say("rose", "health", "Bado, hawajapata", reply_to=other)
        await here.say("chebet", "private:chebet", "/mine")
        await here.say("cheruto", "health", "/cover Judith until Friday")
        await here.say("nelson", "private:nelson", "/invite champion Kapsowar")
        code = here.private("nelson")[-1].splitlines()[1]
        await here.say("stranger", "private:stranger", code)
        assert here.private("stranger")[0].startswith("Welcome, Philip Otieno.")
        assert await here.value("SELECT count(*) FROM request WHERE state = 'reopened'") == 2
        assert await here.value("SELECT count(*) FROM inbox WHERE state <> 'done'") == 0
