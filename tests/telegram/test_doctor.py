"""groupbot doctor: each thing that stands between the bot and its work is named with its exact remedy."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from groupbot.cli import main
from groupbot.clock import real_time
from groupbot.store import migrations
from groupbot.store.database import Store
from tests.telegram.fake import FakeTelegram
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
        assert health["remedy"].startswith("open the group's settings, Administrators, and make the bot administrator")
        assert found["privacy mode"]["said"].startswith("on:")


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
    assert found["groups"]["remedy"] == "groupbot groups bind department CODE --telegram CHAT_ID"
    nothing = Patient(FakeTelegram(), {})
    assert (await nothing.findings())["platforms"]["remedy"].startswith("add a [telegram]")
