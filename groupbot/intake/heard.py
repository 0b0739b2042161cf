"""What the words in hand mean, read by when they were said."""

from __future__ import annotations

from groupbot.moment import Moment
from groupbot.rules.dates import NamedTime, find_time
from groupbot.rules.replies import ReplyReading, read_promising


def read(moment: Moment, *, asked: bool = False, instead: str = "") -> ReplyReading:
    """The meaning of what was said; `asked` where the bot had asked whether the citizen agrees.

    `instead` are words that stand for what was said, as for a mark.
    """
    said, ours = moment.update, moment.jurisdiction

    def named(words: str) -> NamedTime | None:
        return find_time(words, said.sent_at, ours.date_words, ours.calendar)

    return read_promising(instead or said.text, ours.reply_vocabulary, named, asked=asked)
