"""Where an order is worked: the transaction it is worked in, and how it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from groupbot import moment as moments
from groupbot.jurisdiction import Jurisdiction
from groupbot.moment import Moment
from groupbot.records import Notice
from groupbot.store.database import Tx

Given = Mapping[str, Any]


class OrderRefused(Exception):
    """An order that cannot be carried out; nothing was changed. The message says what to do, to an operator."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One order in hand: `now` is aware UTC, `inbox_id` the row it is kept in; `notices` are queued at the end."""

    tx: Tx
    jurisdiction: Jurisdiction
    now: datetime
    inbox_id: int
    notices: list[Notice] = field(default_factory=list)

    def moment(self) -> Moment:
        """The moment in which the order does what people do in chats as well; its `finish` is the order's to call."""
        return replace(moments.of_clock(self.tx, self.jurisdiction, self.now), inbox_id=self.inbox_id)


def text(given: Given, name: str) -> str:
    """A text that an order was given, without blanks around it; '' where there is none. Raises OrderRefused."""
    value = given.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise OrderRefused(f"{name} must be a text")
    return value.strip()
