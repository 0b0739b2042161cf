"""Which time to come do somebody's words name? Ask `find_time`; the other files are its parts."""

from groupbot.rules.dates.finding import NamedTime, find_time
from groupbot.rules.dates.pieces import Lexicon

__all__ = ["Lexicon", "NamedTime", "find_time"]
