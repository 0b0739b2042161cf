"""What an observer sees is put on a request's record; it changes nothing else."""

from __future__ import annotations

from groupbot.moment import Moment
from groupbot.moves.changing import log
from groupbot.records import ServiceRequest


def observe(moment: Moment, request: ServiceRequest, text: str) -> None:
    """Append an observer's words to the log, as a private text."""
    log(moment, "observed", request, capacity="observer", private=text)
