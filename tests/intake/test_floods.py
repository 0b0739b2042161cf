"""Somebody floods a group: others are heard at once, all of the flood is kept and worked in order, staff hear once."""

from __future__ import annotations

import pytest

from tests.county import county
from tests.faults import flood
from tests.faults.flood import KINDS, TELEGRAM, Flood

MESSAGES = 600


@pytest.mark.parametrize("who", ["chebet", "stranger"])
@pytest.mark.parametrize("kind", KINDS)
async def test_others_are_answered_within_seconds_beside_a_flood_that_is_kept_whole(kind: str, who: str) -> None:
    seen = await flood.flood(kind, 1, messages=MESSAGES, who=who)
    assert seen == Flood(seen.delays, 0, MESSAGES, seen.lines)
    assert len(seen.delays) == 12
    assert seen.p95 < flood.PATIENCE


async def test_a_flood_of_needs_gets_all_its_numbers_in_order_and_staff_hear_of_it_once_in_ten_minutes() -> None:
    async with county(capabilities=TELEGRAM) as here:
        for number in range(200):
            here.sandbox.post("health", "chebet", KINDS["forms"](number), at=here.clock())
        await here.app.step()
        assert await here.value("SELECT count(*) FROM inbox WHERE state = 'put_off'") == 195
        await here.wait(minutes=3)
        assert await here.value("SELECT count(*) FROM inbox WHERE state <> 'done'") == 0
        sql = "SELECT message_id, service_request_id FROM request ORDER BY id"
        rows = await here.app.worker.run(lambda: here.app.store.read(lambda tx: tx.all(sql)))
        assert [int(reference[7:11]) for _, reference in rows] == list(range(1, 201))
        assert [one for one, _ in rows] == sorted((one for one, _ in rows), key=lambda one: (len(one), one))
        assert here.lines("communications") == [
            "Jane Chebet writes faster in Health than I can answer. Waiting: 195. All of it is kept and worked in"
            " order, and nobody else has to wait. Please look."
        ]


async def test_what_was_put_off_is_worked_after_a_restart_too() -> None:
    async with county(capabilities=TELEGRAM) as here:
        for number in range(20):
            here.sandbox.post("health", "chebet", KINDS["forms"](number), at=here.clock())
        await here.app.step()
        assert await here.value("SELECT count(*) FROM request") == 5
        here.app.intake.turns = type(here.app.intake.turns)(here.app.jurisdiction, here.app._rates)
        await here.app.worker.run(lambda: here.app.store.read(here.app.intake.turns.load))
        await here.app.worker.run(lambda: here.app.intake.work_waiting(here.clock()))
        assert await here.value("SELECT count(*) FROM request") == 20


async def test_fifteen_posts_after_a_baraza_all_have_their_numbers_within_half_a_minute() -> None:
    async with county(capabilities=TELEGRAM) as here:
        for number in range(15):
            here.sandbox.post("health", "chebet", KINDS["forms"](number), at=here.clock())
        await here.wait(seconds=30)
        assert await here.value("SELECT count(*) FROM request WHERE told_at IS NOT NULL") == 15


async def test_a_chat_without_limits_puts_nothing_off() -> None:
    async with county() as here:
        for number in range(60):
            here.sandbox.post("health", "chebet", KINDS["forms"](number), at=here.clock())
        await here.app.step()
        assert await here.value("SELECT count(*) FROM request") == 60
