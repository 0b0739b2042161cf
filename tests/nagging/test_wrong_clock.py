"""A machine whose clock stands wrong for a while: nothing is lost by it, and whoever posts meanwhile has a number."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from groupbot import believing, health
from groupbot.app import App
from groupbot.believing import Believed
from groupbot.chat.sandbox import SandboxChat
from groupbot.clock import VirtualClock
from groupbot.rehearsal.stage import PLATFORM, Player
from groupbot.rules import timekeeping
from groupbot.store import inbox
from groupbot.store.database import Store
from tests.county import FORM, PLACES, PLAYERS, TUESDAY, County, county

WRONG = (datetime(1970, 1, 1, tzinfo=UTC), datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC))
PEOPLE = ("kiptoo", "chebet", "nelson")


def stand_at(clock: VirtualClock, at: datetime) -> None:
    """The machine's clock is set, by nobody whom the bot knows of."""
    clock._set_to = at


async def lived(wrong: datetime | None) -> tuple[dict[str, list[str]], list[object]]:
    """Twelve days with two requests closed, one open and one posted in the hour in which the clock may stand wrong."""
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "/resolve 200 doses delivered this morning from the store", reply_to=post)
        await here.say("chebet", "health", "Jane confirms, she got hers", reply_to=post)
        await here.say("chebet", "health", FORM.replace("malaria drugs", "gloves"))
        await here.wait(days=2, hours=10)
        now = here.clock()
        if wrong is not None:
            stand_at(here.clock, wrong)
        for _ in range(3):
            await here.app.step()
        text = FORM.replace("malaria drugs", "syringes")
        here.sandbox.post("health", "chebet", text, at=now)
        for _ in range(3):
            await here.app.step()
        stand_at(here.clock, now + timedelta(hours=1))
        await here.wait(days=10)
        rooms = [place.chat_id for place in PLACES] + [f"private:{one}" for one in PEOPLE]
        kept = [
            await here.value("SELECT count(*) FROM request WHERE description <> ''"),
            await here.value("SELECT MAX(requested_datetime) FROM request"),
            await here.value("SELECT count(*) FROM outbox WHERE state <> 'sent'"),
            await here.value("SELECT MAX(not_before) FROM outbox"),
            await here.value("SELECT MAX(at) FROM service_log"),
        ]
        marks = await here.app.worker.run(lambda: here.app.store.read(lambda tx: inbox.states(tx, "")))
        for name in ("running", believing.VERDICT):
            marks.pop(name, None)
        return {room: here.lines(room) for room in rooms}, [*kept, marks]


@pytest.mark.parametrize("wrong", WRONG)
async def test_an_hour_in_another_year_leaves_no_trace(wrong: datetime) -> None:
    said, kept = await lived(None)
    assert [line.partition(",")[0] for line in said["health"] if "HLT-26-0003" in line][:1] == ["HLT-26-0003-L"]
    assert any(line.startswith("Week from Mon 23 Nov") for line in said["mirror"])
    found, marks = await lived(wrong)
    assert found == said
    assert marks == kept


async def test_what_a_wrong_clock_has_told_before_does_not_keep_the_figures_and_the_cards_away() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "/resolve 200 doses delivered this morning from the store", reply_to=post)
        await here.say("chebet", "health", "Jane confirms, she got hers", reply_to=post)
        names = ("figures_week", "figures_month", "sampled")

        def spoil(tx):  # type: ignore[no-untyped-def]
            for name in names:
                inbox.set_state(tx, f"{name}:{here.app.jurisdiction.id}", "2037-12-01")
            inbox.set_state(tx, "cards_done", str(int(WRONG[1].timestamp() * 1_000_000)))
            tx.execute("UPDATE service_log SET at = ?", (int(WRONG[1].timestamp() * 1_000_000),))

        await here.app.worker.run(lambda: here.app.store.write_tx(spoil))
        await here.wait(days=10)
        heads = [line.splitlines()[0].partition(".")[0] for line in here.lines("mirror")]
        assert heads.count("Week from Mon 23 Nov:") == 1
        assert heads.count("Month from Sun 1 Nov:") == 1
        assert heads.count("The public log has 3 entries") == 1
        assert heads.count("Sample, drawn by the last checkpoint from 1 closed request: HLT-26-0001-J") == 1
        marks = await here.app.worker.run(lambda: here.app.store.read(lambda tx: inbox.states(tx, "")))
        assert int(marks["cards_done"]) <= here.clock().timestamp() * 1_000_000
        assert all(value < "2027" for name, value in marks.items() if name.split(":")[0] in names)


async def test_a_sample_that_was_drawn_is_not_drawn_again_because_a_wrong_clock_made_it_forgotten() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "/resolve 200 doses delivered this morning from the store", reply_to=post)
        await here.say("chebet", "health", "Jane confirms, she got hers", reply_to=post)
        await here.wait(days=8)
        name = f"sampled:{here.app.jurisdiction.id}"
        await here.app.worker.run(lambda: here.app.store.write_tx(lambda tx: inbox.set_state(tx, name, "2037-12-01")))
        await here.wait(days=2)
        assert await here.value("SELECT value FROM bot_state WHERE name = ?", name) == "2026-11-01"
        assert sum(line.startswith("Sample, drawn") for line in here.lines("mirror")) == 1
        assert sum(line.startswith("To be called back") for line in here.lines("communications")) == 1


async def test_who_waits_for_the_end_of_a_trial_of_the_guards_hears_of_it_whatever_a_wrong_clock_tried() -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM)
        name, value = f"guards_tried:{here.app.jurisdiction.id}", str(int(WRONG[1].timestamp() * 1_000_000))
        await here.app.worker.run(lambda: here.app.store.write_tx(lambda tx: inbox.set_state(tx, name, value)))
        await here.wait(days=14)
        said = here.private("nelson") + here.lines("communications")
        assert sum(line.startswith("Until tomorrow 10:10 my guards in") for line in said) == 1


@pytest.mark.parametrize("tick", ["step", "_tick"])
async def test_nobody_is_asked_by_a_clock_that_runs_on_in_a_wrong_year(tick: str) -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM)
        heard = {room: here.lines(room) for room in ("health", "mirror")}
        for hours in range(7):
            stand_at(here.clock, WRONG[0] + timedelta(hours=hours))
            await getattr(here.app, tick)()
        assert here.app.clock() == TUESDAY + timedelta(hours=6)
        assert here.private("kiptoo") == []
        assert {room: here.lines(room) for room in heard} == heard
        stand_at(here.clock, TUESDAY + timedelta(hours=6))
        await here.app.step()
        assert len(here.private("kiptoo")) == 1


async def test_a_virtual_clock_is_right_however_far_it_is_moved() -> None:
    async with county() as here:
        await here.wait(days=400)
        assert (here.app.clock(), here.app.clock.right) == (TUESDAY + timedelta(days=400), True)


# --- who says what time it is -----------------------------------------------------------------------------------------


OTHERS = (*PLAYERS, Player("philip", "Philip Kiprop"))
GROUPS = tuple(replace(place, members=(*place.members, "philip")) for place in PLACES)


async def post_from(here: County, who: str, ahead: timedelta) -> None:
    """Somebody writes, whose platform stamps it so far ahead of the bot's clock."""
    here.sandbox.post("water", who, "hello", at=here.clock() + ahead)
    await here.app.step()


@pytest.mark.parametrize(
    ("who", "lists"), [((), 4), (("stranger", "philip"), 4), (("chebet",), 4), (("chebet", "kiptoo"), 0)]
)
async def test_only_several_people_whom_the_bot_knows_are_believed_against_the_clock(
    who: tuple[str, ...], lists: int
) -> None:
    async with county(players=OTHERS, places=GROUPS) as here:
        await here.say("chebet", "health", FORM)
        for one in who:
            await post_from(here, one, timedelta(days=365))
        await here.wait(days=3)
        assert len(here.private("kiptoo")) == lists


async def test_a_clock_that_stands_behind_is_believed_again_when_it_is_set() -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM)
        for one in ("chebet", "kiptoo"):
            await post_from(here, one, timedelta(hours=7))
        await here.wait(hours=5)
        assert here.private("kiptoo") == []
        stand_at(here.clock, here.clock() + timedelta(hours=19))
        await here.app.step()
        assert len(here.private("kiptoo")) == 1


async def test_after_months_away_one_message_that_bears_the_clock_out_is_enough() -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM)
        await here.app._tick()
        stand_at(here.clock, here.clock() + timedelta(days=90))
        await here.app.step()
        assert here.private("kiptoo") == []
        await post_from(here, "stranger", timedelta(0))
        assert here.private("kiptoo") == []
        post = await here.say("chebet", "health", FORM.replace("malaria drugs", "gloves"))
        assert here.sandbox.message("health", post).at == here.clock()
        assert "HLT-27-0001" in here.lines("health")[-1]
        await here.app.step()
        assert len(here.private("kiptoo")) == 1


async def test_the_operator_hears_in_the_chat_and_on_the_machine_that_the_clock_is_wrong() -> None:
    async with county() as here:
        await here.app._tick()
        now = here.clock()
        stand_at(here.clock, WRONG[1])
        for _ in range(2):
            await here.app._tick()
        look = lambda at: lambda tx: health.look(tx, here.app.jurisdiction, at)  # noqa: E731
        for at in (here.app.clock(), WRONG[1]):
            found = await here.app.worker.run(lambda at=at: here.app.store.read(look(at)))
            assert (found.clock, found.well) == ("ahead", False)
        stand_at(here.clock, now + timedelta(hours=1))
        await here.app._tick()
        found = await here.app.worker.run(lambda: here.app.store.read(look(here.app.clock())))
        assert (found.clock, found.well) == ("right", True)


async def kept_verdict(app: App) -> str:
    return await app.worker.run(lambda: app.store.read(believing.last_verdict))


async def test_a_bot_that_starts_by_a_wrong_clock_goes_on_from_what_it_saw_before(tmp_path) -> None:  # type: ignore[no-untyped-def]
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    async with county(url) as here:
        await here.say("chebet", "health", FORM)
        await here.app._tick()
        sandbox = here.sandbox
        stand_at(here.clock, WRONG[0])
        await here.app._tick()  # and is ended while the clock is wrong
    clock = VirtualClock(WRONG[0])
    again = App(here.app.jurisdiction, Store(url), {PLATFORM: SandboxChat(sandbox, clock)}, clock)
    await again.start()
    try:
        assert (again.clock(), again.clock.right) == (TUESDAY, False)
        stand_at(clock, WRONG[0] + timedelta(minutes=3))
        assert again.clock() == TUESDAY + timedelta(minutes=3)
        stand_at(clock, WRONG[1])  # from one wrong year to another: that is no time that has passed
        assert again.clock() == TUESDAY + timedelta(minutes=3)
        for one in ("chebet", "kiptoo"):
            sandbox.post("health", one, "hello", at=TUESDAY + timedelta(hours=8))
        await again.step()
        assert (again.clock(), again.clock.right) == (TUESDAY + timedelta(hours=8), False)
        stand_at(clock, TUESDAY + timedelta(hours=9))
        assert (again.clock(), again.clock.right) == (TUESDAY + timedelta(hours=9), True)
        assert await kept_verdict(again) == "behind"
        await again._tick()
        assert await kept_verdict(again) == "right"
    finally:
        await again.close()


def test_a_clock_that_nothing_is_known_of_is_believed() -> None:
    clock = Believed(lambda: WRONG[0])
    assert (clock(), clock.right) == (WRONG[0], True)


def test_what_is_said_to_be_much_later_is_no_better_than_the_clock() -> None:
    later = [TUESDAY + timedelta(days=days) for days in (-1, 3, 5, 400, 500)]
    assert timekeeping.surely_by_now(TUESDAY, later) == TUESDAY + timedelta(days=3)
    assert timekeeping.surely_by_now(TUESDAY, later[:2]) == TUESDAY
