"""Which time to come do somebody's words name? Ask `find_time`, of a command's `find_commanded`; the rest are parts."""

from groupbot.rules.dates.finding import NamedTime, find_commanded, find_time
from groupbot.rules.dates.pieces import Lexicon

__all__ = ["Lexicon", "NamedTime", "find_commanded", "find_time"]
