"""Holidays, cards, explanations and figures on PostgreSQL as on SQLite: everything that has statements of its own."""

from __future__ import annotations

from datetime import timedelta

from groupbot.rules.figures import Course, Share, of
from groupbot.store import figures, holidays
from tests.commands.test_connecting import NEW
from tests.county import EVERYONE, FORM, TUESDAY, county


async def test_a_week_with_a_holiday_on_either_database(store_url: str) -> None:
    async with county(store_url) as here:
        here.sandbox.add_chat(NEW, "Trade people", "department", EVERYONE)
        await here.say("nelson", NEW, "/connect trade")
        await here.say("chebet", NEW, FORM.replace("malaria drugs", "stalls"))
        post = await here.say("chebet", "health", FORM)
        await here.say("nelson", "communications", "/holiday Friday state funeral")
        await here.say("nelson", "communications", "yes", reply_to=here.messages("communications")[-1].id)
        assert here.lines("communications")[-1] == "Fri 27 Nov is a holiday now. 2 requests have a later date."
        await here.say("kiptoo", "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
        await here.say("chebet", "health", "Yes, she got hers", reply_to=post)
        await here.wait_until("2026-12-01 09:00")
        assert here.lines(NEW)[0].startswith("Trade, Tue 1 Dec.")
        assert "Late: 1, the longest TRD-26-0001-" in here.lines(NEW)[0]
        for where in ("mirror", "communications"):
            titles = [line.partition("\n")[0] for line in here.lines(where)]
            assert "Week from Mon 23 Nov:" in titles
            month = here.lines(where)[titles.index("Month from Sun 1 Nov:")]
            assert month.splitlines()[1:5] == [
                "The citizen agrees: 1 of 2 that were due (50 %).",
                "Answers in time: 1 of 2. First words in time: 1 of 2. First answers that held: 1 of 1.",
                "Within 10 minutes: answers 1, citizens' words 1. Priorities lowered: 0. Second dates: 0.",
                "Opened again: 0. Closed without the citizen's word: 0.",
            ]
        ours = here.app.jurisdiction
        rows = await here.app.worker.run(
            lambda: here.app.store.read(
                lambda tx: list(figures.courses(tx, ours.id, TUESDAY, TUESDAY + timedelta(days=7)))
            )
        )
        found = of([Course(*row) for row in rows], list(ours.protocol.priorities), ours.protocol.wards, here.clock())
        assert (found.posted, found.confirmed, found.answered_in_time) == (2, Share(2, 1), Share(2, 1))
        assert (found.soon_answers, found.soon_words) == (1, 1)
        kept = await here.app.worker.run(lambda: here.app.store.read(lambda tx: holidays.every(tx, ours.id)))
        assert [(one.day.isoformat(), one.name) for one in kept] == [("2026-11-27", "state funeral")]
        climbed = await here.app.worker.run(lambda: here.app.store.read(lambda tx: figures.escalations(tx, ours.id)))
        assert climbed
