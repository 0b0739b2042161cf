"""A request loses its words at the citizen's wish: in the database, the chats, the mirrors, and in old backups."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from groupbot import backups, erasures, publishing, verify_log
from groupbot.chat.sandbox import PLAIN
from groupbot.cli import main
from groupbot.orders import Order, OrderRefused
from groupbot.records import instant
from groupbot.rules import log_leaf
from groupbot.store import copying, migrations
from groupbot.store.database import Store, Tx
from tests.county import County, county

REF = "WTR-26-0001-G"
PIPE = (
    "Location: Zablonville market\nProblem: Pipe burst, ask Zipporah, 300 homes are dry\n"
    "Name: Hezron Kipzovipu\nPhone: 0720 000 662"
)
BRIBE = "Location: Zablonville\nProblem: Hezron the meter reader is asking for 2,000 shillings and gives no receipt"
SECRET = ("zablonville", "zipporah", "kipzovipu", "hezron", "0720 000", "720000662", "fundi baraka", "300 homes")


async def told(here: County) -> None:
    """A request goes its whole way: preview, words, an undone answer, an answer, slips, and is closed."""
    post = await here.say("chebet", "water", PIPE)
    await here.wait(hours=3)
    await here.say("judith", "water", "Seen, fundi Baraka goes there for Zipporah at 3 pm", post)
    await here.say("judith", "water", "/resolve Fundi Baraka mended it for Hezron, all 300 homes have water", post)
    await here.say("judith", "water", "/undo WTR-26-0001-G")
    await here.say("judith", "water", "/resolve Fundi Baraka mended it for Hezron, all 300 homes have water", post)
    await here.say("judith", "private:judith", "/contact WTR-26-0001-G")
    await here.say("naomi", "private:naomi", "/we-see WTR-26-0001-G Zipporah waits at Zablonville")
    await here.wait(hours=3)
    await here.say("chebet", "water", "Yes, Hezron Kipzovipu confirms", here.messages("water")[-1].id)


def words_of(tx: Tx) -> Iterator[str]:
    """Every row of the database, as text in small letters."""
    for row in copying.dump(tx, migrations.version(tx)):
        if not isinstance(row, copying.Table):
            yield str(row).lower()


async def secrets(here: County) -> list[str]:
    """What the database still holds of what was said."""
    rows = await here.app.worker.run(lambda: here.app.store.read(lambda tx: list(words_of(tx))))
    return [f"{secret}: {row}" for row in rows for secret in SECRET if secret in row]


async def erase(here: County, reference: str = REF) -> list[str]:
    """The operator gives the order."""
    said = await here.app.obey(
        Order(f"erase {reference} {here.clock()}", "requests.erase", {"reference": reference}, "ict")
    )
    await here.app.step()
    return said


async def test_nothing_that_was_said_is_left_in_the_database(store_url: str) -> None:
    async with county(store_url) as here:
        await told(here)
        assert len({found.split(":")[0] for found in await secrets(here)}) == len(SECRET)
        await erase(here)
        assert await secrets(here) == []
        kept = "SELECT service_request_id || state || outcome || ward || topic FROM request"
        assert await here.value(kept) == f"{REF}closeddoneKapsowarpipes"


async def test_nothing_of_it_can_be_read_in_any_chat() -> None:
    async with county() as here:
        await told(here)
        await erase(here)
        messages = [message for room in here.sandbox.chats() for message in room.messages.values()]
        left = [message.text.lower() for message in messages if not message.deleted]
        assert not [text for text in left for secret in SECRET if secret in text]
        assert here.lines("water")[-1] == (
            f"{REF} was erased: nothing that was said of it is kept here. Please delete any copy you have."
        )
        assert set(here.lines("water")[:-1]) == {f"{REF}: erased"}


async def test_a_chat_that_can_do_nothing_is_asked() -> None:
    async with county(capabilities=PLAIN) as here:
        await told(here)
        await erase(here)
        asked = f"{REF} was erased: nothing that was said of it is kept here. Please delete any copy you have."
        for room in ("water", "private:chebet", "private:judith"):
            assert here.lines(room)[-1] == asked
        assert await here.value("SELECT count(*) FROM outbox WHERE state = 'parked'") == 0


async def test_what_others_asked_for_stays_where_it_stands() -> None:
    async with county() as here:
        post = await here.say("chebet", "water", PIPE + "\n\nLocation: Nyaru\nProblem: The borehole pump is broken")
        first, second = "WTR-26-0001-G", "WTR-26-0002-H"
        await here.wait(hours=3)
        assert sum(first in line and second in line for line in here.private("judith")) == 1
        await here.say("chebet", "water", f"/withdraw {first} the citizen wants it so")
        await erase(here)
        assert not here.sandbox.message("water", post).deleted  # it holds the other one too
        (shown,) = [line for line in here.private("judith") if second in line]
        assert first not in shown
        assert "The borehole pump is broken" in shown
        assert await here.value("SELECT description FROM request WHERE id = 2") == "The borehole pump is broken"
        assert await secrets(here) == []


async def test_the_mirror_keeps_the_number_and_loses_ward_topic_and_words() -> None:
    async with county() as here:
        await told(here)
        await erase(here)
        lines = [line for line in here.lines("mirror") if not line.startswith("The public log")]
        assert lines[0] == f"{REF} · Water · routine · due Tue 8 Dec"
        assert f"{REF}: taken back to protect a person" in lines
        assert not any("Kapsowar" in line or "pipes" in line for line in lines)
        assert lines[-1].endswith("Please delete any copy you have.")


async def test_the_log_still_verifies_against_every_checkpoint(store_url: str) -> None:
    async with county(store_url) as here:
        await told(here)
        await here.wait(days=1)
        await erase(here)
        await here.wait(days=1)
        records = await here.app.worker.run(
            lambda: here.app.store.read(lambda tx: list(publishing.exported(tx, here.app.jurisdiction)))
        )
        checkpoints, _ = verify_log.find_checkpoints("\n".join(here.lines("mirror")))
        report = verify_log.verify([log_leaf.canonical(record) for record in records], checkpoints)
        assert (report.problem, len(report.held)) == (None, len(checkpoints))
        assert len(checkpoints) >= 2
        assert not any("public_text" in record for record in records)


async def test_an_open_request_is_not_erased_and_an_unknown_one_is_named() -> None:
    async with county() as here:
        await here.say("chebet", "water", PIPE)
        with pytest.raises(OrderRefused, match="is open: its ward admin withdraws it first"):
            await erase(here)
        with pytest.raises(OrderRefused, match="there is no request"):
            await erase(here, "WTR-26-0009-P")
        assert await here.value("SELECT count(*) FROM service_log") == 1


async def test_what_is_on_its_way_at_that_moment_is_waited_for() -> None:
    async with county() as here:
        await told(here)
        await here.app.worker.run(
            lambda: here.app.store.write_tx(
                lambda tx: tx.execute("UPDATE outbox SET state = 'sending' WHERE id = (SELECT MIN(id) FROM outbox)")
            )
        )
        with pytest.raises(OrderRefused, match="try again in a minute"):
            await erase(here)


async def test_what_waits_to_be_said_is_never_said() -> None:
    async with county() as here:
        await told(here)
        await here.app.worker.run(
            lambda: here.app.store.write_tx(
                lambda tx: tx.execute(
                    "UPDATE outbox SET state = 'new', message_id = NULL, text = NULL WHERE key LIKE 'sms_closed%'"
                )
            )
        )
        before = len(here.private("chebet"))
        await erase(here)
        assert len(here.private("chebet")) == before + 1  # the request to delete copies, and no slip
        assert await secrets(here) == []


@pytest.mark.parametrize("said", ["NOT YET it leaks again", f"/undo {REF}", f"/protect {REF} it names a child"])
async def test_nothing_can_be_done_with_it_any_more(said: str) -> None:
    async with county() as here:
        await told(here)
        asked = here.messages("water")[-1].id
        await erase(here)
        before = await here.value("SELECT version FROM request")
        who, where = ("nelson", "communications") if "protect" in said else ("chebet", "water")
        await here.say(who, where, said, None if said.startswith("/") else asked)
        assert await here.value("SELECT version FROM request") == before
        if not said.startswith("/undo"):
            assert here.lines(where)[-1] == (
                f"{REF}: its words are erased, so nothing more can be done with it."
                " If it has come back, please post it anew."
            )


async def test_twice_is_once() -> None:
    async with county() as here:
        await told(here)
        await erase(here)
        entries = await here.value("SELECT count(*) FROM service_log")
        await here.wait(minutes=1)
        assert await erase(here) == [f"{REF} was erased already."]
        assert await here.value("SELECT count(*) FROM service_log") == entries


async def test_a_confidential_case_is_erased_without_a_word_in_the_group() -> None:
    async with county() as here:
        await here.say("chebet", "water", BRIBE)
        reference = str(await here.value("SELECT service_request_id FROM request"))
        await here.say("chebet", "private:chebet", f"/withdraw {reference} the citizen is afraid")
        lines = {room: here.lines(room) for room in ("water", "health", "mirror")}
        await erase(here, reference)
        assert await secrets(here) == []
        assert {room: here.lines(room) for room in lines} == lines


# --- the command, its list, and restored backups ----------------------------------------------------------------------


def command(*arguments: str) -> tuple[int, str]:
    """Give a command as somebody at the bot's machine would."""
    done = CliRunner().invoke(main, list(arguments))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


async def test_a_backup_from_before_loses_the_words_again_when_it_is_restored(tmp_path: Path) -> None:
    url, copy = f"sqlite:///{tmp_path / 'a.db'}", tmp_path / "before"
    async with county(url) as here:
        await told(here)
        await here.app.worker.run(lambda: backups.back_up(here.app.store, copy, here.clock()))
    code, said = command("erase", REF.lower(), "--yes", "--database", url)
    assert (code, said.splitlines()[0]) == (
        0,
        f"{REF}: erased. What is left are its number, codes and dates; the log still verifies.",
    )
    listed = tmp_path / "a.db.erased"
    assert erasures.read(listed) == [REF]
    assert listed.stat().st_mode & 0o077 == 0
    new = f"sqlite:///{tmp_path / 'b.db'}"
    code, said = command("restore", str(copy), "--nothing-lost", "--erased", str(listed), "--database", new)
    assert (code, "Erased again: 1" in said) == (0, True), said
    with Store(new, read_only=True) as store:
        rows = store.read(lambda tx: list(words_of(tx)))
    assert not [row for row in rows for secret in SECRET if secret in row]
    waiting = [row for row in rows if REF.lower() in row and "'new'" in row]
    assert waiting == []  # nobody hears of it a second time


async def test_a_restore_finds_the_list_beside_the_database_and_says_when_there_is_none(tmp_path: Path) -> None:
    url, copy = f"sqlite:///{tmp_path / 'a.db'}", tmp_path / "before"
    async with county(url) as here:
        await told(here)
        await here.app.worker.run(lambda: backups.back_up(here.app.store, copy, here.clock()))
    _, said = command("restore", str(copy), "--nothing-lost", "--database", f"sqlite:///{tmp_path / 'b.db'}")
    assert "No list of erasures was given" in said
    (tmp_path / "c.db.erased").write_text(f'{{"ref": "{REF}", "at": "", "by": ""}}\n{{"ref": "WT', encoding="utf-8")
    _, said = command("restore", str(copy), "--nothing-lost", "--database", f"sqlite:///{tmp_path / 'c.db'}")
    assert "Erased again: 1" in said
    (tmp_path / "d.db.erased").write_text("a shopping list\n", encoding="utf-8")
    code, said = command("restore", str(copy), "--nothing-lost", "--database", f"sqlite:///{tmp_path / 'd.db'}")
    assert (code, "that is no line of a list of erasures" in said) == (1, True)


def test_the_command_asks_back_and_refuses_a_mistyped_number(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    done = CliRunner().invoke(main, ["erase", REF, "--database", url], input="n\n")
    assert (done.exit_code, "for good?" in done.output) == (1, True)
    assert command("erase", "WTR-26-0001-A", "--yes", "--database", url)[0] == 1
    assert not (tmp_path / "a.db.erased").exists()


# --- what is old ------------------------------------------------------------------------------------------------------


async def test_after_two_years_a_closed_request_keeps_its_codes_alone() -> None:
    async with county() as here:
        await told(here)
        await here.say("rose", "water", "Zipporah sends greetings to everybody")
        closed = instant(int(str(await here.value("SELECT closed_at FROM request"))))
        await here.app.advance(here.clock, closed + timedelta(days=100))
        assert any("zipporah" in found and "greetings" not in found for found in await secrets(here))
        assert not any("greetings" in found for found in await secrets(here))
        mirrored = here.lines("mirror")
        await here.app.advance(
            here.clock, datetime(closed.year + 2, closed.month, closed.day + 2, tzinfo=closed.tzinfo)
        )
        left = [found for found in await secrets(here) if "published" not in found]
        assert [found for found in left if "homes are dry. ask […]" not in found] == []
        assert here.lines("mirror")[: len(mirrored)] == mirrored
        entry = "SELECT type || ward FROM service_log WHERE request_id = 1 ORDER BY seq DESC LIMIT 1"
        assert await here.value(entry) == "anonymisedKapsowar"


async def test_an_open_request_is_never_too_old() -> None:
    async with county() as here:
        await here.say("chebet", "health", "Location: Tot clinic\nProblem: No malaria drugs since Monday")
        await here.app.advance(here.clock, here.clock() + timedelta(days=5))
        ticker = here.app.tickers[-1]
        far = here.clock() + timedelta(days=3650)
        await here.app.worker.run(lambda: here.app.store.write_tx(lambda tx: ticker.run(tx, far)))
        assert await here.value("SELECT description FROM request") == "No malaria drugs since Monday"
        assert await here.value("SELECT count(*) FROM inbox WHERE raw = ''") == 0
