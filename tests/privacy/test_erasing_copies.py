"""What else holds an erased request's words goes too: loose numbers, pins, reports; old reasons go by themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from groupbot.orders import Order
from groupbot.retention import Retention
from groupbot.store import copying, migrations
from groupbot.store.database import Tx
from tests.county import FORM, County, county
from tests.telegram.town import GROUPS, USERS, Town, town

HELD = FORM.replace("Kapsowar sub-county", "Qwertyville") + "\nName: Zebediah Kiprop\nPhone: 0722 987 654"
SECRETS = ("zebediah", "0722 987", "722987654", "qwertyville")


def _left(tx: Tx) -> list[str]:
    rows = [row for row in copying.dump(tx, migrations.version(tx)) if not isinstance(row, copying.Table)]
    return [str(row) for row in rows if any(secret in str(row).lower() for secret in SECRETS)]


async def _secrets(here: County | Town) -> list[str]:
    app = here.app
    return await app.worker.run(lambda: app.store.read(_left))


async def _erase(here: County | Town) -> None:
    await here.say("chebet", "health", "/withdraw HLT-26-0001-J not needed any more")
    await here.app.obey(Order("1", "requests.erase", {"reference": "HLT-26-0001-J"}, "root"))
    await here.wait(hours=2)


async def test_loose_numbers_and_reports_go_with_the_request_and_others_stay(store_url: str) -> None:
    async with county(store_url) as here:
        post = await here.say("chebet", "health", HELD)
        twin = await here.say("rose", "water", FORM.replace("Kapsowar\n", "Kabiemit\n", 1))
        await here.say("rose", "health", "/report shows Zebediah of Qwertyville, 0722 987 654", post)
        await here.say("judith", "water", "hlt 26 1 j of Zebediah in Qwertyville is not ours")
        await here.say("judith", "private:judith", "what of Zebediah's matter, HLT26OOO1 J?")
        kept = await here.say("judith", "water", "good morning, wtr 26 7 is ours")
        await _erase(here)
        assert await _secrets(here) == []
        for message in (twin, kept):
            sql = "SELECT count(*) FROM inbox WHERE chat_id = 'water' AND message_id = ? AND raw <> ''"
            assert await here.value(sql, message) == 1


async def test_a_pin_of_the_post_goes_with_the_request() -> None:
    async with town() as here:
        post = await here.say("chebet", "health", HELD)
        chat = here.fake.world.chats[GROUPS["health"]]
        pin: dict[str, Any] = {
            "message_id": 900,
            "from": here.fake.world.users[USERS["nelson"]],
            "chat": chat.short(),
            "date": int(here.clock().timestamp()),
            "pinned_message": chat.messages[post],
        }
        here.fake.queue({"message": pin})
        await here.settle()
        assert [kind for (kind,) in await here.rows("SELECT kind FROM inbox")] == ["post", "other"]
        await _erase(here)
        assert await _secrets(here) == []


async def test_old_reasons_are_forgotten_unless_they_still_hold_somebody_back(store_url: str) -> None:
    async with county(store_url) as here:
        post = await here.say("stranger", "health", "you are all thieves")
        await here.say("rose", "health", "/report he shouts at Zebediah", post)
        await here.say("nelson", "health", "/mute until Friday insults", post)
        await here.tap("nelson", "health", here.messages("health")[-1])
        ticker, reasons = Retention(here.app.jurisdiction), "SELECT count(*) FROM moderation_act WHERE reason <> ''"
        days = here.app.jurisdiction.protocol.file.retention.other_days

        async def forget(after: timedelta) -> object:
            at = here.clock() + after
            await here.app.worker.run(lambda: here.app.store.write_tx(lambda tx: ticker.run(tx, at)))
            return await here.value(reasons)

        assert await forget(timedelta(days=days - 1)) == 2
        assert await forget(timedelta(days=days + 1)) == 1
        assert await forget(timedelta(days=days + 5)) == 0
