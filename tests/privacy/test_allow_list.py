"""What strangers see of each class of request, whole: the mirrors, a status, a reason, the export. Nothing else."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import pytest

from groupbot import mirroring, protocol, publishing
from groupbot import moment as moments
from groupbot.orders import Order
from groupbot.records import ServiceRequest
from groupbot.rehearsal.stage import Place
from groupbot.rules.escalation import Climbed, Decision
from groupbot.rules.publication import figures_params, mirror_params, summary_params, text_shown
from groupbot.store import requests
from groupbot.store.database import Tx
from tests.county import PLACES, PLAYERS, TUESDAY, County, Player, county
from tests.rules.requests import a_request

# an officer's name, yator, stands among the words too
CITIZEN = "\nName: hezron kipzovipu\nPhone: 0720 000 662"
PIPE = f"Location: Chesoi market\nProblem: The pipe has burst and 300 homes are dry, ask hezron or yator{CITIZEN}"
DRUGS = f"Location: Tot clinic\nProblem: No malaria drugs since Monday for hezron{CITIZEN}"
HIV = f"Location: Tot clinic\nProblem: No ARVs for hezron since Monday{CITIZEN}"
BRIBE = f"Location: Kapsowar town\nProblem: a meter reader is asking for 2,000 shillings and gives no receipt{CITIZEN}"
WATER, HEALTH = "WTR-26-0001-G", "HLT-26-0001-J"
ASKED = "says done the same day; citizen being asked"
DONE = "says done, citizen being asked"
CHECKPOINT = ("The public log", "log ke", "epoch ", "root ")  # lines of one
UNKNOWN = "I find no CNF-26-0001-B. Please check the number. Nothing was changed."
TAKEN = [
    f"{WATER}: taken back to protect a person",
    f"{WATER}: what was said of it is taken back to protect a person. Please delete any copy you have.",
]


NAGGED = Decision("nag", "answer_late", None, reached="director", empty=("chief_officer",))
SINGLE = (
    mirroring.opened,
    mirroring.answered,
    mirroring.closed,
    mirroring.reopened,
    mirroring.moved,
    mirroring.amended,
    mirroring.extended,
    mirroring.unreachable,
    mirroring.made_safe,
)


@dataclass(frozen=True, slots=True)
class Seen:
    """All that strangers have: lines of the county's mirror, answers to an observer, the open part of the export."""

    mirror: list[str]
    asked: list[str]
    open_entries: list[str]  # types of the log's entries whose fields are shown
    texts: list[str]


Act = Callable[[County, str, str], Awaitable[object]]  # whose county, which number, which post


async def nothing(here: County, reference: str, post: str) -> None:
    """Nothing happens on the way."""


async def protect(here: County, reference: str, post: str) -> None:
    """Communications protect it."""
    await here.say("nelson", "communications", f"/protect {reference} it names a child")


async def erase(here: County, reference: str, post: str) -> None:
    """It is withdrawn and erased at the citizen's wish."""
    await here.say("chebet", "water", f"/withdraw {reference} he wants it so")
    order = Order("erase", "requests.erase", {"reference": reference}, "ict")
    await here.app.obey(order)
    await here.app.step()


async def delete(here: County, reference: str, post: str) -> None:
    """Its author deletes the post."""
    here.sandbox.delete("water", "chebet", post, here.clock())
    await here.app.step()


async def whole(here: County, post: str, *, where: str = "water", who: str = "judith", act: Act = nothing) -> Seen:
    """A request goes its whole road: seen, shown, looked at, answered, asked about; and what strangers have of it."""
    message = await here.say("chebet", where, post)
    reference = str(await here.value("SELECT service_request_id FROM request"))
    await here.say(who, where, "Seen, I shall ask hezron at his home on 26 November", message)
    await here.wait(hours=1)
    assert not [line for line in here.lines("mirror") if "the need" in line]  # while its coordinator may still say NO
    await here.wait(hours=2)
    await here.say(who, f"private:{who}", f"/contact {reference}")
    await act(here, reference, message)
    await here.say(who, where, f"/resolve {reference} The valve was replaced for hezron, 300 homes have water")
    await here.wait_until("2026-11-25 12:00")
    before = len(here.private("naomi"))
    for question in (reference, f"/why {reference}"):
        await here.say("naomi", "private:naomi", question)
    return await seen(here, here.private("naomi")[before:])


async def seen(here: County, asked: list[str]) -> Seen:
    """What strangers have now, without the checkpoints."""
    exported = await here.app.worker.run(
        lambda: here.app.store.read(lambda tx: list(publishing.exported(tx, here.app.jurisdiction)))
    )
    return Seen(
        [line for line in "\n".join(here.lines("mirror")).split("\n") if not line.startswith(CHECKPOINT)],
        [line for answer in asked for line in answer.split("\n")],
        [str(entry["type"]) for entry in exported if "type" in entry],
        [str(entry["public_text"]) for entry in exported if "public_text" in entry],
    )


async def test_of_an_ordinary_request_codes_and_after_the_window_words_without_names() -> None:
    async with county() as here:
        assert await whole(here, PIPE) == Seen(
            [
                f"{WATER} · Water · Kapsowar · pipes and leaks · routine · due Tue 8 Dec",
                f"{WATER}, the need: The pipe has burst and 300 homes are dry, ask […] or […]",
                f"{WATER}: {ASKED}",
                f"{WATER}, the answer: The valve was replaced for […], 300 homes have water",
            ],
            [
                f"{WATER} · Water · Kapsowar · pipes and leaks · routine · due Tue 8 Dec · {DONE}",
                f"{WATER}, routine: {DONE}.",
                "Answer: due Tue 8 Dec. Counted from Tue 24 Nov, days: 14 [priority.routine.answer]",
            ],
            ["opened", "acknowledged", "published", "answered", "published"],
            [
                "The pipe has burst and 300 homes are dry, ask […] or […]",
                "The valve was replaced for […], 300 homes have water",
            ],
        )


async def test_of_a_department_whose_words_are_not_published_codes_alone() -> None:
    async with county() as here:
        assert await whole(here, DRUGS, where="health", who="kiptoo") == Seen(
            [
                f"{HEALTH} · Health · Kapsowar · medicines and supplies · routine · due Tue 8 Dec",
                f"{HEALTH}: {ASKED}",
            ],
            [
                f"{HEALTH} · Health · Kapsowar · medicines and supplies · routine · due Tue 8 Dec · {DONE}",
                f"{HEALTH}, routine: {DONE}.",
                "Answer: due Tue 8 Dec. Counted from Tue 24 Nov, days: 14 [priority.routine.answer]",
            ],
            ["opened", "acknowledged", "answered"],
            [],
        )


@pytest.mark.parametrize(("where", "who", "name", "ref"), [
    ("health", "kiptoo", "Health", HEALTH),
    ("water", "judith", "Water", WATER),
])  # fmt: skip
async def test_a_most_sensitive_matter_shows_neither_ward_topic_words_nor_hour_in_whichever_group_it_is_posted(
    where: str, who: str, name: str, ref: str
) -> None:
    async with county() as here:
        assert await whole(here, HIV, where=where, who=who) == Seen(
            [f"{ref} · {name} · routine · due Tue 8 Dec", f"{ref}: {ASKED}"],
            [f"{ref} · {name} · routine · due Tue 8 Dec · {DONE}", f"{ref}, routine: {DONE}."],
            [],
            [],
        )
        hours = {message.at.astimezone(here.app.jurisdiction.zone).hour for message in here.messages("mirror")}
        assert hours == {8}


async def test_of_a_protected_request_nothing_stays_but_its_course() -> None:
    async with county() as here:
        assert await whole(here, PIPE, act=protect) == Seen(
            [f"{WATER} · Water · routine · due Tue 8 Dec", *TAKEN, f"{WATER}: {ASKED}"],
            [f"{WATER} · Water · routine · due Tue 8 Dec · {DONE}", f"{WATER}, routine: {DONE}."],
            [],
            [],
        )


async def test_of_an_erased_request_nothing_stays_but_its_course() -> None:
    async with county() as here:
        assert await whole(here, PIPE, act=erase) == Seen(
            [
                f"{WATER} · Water · routine · due Tue 8 Dec",
                TAKEN[0],
                f"{WATER}: withdrawn by the citizen's side",
                TAKEN[1],
            ],
            [f"{WATER} · Water · routine · due Tue 8 Dec · closed", f"{WATER}, routine: closed."],
            [],
            [],
        )


async def test_of_a_request_whose_post_was_deleted_no_words_stay() -> None:
    async with county() as here:
        assert await whole(here, PIPE, act=delete) == Seen(
            [
                f"{WATER} · Water · Kapsowar · pipes and leaks · routine · due Tue 8 Dec",
                *TAKEN,
                f"{WATER}: {ASKED}",
            ],
            [
                f"{WATER} · Water · Kapsowar · pipes and leaks · routine · due Tue 8 Dec · {DONE}",
                f"{WATER}, routine: {DONE}.",
                "Answer: due Tue 8 Dec. Counted from Tue 24 Nov, days: 14 [priority.routine.answer]",
            ],
            ["opened", "acknowledged", "published", "unsaid", "answered"],
            [],
        )


async def test_of_a_confidential_case_there_is_nothing_at_all_however_long_it_waits() -> None:
    players = (*PLAYERS, Player("judy", "Judy Komen", "integrity"))
    async with county(players=players) as here:
        for sum_ in ("2,000", "3,500", "700"):  # so many late ones would be told in one line
            await here.say("chebet", "water", BRIBE.replace("2,000", sum_))
        assert await here.value("SELECT count(*) FROM request WHERE route = 'private'") == 3
        await here.wait(days=20)
        await here.say("judy", "private:judy", "/resolve CNF-26-0001-B the clerk has paid the money back to hezron")
        await here.wait(days=20)
        for question in ("CNF-26-0001-B", "/why CNF-26-0001-B"):
            await here.say("naomi", "private:naomi", question)
        told = await seen(here, here.private("naomi"))
        assert [line for line in told.mirror if any(word in line for word in ("CNF", "Kapsowar", "late"))] == []
        assert (told.asked, told.open_entries, told.texts) == ([UNKNOWN, UNKNOWN], [], [])


async def test_whatever_a_mirror_is_told_of_a_confidential_case_it_hears_nothing() -> None:
    async with county() as here:
        for sum_ in ("2,000", "3,500", "700"):
            await here.say("chebet", "water", BRIBE.replace("2,000", sum_))

        def tell(tx: Tx) -> list[str]:
            moment = moments.of_clock(tx, here.app.jurisdiction, here.clock())
            cases = [requests.by_id(tx, pk) for pk in (1, 2, 3)]
            for one in (*SINGLE, mirroring.ended, mirroring.refused):
                one(moment, cases[0])
            before = replace(cases[0], service_code="health", priority="emergency")
            mirroring.corrected(moment, cases[0], before, {"ref": cases[0].service_request_id, "ward": "Kapsowar"})
            for count in (1, 3):
                found = [(case, NAGGED) for case in cases[:count]]
                mirroring.late(moment, found)
                mirroring.exhausted(moment, found, lambda _: Climbed("word", ("director",), ("chief_officer",)))
            mirroring.holiday(moment, 0, "", cases, "once")
            return [notice.key for notice in moment.notices]

        assert await here.app.worker.run(lambda: here.app.store.read(tell)) == []


async def test_no_officers_name_is_published_however_rare_it_is() -> None:
    players = (*PLAYERS, Player("rare", "Peter Wobblequist", "chief_officer", service_code="water"))
    async with county(players=players) as here:
        await here.say("chebet", "water", PIPE.replace("yator", "wobblequist"))
        await here.wait(hours=3)
        assert (
            here.lines("mirror")[-1] == f"{WATER}, the need: The pipe has burst and 300 homes are dry, ask […] or […]"
        )


async def test_why_its_reminders_are_paused_is_not_published() -> None:
    async with county() as here:
        post = await here.say("chebet", "water", PIPE)
        await here.wait(hours=3)
        await here.say("nelson", "water", "/pause until Friday, the welder is in hospital", post)
        assert await here.value("SELECT pause_reason FROM request") == "the welder is in hospital"
        await here.say("judith", "water", "/resolve The valve was replaced for hezron, 300 homes have water", post)
        await here.wait(days=1)
        assert [line for line in here.lines("mirror") if "welder" in line] == []
        assert (await seen(here, [])).texts[1:] == ["The valve was replaced for […], 300 homes have water"]


async def test_a_departments_own_mirror_hears_of_no_other_department() -> None:
    places = (*PLACES, Place("mirror-r", "Roads mirror", "mirror", "roads", ("naomi",)))
    async with county(places=places) as here:
        await whole(here, PIPE)
        assert [line for line in here.lines("mirror-r") if WATER in line] == []


async def test_in_the_pilots_first_stages_no_words_are_published() -> None:
    async with county() as here:
        given = {"mode": "assist", "department": "water", "ward": ""}
        await here.app.obey(Order("assist", "pilot.stage", given, "ict"))
        told = await whole(here, PIPE)
        assert (told.mirror, told.texts) == ([], [])


# --- twins: one answer for two citizens -------------------------------------------------------------------------------


async def twins(here: County) -> str:
    """Two wards file one matter, linked; the first names its citizen. The second's number."""
    await here.say("chebet", "water", PIPE)
    await here.say("rose", "water", "Location: Nyaru spring\nProblem: The spring is dirty and animals drink there")
    second = "WTR-26-0002-H"
    await here.say("judith", "water", f"/same {WATER} {second}")
    await here.wait(hours=3)
    return second


ANSWER = f"/resolve {WATER} The valve was replaced for hezron, 300 homes have water"


async def test_an_answer_for_twins_names_neither_ones_citizen() -> None:
    async with county() as here:
        second = await twins(here)
        await here.say("judith", "water", ANSWER)
        await here.wait(hours=5)
        assert [line for line in here.lines("mirror") if "the answer" in line] == [
            f"{ref}, the answer: The valve was replaced for […], 300 homes have water" for ref in (WATER, second)
        ]


async def test_an_answer_that_a_protected_request_shares_is_not_published_for_its_twin_either() -> None:
    async with county() as here:
        await twins(here)
        await protect(here, WATER, "")
        await here.say("judith", "water", ANSWER)
        await here.wait(hours=5)
        assert [line for line in here.lines("mirror") if "the answer" in line] == []


# --- what becomes most sensitive later --------------------------------------------------------------------------------


MORE = "The pipe has burst and 300 homes are dry, ask hezron or yator, HIV"


async def edited(here: County) -> None:
    """Its author edits the post."""
    post = await here.say("chebet", "water", PIPE)
    await here.wait(hours=3)
    await here.edit("chebet", "water", post, f"Location: Chesoi market\nProblem: {MORE}")


async def posted_again(here: County) -> None:
    """A second post on the same matter says more."""
    await here.say("chebet", "water", PIPE)
    await here.wait(minutes=30)
    await here.say("judith", "private:judith", "yes", here.messages("private:judith")[-1].id)
    await here.say("chebet", "water", f"Location: Chesoi market\nProblem: {MORE}")
    assert await here.value("SELECT count(*) FROM request") == 1


@pytest.mark.parametrize("later", [edited, posted_again])
async def test_what_turns_out_to_be_most_sensitive_leaves_every_copy(
    later: Callable[[County], Awaitable[None]],
) -> None:
    async with county() as here:
        await later(here)
        await here.wait(days=1)
        told = await seen(here, [])
        assert told == Seen([f"{WATER} · Water · routine · due Tue 8 Dec", *TAKEN], [], [], [])


# --- the rule itself --------------------------------------------------------------------------------------------------

SHOWN = {"department_open": True, "hide_ward": False}


@pytest.mark.parametrize(
    ("request_", "policy", "shown"),
    [
        (a_request(), SHOWN, True),
        (a_request(), SHOWN | {"department_open": False}, False),
        (a_request(), SHOWN | {"hide_ward": True}, False),
        (a_request(route="private"), SHOWN, False),
        (a_request(protected_at=TUESDAY), SHOWN, False),
        (a_request(unsaid_at=TUESDAY), SHOWN, False),
    ],
)
def test_words_are_shown_only_where_nothing_speaks_against_it(
    request_: ServiceRequest, policy: dict[str, bool], shown: bool
) -> None:
    assert text_shown(request_, **policy) is shown


def test_of_all_that_any_text_is_filled_with_only_these_names_pass() -> None:
    """Whoever adds a name to the allow-list must add it here too."""
    texts = (protocol.locate("ke-elgeyo-marakwet") / "messages" / "en.toml").read_text()
    names = set(re.findall(r"\w+", texts))  # every name that a text is filled with is among its words
    given: dict[str, object] = dict.fromkeys(names, "x")
    assert len(names) > 100
    assert set(mirror_params(a_request(), given, hide_ward=False) or ()) == {
        "ref", "department", "ward", "topic", "priority", "due", "days", "state", "source", "role", "roles",
            "empty", "result",
    }  # fmt: skip
    assert set(summary_params(given)) == {
        "count", "refs", "day", "gazette", "closed", "agreed", "called", "otherwise", "warn", "mute", "ban", "lifted",
    }  # fmt: skip
    assert not {"text", "problem", "address", "admin", "officer", "name", "phone", "why"} & set(figures_params(given))
