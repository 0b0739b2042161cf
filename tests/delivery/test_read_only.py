"""The mirror is read-only by the platform's own word, or it is closed again, or communications are told."""

from __future__ import annotations

from groupbot.chat.sandbox_state import RIGHTS
from tests.county import county


async def test_a_mirror_that_somebody_opened_is_closed_at_once_and_staff_are_told() -> None:
    async with county() as here:
        await here.wait(minutes=1)
        assert here.lines("communications") == []
        here.sandbox.set_standing("mirror", here.clock(), read_only=False)
        await here.wait(minutes=1)
        assert here.sandbox.room("mirror").read_only
        assert here.lines("communications") == ["Mirror: everybody could write there. I made it read-only again."]


async def test_a_mirror_that_cannot_be_closed_is_reported_once() -> None:
    async with county() as here:
        await here.wait(minutes=1)
        here.sandbox.set_standing("mirror", here.clock(), read_only=False, rights=RIGHTS - {"read_only"})
        await here.wait(days=3)
        (said,) = here.lines("communications")
        assert said.endswith("ban users: without it I cannot keep the mirror read-only")


async def test_a_mirror_that_is_opened_long_after_the_right_was_lost_is_reported_too() -> None:
    async with county() as here:
        here.sandbox.set_standing("mirror", here.clock(), read_only=True, rights=RIGHTS - {"read_only"})
        await here.wait(minutes=1)
        count = len(here.lines("communications"))
        here.sandbox.set_standing("mirror", here.clock(), read_only=False, rights=RIGHTS - {"read_only"})
        await here.wait(days=3)
        assert here.lines("communications")[count:] == [
            "Mirror: everybody can write there and I cannot change that. Please let only me write there."
        ]
