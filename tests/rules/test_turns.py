"""A person's share of a chat: used up by what they cause, given back by time, never more than whole."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from groupbot.records import Rate
from groupbot.rules import turns
from groupbot.rules.turns import Share

NOW = datetime(2026, 11, 24, 7, tzinfo=UTC)
TWENTY = Rate(20, 60.0)


def after(seconds: float) -> datetime:
    """That long after NOW."""
    return NOW + timedelta(seconds=seconds)


def test_the_limit_that_counts_is_the_one_that_lets_the_fewest_through() -> None:
    assert turns.slowest((Rate(1, 1.0), TWENTY)) == TWENTY
    assert turns.slowest(()) is None


def test_five_messages_a_minute_are_one_persons_where_a_chat_hears_twenty() -> None:
    share = None
    for number in range(5):
        assert turns.left(share, TWENTY, NOW) == 5 - number
        share = turns.charged(share, TWENTY, ["status"], NOW, together=False)
    assert share is not None
    assert turns.left(share, TWENTY, NOW) == 0
    assert turns.due(share, TWENTY, NOW) == after(12)
    assert turns.left(share, TWENTY, after(12)) == 1
    assert turns.due(share, TWENTY, after(12)) == after(12)
    assert turns.left(share, TWENTY, after(3_600)) == 5


def test_a_chat_that_hears_one_message_at_a_time_leaves_everybody_one() -> None:
    assert turns.left(None, Rate(1, 10.0), NOW) == 1


def test_thirty_numbers_of_one_turn_are_one_message_and_answers_are_not() -> None:
    share = turns.charged(Share(1.0, NOW), TWENTY, ["number"] * 30, NOW, together=True)
    assert abs(turns.left(share, TWENTY, NOW)) < 1e-9
    assert turns.charged(Share(5.0, NOW), TWENTY, ["number"] * 3, NOW, together=False).left == 2
    assert turns.charged(Share(5.0, NOW), TWENTY, ["unknown_reference"] * 3, NOW, together=True).left == 2


def test_a_clock_that_is_set_back_takes_nothing_away_and_gives_nothing() -> None:
    assert turns.left(Share(2.0, NOW), TWENTY, after(-600)) == 2


@given(
    st.floats(-50, 5),
    st.integers(0, 10_000),
    st.lists(st.sampled_from(["number", "status"]), max_size=9),
    st.booleans(),
)
def test_no_share_is_ever_more_than_whole_and_what_is_due_is_there(
    had: float, seconds: int, said: list[str], together: bool
) -> None:
    share = turns.charged(Share(had, NOW), TWENTY, said, after(seconds), together=together)
    assert share.left <= 5
    when = turns.due(share, TWENTY, after(seconds))
    assert when >= after(seconds)
    assert turns.left(share, TWENTY, when + timedelta(milliseconds=1)) >= 1
