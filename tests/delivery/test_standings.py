"""The mirror is read-only by the platform's own word, or it is mended, or staff are told; so are missing rights."""

from __future__ import annotations

from groupbot.chat.sandbox import PLAIN
from groupbot.chat.sandbox_state import RIGHTS
from tests.county import county


async def test_groups_in_order_are_read_back_at_start_in_silence() -> None:
    async with county() as here:
        await here.wait(minutes=1)
        assert await here.value("SELECT count(*) FROM chat_standing") == 5
        assert await here.value("SELECT read_only FROM chat_standing JOIN chat ON chat.id = chat_pk"
                                " WHERE chat.chat_id = 'mirror'") == 1  # fmt: skip
        assert here.lines("communications") == []


async def test_a_mirror_that_somebody_opened_is_closed_at_once_and_staff_are_told() -> None:
    async with county() as here:
        await here.wait(minutes=1)
        here.sandbox.set_standing("mirror", here.clock(), read_only=False)
        await here.app.step()
        assert here.sandbox.room("mirror").read_only
        assert here.lines("communications") == ["Mirror: everybody could write there. I made it read-only again."]


async def test_a_mirror_that_cannot_be_closed_is_reported_once() -> None:
    async with county() as here:
        await here.wait(minutes=1)
        here.sandbox.set_standing("mirror", here.clock(), read_only=False, rights=RIGHTS - {"read_only"})
        await here.app.step()
        await here.wait(days=3)
        said = [line for line in here.lines("communications") if line.startswith("Mirror")]
        assert said == ["Mirror: everybody can write there and I cannot change that. Please let only me write there."]


async def test_what_the_bot_may_not_do_is_told_with_its_remedy_and_again_when_it_changes() -> None:
    async with county() as here:
        await here.wait(minutes=1)
        for rights in (RIGHTS - {"pin", "members"}, RIGHTS - {"pin", "members"}, RIGHTS, RIGHTS - {"ban"}):
            here.sandbox.set_standing("health", here.clock(), read_only=False, rights=rights)
            await here.app.step()
        assert here.lines("communications") == [
            "Health: I may not pin messages and see who joins. Please make me an administrator there who may.",
            "Health: I may not put members out. Please make me an administrator there who may.",
        ]


async def test_a_chat_that_has_no_such_rights_is_left_in_peace() -> None:
    async with county(capabilities=PLAIN) as here:
        here.sandbox.set_standing("health", here.clock(), read_only=False, rights={"write", "pin"})
        await here.wait(days=2)
        assert here.lines("communications") == []
