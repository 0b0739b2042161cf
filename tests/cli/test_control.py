"""The command line and a bot that runs: orders go over its control socket, and what it alone can do it does."""

from __future__ import annotations

import asyncio
import json
import socket
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from groupbot import control, orders
from groupbot.chat import ChatError
from groupbot.cli import main
from groupbot.orders import Order
from groupbot.records import Gap
from groupbot.store import gaps
from groupbot.store.database import Store
from tests.county import County, county
from tests.people.staff import holds


@pytest.fixture
def url(tmp_path: Path) -> str:
    """The address of a database that is not there yet."""
    return f"sqlite:///{tmp_path / 'groupbot.db'}"


@asynccontextmanager
async def running(url: str) -> AsyncIterator[County]:
    """The county's bot, taking orders as `groupbot run` does."""
    async with county(url) as here:
        where = control.place(url, Path())
        async with control.served(where, here.app.jurisdiction.id, here.app.obey, here.app.health):
            yield here


async def give(url: str, *arguments: str) -> tuple[int, str]:
    """Give a command as somebody at the bot's machine would."""
    command = [*arguments, "--database", url]
    done = await asyncio.to_thread(CliRunner().invoke, main, command)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


async def test_a_person_is_added_while_the_bot_runs_and_the_groups_are_told(url: str) -> None:
    async with running(url) as here:
        given = ("people", "add", "Lydia Chelimo", "--role", "coordinator", "--department", "roads", "--matrix", "@l:x")
        assert await give(url, *given) == (0, "Lydia Chelimo: coordinator roads\n")
        await here.app.step()
        assert here.lines("roads") == ["Lydia Chelimo is now coordinator of Roads."]
        assert here.lines("communications") == ["Lydia Chelimo is now coordinator of Roads."]
        kept = await here.value("SELECT raw FROM inbox WHERE platform = 'cli' AND state = 'done'")
        assert json.loads(str(kept))["order"] == "people.add"
        assert (await give(url, "people", "list"))[1].splitlines()[-1].startswith("Lydia Chelimo: ")


async def test_many_at_once_are_one_line_to_communications(url: str, tmp_path: Path) -> None:
    rows = "".join(f"Person {n},champion,Arror,\n" for n in range(30)) + "Lydia,coordinator,,roads\n"
    (tmp_path / "people.csv").write_text(f"name,role,ward,department\n{rows}", encoding="utf-8")
    async with running(url) as here:
        code, said = await give(url, "people", "import", str(tmp_path / "people.csv"))
        assert (code, len(said.splitlines())) == (0, 31)
        await here.app.step()
        assert here.lines("communications") == ["31 people were put on the roster, all at once, from the command line."]
        assert here.lines("roads") == ["Lydia is now coordinator of Roads."]


async def test_a_code_from_the_command_line_works_in_the_chat(url: str) -> None:
    async with running(url) as here:
        code, said = await give(url, "people", "invite", "ward_admin", "Arror")
        assert code == 0
        await here.say("stranger", "private:stranger", said.strip())
        assert here.private("stranger") == [
            "Welcome, Philip Otieno. You are now ward admin of Arror. What you can do: /help."
        ]


async def test_who_leaves_is_told_to_the_groups_and_acts_no_more(url: str) -> None:
    async with running(url) as here:
        assert (await give(url, "people", "end", "Daniel Kiptoo"))[0] == 0
        await here.app.step()
        assert here.lines("health") == ["Daniel Kiptoo is no longer coordinator of Health. Nobody is for now."]
        assert here.lines("communications") == here.lines("health")


async def test_a_chat_is_bound_while_the_bot_runs(url: str) -> None:
    async with running(url):
        bound = ("groups", "bind", "department", "trade", "--telegram", "-7")
        assert await give(url, *bound) == (0, "telegram -7: department trade\n")
        assert await give(url, *bound) == (
            1,
            "Error: that chat is bound already; `groupbot groups list` shows as what\n",
        )


async def test_what_is_refused_is_refused_alike_with_and_without_a_bot(url: str) -> None:
    given = ("people", "add", "X", "--role", "king")
    alone = await give(url, *given)
    async with running(url):
        assert await give(url, *given) == alone
    assert alone[0] == 1


async def test_twenty_orders_at_once_are_all_done(url: str) -> None:
    async with running(url) as here:
        given = [("people", "add", f"Person {n}", "--role", "observer") for n in range(20)]
        done = await asyncio.gather(*(give(url, *one) for one in given))
        assert {code for code, _ in done} == {0}
        assert await here.value("SELECT count(*) FROM person WHERE name LIKE 'Person %'") == 20


# --- the socket -------------------------------------------------------------------------------------------------------


async def test_the_socket_is_its_owners_alone_and_goes_with_the_bot(url: str) -> None:
    where = control.place(url, Path())
    assert where is not None
    async with running(url):
        assert stat.S_IMODE(where.stat().st_mode) == 0o600
    assert not where.exists()


async def test_a_dead_bots_socket_stands_in_nobodys_way(url: str) -> None:
    where = control.place(url, Path())
    assert where is not None
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(where))
    assert (await give(url, "people", "add", "Rose", "--role", "observer"))[0] == 0
    async with running(url):
        assert (await give(url, "people", "add", "Lydia", "--role", "observer"))[0] == 0


async def test_a_long_path_is_no_hindrance(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 40)
    folder.mkdir()
    url = f"sqlite:///{folder / 'groupbot.db'}"
    async with running(url) as here:
        assert (await give(url, "people", "add", "Lydia", "--role", "observer"))[0] == 0
        assert await here.value("SELECT count(*) FROM inbox WHERE platform = 'cli'") == 1


@pytest.mark.parametrize(
    "line",
    [
        b"\n", b"null\n", b"[]\n", b"{}\n", b'{"order": "people.add"}\n', b"\xff\xfe\n", b"GET / HTTP/1.1\r\n",
        b'{"order": "people.add", "jurisdiction": "ke-elgeyo-marakwet", "id": "1", "given": 7, "by": "x"}\n',
        b'{"order": "drop", "jurisdiction": "ke-elgeyo-marakwet", "id": "1", "given": {}, "by": "x"}\n',
        b'{"order": "people.add", "jurisdiction": "ke-nairobi", "id": "1", "given": {}, "by": "x"}\n',
        b'{"order": "people.add", "jurisdiction": "ke-elgeyo-marakwet", "id": "1", "given": {"people": [7]}}\n',
        b'{"order": "people.add", "jurisdiction": "ke-elgeyo-marakwet", "id": "1",'
        b' "given": {"people": [{"name": [1], "line": "x"}]}, "by": ""}\n',
    ],
)  # fmt: skip
async def test_a_line_that_is_no_order_is_refused_and_changes_nothing(url: str, line: bytes) -> None:
    where = control.place(url, Path())
    async with running(url) as here:
        before = await here.value("SELECT count(*) FROM person")
        reader, writer = await asyncio.open_unix_connection(where)
        writer.write(line)
        assert "refused" in json.loads(await reader.readline())
        writer.close()
        assert await here.value("SELECT count(*) FROM person") == before
        assert await here.value("SELECT count(*) FROM inbox WHERE platform = 'cli'") == 0
        assert (await give(url, "people", "add", "Lydia", "--role", "observer"))[0] == 0


async def test_an_order_whose_answer_is_lost_is_done_once(url: str, tmp_path: Path) -> None:
    async with county(url) as here:
        calls = 0

        async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal calls
            calls += 1
            asked = json.loads(await reader.readline())
            said = await here.app.obey(Order(asked["id"], asked["order"], asked["given"], asked["by"]))
            if calls > 1:  # the first answer never leaves
                writer.write(json.dumps({"said": said}).encode() + b"\n")
            writer.close()

        server = await asyncio.start_unix_server(meet, str(control.place(url, Path())))
        answered = await give(url, "people", "add", "Lydia", "--role", "observer")
        server.close()
        assert answered == (0, "That was done already.\n")
        assert await here.value("SELECT count(*) FROM person WHERE name = 'Lydia'") == 1


def test_an_order_is_kept_and_worked_in_one_transaction(url: str) -> None:
    from datetime import UTC, datetime

    from groupbot.store import migrations
    from tests.county import jurisdiction

    with Store(url) as store:
        migrations.migrate(store)
        before, now = store.commits, datetime(2026, 11, 24, tzinfo=UTC)
        order = Order("1", "people.add", {"people": [{"name": "Lydia", "role": "observer"}]}, "root")
        assert orders.take(store, jurisdiction(), order, now) == ["Lydia: observer"]
        assert store.commits == before + 1


def test_where_the_socket_is(tmp_path: Path) -> None:
    assert control.place("sqlite://", tmp_path) is None
    assert control.place("postgresql://x@y/z", tmp_path) == tmp_path.resolve() / "groupbot.sock"
    assert control.place(f"sqlite:///{tmp_path}/a.db", Path()) == tmp_path.resolve() / "a.db.sock"


# --- health -----------------------------------------------------------------------------------------------------------


async def test_health_says_whether_a_bot_runs(url: str) -> None:
    async with running(url) as here:
        code, said = await give(url, "health", "--json")
        assert (code, json.loads(said)["running"]) == (1, True)  # it has not looked yet
        await here.app._tick()
        code, said = await give(url, "health")
        assert code == 0
        assert said.splitlines()[:4] == [
            "well",
            "came in and waits: 0",
            "on its way out: 0",
            "  sandbox: in: not asked yet; out: works, 0 under way",
        ]
    code, said = await give(url, "health")
    assert "no bot runs on this database: start it with `groupbot run`" in said.splitlines()


async def test_health_says_what_keeps_a_platform_from_coming_in(url: str) -> None:
    async with running(url) as here:
        await here.app._tick()
        here.app.chats["sandbox"].trouble = "Telegram refuses the token"  # type: ignore[attr-defined]
        code, said = await give(url, "health")
        assert code == 1
        assert said.startswith("needs somebody\n")
        assert "  sandbox: NOTHING COMES IN: Telegram refuses the token\n" in said
        code, said = await give(url, "health", "--json")
        assert (code, json.loads(said)["chats"]["sandbox"]["trouble"]) == (1, "Telegram refuses the token")


async def test_health_says_whose_past_a_platform_does_not_give(url: str) -> None:
    async with running(url) as here:
        await here.app._tick()
        gap = Gap("!a:county.test", "f", "s", 1)
        store, now = here.app.store, here.clock()
        await here.app.worker.run(lambda: store.write_tx(lambda tx: gaps.begin(tx, "sandbox", gap, now)))
        here.app._filler._delays["sandbox"].failed(gap, ChatError("unknown", detail="400 M_UNKNOWN"), now)
        code, said = await give(url, "health")
        assert code == 1
        wanted = (
            "stretches of a chat that were missed and are still being fetched: 1\n"
            "  sandbox does not give them; after an hour the group is told what it may have lost: "
            "!a:county.test: 400 M_UNKNOWN\n"
        )
        assert wanted in said


async def test_what_was_given_up_is_shown_without_anybodys_words_and_gets_another_chance(url: str) -> None:
    async with running(url) as here:
        await here.say("chebet", "health", "Good morning all")
        await here.app._tick()
        spoil = (
            "UPDATE inbox SET state = 'parked', attempts = 3,"
            " error = 'Traceback: x\nValueError: Mary Cherop 0712345678'"
        )
        await here.app.worker.run(lambda: here.app.store.write_tx(lambda tx: tx.execute(spoil)))
        code, said = await give(url, "health")
        assert code == 1
        assert said.splitlines()[0] == "needs somebody"
        assert "given up after three tries; mend the cause, then `groupbot health --retry`:" in said
        assert "ValueError" in said
        assert "Mary" not in said
        code, said = await give(url, "health", "--retry")
        assert said.splitlines()[0] == "tried again: 1 that came in, 0 on the way out"
        await here.app._work_waiting()
        assert (await give(url, "health"))[0] == 0


async def test_an_office_is_handed_over_later_and_stood_in_for_from_the_command_line(url: str) -> None:
    async with running(url) as here:
        health = ("--role", "coordinator", "--department", "health")
        later = ("people", "assign", "Rose Kemei", *health, "--from", "2026-11-30", "--until", "2026-12-18")
        assert await give(url, *later) == (0, "Rose Kemei: coordinator health\n")
        cover = ("people", "assign", "Judith Cherotich", *health, "--cover", "--until", "2026-11-27")
        assert await give(url, *cover) == (0, "Judith Cherotich stands in: coordinator health\n")
        await here.app.step()
        assert here.lines("health") == [
            "From Mon 30 Nov Rose Kemei is coordinator of Health until Fri 18 Dec, after Daniel.",
            "Judith Cherotich stands in for Daniel as coordinator of Health until Fri 27 Nov 23:59.",
        ]
        await here.wait_until("2026-11-30 09:00")
        assert here.lines("health")[-1] == (
            "Rose Kemei is now coordinator of Health until Fri 18 Dec, after Daniel. Thank you, Daniel."
        )
        assert (await holds(here, "rose"), await holds(here, "kiptoo")) == (["ward_admin", "coordinator"], [])


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--until", "2026-11-23"), "Error: the last day must come after the first one, and after today"),
        (("--from", "2026-12-02", "--until", "2026-12-01"), "Error: the last day must come after the first one"),
        (("--cover",), "Error: cover is for an office of a department, from now on, with a last day: --until"),
        (("--from", "soon"), "Error: 'soon' is no day; write it as 2027-08-31"),
    ],
)
async def test_an_office_that_cannot_be_handed_over_so_stays_where_it_is(
    url: str, more: tuple[str, ...], said: str
) -> None:
    async with running(url) as here:
        code, output = await give(
            url, "people", "assign", "Rose Kemei", "--role", "coordinator", "--department", "health", *more
        )
        assert (code, output.startswith(said)) == (1, True), output
        assert await here.value("SELECT count(*) FROM invite") == 0


async def test_what_was_planned_can_be_called_off_from_the_command_line(url: str) -> None:
    async with running(url) as here:
        health = ("--role", "coordinator", "--department", "health")
        await give(url, "people", "assign", "Rose Kemei", *health, "--from", "2026-11-30")
        assert await give(url, "people", "end", "Rose Kemei", *health) == (
            0,
            "Rose Kemei: what was planned is called off\n",
        )
        await here.wait_until("2026-12-01 09:00")
        assert (await holds(here, "rose"), await holds(here, "kiptoo")) == (["ward_admin"], ["coordinator"])
