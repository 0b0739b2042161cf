"""The only rooms that change a request: each move checks the rule, sets named columns, appends the log, tells people.

All that a move does is in the caller's transaction; nothing is sent before it commits. `changing` is what they share.
"""

from groupbot.moves.changing import held
from groupbot.moves.citizen import take_citizen_yes, take_not_yet
from groupbot.moves.opening import Filing, filings, open_request, same_filing
from groupbot.moves.words import take_answer, take_word

__all__ = [
    "Filing",
    "filings",
    "held",
    "open_request",
    "same_filing",
    "take_answer",
    "take_citizen_yes",
    "take_not_yet",
    "take_word",
]
