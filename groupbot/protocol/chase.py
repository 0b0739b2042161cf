"""The [chase] of protocol.toml: who is asked when something owed has not come, how often, and who next."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from groupbot.protocol.parts import Names, NonEmpty, Part

Owed = Literal["word", "answer", "citizen"]
Count = Annotated[int, Field(ge=0)]
Some = Annotated[int, Field(ge=1)]


class ChaseStep(Part):
    """[[chase.step]]: who is asked how long after which debt fell due; `group` says it in the group too, once."""

    owed: Owed
    role: NonEmpty
    mornings: Count
    hours: Count | None = None  # the same for what counts round the clock
    group: bool = False
    basis: NonEmpty


class Ombudsman(Part):
    """[chase.ombudsman]: where a citizen may go when the county's own ladder has an end."""

    name: Names
    contact: NonEmpty
    basis: NonEmpty


class Chase(Part):
    """[chase]: the pace of all reminders, and the ladder they climb."""

    group_wait_minutes: Count
    daily_budget: Some
    remind_mornings: tuple[Some, ...]
    repeat_mornings: tuple[Some, ...]
    repeat_every: Some
    unreachable_asks: Some
    most_items: Some
    step: tuple[ChaseStep, ...]
    ombudsman: Ombudsman
    basis: NonEmpty
