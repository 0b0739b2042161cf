"""The log of a running bot: lines that a program reads, without secrets and without anybody's words."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator

import pytest

from groupbot import logs

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What is logged while a test runs."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.begin(["pass word"], stream)
    yield stream
    root.handlers[:], root.level = before, level


def test_a_line_is_one_json_object(written: io.StringIO) -> None:
    logging.getLogger("groupbot.app").info("runs on %s\nand on", "telegram")
    (line,) = written.getvalue().splitlines()
    record = json.loads(line)
    assert (record["level"], record["logger"], record["message"]) == (
        "info",
        "groupbot.app",
        "runs on telegram\nand on",
    )
    assert record["at"].endswith("+00:00")


def test_secrets_and_tokens_of_any_bot_are_hidden(written: io.StringIO) -> None:
    logging.getLogger("x").error("GET https://api.telegram.org/bot%s/getMe with pass word", TOKEN)
    assert TOKEN not in written.getvalue()
    assert json.loads(written.getvalue())["message"] == "GET https://api.telegram.org/bot(secret)/getMe with (secret)"


def test_libraries_that_write_addresses_are_quiet(written: io.StringIO) -> None:
    logging.getLogger("httpx").info("HTTP Request: POST https://api.telegram.org/bot%s/getMe", TOKEN)
    assert written.getvalue() == ""


def test_a_library_that_handles_messages_is_written_without_what_it_quotes(written: io.StringIO) -> None:
    logging.getLogger("telegram.request").error('invalid JSON: "%s"', "Jane Chebet 0722 000 000")
    logging.getLogger("nio.events.misc").warning("not valid: Jane Chebet 0722 000 000")
    logging.getLogger("groupbot.app").warning("row %s", 7)
    first, second, third = [json.loads(line)["message"] for line in written.getvalue().splitlines()]
    assert re.fullmatch(r'test_logs:\d+: invalid JSON: "%s"', first)
    assert re.fullmatch(r"test_logs:\d+", second)
    assert third == "row 7"


def test_an_error_is_its_class_and_places_not_its_message(written: io.StringIO) -> None:
    try:
        try:
            raise ValueError("Jane Chebet 0722 000 000 is no ward")
        except ValueError as error:
            raise OSError(28, "No space left on device") from error
    except OSError:
        logging.getLogger("x").exception("a row failed")
    record = json.loads(written.getvalue())
    assert [(one["class"], one.get("says")) for one in record["error"]] == [
        ("OSError", "[Errno 28] No space left on device"),
        ("ValueError", None),
    ]
    assert "0722" not in written.getvalue()
    assert all("test_logs.py:" in place for one in record["error"] for place in one["through"])
