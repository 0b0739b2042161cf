"""The mirrors on a real homeserver: every copy is taken back, and one ends by two people."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from groupbot.orders import Order, take
from tests.intake.test_mirror import HIV, PIPE
from tests.intake.test_private_road import BRIBE
from tests.matrix.county import ROOMS, County, Later, county, pass_time
from tests.matrix.synapse import Homeserver

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
async def town(server: Homeserver, tmp_path: Path, clock: Later) -> AsyncIterator[County]:
    """A county with two mirrors, whose clock can be put forward."""
    bound = (*ROOMS, ("second", "mirror", ""))
    players = ("chebet", "kiptoo", "judith", "nelson", "naomi", "stranger")
    async with county(server, tmp_path, clock=clock, players=players, bound=bound) as running:  # type: ignore[arg-type]
        yield running


def _words(town: County, where: str) -> list[str]:
    """What the mirror shows now of a request's own words and ward: edits stand in the place of what they replace."""
    said: dict[str, str] = {}
    for event in town.messages(where):
        content = event["content"]
        relates = content.get("m.relates_to", {})
        if relates.get("rel_type") == "m.replace":
            said[relates["event_id"]] = content["m.new_content"]["body"]
        else:
            said[event["event_id"]] = content["body"]
    return [line for line in said.values() if "the need" in line or "Kapsowar" in line]


async def test_words_are_taken_back_from_every_copy_in_every_mirror(town: County, clock: Later) -> None:
    await town.say("chebet", "water", PIPE)
    reference = town.lines("mirror")[0].split(" ")[0]
    await pass_time(town, clock, days=4)
    assert [len(_words(town, where)) for where in ("mirror", "second")] == [2, 2]
    await town.say("nelson", "communications", f"!protect {reference} it names a child")
    for _ in range(3):
        await town.step()
    assert [_words(town, where) for where in ("mirror", "second")] == [[], []]
    assert town.lines("second")[-1].endswith("Please delete any copy you have.")


async def test_each_class_of_matter_shows_what_its_policy_allows_and_no_more(town: County, clock: Later) -> None:
    await town.say("chebet", "water", PIPE)  # an open department
    await town.say("chebet", "health", "Location: Tot clinic\nProblem: No malaria drugs since Monday")  # a closed one
    await town.say("chebet", "health", HIV)  # of the most sensitive
    await town.say("chebet", "water", BRIBE)  # leaves the group
    for where in ("mirror", "second"):
        assert [_shown(line) for line in town.lines(where)] == [
            ["Water", "Kapsowar", "pipes and leaks", "routine"],
            ["Health", "Kapsowar", "medicines and supplies", "routine"],
        ]
    await pass_time(town, clock, days=4)
    said = [line for text in town.lines("mirror") for line in text.splitlines()]
    coded = [_shown(line) for line in said if " · " in line and "LATE" not in line]
    assert coded[2:] == [["Health", "routine"]]
    assert {line[:3] for line in said if "the need" in line} == {"WTR"}
    assert not [line for line in said if "Jane" in line or "Zipporah" in line or "2,000" in line]


def _shown(line: str) -> list[str]:
    """A coded line without its number and its day."""
    return line.split(" · ")[1:-1]


async def test_what_an_observer_sees_is_passed_on_without_a_name_and_asked_for_like_a_request(
    town: County, clock: Later
) -> None:
    post = await town.say("chebet", "health", "Location: Tot clinic\nProblem: No malaria drugs since Monday")
    reference = town.lines("health")[-1].split(",")[0]
    for who in ("naomi", "kiptoo"):
        town.rooms[who] = town.people[who].room(town.bot.user_id, is_direct=True, preset="trusted_private_chat")
        await town.step()
        await town.step()
        await town.say(who, who, "help")
    in_ten_days = (clock() + timedelta(days=10)).strftime("%d %B")
    await town.say("kiptoo", "health", f"Seen, I shall call on {in_ten_days}", post)
    await town.say("naomi", "naomi", f"!we-see {reference} the shelf is empty today")
    assert town.lines("health")[-1] == f"{reference}: an observer says: the shelf is empty today"
    await pass_time(town, clock, days=8)
    said = town.people["kiptoo"].history(town.rooms["kiptoo"])
    asked = [
        event["content"]["body"] for event in said if event["sender"] == town.bot.user_id and "body" in event["content"]
    ]
    assert [line for line in asked if f"{reference}, Kapsowar: your next word was due" in line]
    assert not [line for line in (*town.lines("health"), *asked) if "Naomi" in line]


async def test_a_mirror_ends_on_two_peoples_word_and_hears_nothing_more_and_the_other_goes_on(
    server: Homeserver, tmp_path: Path
) -> None:
    bound = (*ROOMS, ("second", "mirror", ""))
    async with county(server, tmp_path, bound=bound) as town:  # type: ignore[arg-type]
        grace = town.people["stranger"]
        given = {"name": "Grace Cheptoo", "role": "communications", "matrix": grace.user_id}
        order = Order("o1", "people.add", {"people": [given]}, "root")
        await town.app.worker.run(lambda: take(town.app.store, town.app.jurisdiction, order, town.app.clock()))
        await town.say("nelson", "communications", "!disconnect the society has closed")  # nobody writes in a mirror
        which = town.lines("communications")[-1].splitlines()
        assert [line.partition(": ")[2] for line in which[1:]] == ["mirror, all departments", "second, all departments"]
        number = which[2].partition(":")[0]
        await town.say("nelson", "communications", f"!disconnect {number} the society has closed")
        assert town.lines("second")[-1].startswith("Nelson asks that this mirror end: the society has closed.")
        asked = town.messages("communications")[-1]["event_id"]
        await town.say("nelson", "communications", "YES", asked)
        assert not town.lines("second")[-1].startswith("This mirror ends")
        await town.say("stranger", "communications", "YES", asked)
        await town.step()
        ended = town.lines("second")
        assert ended[-1].startswith("This mirror ends here: Nelson asked, Grace agreed")
        await town.say("chebet", "water", PIPE)
        assert town.lines("second") == ended
        assert town.lines("mirror")[-1].startswith("WTR-")
