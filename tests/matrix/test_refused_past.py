"""M2: a room whose past cannot be had keeps no other waiting, and is told what it may have lost."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest

from groupbot.chat import ChatError
from groupbot.chat.matrix_line import Built, HomeserverError, Json
from groupbot.filling import LONGEST_REST, MOST_FAILURES, MOST_REFUSALS
from groupbot.records import Gap
from tests.county import FORM
from tests.matrix.county import County, Later
from tests.matrix.synapse import Homeserver, unique

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

LOST = "What was written here between "
OPEN = "SELECT chat_id FROM platform_gap WHERE closed_at IS NULL"


async def _leave_a_gap(town: County) -> None:
    """More than one look shows is said in health's room, and looked at once."""
    for number in range(150):
        town.people["chebet"].say(town.rooms["health"], f"line {number}")
    await town.app._pump("matrix", wait=0)
    assert await town.all(OPEN) == [(town.rooms["health"],)]


async def _try_on(town: County, clock: Later, times: int = MOST_REFUSALS) -> None:
    for _ in range(times):
        clock.passed += timedelta(seconds=10)
        await town.step()


def _delete_room(server: Homeserver, room: str) -> None:
    name = unique("root")
    server.register(name, admin=True)
    login = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": name}, "password": "password"}
    token = server.call("POST", "/_matrix/client/v3/login", login)["access_token"]
    body = {"purge": True, "block": False}
    server.call("DELETE", f"/_synapse/admin/v1/rooms/{quote(room)}", body, token)


@pytest.mark.parametrize("how", ["banned", "forgotten", "deleted"])
async def test_m2_a_room_whose_past_is_refused_for_good_keeps_no_other_waiting(
    town: County, clock: Later, server: Homeserver, how: str
) -> None:
    room = town.rooms["health"]
    await _leave_a_gap(town)
    if how == "deleted":
        _delete_room(server, room)
    else:
        town.owner.act(room, "ban" if how == "banned" else "kick", user_id=town.bot.user_id)
    if how == "forgotten":
        town.bot.act(room, "forget")
    town.people["rose"].say(town.rooms["water"], FORM)
    await town.step()
    assert len(await town.posts("water")) == 1
    await _try_on(town, clock)
    assert await town.all(OPEN) == []
    assert await town.all("SELECT * FROM held_update") == []


async def test_m2_a_room_that_the_bot_comes_back_to_hears_what_it_may_have_lost(town: County, clock: Later) -> None:
    room = town.rooms["health"]
    await _leave_a_gap(town)
    town.owner.act(room, "ban", user_id=town.bot.user_id)
    await _try_on(town, clock)
    assert await town.all("SELECT state FROM chat WHERE chat_id = ?", room) == [("lost",)]
    town.owner.act(room, "unban", user_id=town.bot.user_id)
    town.people["nelson"].act(room, "invite", user_id=town.bot.user_id)
    await _try_on(town, clock)
    (told,) = [line for line in town.lines("health") if line.startswith(LOST)]
    assert told.endswith(
        " did not reach me, and I am not given it any more. Please post again each request that I gave no number."
    )


async def test_m2_what_was_said_while_the_bot_was_away_is_made_up_for_though_it_was_put_out_then(
    town: County, clock: Later
) -> None:
    said = [town.people["chebet"].say(town.rooms["health"], f"line {number}") for number in range(150)]
    town.owner.act(town.rooms["health"], "kick", user_id=town.bot.user_id)
    await _try_on(town, clock)
    assert await town.posts("health") == said
    assert await town.all("SELECT state FROM chat WHERE chat_id = ?", town.rooms["health"]) == [("lost",)]
    assert [line for line in town.lines("communications") if "put out of" in line] == [
        "I was put out of health and hear nothing there. What I had to say waits. "
        "Please add me again, as administrator."
    ]


async def test_m2_a_past_that_fails_for_long_while_all_else_is_answered_is_given_up_and_health_names_it_till_then(
    town: County, clock: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _leave_a_gap(town)

    async def call(built: Built, *_: object) -> Json:
        if "/messages" in built[1]:
            raise HomeserverError(400, {"errcode": "M_UNKNOWN", "error": "'from' parameter is invalid"}, None)
        return await asked(built, *_)  # type: ignore[arg-type]

    asked = town.chat.session.call
    monkeypatch.setattr(town.chat.session, "call", call)
    await town.step()
    past = (await town.app.health())["chats"]["matrix"]["past"]
    assert past == f"{town.rooms['health']}: 400 M_UNKNOWN 'from' parameter is invalid"
    for _ in range(MOST_FAILURES):
        clock.passed += LONGEST_REST
        await town.step()
    assert await town.all(OPEN) == []
    assert (await town.app.health())["chats"]["matrix"]["past"] == ""
    assert len(await town.posts("health")) == 100
    assert len([line for line in town.lines("health") if line.startswith(LOST)]) == 1


async def test_m2_a_past_that_cannot_be_had_for_a_while_is_made_up_for(
    town: County, clock: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _leave_a_gap(town)

    async def fails(gap: Gap) -> None:
        raise ChatError("unknown", detail="502")

    with monkeypatch.context() as patched:
        patched.setattr(town.chat, "page_back", fails)
        town.people["rose"].say(town.rooms["water"], "good morning")
        await _try_on(town, clock, 3 * MOST_REFUSALS)
        assert (len(await town.posts("water")), await town.posts("health")) == (1, [])
    clock.passed += LONGEST_REST
    await _try_on(town, clock)
    assert len(await town.posts("health")) == 150
    assert not [line for line in town.lines("health") if line.startswith(LOST)]
