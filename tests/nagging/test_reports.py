"""The figures of a week and a month: what citizens confirmed of all that was due, and what would make a rate cheap."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from groupbot.chat.sandbox import SHOWN
from groupbot.orders import Order
from tests.county import FORM, PLACES, County, county, jurisdiction

MALARIA = "malaria drugs"


def told(here: County, where: str) -> list[str]:
    """The messages of a chat that are figures."""
    return [line for line in here.lines(where) if line.partition("\n")[0].endswith(":") and " from " in line]


async def closed(here: County, what: str = MALARIA) -> None:
    post = await here.say("chebet", "health", FORM.replace(MALARIA, what))
    await here.wait(hours=1)
    await here.say("kiptoo", "health", f"/resolve 200 packs for {what} delivered this morning", post)
    await here.say("chebet", "health", "Yes, she got hers", here.messages("health")[-1].id)


async def test_on_the_first_working_morning_all_hear_what_citizens_confirmed_of_all_that_was_due() -> None:
    async with county() as here:
        await closed(here)
        await here.say("rose", "health", FORM.replace("Kapsowar", "Kabiemit").replace(MALARIA, "gloves"))
        await here.wait_until("2026-11-30 07:59")
        assert told(here, "mirror") == []
        await here.wait_until("2026-11-30 08:00")
        assert (
            told(here, "mirror")
            == told(here, "communications")
            == [
                "Week from Mon 23 Nov:\n"
                "The citizen agrees: 1 of 2 that were due (50 %).\n"
                "Answers in time: 1 of 2. First words in time: 1 of 2. First answers that held: 1 of 1.\n"
                "Within 10 minutes: answers 0, citizens' words 1. Priorities lowered: 0. Second dates: 0.\n"
                "Opened again: 0. Closed without the citizen's word: 0.\n"
                "New: 2. Open now: 1. Working days without a coordinator or director, over all offices: 9.\n"
                "No public request from 18 of 20 wards."
            ]
        )


@pytest.mark.parametrize(
    ("who", "told_of"),
    [
        (["Emsoo"], "No public request from 18 of 20 wards, where 8571 of every 10000 residents live."),
        (
            [ward for ward in jurisdiction().protocol.wards if ward not in ("Kapsowar", "Kabiemit")],
            "No public request from Kabiemit, where 476 of every 10000 residents live.",
        ),
    ],
)
async def test_where_the_pack_knows_how_many_live_in_a_ward_silence_is_told_by_people(
    who: list[str], told_of: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with county() as here:
        wards = here.app.jurisdiction.protocol.wards
        for name, ward in list(wards.items()):
            counted = ward.model_copy(update={"residents": 2_000 if name == "Emsoo" else 1_000})
            monkeypatch.setitem(wards, name, counted)  # type: ignore[arg-type]
        for name in who:
            post = FORM.replace("Kapsowar sub-county", f"{name} sub-county").replace("Kapsowar", name)
            await here.say("chebet", "health", post.replace(MALARIA, f"gloves for {name}"))
        await here.say("chebet", "health", FORM)
        await here.wait_until("2026-11-30 08:00")
        assert told(here, "mirror")[0].splitlines()[-1] == told_of


async def test_what_is_withdrawn_once_it_is_late_is_counted_beside_the_rate() -> None:
    async with county() as here:
        await closed(here)
        post = await here.say("chebet", "health", FORM.replace(MALARIA, "gloves"))
        await here.wait_until("2026-11-27 17:30")
        await here.say("chebet", "health", "/withdraw posted by mistake", reply_to=post)
        await here.wait_until("2026-11-30 08:00")
        assert told(here, "mirror")[0].splitlines()[1:6] == [
            "The citizen agrees: 1 of 1 that were due (100 %).",
            "Answers in time: 1 of 1. First words in time: 1 of 1. First answers that held: 1 of 1.",
            "Within 10 minutes: answers 0, citizens' words 1. Priorities lowered: 0. Second dates: 0.",
            "Opened again: 0. Closed without the citizen's word: 0.",
            "Was due but is not counted (withdrawn, duplicate or settled in the ward): 1.",
        ]


@pytest.mark.parametrize(
    ("acts", "lowered"),
    [
        (["/priority routine the store has some", "/priority urgent it is empty again"], 1),
        (["/priority routine the store has some", "/undo"], 0),
        (["/priority routine the store has some", "/priority urgent it is empty again", "/undo"], 1),
        (["/priority emergency mothers are in labour", "/priority routine the store has some"], 1),
    ],
)
async def test_a_priority_lowered_counts_beside_the_rates_even_if_it_is_raised_again(
    acts: list[str], lowered: int
) -> None:
    async with county() as here:
        await closed(here)
        post = await here.say("chebet", "health", FORM.replace(MALARIA, "gloves"))
        for act in acts:
            await here.wait(minutes=20)
            await here.say("cheruto", "health", act, reply_to=post)
        await here.wait_until("2026-11-30 08:00")
        beside = f"Within 10 minutes: answers 0, citizens' words 1. Priorities lowered: {lowered}. Second dates: 0."
        assert told(here, "mirror")[0].splitlines()[3] == beside


async def test_a_week_in_which_all_that_was_due_was_set_aside_is_told_too() -> None:
    async with county() as here:
        await here.wait_until("2026-11-27 10:00")
        post = await here.say("chebet", "health", FORM)
        await here.wait_until("2026-12-03 10:00")
        await here.say("chebet", "health", "/withdraw posted by mistake", reply_to=post)
        await here.wait_until("2026-12-07 08:00")
        assert told(here, "mirror")[-1] == (
            "Week from Mon 30 Nov:\n"
            "Was due but is not counted (withdrawn, duplicate or settled in the ward): 1.\n"
            "New: 0. Open now: 0. Working days without a coordinator or director, over all offices: 15.\n"
            "No public request from 20 of 20 wards."
        )


async def test_what_was_withdrawn_and_is_open_again_counts_as_due() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("chebet", "health", "/withdraw posted by mistake", reply_to=post)
        await here.wait(hours=1)
        await here.say("chebet", "health", "Not yet, they have none", here.messages("health")[-1].id)
        await here.wait_until("2026-11-30 08:00")
        assert told(here, "mirror")[0].splitlines()[1] == "The citizen agrees: 0 of 1 that were due (0 %)."
        assert "not counted" not in told(here, "mirror")[0]


async def test_the_week_after_tells_what_has_come_back_since() -> None:
    async with county() as here:
        await closed(here)
        post = await here.say("rose", "health", FORM.replace("Kapsowar", "Kabiemit").replace(MALARIA, "gloves"))
        await here.wait_until("2026-12-01 09:00")
        await here.say("kiptoo", "health", "/resolve 20 boxes of gloves delivered", post)
        await here.say("rose", "health", "Ndiyo, zimefika", here.messages("health")[-1].id)
        await here.say("chebet", "health", FORM.replace(MALARIA, "mattresses in the maternity ward"))
        await here.wait_until("2026-12-07 09:00")
        weeks = [line for line in told(here, "mirror") if line.startswith("Week")]
        assert len(weeks) == 2
        assert weeks[1].splitlines()[:2] == [
            "Week from Mon 30 Nov:",
            "The citizen agrees: 0 of 1 that were due (0 %). Of those of the week before, by now: 2 of 2.",
        ]


async def test_a_month_is_told_after_it_and_a_week_in_which_nothing_happened_is_not() -> None:
    async with county() as here:
        await closed(here)
        await here.wait_until("2027-01-15 09:00")
        titles = [line.partition("\n")[0] for line in told(here, "mirror")]
        assert titles == ["Week from Mon 23 Nov:", "Month from Sun 1 Nov:"]
        assert len(told(here, "communications")) == 2


async def test_a_week_that_ends_in_holidays_is_told_when_work_begins_again() -> None:
    async with county() as here:
        await here.wait_until("2026-12-21 10:00")
        await closed(here)
        await here.say("nelson", "communications", "/holiday 28 December county day")
        await here.say("nelson", "communications", "yes", reply_to=here.messages("communications")[-1].id)
        await here.wait_until("2026-12-29 07:59")
        assert told(here, "mirror") == []
        await here.wait_until("2026-12-29 08:00")
        assert told(here, "mirror")[0].startswith("Week from Mon 21 Dec:")


async def test_a_bot_that_was_away_tells_the_month_but_no_week_whose_morning_is_over_and_not_at_night() -> None:
    async with county() as here:
        await closed(here)
        await here.say("chebet", "health", FORM.replace(MALARIA, "mattresses").replace("Urgent", "Routine"))
        here.clock.set(datetime(2026, 12, 14, 20, tzinfo=UTC))  # Monday, 23:00 in Nairobi
        await here.app.step()
        assert told(here, "mirror") == []
        await here.wait_until("2026-12-15 09:00")
        assert [line.partition("\n")[0] for line in told(here, "mirror")] == ["Month from Sun 1 Nov:"]
        await here.say("chebet", "health", FORM.replace(MALARIA, "beds"))
        await here.wait_until("2026-12-21 08:00")
        assert told(here, "mirror")[-1].splitlines()[:2] == [
            "Week from Mon 14 Dec:",
            "The citizen agrees: 0 of 1 that were due (0 %). Of those of the week before, by now: 0 of 1.",
        ]


async def test_of_confidential_and_most_sensitive_matters_the_figures_show_no_ward() -> None:
    async with county() as here:
        await closed(here)
        await here.say("rose", "health", FORM.replace("Kapsowar", "Kabiemit").replace(MALARIA, "HIV drugs (ARVs)"))
        assert await here.value("SELECT count(*) FROM request WHERE ward = 'Kabiemit' AND route = 'public'") == 1
        await here.wait_until("2026-11-30 09:00")
        assert told(here, "mirror")[0].splitlines()[-1] == "No public request from 19 of 20 wards."
        assert "New: 2." in told(here, "mirror")[0]


async def test_a_mirror_of_one_department_hears_of_that_department() -> None:
    places = [*PLACES, replace(PLACES[3], chat_id="water-mirror", service_code="water")]
    async with county(places=places) as here:
        await closed(here)
        await here.say("chebet", "water", FORM.replace(MALARIA, "water at the kiosk"))
        await here.wait_until("2026-11-30 09:00")
        (line,) = told(here, "water-mirror")
        assert line.startswith("Water, week from Mon 23 Nov:\nThe citizen agrees: 0 of 1 that were due (0 %).")
        assert "New: 1. Open now: 1. Working days without a coordinator or director, over all offices: 3." in line


async def test_what_a_pilot_keeps_from_the_mirror_is_in_no_figure() -> None:
    async with county() as here:
        given = {"mode": "shadow", "department": "health", "ward": ""}
        await here.app.obey(Order("shadow health", "pilot.stage", given, "ict"))
        await here.say("chebet", "health", FORM)
        assert await here.value("SELECT count(*) FROM request") == 1
        await here.wait_until("2026-11-30 09:00")
        assert told(here, "mirror") == []


async def test_a_picture_says_the_same_and_the_weeks_before_it() -> None:
    async with county(capabilities=SHOWN) as here:
        await closed(here)
        await here.say("rose", "health", FORM.replace("Kapsowar", "Kabiemit").replace(MALARIA, "gloves"))
        await here.wait_until("2026-12-01 09:00")
        await here.say("chebet", "health", FORM.replace(MALARIA, "mattresses in the maternity ward"))
        await here.wait_until("2026-12-07 09:00")
        sent = "SELECT params FROM outbox WHERE key = 'mirror_figures' AND chat_id = 'mirror' ORDER BY id DESC LIMIT 1"
        picture = json.loads(str(await here.value(sent)))["picture"]
        assert (picture["title"], picture["percent"], picture["headline"]["said"]) == (
            "Week from 30 Nov 2026",
            "0 %",
            "0 of 1 that were due",
        )
        assert [(one["label"], one["said"], one["percent"]) for one in picture["weeks"]] == [
            ("23 Nov", "1/2", 50),
            ("30 Nov", "0/1", 0),
        ]
        shown = [one for one in here.messages("mirror") if one.picture]
        titles = ["Week from Mon 23 Nov:", "Month from Sun 1 Nov:", "Week from Mon 30 Nov:"]
        assert [one.text.partition("\n")[0] for one in shown] == titles


async def test_where_nothing_was_due_there_is_nothing_to_draw() -> None:
    async with county(capabilities=SHOWN) as here:
        await here.say("chebet", "health", FORM.replace("Urgent", "Routine"))
        await here.wait_until("2026-11-30 09:00")
        assert len(told(here, "mirror")) == 1
        assert [one for one in here.messages("mirror") if one.picture] == []
