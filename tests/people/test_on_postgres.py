"""The road of acts and people on PostgreSQL as on SQLite: once through everything that has statements of its own."""

from __future__ import annotations

from groupbot import health
from groupbot.orders import Order
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


async def test_orders_health_and_ends_of_terms_on_either_database(store_url: str) -> None:
    async with county(store_url) as here:
        people = [{"name": "Lydia Chelimo", "role": "coordinator", "department": "roads", "matrix": "@l:x"}]
        added = Order("1", "people.add", {"people": people}, "root")
        assert await here.app.obey(added) == ["Lydia Chelimo: coordinator roads"]
        assert await here.app.obey(added) == ["That was done already."]
        ended = Order("2", "people.end", {"who": "matrix:@l:x", "unbind": True}, "root")
        assert await here.app.obey(ended) == [
            "Lydia Chelimo: no longer coordinator roads",
            "Lydia Chelimo: no longer matrix:@l:x",
        ]
        assert await here.app.obey(Order("3", "people.add", {"people": people}, "root"))
        await here.say("cheruto", "health", "/cover Judith until 4 pm")
        await here.wait(hours=23)
        assert here.lines("health")[-1] == "Judith Cherotich is no longer coordinator of Health. Now it is Daniel."
        await here.app._tick()
        ours = here.app.jurisdiction
        found = await here.app.worker.run(
            lambda: here.app.store.read(lambda tx: health.look(tx, ours, here.app.clock()))
        )
        assert (found.well, found.condition.waiting, found.condition.parked_rows) == (True, 0, ())
        assert await here.app.obey(Order("4", "parked.retry", {}, "root")) == [
            "tried again: 0 that came in, 0 on the way out"
        ]
