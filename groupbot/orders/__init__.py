"""Orders: what the command line asks of the bot. `ORDERS` is all that can be asked.

An order is an inbox row of the platform `cli`, kept and worked in one transaction: by the running bot that got it over
its control socket, or, where none runs, by the command itself under the lock. The same order twice is one order.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from groupbot.jurisdiction import Jurisdiction
from groupbot.orders import erasing, groups, holidays, parked, people, pilots
from groupbot.orders.desk import Desk, Given, OrderRefused
from groupbot.records import Update
from groupbot.store import hot
from groupbot.store.database import Store, Tx

__all__ = ["ORDERS", "PLATFORM", "Order", "OrderRefused", "take"]

PLATFORM = "cli"

ORDERS: Mapping[str, Callable[[Desk, Given], list[str]]] = {
    "people.add": people.add,
    "people.assign": people.assign,
    "people.end": people.end,
    "people.invite": people.invite,
    "groups.bind": groups.bind,
    "groups.unbind": groups.unbind,
    "holidays.add": holidays.add,
    "holidays.remove": holidays.remove,
    "parked.retry": parked.retry,
    "pilot.stage": pilots.stage,
    "requests.erase": erasing.erase,
}


@dataclass(frozen=True, slots=True)
class Order:
    """One order: its id (unique for ever), its name in ORDERS, what it was given, and who gave it (a system user)."""

    id: str
    name: str
    given: Mapping[str, Any]
    by: str


def take(store: Store, jurisdiction: Jurisdiction, order: Order, now: datetime) -> list[str]:
    """Keep and work an order at `now` (aware UTC); the lines that answer it. Raises OrderRefused: nothing is kept."""
    return store.write_tx(lambda tx: _take(tx, jurisdiction, order, now))


def _take(tx: Tx, jurisdiction: Jurisdiction, order: Order, now: datetime) -> list[str]:
    work = ORDERS.get(order.name)
    if work is None:
        raise OrderRefused(f"the bot knows no order '{order.name}': it may be of another version than this command")
    raw = json.dumps({"order": order.name, "given": dict(order.given)}, ensure_ascii=False)
    update = Update(PLATFORM, "", order.id, "order", raw, now, sender_id=order.by)
    received = hot.receive(tx, jurisdiction.id, update, now)
    if received is None:
        return ["That was done already."]
    desk = Desk(tx, jurisdiction, now, received.inbox_id)
    said = work(desk, order.given)
    hot.queue(tx, desk.notices, now)
    return said
