"""The order that a request's words be erased: only for closed ones, so that nothing open vanishes."""

from __future__ import annotations

from groupbot import moves
from groupbot.orders.desk import Desk, Given, OrderRefused, text
from groupbot.rules import references
from groupbot.store import erasure, requests


def erase(desk: Desk, given: Given) -> list[str]:
    """Erase the words of one closed request, everywhere. One that is erased already is left as it is."""
    found = references.find(text(given, "reference"), desk.jurisdiction.prefixes)
    request = requests.by_reference(desk.tx, desk.jurisdiction.id, found[0].text) if found else None
    if request is None:
        raise OrderRefused(f"there is no request {text(given, 'reference')}: check its number")
    reference = request.service_request_id
    if request.erased_at is not None and request.protected_at is not None:
        return [f"{reference} was erased already."]
    if request.state != "closed":
        raise OrderRefused(
            f"{reference} is open: its ward admin withdraws it first (`withdraw {reference}` and why)."
            " What must be hidden at once, communications hide with /protect."
        )
    if erasure.being_sent(desk.tx, request.id, reference):
        raise OrderRefused(f"a message about {reference} is being sent at this moment: try again in a minute")
    moment = desk.moment()
    moves.erase(moment, request)
    moment.finish()
    return [
        f"{reference}: erased. What is left are its number, codes and dates; the log still verifies.",
        "Lines and posts in the chats are changed or deleted where these allow; people there are asked to do the rest.",
    ]
