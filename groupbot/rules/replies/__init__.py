"""What does a reply mean? Ask `read_reply`, and `says_nothing` of an answer; the other files are their parts."""

from groupbot.rules.replies.reading import ReplyReading, ReplyVocabulary, read_reply, says_nothing

__all__ = ["ReplyReading", "ReplyVocabulary", "read_reply", "says_nothing"]
