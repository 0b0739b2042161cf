"""What the bot lacks in a group: only what it needs there, and of that only what the chat has."""

from __future__ import annotations

from groupbot.records import Capabilities, Standing
from groupbot.rules.standing import NEEDED, lacking

EVERYTHING = Capabilities(delete=True, pins=True, restrict=True, read_only=True, members=True)
NOTHING = Standing(False, frozenset())


def test_where_the_chat_has_everything_all_that_is_needed_is_lacking_in_the_order_of_its_weight() -> None:
    for kind, needed in NEEDED.items():
        assert lacking(kind, NOTHING, EVERYTHING) == list(needed)


def test_what_the_chat_does_not_have_nobody_can_give() -> None:
    assert lacking("department", NOTHING, Capabilities()) == ["read", "write"]
    assert lacking("mirror", NOTHING, Capabilities()) == ["write"]
    assert lacking("department", NOTHING, Capabilities(pins=True)) == ["read", "write", "pin"]


def test_what_the_bot_has_it_does_not_lack_and_a_private_chat_needs_nothing() -> None:
    assert lacking("department", Standing(False, frozenset({"read", "write"})), Capabilities()) == []
    assert lacking("private", NOTHING, EVERYTHING) == []
