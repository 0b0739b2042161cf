"""What does a reply mean? Ask `read_reply`; `says_nothing` of an answer, `gives_no_reason` of a command's reason."""

from groupbot.rules.replies.reading import (
    ReplyReading,
    ReplyVocabulary,
    gives_no_reason,
    read_reply,
    says_nothing,
)

__all__ = ["ReplyReading", "ReplyVocabulary", "gives_no_reason", "read_reply", "says_nothing"]
