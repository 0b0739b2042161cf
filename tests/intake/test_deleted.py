"""A post that its author deletes: a draft goes with it, a request stays, its words leave the mirror and the export."""

from __future__ import annotations

from groupbot import publishing
from groupbot.rehearsal.stage import Place
from tests.county import FORM, PLACES, County, county

PIPE = (
    "Location: Chesoi market\nProblem: The pipe has burst and 300 homes are dry. Ask Zipporah\nName: Hezron Kipzovipu"
)
CODED = "WTR-26-0001-G · Water · Kapsowar · pipes and leaks · routine · due Tue 8 Dec"
TOLD = (
    "{ref}: its post was deleted. The request stays open; its words are no longer shown outside the department. "
    "To end it: /withdraw {ref}"
)


async def _delete(here: County, who: str, where: str, post: str) -> None:
    here.sandbox.delete(where, who, post, here.clock())
    await here.app.step()


async def _exported(here: County) -> str:
    read = here.app.store.read
    rows = await here.app.worker.run(lambda: read(lambda tx: list(publishing.exported(tx, here.app.jurisdiction))))
    return str(rows)


async def test_a_request_whose_post_is_deleted_stays_open_and_its_author_hears_so_alone() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        said = here.lines("health")
        await _delete(here, "chebet", "health", post)
        await _delete(here, "chebet", "health", here.sandbox.post("health", "chebet", "good morning", at=here.clock()))
        assert await here.value("SELECT state FROM request") == "submitted"
        assert here.lines("health") == said
        assert here.private("chebet")[-1] == TOLD.format(ref="HLT-26-0001-J")
        assert here.private("chebet").count(TOLD.format(ref="HLT-26-0001-J")) == 1
        await here.say("kiptoo", "health", "resolve HLT-26-0001-J 200 doses delivered this morning")
        assert await here.value("SELECT state FROM request") == "answered"


async def test_who_cannot_be_written_to_alone_is_told_in_the_group() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        sql = "UPDATE chat SET state = 'released' WHERE person_id IS NOT NULL"
        bump = "UPDATE roster_version SET version = version + 1"
        for statement in (sql, bump):
            await here.app.worker.run(lambda s=statement: here.app.store.write_tx(lambda tx: tx.execute(s)))
        await _delete(here, "chebet", "health", post)
        assert here.lines("health")[-1] == TOLD.format(ref="HLT-26-0001-J")


async def test_words_that_were_published_leave_the_mirror_and_the_export_and_nothing_else_does() -> None:
    async with county() as here:
        post = await here.say("chebet", "water", PIPE)
        await here.wait(hours=3)
        assert any("300 homes are dry" in line for line in here.lines("mirror"))
        assert "300 homes are dry" in await _exported(here)
        await _delete(here, "chebet", "water", post)
        shown = here.lines("mirror")
        assert not any("300 homes are dry" in line for line in shown)
        assert CODED in shown
        assert shown[-1] == (
            "WTR-26-0001-G: what was said of it is taken back to protect a person. Please delete any copy you have."
        )
        exported = await _exported(here)
        assert "300 homes are dry" not in exported
        assert "'ref': 'WTR-26-0001-G'" in exported
        assert "'ward': 'Kapsowar'" in exported
        await here.say("judith", "water", "resolve WTR-26-0001-G the pipe at Chesoi market was welded, ask Zipporah")
        await here.wait(days=2)
        assert not any("welded" in line for line in here.lines("mirror"))


async def test_words_that_wait_to_be_published_never_are() -> None:
    for minutes in (1, 30):
        async with county() as here:
            post = await here.say("chebet", "water", PIPE)
            await here.wait(minutes=minutes)
            await _delete(here, "chebet", "water", post)
            await here.wait(days=1)
            assert [line for line in here.lines("mirror") if "burst" in line or "taken back" in line] == []


async def test_a_deleted_post_that_lacked_something_is_asked_for_no_more() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", "Problem: No gloves since Monday, patients turned away")
        (asked,) = here.messages("health")
        await _delete(here, "chebet", "health", post)
        await here.say("chebet", "health", "Chesoi dispensary", asked.id)
        await here.wait(days=2)
        assert await here.value("SELECT count(*) FROM request") == 0
        assert len(here.lines("health")) == 1


async def test_a_form_that_was_offered_is_not_registered_by_a_late_tap() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", "There is no water at Kapsowar hospital since Monday please help us")
        (offer,) = here.messages("health")
        await _delete(here, "chebet", "health", post)
        await here.tap("chebet", "health", offer)
        assert await here.value("SELECT count(*) FROM request") == 0


async def test_deleting_a_yes_takes_nothing_back() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "/resolve 200 doses delivered this morning", post)
        yes = await here.say("chebet", "health", "Yes", here.messages("health")[-1].id)
        await _delete(here, "chebet", "health", yes)
        assert await here.value("SELECT state FROM request") == "closed"


async def test_of_a_confidential_matter_nobody_hears_in_the_group() -> None:
    places = [place for place in PLACES if isinstance(place, Place)]
    async with county(places=places) as here:
        post = await here.say("chebet", "health", "The clerk at Kapsowar asks 500 bob for each card, no receipt given")
        said = here.lines("health")
        await _delete(here, "chebet", "health", post)
        await here.wait(hours=1)
        assert here.lines("health") == said
