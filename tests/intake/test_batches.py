"""Receiving batches: once each, whole or not at all, and one bad row never stops the rest."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from groupbot.chat.sandbox import SandboxChat
from groupbot.intake import batches
from groupbot.intake.batches import Intake
from groupbot.moment import Moment
from groupbot.records import Batch, Update
from groupbot.rehearsal import stage
from groupbot.store import inbox, migrations
from groupbot.store.database import OperationalError, Store
from groupbot.store.requests import StaleRequest
from tests.county import FORM, PLACES, PLAYERS, county, jurisdiction

NOW = datetime(2026, 11, 24, 7, 10, tzinfo=UTC)


def _update(number: int, text: str = FORM) -> Update:
    unique = text.replace("Monday", f"day {number}")
    return Update(
        "sandbox", "health", str(number), "post", f"raw {number} {unique}", NOW, sender_id="chebet", text=unique
    )


def _parse(raw: str) -> Update:
    _, number, text = raw.split(" ", 2)
    return replace(_update(int(number)), raw=raw, text=text)


@pytest.fixture
def intake(store: Store) -> Intake:
    migrations.migrate(store)
    ours = jurisdiction()
    store.write_tx(lambda tx: stage.enrol(tx, ours, (PLAYERS, PLACES), NOW))
    return Intake(store, ours, {"sandbox": _parse})


def _count(intake: Intake, sql: str) -> int:
    return int(intake.store.read(lambda tx: tx.scalar(sql)))


def _batch(*numbers: int) -> Batch:
    return Batch(tuple(_update(number) for number in numbers), str(max(numbers)))


@pytest.fixture(params=[ValueError, StaleRequest])
def poison(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[set[str]]:
    """Message ids whose handling raises, after it has written something."""
    bad: set[str] = set()
    errors = [request.param("a rule met what it did not expect")]
    handle = batches.HANDLERS["post"]

    def poisoned(moment: Moment) -> None:
        handle(moment)
        if moment.update.message_id in bad:
            raise errors[0]

    monkeypatch.setattr(batches, "HANDLERS", {"post": poisoned})
    logging.disable(logging.CRITICAL)
    yield bad
    logging.disable(logging.NOTSET)


def test_a_batch_is_one_commit_with_its_cursor(intake: Intake) -> None:
    before = intake.store.commits
    intake.take("sandbox", _batch(*range(1, 51)), NOW)
    assert intake.store.commits - before == 1
    assert _count(intake, "SELECT count(*) FROM request") == 50
    assert intake.store.read(lambda tx: inbox.cursor(tx, "sandbox")) == "50"


def test_the_same_update_again_does_nothing(intake: Intake) -> None:
    intake.take("sandbox", _batch(1, 2), NOW)
    intake.take("sandbox", _batch(1, 2, 3), NOW)
    intake.take("sandbox", _batch(3), NOW)
    assert _count(intake, "SELECT count(*) FROM request") == 3
    assert _count(intake, "SELECT count(*) FROM inbox") == 3


def test_a_bad_row_in_a_batch_is_kept_and_the_others_are_worked(intake: Intake, poison: set[str]) -> None:
    poison.add("2")
    intake.take("sandbox", _batch(1, 2, 3), NOW)
    assert _count(intake, "SELECT count(*) FROM request") == 2
    assert _count(intake, "SELECT count(*) FROM inbox WHERE state = 'waiting' AND error LIKE '%did not expect%'") == 1
    numbers = intake.store.read(lambda tx: tx.all("SELECT service_request_id FROM request ORDER BY id"))
    assert [number[0][:11] for number in numbers] == ["HLT-26-0001", "HLT-26-0002"]


def test_a_bad_row_is_tried_three_times_and_then_parked(intake: Intake, poison: set[str]) -> None:
    poison.add("1")
    intake.take("sandbox", _batch(1), NOW)
    for _ in range(5):
        intake.work_waiting(NOW)
    assert _count(intake, "SELECT attempts FROM inbox") == 3
    assert _count(intake, "SELECT count(*) FROM inbox WHERE state = 'parked'") == 1
    assert _count(intake, "SELECT count(*) FROM request") == 0
    assert _count(intake, "SELECT count(*) FROM outbox") == 0


def test_a_bad_row_that_heals_is_worked_in_the_end(intake: Intake, poison: set[str]) -> None:
    poison.add("1")
    intake.take("sandbox", _batch(1), NOW)
    poison.clear()
    intake.work_waiting(NOW)
    assert _count(intake, "SELECT count(*) FROM request") == 1
    assert _count(intake, "SELECT count(*) FROM inbox WHERE state = 'done'") == 1


def test_the_log_file_says_where_a_row_failed_and_nothing_of_what_it_held(
    intake: Intake, poison: set[str], caplog: pytest.LogCaptureFixture
) -> None:
    logging.disable(logging.NOTSET)
    poison.add("1")
    intake.take("sandbox", _batch(1, 2), NOW)
    assert re.search("kept for another try: (ValueError|StaleRequest) at ", caplog.text)
    assert "did not expect" not in caplog.text
    assert "malaria" not in caplog.text


def test_a_failing_database_keeps_nothing_of_the_batch(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    handle = batches.HANDLERS["post"]

    def full_disk(moment: Moment) -> None:
        handle(moment)
        if moment.update.message_id == "2":
            raise OperationalError("database or disk is full")

    monkeypatch.setattr(batches, "HANDLERS", {"post": full_disk})
    with pytest.raises(OperationalError, match="full"):
        intake.take("sandbox", _batch(1, 2, 3), NOW)
    assert _count(intake, "SELECT count(*) FROM inbox") == 0
    assert _count(intake, "SELECT count(*) FROM request") == 0
    assert intake.store.read(lambda tx: inbox.cursor(tx, "sandbox")) is None


def test_after_an_unclean_stop_a_row_that_kills_the_process_is_found(intake: Intake) -> None:
    class Killed(BaseException):
        pass

    def kill(moment: Moment) -> None:
        raise Killed

    healthy = batches.HANDLERS
    for _ in range(inbox.MOST_ATTEMPTS):
        intake.careful = True
        batches.HANDLERS = {"post": kill}
        with pytest.raises(Killed):
            intake.take("sandbox", _batch(1, 2), NOW)
    batches.HANDLERS = healthy
    logging.disable(logging.CRITICAL)
    intake.work_waiting(NOW)
    logging.disable(logging.NOTSET)
    assert _count(intake, "SELECT count(*) FROM inbox WHERE message_id = '1' AND state = 'parked'") == 1
    assert _count(intake, "SELECT count(*) FROM request WHERE message_id = '2'") == 1


def test_what_comes_from_an_unbound_chat_or_of_an_unknown_kind_is_kept_and_does_nothing(intake: Intake) -> None:
    elsewhere = replace(_update(1), chat_id="elsewhere")
    odd = replace(_update(2), kind="other")
    unreadable = replace(_update(3), kind="unreadable", sender_id="")
    intake.take("sandbox", Batch((elsewhere, odd, unreadable), "3"), NOW)
    assert _count(intake, "SELECT count(*) FROM inbox WHERE state = 'done'") == 3
    assert _count(intake, "SELECT count(*) FROM outbox") == 0


async def test_a_bot_that_was_off_takes_up_what_was_said_meanwhile() -> None:
    async with county() as here:
        for number in range(3):
            here.sandbox.post("health", "chebet", FORM.replace("Monday", f"day {number}"), at=here.clock())
        chat = here.app.chats["sandbox"]
        assert isinstance(chat, SandboxChat)
        await here.wait(hours=3)
        assert len(here.lines("health")) == 3
        assert "reply here by today 14:10" in here.lines("health")[0]


def test_deadlines_run_from_the_post_not_from_its_arrival(intake: Intake) -> None:
    intake.take("sandbox", _batch(1), NOW + timedelta(hours=5))
    due = _count(intake, "SELECT acknowledge_due FROM request")
    assert datetime.fromtimestamp(due / 1_000_000, UTC) == datetime(2026, 11, 24, 11, 10, tzinfo=UTC)
