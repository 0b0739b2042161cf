"""Checkpoints reach the mirrors when they are due, once; exports show what may be shown; on both databases."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from hashlib import sha256

import pytest

from groupbot import publishing, verify_log
from groupbot.nagging import Nagging
from groupbot.records import micros
from groupbot.rehearsal.stage import Place
from groupbot.rules import log_leaf, log_tree
from groupbot.store import inbox, log_read, service_log
from groupbot.store.database import Tx
from groupbot.store.service_log import LogEntry
from groupbot.verify_log import Report, find_checkpoints
from tests import county as towns
from tests.county import FORM, PLACES, TUESDAY, County

LOG = "ke-elgeyo-marakwet"
SENSITIVE = FORM.replace(
    "No malaria drugs since Monday, patients sent away", "HIV drugs are finished, ARVs since Monday"
)


@asynccontextmanager
async def county(url: str = "sqlite://", *, places: Sequence[Place] = PLACES) -> AsyncIterator[County]:
    """A county in which nobody is chased: the chase has log entries of its own, which are told elsewhere."""
    async with towns.county(url, places=places) as here:
        here.app.tickers = tuple(one for one in here.app.tickers if not isinstance(one, Nagging))
        yield here


def checkpoints(here: County, where: str = "mirror") -> list[str]:
    """The checkpoint messages of a chat."""
    return [line for line in here.lines(where) if "\nroot " in line]


async def told(here: County) -> list[dict[str, object]]:
    """The public log as it would be exported now."""
    return await here.app.worker.run(
        lambda: here.app.store.read(lambda tx: list(publishing.exported(tx, here.app.jurisdiction)))
    )


async def verified(here: County) -> Report:
    """The export held against everything that the mirror was shown."""
    lines = [log_leaf.canonical(record) for record in await told(here)]
    return verify_log.verify(lines, find_checkpoints("\n".join(here.lines("mirror")))[0])


def write(tx: Tx, count: int, at: datetime = TUESDAY, **more: str) -> None:
    """Log entries about no request."""
    for number in range(count):
        entry = LogEntry(at, "gap", "", "1.0.0", **more)  # type: ignore[arg-type]
        salt = sha256(f"{at} {number}".encode()).digest()
        service_log.append(tx, LOG, entry, lambda salt=salt: salt)  # type: ignore[misc]


async def log(here: County, count: int, **more: str) -> None:
    """Log entries about no request, now, and let the bot do what follows."""
    now = here.clock()
    await here.app.worker.run(lambda: here.app.store.write_tx(lambda tx: write(tx, count, now, **more)))
    await here.app.step()


async def test_the_mirror_is_shown_a_checkpoint_at_the_next_opening(store_url: str) -> None:
    async with county(store_url) as here:
        await here.say("chebet", "health", FORM)
        await here.wait_until("2026-11-25 07:59")
        assert checkpoints(here) == []
        await here.wait_until("2026-11-25 08:00")
        root = b64encode((await verified(here)).root).decode()
        assert checkpoints(here) == [
            "The public log has 1 entry. Please keep this message: it shows any later change.\n"
            f"log ke-elgeyo-marakwet 2026-11-25\nepoch 0 size 1\nroot {root}"
        ]
        assert here.messages("mirror")[-1].at == here.clock()
        assert len((await verified(here)).held) == 1


async def test_nothing_is_said_while_nothing_is_logged() -> None:
    async with county() as here:
        await here.wait(days=3)
        assert here.lines("mirror") == []
        await here.say("chebet", "health", FORM)
        await here.wait(days=20)
        assert len(checkpoints(here)) == 1


async def test_what_was_logged_on_a_friday_night_is_told_on_monday() -> None:
    async with county() as here:
        await here.wait_until("2026-11-27 21:00")
        await here.say("chebet", "health", FORM)
        await here.wait(days=10)
        (line,) = [message for message in here.messages("mirror") if message.text in checkpoints(here)]
        assert line.at.astimezone(here.app.jurisdiction.zone).isoformat() == "2026-11-30T08:00:00+03:00"


async def test_fifty_entries_are_told_at_once_and_only_once(store_url: str) -> None:
    async with county(store_url) as here:
        await log(here, 49)
        assert checkpoints(here) == []
        await log(here, 1)
        assert [line.split("\n")[2] for line in checkpoints(here)] == ["epoch 0 size 50"]
        await here.wait(days=2)
        await log(here, 130)
        assert [line.split("\n")[2] for line in checkpoints(here)] == ["epoch 0 size 50", "epoch 0 size 180"]
        report = await verified(here)
        assert (report.problem, report.entries, len(report.held)) == (None, 180, 2)


async def test_every_mirror_is_told_in_its_language_and_no_other_group() -> None:
    second = Place("mirror-2", "Second mirror", "mirror", "", ("naomi",))
    async with county(places=(*PLACES, second)) as here:
        await log(here, 50)
        assert checkpoints(here, "mirror-2") == checkpoints(here) != []
        for group in ("health", "water", "roads", "communications"):
            assert here.lines(group) == []


async def test_a_county_without_a_mirror_keeps_its_checkpoints_all_the_same() -> None:
    async with county(places=PLACES[:3]) as here:
        await log(here, 50)
        assert await here.value("SELECT tree_size FROM checkpoint") == 50
        assert await here.value("SELECT count(*) FROM outbox") == 0


async def test_the_row_and_the_line_are_one_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    async with county() as here:
        with monkeypatch.context() as broken:
            broken.setattr(publishing.hot, "queue", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                await log(here, 50)
        assert await here.value("SELECT count(*) FROM checkpoint") == 0
        await here.app.step()
        assert len(checkpoints(here)) == 1


async def test_a_broken_checkpoint_keeps_nobody_waiting_for_their_line(monkeypatch: pytest.MonkeyPatch) -> None:
    async with county() as here:
        monkeypatch.setattr(publishing.Checkpoints, "next_due", lambda *_: 1 / 0)
        here.sandbox.post("health", "chebet", FORM, at=here.clock())
        assert await here.app._pump("sandbox", wait=0.0)
        await here.app._tick()
        await here.app.delivery.deliver_due()
        assert len(here.lines("health")) == 1


async def test_only_what_came_since_the_last_checkpoint_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def entries(tx: Tx, log_id: str, after: int = 0) -> object:
        asked.append(after)
        return kept(tx, log_id, after)

    kept = log_read.entries
    monkeypatch.setattr(log_read, "entries", entries)
    async with county() as here:
        for _ in range(3):
            await log(here, 60)
        assert asked == [0, 60, 120]
        await here.app.worker.run(
            lambda: here.app.store.write_tx(lambda tx: inbox.set_state(tx, f"log_frontier:{LOG}", '[120, ["00"]]'))
        )
        await log(here, 60)
        assert asked[3:] == [0]  # what it had kept is not the last checkpoint's: it reads the whole log again
        report = await verified(here)
        assert (report.problem, len(report.held)) == (None, 4)


async def test_erasing_and_protecting_leave_the_log_whole(store_url: str) -> None:
    async with county(store_url) as here:
        await here.say("chebet", "health", FORM)
        await log(here, 60, public_text="Culvert at Nyaru cleared", private_text="Rael, 0720 000 662")
        await here.app.worker.run(
            lambda: here.app.store.write_tx(lambda tx: tx.execute("UPDATE service_log SET request_id = 1"))
        )
        before = await told(here)
        assert sum("public_text" in record for record in before) == 60
        await here.app.worker.run(lambda: here.app.store.write_tx(lambda tx: service_log.erase_private(tx, 1)))
        assert await told(here) == before
        left = "SELECT count(*) FROM service_log WHERE private_text IS NOT NULL OR private_salt IS NOT NULL"
        assert await here.value(left) == 0
        await here.app.worker.run(lambda: here.app.store.write_tx(lambda tx: service_log.protect(tx, 1)))
        assert sum("public_text" in record or "public_salt" in record for record in await told(here)) == 0
        report = await verified(here)
        assert (report.problem, report.entries, len(report.held)) == (None, 61, 1)


async def test_of_a_confidential_case_or_a_most_sensitive_topic_only_fingerprints_are_shown(store_url: str) -> None:
    async with county(store_url) as here:
        await here.say("chebet", "health", FORM)
        await here.say("chebet", "health", SENSITIVE)
        await here.say("rose", "water", "Location: Nyaru\nProblem: Pump is broken\nPriority: urgent")
        await here.app.worker.run(
            lambda: here.app.store.write_tx(
                lambda tx: tx.execute(
                    "UPDATE request SET route = 'private' WHERE service_code = 'water'"
                )  # as moves do
            )
        )
        shown = await told(here)
        assert [sorted(record) == ["leaf_hash", "log_id", "seq", "v"] for record in shown] == [False, True, True]
        await here.wait(days=1)
        report = await verified(here)
        assert (report.problem, report.withheld, len(report.held)) == (None, 2, 1)


async def test_no_entry_can_be_guessed_from_its_fingerprint() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "Seen", reply_to=post)
        assert await here.value("SELECT count(*) FROM service_log WHERE c_private = ''") == 0
        assert await here.value("SELECT count(DISTINCT c_private) FROM service_log") == 2


async def test_an_export_shows_the_coded_fields_and_no_word_of_anybody() -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM + "\nCitizen: Rael Chepkiyeng\nPhone: 0720 000 662")
        (record,) = await told(here)
        assert record == {
            "v": 1,
            "log_id": LOG,
            "epoch": 0,
            "seq": 1,
            "at": micros(TUESDAY),
            "type": "opened",
            "ref": "HLT-26-0001-J",
            "service_code": "health",
            "ward": "Kapsowar",
            "role": "author",
            "state": "submitted",
            "outcome": "",
            "pack_version": here.app.jurisdiction.protocol.version,
            "c_public": "",
            "c_private": record["c_private"],
        }


async def test_a_change_behind_the_bots_back_is_found_by_what_the_mirror_was_shown() -> None:
    async with county() as here:
        await log(here, 50)
        await log(here, 50)
        await here.app.worker.run(
            lambda: here.app.store.write_tx(lambda tx: tx.execute("UPDATE service_log SET role = 'x' WHERE seq = 70"))
        )
        problem = (await verified(here)).problem
        assert problem is not None
        assert (problem.first, problem.last) == (51, 100)


async def test_the_writers_own_rules_agree_that_the_log_only_grew() -> None:
    async with county() as here:
        await log(here, 50)
        older = (await verified(here)).root
        await log(here, 7)
        fields = await told(here)
        leaves = [log_tree.leaf_hash(log_leaf.canonical(record)) for record in fields]
        assert log_tree.is_prefix(leaves, 50, older)
        assert not log_tree.is_prefix(leaves[1:], 50, older)


async def test_checkpoints_are_counted_on_a_clock_that_runs_past_them() -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM)
        here.clock.set(here.clock() + timedelta(days=9))  # as after a night without power
        await here.app.step()
        assert len(checkpoints(here)) == 1
