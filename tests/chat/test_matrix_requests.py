"""Requests to a homeserver: those of the library, without the access token in the address."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from nio import Api

from groupbot.chat.matrix import _sync
from groupbot.chat.matrix_line import without_token
from groupbot.chat.matrix_sync import FILTER


@pytest.mark.parametrize("since", ["", "s72595_4483_1934", "s1&access_token=x", "a b+c/ü?%"])
@pytest.mark.parametrize(("milliseconds", "first"), [(0, True), (30_000, False)])
def test_a_sync_asks_for_what_the_library_would_ask_for(since: str, milliseconds: int, *, first: bool) -> None:
    method, path = _sync(since, milliseconds, first)
    theirs = urlsplit(Api.sync("secret", since, milliseconds, FILTER, first, "offline")[1])
    ours = urlsplit(path)
    asked = parse_qs(theirs.query)
    del asked["access_token"]
    assert (method, ours.path, parse_qs(ours.query)) == ("GET", theirs.path, asked)


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/a/b", "/a/b"),
        ("/a?access_token=secret", "/a"),
        ("/a?x=1&access_token=secret&y=a%20b", "/a?x=1&y=a+b"),
        ("/a?x=access_token", "/a?x=access_token"),
    ],
)
def test_no_address_bears_the_token(path: str, wanted: str) -> None:
    assert without_token(path) == wanted
