"""The bot's token is in every address that it calls, and in no line of its log and no row of its database."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from groupbot import logs
from groupbot.chat import ChatError
from tests.county import FORM
from tests.telegram.fake import Failure
from tests.telegram.town import Town, town
from tests.telegram.world import TOKEN

FAILURES = {
    "a wrong gateway": (Failure("502"),),
    "a cut line": (Failure("drop"),),
    "a refused token": (Failure("answer", 401, "Unauthorized"),),
    "an address that is not known": (Failure("answer", 404, f"Not Found: /bot{TOKEN}/sendMessage"),),
    "a flood": (Failure("answer", 429, "Too Many Requests", (("retry_after", 3),)),),
}


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What is logged while a test runs, everything that may be said included, by a log that was told no secret."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.begin([], stream)
    root.setLevel(logging.DEBUG)
    yield stream
    root.handlers[:], root.level = before, level


async def _rows_with_the_token(here: Town) -> list[str]:
    found = []
    for table, column in (("outbox", "error"), ("inbox", "error"), ("inbox", "raw"), ("bot_state", "value")):
        if await here.value(f"SELECT count(*) FROM {table} WHERE {column} LIKE ?", f"%{TOKEN[-20:]}%"):
            found.append(f"{table}.{column}")
    return found


@pytest.mark.parametrize("name", FAILURES)
async def test_s17_whatever_fails_the_token_is_in_no_line_of_the_log_and_no_row(
    name: str, written: io.StringIO
) -> None:
    async with town() as here:
        for method in ("sendMessage", "setMessageReaction", "getChat"):
            here.fake.fail(method, *FAILURES[name] * 3)
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "Seen, I am on it", post)
        await here.wait(hours=1)
        here.fake.fail("getUpdates", *FAILURES[name])
        try:
            await here.app.step()
        except ChatError:
            logging.getLogger("groupbot.app").exception("the next poll waits")  # as the running loop does
        logging.getLogger("x").error("called %s", here.fake.base_url + TOKEN)
        assert await _rows_with_the_token(here) == []
    said = written.getvalue()
    assert "(secret)" in said  # the log was heard, and hides
    assert TOKEN not in said
    assert TOKEN.split(":")[1] not in said
