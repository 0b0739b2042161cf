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
from tests.matrix.synapse import Homeserver, homeserver, unique

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


async def test_a_room_without_power_is_told_with_its_remedies(town: County) -> None:
    room_id = town.owner.room(town.bot.user_id)
    town.bot.join(room_id)
    found = {one.said: one.remedy for one in (await findings(town.chat, group(room_id, "mirror")))["Health"]}
    assert any(
        said.startswith("with power 0 the bot may not: ")
        and remedy == f"give {town.bot.user_id} the power level 100 in the room's settings (Roles & Permissions)"
        for said, remedy in found.items()
    )
    assert found["everybody may write in the mirror"] == "the bot closes it by itself where it has power 100"
    # the homeserver speaks with no other server, so nobody of one can be brought in
    assert found["open in itself, but the homeserver refuses servers that its settings do not name"] == ""


@pytest.mark.parametrize("lowered", [40, 60])
async def test_with_some_power_it_is_told_which_acts_it_does_not_suffice_for(town: County, lowered: int) -> None:
    room_id = town.owner.room(town.bot.user_id, creation_content={"m.federate": False})
    town.bot.join(room_id)
    levels = town.owner.state_of(room_id, "m.room.power_levels")
    users = {**levels["users"], town.bot.user_id: lowered}
    town.owner.state(room_id, "m.room.power_levels", {**levels, "users": users})
    (finding, _) = (await findings(town.chat, group(room_id)))["Health"]
    lacks = {40: "pin, delete, restrict", 60: "restrict"}[lowered]
    assert finding.said == f"with power {lowered} the bot may not: {lacks}"


async def test_an_open_homeserver_that_encrypts_new_rooms_is_told_with_the_settings_to_change(tmp_path: Path) -> None:
    """Synapse as it comes, but for two settings: the one for encryption, and what Element is told."""
    told = {"io.element.e2ee": {"default": False}}
    with homeserver(
        federation_domain_whitelist=None,
        encryption_enabled_by_default_for_room_type="invite",
        extra_well_known_client_content=told,
    ) as server:
        owner, bot = account(server, "owner"), account(server, "groupbot")
        rooms = [owner.room(bot.user_id, preset=preset) for preset in ("private_chat", "public_chat")]
        for room_id in rooms:
            bot.join(room_id)
        chat = adapter(server, bot, tmp_path)
        try:
            found = await findings(chat, *map(group, rooms))
        finally:
            await chat.close()
    assert found["homeserver"] == [
        Finding(
            "homeserver",
            "it encrypts new rooms, which the bot cannot read",
            "in homeserver.yaml: encryption_enabled_by_default_for_room_type: off; then make the rooms anew",
        )
    ]
    assert found["new rooms"] == [Finding("new rooms", "Element makes them without encryption")]
    encrypted, _, federation = found["Health"]
    assert encrypted.said == "it is encrypted"
    assert federation.remedy == (
        "set federation_domain_whitelist: [] in homeserver.yaml and start it again; a room can be closed only when it"
        " is made: 'Block anyone not part of county.test'"
    )


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


async def test_once_the_limit_is_lifted_the_bot_writes_as_fast_as_it_must(
    strict_server: Homeserver, tmp_path: Path
) -> None:
    bot = account(strict_server, "groupbot")
    admin = strict_server.register(unique("admin"), admin=True)
    lifted = {"messages_per_second": 0, "burst_count": 0}  # the call that the remedy names
    strict_server.call("POST", f"/_synapse/admin/v1/users/{bot.user_id}/override_ratelimit", lifted, admin)
    chat = adapter(strict_server, bot, tmp_path)
    try:
        assert (await findings(chat))["limits"] == [Finding("limits", "12 messages at once are let through")]
    finally:
        await chat.close()


async def test_a_wrong_password_ends_the_look_at_the_account(server: Homeserver, tmp_path: Path) -> None:
    bot = account(server, "groupbot")
    chat = adapter(server, bot, tmp_path, "wrong")
    try:
        found = await findings(chat, group("!nowhere:county.example"))
    finally:
        await chat.close()
    assert list(found) == ["account"]
    (finding,) = found["account"]
    assert finding.remedy == (
        f"put the password of {bot.user_id} into the file that password_file names; a new one is given by an"
        f" administrator of the homeserver: POST /_synapse/admin/v1/reset_password/{bot.user_id}"
        ' {"new_password": "…", "logout_devices": false}'
    )
    admin = server.register(unique("admin"), admin=True)  # and that mends it
    fresh = {"new_password": "another one", "logout_devices": False}
    server.call("POST", f"/_synapse/admin/v1/reset_password/{bot.user_id}", fresh, admin)
    chat = adapter(server, bot, tmp_path, "another one")
    try:
        assert (await findings(chat))["account"][0].holds
    finally:
        await chat.close()


async def test_a_token_that_was_ended_is_mended_by_a_new_login(server: Homeserver, tmp_path: Path) -> None:
    bot = account(server, "groupbot")
    chat = adapter(server, bot, tmp_path)
    try:
        assert (await findings(chat))["account"][0].holds
        kept = json.loads(chat.session.file.read_text())
        server.call("POST", "/_matrix/client/v3/logout", {}, kept["access_token"])
        (finding,) = (await findings(chat))["account"]
        assert finding.said.startswith("the homeserver does not let the bot in (the session was ended;")
        assert finding.remedy == f"remove {chat.session.file} to log in again"
        chat.session.file.unlink()
        assert (await findings(chat))["account"][0].holds
    finally:
        await chat.close()


async def test_a_token_of_another_device_is_mended_by_a_device_of_its_own(server: Homeserver, tmp_path: Path) -> None:
    bot = account(server, "groupbot")
    chat = adapter(server, bot, tmp_path)
    chat.session.file.parent.mkdir()
    kept = {"user_id": bot.user_id, "device_id": "OURS", "access_token": bot.token}
    chat.session.file.write_text(json.dumps(kept))
    try:
        (finding,) = (await findings(chat))["account"]
        assert finding.said.startswith("the token is another device's (")
        assert finding.remedy == f"remove {chat.session.file}, and start the bot: it logs in as a device of its own"
        chat.session.file.unlink()
        chat.session._kept = None
        assert (await findings(chat))["account"][0].holds
    finally:
        await chat.close()


async def test_a_homeserver_that_is_not_there_is_to_be_started_or_named(tmp_path: Path) -> None:
    account = Account("http://127.0.0.1:9", "@groupbot:county.test", lambda: PASSWORD, tmp_path)
    chat = MatrixChat(account, real_time)
    try:
        (finding,) = (await findings(chat))["account"]
    finally:
        await chat.close()
    assert finding.remedy == (
        "see that the homeserver runs and that http://127.0.0.1:9/_matrix/client/versions answers from this machine;"
        " its address is homeserver in the settings"
    )


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
