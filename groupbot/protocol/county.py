"""protocol.toml: the jurisdiction itself, its departments, wards, priorities, roles and limits."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from groupbot.protocol.calendar import Clock
from groupbot.protocol.chase import Chase
from groupbot.protocol.parts import Names, NonEmpty, Part, Words


class PackHead(Part):
    """[pack]: which jurisdiction, which version, where its rules come from."""

    id: NonEmpty
    version: NonEmpty
    schema_: Literal[1] = Field(alias="schema")
    name: NonEmpty
    source: NonEmpty
    timezone: NonEmpty
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    languages: Annotated[tuple[NonEmpty, ...], Field(min_length=1)]  # the first is the default


class Department(Part):
    """[[department]]: a stable code, the letters of its references, its names and what its posts speak of."""

    service_code: NonEmpty
    prefix: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    agency_responsible: NonEmpty
    name: Names
    aliases: tuple[str, ...] = ()
    mirror_text: bool = False  # may the problem and the answer be published (through the redactor)?
    basis: str = ""


class Ward(Part):
    """[[ward]]: the canonical name, its sub-county, the spellings that mean it and how many people live there."""

    name: NonEmpty
    sub_county: NonEmpty
    aliases: tuple[str, ...] = ()
    residents: Annotated[int, Field(ge=1)] | None = None  # every ward, or none: silence is told by people then


class Residents(Part):
    """[residents]: who counted the residents of the wards, and when."""

    basis: NonEmpty


class AmbiguousWard(Part):
    """[[ambiguous_ward]]: a spelling that may mean several wards and is asked back, never guessed."""

    alias: NonEmpty
    wards: tuple[str, ...]


class Priority(Part):
    """[[priority]]: a level, the words that mean it, the harm that makes it, and its clocks."""

    level: NonEmpty
    words: Words
    harm: Names  # the test a ward admin applies, one sentence per language
    name: Names
    round_the_clock: bool = False
    default: bool = False
    acknowledge: Clock
    next_word: Clock
    answer: Clock
    word: Clock  # the citizen's word, after an answer


class EmergencyNumber(Part):
    """[[emergency.number]]: whom to call without waiting for the bot."""

    name: Names
    number: NonEmpty
    basis: NonEmpty


class Emergency(Part):
    """[emergency]: numbers to call, and who is rung when."""

    number: tuple[EmergencyNumber, ...]
    ring_minutes: tuple[int, ...]
    ring_roles: tuple[str, ...]
    basis: NonEmpty


class Role(Part):
    """[[role]]: what it is called and what its grants are limited to."""

    code: NonEmpty
    scope: Literal["ward", "sub_county", "department", "county"]
    name: Names
    second_person: bool = False  # is an invitation to it confirmed by somebody else than who made it?


class Mirror(Part):
    """[mirror]: what the CSO group may see."""

    preview_working_hours: Annotated[int, Field(ge=0)] = 2
    basis: NonEmpty


class Limits(Part):
    """[limits]: the windows and counts of intake, each a decision of the pack."""

    same_filing_minutes: int = 60  # the same words again: the same filing
    near_hours: int = 24  # nearly the same words again: details of the same
    draft_hours: int = 24
    context_minutes: int = 30
    undo_hours: int = 24
    reopen_days: int = 30
    extend_days: Annotated[int, Field(ge=1, le=366)] = 30  # how far the one extension reaches
    contacts: Literal["private", "in_group"] = "private"
    basis: NonEmpty


class Moderation(Part):
    """[moderation]: how the groups are kept in order; guards only tell, people decide."""

    dry_run_days: Annotated[int, Field(ge=0)] = 14  # in a new group the guards only note what they would have done
    joins_per_hour: Annotated[int, Field(ge=1)] = 10  # of unknown people, before the door is closed
    posts_per_minute: Annotated[int, Field(ge=1)] = 15
    longest_days: Annotated[int, Field(ge=1)] = 30  # of a mute or a ban
    acts_by: tuple[str, ...] = ("communications",)  # roles that warn, mute and ban
    basis: NonEmpty


class Retention(Part):
    """[retention]: how long the words of people are kept."""

    closed_months: Annotated[int, Field(ge=1, le=1200)] = 24  # after closing; then a request keeps its codes alone
    other_days: Annotated[int, Field(ge=1, le=36500)] = 90  # of posts that are part of no request
    basis: NonEmpty


class Sample(Part):
    """[sample]: how many closed requests of a month are called back."""

    requests: Annotated[int, Field(ge=1, le=200)] = 10
    basis: NonEmpty


class Breach(Part):
    """[breach]: whom the law has told when personal data got into the wrong hands, and how soon."""

    regulator: NonEmpty
    contact: NonEmpty
    regulator_hours: Annotated[int, Field(ge=1)] = 72  # from when the county knows
    processor_hours: Annotated[int, Field(ge=1)] = 48  # for whoever keeps the bot for the county, to tell the county
    basis: NonEmpty


class ProtocolFile(Part):
    """protocol.toml."""

    pack: PackHead
    department: tuple[Department, ...]
    ward: tuple[Ward, ...]
    ambiguous_ward: tuple[AmbiguousWard, ...] = ()
    residents: Residents | None = None
    priority: tuple[Priority, ...]
    emergency: Emergency
    chase: Chase
    role: tuple[Role, ...]
    mirror: Mirror
    limits: Limits
    moderation: Moderation
    retention: Retention
    sample: Sample
    breach: Breach
