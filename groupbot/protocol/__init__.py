"""Packs: one jurisdiction's protocol as data. Field names are the TOML keys; unknown keys are refused.

`protocol_check` adds what a type cannot say. Every number that binds people carries its `basis`.
"""

from groupbot.protocol.calendar import CalendarFile, Clock, Holiday, Hours
from groupbot.protocol.cast import CastFile, CastMember, load_cast
from groupbot.protocol.chase import Chase, ChaseStep, Ombudsman
from groupbot.protocol.county import (
    AmbiguousWard,
    Breach,
    Department,
    Emergency,
    EmergencyNumber,
    Limits,
    Mirror,
    Moderation,
    PackHead,
    Priority,
    ProtocolFile,
    Residents,
    Retention,
    Role,
    Sample,
    Ward,
)
from groupbot.protocol.pack import Protocol, folder, load, locate
from groupbot.protocol.parts import Names, NonEmpty, Part, Words
from groupbot.protocol.reading import FormField, FormRules, NameRules, PrivateRoute, ReadingFile, Topic
from groupbot.protocol.weights import PrivateWeights, WeightsFile
from groupbot.protocol.words import DateWords, DayPart, ReplyWords, Stem, VerbWords, WordsFile

__all__ = [
    "AmbiguousWard",
    "Breach",
    "CalendarFile",
    "CastFile",
    "CastMember",
    "Chase",
    "ChaseStep",
    "Clock",
    "DateWords",
    "DayPart",
    "Department",
    "Emergency",
    "EmergencyNumber",
    "FormField",
    "FormRules",
    "Holiday",
    "Hours",
    "Limits",
    "Mirror",
    "Moderation",
    "NameRules",
    "Names",
    "NonEmpty",
    "Ombudsman",
    "PackHead",
    "Part",
    "Priority",
    "PrivateRoute",
    "PrivateWeights",
    "Protocol",
    "ProtocolFile",
    "ReadingFile",
    "ReplyWords",
    "Residents",
    "Retention",
    "Role",
    "Sample",
    "Stem",
    "Topic",
    "VerbWords",
    "Ward",
    "WeightsFile",
    "Words",
    "WordsFile",
    "folder",
    "load",
    "load_cast",
    "locate",
]
