"""groupbot doctor: each thing that stands between the bot and its work is named with its exact remedy."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from click.testing import CliRunner

from groupbot import control
from groupbot.app import App
from groupbot.chat import ChatError
from groupbot.chat.telegram import TelegramChat
from groupbot.chat.telegram_api import Api
from groupbot.cli import main
from groupbot.clock import real_time
from groupbot.store import migrations
from groupbot.store.database import Store
from tests.telegram.fake import Failure, FakeTelegram
from tests.telegram.town import GROUPS, enrol, jurisdiction, set_up
from tests.telegram.world import BOT_ID, TOKEN

MIRROR = GROUPS["mirror"]


class Patient:
    """A healthy installation, which a test makes ill."""

    def __init__(self, fake: FakeTelegram, environ: dict[str, str]) -> None:
        self.fake = fake
        self.environ = environ

    async def findings(self, *options: str) -> dict[str, dict[str, Any]]:
        """What doctor finds, by what it is about."""
        arguments = ["doctor", "--json", *options]
        done = await asyncio.to_thread(CliRunner(env=self.environ).invoke, main, arguments)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        found = [json.loads(line) for line in done.stdout.splitlines()]
        assert done.exit_code == (0 if all(one["holds"] for one in found) else 1)
        return {one["about"]: one for one in found}


@asynccontextmanager
async def patient(folder: Path) -> AsyncIterator[Patient]:
    """A healthy installation; at the end nobody has fetched or said anything."""
    fake = FakeTelegram()
    set_up(fake)
    fake.world.chats[MIRROR].permissions = {}
    with Store(f"sqlite:///{folder / 'county.db'}") as store:
        migrations.migrate(store)
        store.write_tx(lambda tx: enrol(tx, jurisdiction(), real_time()))
    async with fake.served():
        environ = {
            "GROUPBOT_DATABASE": f"sqlite:///{folder / 'county.db'}",
            "GROUPBOT_TELEGRAM_TOKEN": TOKEN,
            "GROUPBOT_TELEGRAM_BASE_URL": fake.base_url,
        }
        yield Patient(fake, environ)
    assert fake.violations == []
    assert not {call.method for call in fake.calls} & {"getupdates", "sendmessage"}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


async def test_nothing_is_to_be_mended_where_all_is_well(tmp_path: Path) -> None:
    async with patient(tmp_path) as here:
        found = await here.findings()
        assert [one["about"] for one in found.values() if not one["holds"]] == []
        assert found["token"]["said"] == "the bot is @ElgeyoGroupBot"
        assert f"group Health feedback ({GROUPS['health']})" in found


async def test_a_token_that_other_users_of_the_machine_can_read(tmp_path: Path) -> None:
    async with patient(tmp_path) as here:
        file = tmp_path / "telegram.token"
        file.write_text(TOKEN)
        del here.environ["GROUPBOT_TELEGRAM_TOKEN"]
        here.environ["GROUPBOT_TELEGRAM_TOKEN_FILE"] = str(file)
        file.chmod(0o644)
        found = (await here.findings())["token_file"]
        assert found["said"] == f"other users of this machine can read {file}"
        assert found["remedy"] == f"chmod 600 {file}"
        file.chmod(0o600)
        assert "token_file" not in await here.findings()


async def test_a_database_that_other_users_of_the_machine_can_read(tmp_path: Path) -> None:
    async with patient(tmp_path) as here:
        assert "database" not in await here.findings()
        file = Path(here.environ["GROUPBOT_DATABASE"].removeprefix("sqlite:///"))
        file.chmod(0o640)
        found = (await here.findings())["database"]
        assert found["said"] == f"other users of this machine can read {file}"
        assert found["remedy"] == f"chmod 600 {file}"


async def test_a_token_that_is_refused(tmp_path: Path) -> None:
    async with patient(tmp_path) as here:
        here.fake.token = "another"
        found = await here.findings()
        assert found["token"]["remedy"].startswith("ask @BotFather: /mybots, your bot, API Token;")
        assert "webhook" not in found


async def test_a_bot_that_hears_nothing_in_a_group(tmp_path: Path) -> None:
    async with patient(tmp_path) as here:
        here.fake.world.privacy = True
        here.fake.world.chats[GROUPS["health"]].members[BOT_ID] = here.fake.world.member(BOT_ID, "member")
        found = await here.findings()
        health = found[f"group Health feedback ({GROUPS['health']})"]
        assert health["said"] == "the bot lacks: read, members, pin, delete, restrict"
        assert health["remedy"] == (
            "open the group's settings, Administrators, and make the bot administrator"
            " with: Pin messages, Delete messages, Ban users"
        )
        assert found["privacy mode"]["said"] == (
            "on, and the bot is no administrator: it hears no posts in Health feedback"
        )
        assert found["privacy mode"]["remedy"] == (
            "write to @BotFather: /setprivacy, @ElgeyoGroupBot, Disable; then take the bot out of each of these groups"
            " and add it again. Or make it administrator there"
        )


async def test_privacy_mode_is_no_trouble_where_the_bot_is_administrator_everywhere(tmp_path: Path) -> None:
    async with patient(tmp_path) as here:
        here.fake.world.privacy = True
        found = await here.findings()
        assert found["privacy mode"]["said"] == "on: the bot hears every post only where it is administrator"
        assert found["privacy mode"]["holds"]


RIGHTS = {
    "can_pin_messages": ("pin", "Pin messages"),
    "can_delete_messages": ("delete", "Delete messages"),
    "can_restrict_members": ("restrict", "Ban users"),
}


@pytest.mark.parametrize("right", RIGHTS)
async def test_each_right_that_lacks_in_a_group_is_named_as_its_settings_name_it(tmp_path: Path, right: str) -> None:
    async with patient(tmp_path) as here:
        here.fake.world.chats[GROUPS["health"]].members[BOT_ID][right] = False
        found = await here.findings()
        health = found[f"group Health feedback ({GROUPS['health']})"]
        lacks, named = RIGHTS[right]
        assert health["said"] == f"the bot lacks: {lacks}"
        assert health["remedy"] == (
            f"open the group's settings, Administrators, and make the bot administrator with: {named}"
        )
        assert [about for about, one in found.items() if not one["holds"]] == [health["about"]]


async def test_a_second_program_on_the_same_token_is_told_by_the_running_bot(tmp_path: Path) -> None:
    async with patient(tmp_path) as here:
        url = here.environ["GROUPBOT_DATABASE"]
        chat = TelegramChat(Api(TOKEN, here.fake.base_url), real_time)
        app = App(jurisdiction(), Store(url), {"telegram": chat}, real_time)
        await app.start()
        async with control.served(control.place(url, Path()), "ke-elgeyo-marakwet", app.obey, app.health):
            alone = (await here.findings())["second poller"]
            assert alone["said"] == "the running bot meets none (not asked yet)"
            here.fake.fail("getUpdates", Failure(code=409, description="Conflict: terminated by other"))
            with pytest.raises(ChatError):
                await chat.fetch(None)
            await chat.fetch(None)  # the next one succeeds: two programs get some of the updates each
            found = (await here.findings())["second poller"]
        await app.close()
        here.fake.calls = [call for call in here.fake.calls if call.method != "getupdates"]  # those were the bot's
        assert found["said"].startswith("another program fetches this bot's updates (")
        assert found["remedy"] == (
            "find the other program with this token and stop it; if it cannot be found, write to @BotFather: /revoke,"
            " and put the new token into the file that token_file names"
        )


async def test_where_the_bot_does_not_run_nobody_can_tell_of_a_second_one_and_nothing_is_fetched(
    tmp_path: Path,
) -> None:
    async with patient(tmp_path) as here:
        found = (await here.findings())["second poller"]
        assert found["said"] == "the bot does not run: its log and `groupbot health` say if it meets another"


@pytest.mark.parametrize("installed", [True, False])
async def test_it_is_told_whether_the_figures_have_a_picture(tmp_path: Path, *, installed: bool) -> None:
    async with patient(tmp_path) as here:
        with patch("groupbot.pictures.png.find_spec", lambda _: object() if installed else None):
            figures = (await here.findings())["figures"]
        assert figures["holds"]
        assert figures["said"] == (
            "each week's and month's go out with a picture"
            if installed
            else "they go out in words alone; for a picture install the extra: pip install 'groupbot[reports]'"
        )


async def test_a_foreign_webhook_is_named_and_taken_away_when_asked(tmp_path: Path) -> None:
    async with patient(tmp_path) as here:
        here.fake.webhook = {"url": "https://elsewhere.example/hook"}
        found = await here.findings()
        assert found["webhook"]["said"] == "another program takes this bot's updates at https://elsewhere.example/hook"
        assert found["webhook"]["remedy"].endswith("groupbot doctor --remove-webhook")
        assert (await here.findings("--remove-webhook"))["webhook"]["holds"]
        assert here.fake.called("deleteWebhook") == [{"drop_pending_updates": False}]


@pytest.mark.parametrize(("skew", "said"), [(-600, "10 min ahead of Telegram's"), (600, "10 min behind Telegram's")])
async def test_a_clock_that_is_wrong(tmp_path: Path, skew: int, said: str) -> None:
    async with patient(tmp_path) as here:
        here.fake.skew = skew
        clock = (await here.findings())["clock"]
        assert clock["said"] == said
        assert clock["remedy"] == "set it: timedatectl set-ntp true"


async def test_a_mirror_in_which_people_can_write_and_a_basic_group(tmp_path: Path) -> None:
    async with patient(tmp_path) as here:
        here.fake.world.chats[MIRROR].permissions = {"can_send_messages": True}
        here.fake.world.chats[GROUPS["water"]].type = "group"
        found = await here.findings()
        assert found[f"group CSO mirror ({MIRROR})"]["said"] == "members can write in the mirror"
        assert found[f"group Water feedback ({GROUPS['water']})"]["remedy"].startswith("make it a supergroup")


async def test_telegram_out_of_reach_and_nothing_set(tmp_path: Path) -> None:
    environ = {"GROUPBOT_TELEGRAM_TOKEN": TOKEN, "GROUPBOT_TELEGRAM_BASE_URL": "http://127.0.0.1:9/bot"}
    there = Patient(FakeTelegram(), environ)
    found = await there.findings()
    assert found["token"]["remedy"].startswith("look whether this machine reaches the internet")
    assert found["groups"]["remedy"] == (
        "groupbot groups bind department CODE --telegram CHAT_ID; CODE is one of health, water, roads, agriculture,"
        " education, lands, trade, gender-youth-sports, administration, finance"
    )
    nothing = Patient(FakeTelegram(), {})
    assert (await nothing.findings())["platforms"]["remedy"].startswith("add a [telegram]")
