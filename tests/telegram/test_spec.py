"""T23: no call of the bot is outside the Bot API's description, in either version; and the check would see one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from groupbot.chat import ChatError
from groupbot.chat.telegram_api import Api
from tests.telegram import spec
from tests.telegram.fake import FakeTelegram
from tests.telegram.town import GROUPS
from tests.telegram.world import TOKEN


@pytest.fixture
def described() -> Iterator[None]:
    """The description is here; elsewhere the test is skipped with the reason, but in CI, which needs it, it fails."""
    try:
        spec.folder()
    except spec.NoSpec as reason:
        refuse = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        refuse(str(reason))
    yield


@pytest.mark.usefixtures("described")
def test_t23_both_versions_are_described() -> None:
    assert spec.VERSIONS == ("10.0", "10.1")
    newest = spec.load("10.1").wrong_call("sendRichMessage", {})
    assert newest != spec.load("10.0").wrong_call("sendRichMessage", {}) == ["there is no method sendRichMessage"]


WRONG = [
    ("sendMessage", {"chat_id": "1", "txt": "Hello", "text": "Hello"}, "sendMessage has no parameter txt"),
    ("sendMessage", {"chat_id": "1"}, "sendMessage needs text"),
    ("deleteMessage", {"chat_id": "1", "message_id": "first"}, "deleteMessage.message_id: 'first' is no Integer"),
    ("sendMesage", {}, "there is no method sendMesage"),
    ("sendRichMessage", {}, "there is no method sendRichMessage"),
]


@pytest.mark.usefixtures("described")
@pytest.mark.parametrize(("method", "given", "said"), WRONG)
def test_t23_a_wrong_call_is_found(method: str, given: dict[str, str], said: str) -> None:
    assert f"10.0: {said}" in spec.wrong_call(method, given)


@pytest.mark.usefixtures("described")
def test_t23_an_update_may_be_of_the_next_version_and_not_of_none() -> None:
    message = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}}
    rich = {"rich_message": {"blocks": []}}
    assert spec.wrong_update({"update_id": 1, "message": message | rich}) == []
    assert spec.wrong_update({"update_id": 1, "message": message | {"poor_message": 1}}) != []


@pytest.mark.usefixtures("described")
async def test_t23_the_stand_in_refuses_a_wrong_call_and_remembers_it() -> None:
    fake = FakeTelegram()
    async with fake.served():
        api = Api(TOKEN, fake.base_url)
        with pytest.raises(ChatError):
            await api.call("sendMessage", {"chat_id": GROUPS["health"], "text": "x", "parse_mod": "HTML"})
        await api.close()
    assert fake.violations == [f"{version}: sendmessage has no parameter parse_mod" for version in spec.VERSIONS]


def test_t23_without_the_description_the_check_says_where_it_looked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GROUPBOT_TEST_BOT_API", str(tmp_path))
    with pytest.raises(spec.NoSpec, match=str(tmp_path)):
        spec.folder()
