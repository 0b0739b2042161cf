"""groupbot doctor on a real homeserver: each thing that is wrong is named with its exact remedy."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from groupbot.chat.checks import Finding
from groupbot.chat.matrix import Account, MatrixChat
from groupbot.chat.matrix_doctor import Doctor
from groupbot.cli import main
from groupbot.clock import real_time
from groupbot.records import Group
from groupbot.rules.standing import lacking
from tests.matrix.county import PASSWORD, County, Member, account
from tests.matrix.synapse import Homeserver

pytestmark = pytest.mark.slow


async def findings(chat: MatrixChat, *groups: Group) -> dict[str, list[Finding]]:
    """What doctor finds, by what it is about."""
    found: dict[str, list[Finding]] = {}
    async for finding in Doctor(chat, lacking).look(groups):
        found.setdefault(finding.about, []).append(finding)
    return found


def group(room_id: str, kind: str = "department") -> Group:
    return Group(0, "matrix", room_id, kind, "Health", "health")  # type: ignore[arg-type]


def adapter(server: Homeserver, bot: Member, folder: Path, password: str = PASSWORD) -> MatrixChat:
    return MatrixChat(Account(server.url, bot.user_id, lambda: password, folder / "state"), real_time)


async def test_a_healthy_account_and_room_hold(town: County) -> None:
    room_id = town.owner.room(town.bot.user_id, creation_content={"m.federate": False})
    town.bot.join(room_id)
    levels = town.owner.state_of(room_id, "m.room.power_levels")
    town.owner.state(room_id, "m.room.power_levels", {**levels, "users": {**levels["users"], town.bot.user_id: 100}})
    found = await findings(town.chat, group(room_id))
    assert found["account"][0].said == f"{town.bot.user_id} on device {town.chat.session.device_id}"
    assert found["limits"] == [Finding("limits", "12 messages at once are let through")]
    assert {one.said: one.holds for one in found["Health"]} == {
        "the bot may do all that it needs": True,
        "closed to other servers": True,
    }


async def test_a_room_without_power_that_is_open_is_told_with_its_remedies(town: County) -> None:
    room_id = town.owner.room(town.bot.user_id)
    town.bot.join(room_id)
    found = {one.said: one.remedy for one in (await findings(town.chat, group(room_id, "mirror")))["Health"]}
    assert any(
        said.startswith("with power 0 the bot may not: ")
        and remedy == f"give {town.bot.user_id} the power level 100 in the room's settings (Roles & Permissions)"
        for said, remedy in found.items()
    )
    assert "people of other servers could be invited" in found
    assert found["everybody may write in the mirror"] == "the bot closes it by itself where it has power 100"


async def test_of_an_encrypted_room_nothing_is_told_but_that_another_is_needed(town: County) -> None:
    room_id = town.owner.room(town.bot.user_id)
    town.bot.join(room_id)
    town.owner.state(room_id, "m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"})
    (found,) = (await findings(town.chat, group(room_id)))["Health"]
    assert found == Finding(
        "Health", "it is encrypted", "make a new room without encryption, and connect the bot there"
    )


async def test_a_room_that_the_bot_is_not_in_is_told(town: County) -> None:
    room_id = town.owner.room()
    (finding,) = (await findings(town.chat, group(room_id)))["Health"]
    assert not finding.holds
    assert finding.remedy == f"invite {town.bot.user_id} to the room {room_id}, or release the group"


async def test_the_ordinary_limits_of_a_homeserver_are_told_with_the_call_that_lifts_them(
    strict_server: Homeserver, tmp_path: Path
) -> None:
    bot = account(strict_server, "groupbot")
    chat = adapter(strict_server, bot, tmp_path)
    try:
        (limits,) = (await findings(chat))["limits"]
    finally:
        await chat.close()
    assert limits.said == "the homeserver slows the bot down after a few messages"
    assert limits.remedy == (
        "as an administrator of the homeserver: POST /_synapse/admin/v1/users/"
        f'{bot.user_id}/override_ratelimit {{"messages_per_second": 0, "burst_count": 0}}'
    )


async def test_a_wrong_password_ends_the_look_at_the_account(server: Homeserver, tmp_path: Path) -> None:
    chat = adapter(server, account(server, "groupbot"), tmp_path, "wrong")
    try:
        found = await findings(chat, group("!nowhere:county.example"))
    finally:
        await chat.close()
    assert list(found) == ["account"]
    assert not found["account"][0].holds


async def test_the_command_says_it_all_and_fails_when_something_is_to_mend(server: Homeserver, tmp_path: Path) -> None:
    bot = account(server, "groupbot")
    environ = {
        "GROUPBOT_DATABASE": f"sqlite:///{tmp_path / 'county.db'}",
        "GROUPBOT_MATRIX_HOMESERVER": server.url,
        "GROUPBOT_MATRIX_USER_ID": bot.user_id,
        "GROUPBOT_MATRIX_PASSWORD": PASSWORD,
        "GROUPBOT_MATRIX_STATE_DIR": str(tmp_path / "state"),
    }
    done = await asyncio.to_thread(CliRunner(env=environ).invoke, main, ["doctor", "--json"])
    assert done.exit_code == 1
    found = {(one["platform"], one["about"]): one["holds"] for one in map(json.loads, done.stdout.splitlines())}
    assert found["matrix", "account"] and found["matrix", "limits"]
    assert not found["matrix", "new rooms"]
    assert not found["groupbot", "groups"]
