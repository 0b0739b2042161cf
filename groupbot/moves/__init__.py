"""The only rooms that change a request: each move checks the rule, sets named columns, appends the log, tells people.

All that a move does is in the caller's transaction; nothing is sent before it commits. `changing` is what they share.
"""

from groupbot.moves.amending import add_details, amend
from groupbot.moves.asking import let_rest, take_nags
from groupbot.moves.changing import held
from groupbot.moves.citizen import take_citizen_yes, take_not_yet
from groupbot.moves.closing import close_duplicate, close_unreachable, settle, withdraw
from groupbot.moves.erasing import anonymise, erase
from groupbot.moves.extending import take_promise
from groupbot.moves.linking import link
from groupbot.moves.observing import observe
from groupbot.moves.opening import Filing, filings, likeness, open_private, open_request
from groupbot.moves.pausing import pause, paused_line
from groupbot.moves.prioritising import raise_emergency, raises, set_priority
from groupbot.moves.protecting import protect, set_apart, unsay
from groupbot.moves.recounting import Recount, give_back, look_anew, recount, recounts
from groupbot.moves.refusing import take_cannot
from groupbot.moves.safety import hear_safe, make_safe
from groupbot.moves.transferring import move_to
from groupbot.moves.undoing import NotUndone, undo
from groupbot.moves.words import keep_word, take_answer, take_word

__all__ = [
    "Filing",
    "NotUndone",
    "Recount",
    "add_details",
    "amend",
    "anonymise",
    "close_duplicate",
    "close_unreachable",
    "erase",
    "filings",
    "give_back",
    "hear_safe",
    "held",
    "keep_word",
    "let_rest",
    "likeness",
    "link",
    "look_anew",
    "make_safe",
    "move_to",
    "observe",
    "open_private",
    "open_request",
    "pause",
    "paused_line",
    "protect",
    "raise_emergency",
    "raises",
    "recount",
    "recounts",
    "set_apart",
    "set_priority",
    "settle",
    "take_answer",
    "take_cannot",
    "take_citizen_yes",
    "take_nags",
    "take_not_yet",
    "take_promise",
    "take_word",
    "undo",
    "unsay",
    "withdraw",
]
