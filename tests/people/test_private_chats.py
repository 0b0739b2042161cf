"""Where somebody is written to alone when they leave a chat, open another, or have several."""

from __future__ import annotations

from datetime import timedelta

from groupbot.records import Group, Notice, Person, micros
from groupbot.store import chats, hot, people
from groupbot.store.database import Tx
from tests.county import FORM, TUESDAY, County, county

OLD, NEW = "private:kiptoo", "alone:kiptoo"
WEEK = timedelta(days=7)
LIST = (
    "Habari Daniel. One waits for your word:\n"
    "HLT-26-0001-J, urgent, Kapsowar: no word yet, due today 14:10\n"
    "Please reply with its number and your news."
)


def _another_chat(here: County) -> None:
    here.sandbox.add_chat(NEW, "private: Daniel Kiptoo", "private", ("kiptoo",), "kiptoo")


async def _leave(here: County) -> None:
    here.sandbox.leave(OLD, "kiptoo", here.clock())
    await here.app.step()


async def test_who_leaves_a_private_chat_and_opens_another_is_chased_in_that_one() -> None:
    async with county() as here:
        await _leave(here)
        _another_chat(here)
        await here.say("kiptoo", NEW, "help")
        helped = here.lines(NEW)
        await here.say("chebet", "health", FORM)
        await here.wait(hours=5)
        assert here.lines(OLD) == []
        assert here.lines(NEW)[len(helped) :] == [LIST]


async def test_who_has_left_their_only_private_chat_is_not_written_to_in_it() -> None:
    async with county() as here:
        await _leave(here)
        await here.say("chebet", "health", FORM)
        await here.wait(hours=5)
        assert here.lines(OLD) == []


async def test_of_two_private_chats_the_one_in_which_somebody_wrote_last_is_written_to() -> None:
    async with county() as here:
        _another_chat(here)
        await here.say("kiptoo", NEW, "help")
        await here.wait(minutes=1)
        await here.say("kiptoo", OLD, "help")
        counts = len(here.lines(OLD)), len(here.lines(NEW))
        await here.say("chebet", "health", FORM)
        await here.wait(hours=5)
        later = LIST.replace("14:10", "14:11")
        assert (here.lines(OLD)[counts[0] :], here.lines(NEW)[counts[1] :]) == ([later], [])


def _opened(tx: Tx) -> Group:
    """Somebody's private chat, with a line that is to be said there tomorrow, and one in the middle of being sent."""
    person = people.add_person(tx, "ke", Person(0, "Kiptoo", "Kiptoo", "en", ()), TUESDAY)
    people.bind_chat(tx, "ke", Group(0, "sandbox", "p1", "private", "Kiptoo", person_id=person), TUESDAY)
    for key in ("late", "sending"):
        hot.queue(tx, [Notice("sandbox", "p1", "send", key, key=key, reply_to="m1")], TUESDAY)
    tx.execute("UPDATE outbox SET state = 'sending' WHERE dedup_key = 'sending'")
    found = people.load_roster(tx, "ke").private_chat(person)
    assert found is not None
    return found


async def test_what_waits_to_be_said_in_a_chat_that_is_left_waits_for_the_next_one() -> None:
    sql = "SELECT dedup_key, platform, chat_id, state, reply_to, expires FROM outbox ORDER BY id"
    async with county() as here:
        store = here.app.store

        def leave(tx: Tx) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
            group = _opened(tx)
            chats.part(tx, "ke", group, TUESDAY + WEEK, TUESDAY)
            left = tx.all(sql)
            people.bind_chat(tx, "ke", Group(0, "sandbox", "p2", "private", "K", person_id=group.person_id), TUESDAY)
            return left, tx.all(sql)

        left, opened = await here.app.worker.run(lambda: store.write_tx(leave))
        kept = ("sending", "sandbox", "p1", "sending", "m1", None)
        assert left[0][:2] + left[0][3:] == ("late", "person", "waiting", "", micros(TUESDAY + WEEK))
        assert tuple(left[1]) == kept
        assert opened[0][:4] == ("late", "sandbox", "p2", "new")
        assert tuple(opened[1]) == kept
