"""A tick with nothing to do costs the same, however much was ever closed."""

from __future__ import annotations

from datetime import timedelta

from groupbot.store import nags
from tests.county import TUESDAY, county

REF = "HLT-26-0001-J"


async def test_the_idle_tick_is_one_statement_that_reads_one_row_of_the_index() -> None:
    async with county() as here:
        said: list[str] = []

        def ask() -> object:
            def read(tx: object) -> object:
                tx._hook = said.append  # type: ignore[attr-defined]
                return nags.first_due(tx, here.app.jurisdiction.id)  # type: ignore[arg-type]

            return here.app.store.read(read)  # type: ignore[arg-type]

        assert await here.app.worker.run(ask) is None
        assert len(said) == 1
        plan = await here.app.worker.run(
            lambda: here.app.store.read(lambda tx: tx.all(f"EXPLAIN QUERY PLAN {said[0]}", ("",)))
        )
        look = "SEARCH request USING COVERING INDEX request_due (jurisdiction_id=? AND next_nag_at>?)"
        assert [row[-1] for row in plan] == [look]


async def test_nothing_is_written_by_a_tick_before_anything_is_due() -> None:
    async with county() as here:
        nagging = here.app.tickers[0]
        due = await here.app.worker.run(lambda: here.app.store.read(lambda tx: nagging.next_due(tx, TUESDAY)))
        assert due is None
        assert not await here.app.step()
        await here.app.advance(here.clock, TUESDAY + timedelta(days=3))
        assert await here.value("SELECT count(*) FROM nag") == 0
