"""What does a reply mean? Ask `read_reply`, by when it is said `read_promising`.

`says_nothing` is of an answer, `gives_no_reason` of a command's reason.
"""

from groupbot.rules.replies.coming import read_promising
from groupbot.rules.replies.reading import (
    ReplyReading,
    ReplyVocabulary,
    gives_no_reason,
    read_reply,
    says_nothing,
)

__all__ = ["ReplyReading", "ReplyVocabulary", "gives_no_reason", "read_promising", "read_reply", "says_nothing"]
