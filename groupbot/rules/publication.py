"""The one allow-list: what of a request may leave its department group (mirror, log, exports, status elsewhere).

Deny by default: only coded fields named here pass. Free text and contacts never do.
Source: Data Protection Act 2019, sections 25 and 30; the commitment's wish that CSOs can watch (ELG0004).
"""

from __future__ import annotations

from collections.abc import Mapping

from groupbot.records import ServiceRequest

# Names of message parameters that hold codes, counts or dates, and nothing that a person wrote.
CODED = frozenset(
    {
        "ref", "department", "ward", "topic", "priority", "due", "days", "state", "source", "role", "roles", "empty",
        "result",
    }
)  # fmt: skip

SUMMARY = frozenset({"count", "refs", "day", "gazette"})
MONTHLY = frozenset({"closed", "agreed", "called", "otherwise", "warn", "mute", "ban", "lifted"})  # counts of a month
# Of a week or month: which one, whose, wards by name that asked for nothing, and counts; of some before it, two.
FIGURES = frozenset(
    {
        "stretch", "day", "department", "percent", "confirmed", "due", "confirmed_before", "due_before", "answered",
        "heard", "hearable", "held", "known", "soon", "soon_answers", "soon_words", "downgrades", "second_dates",
        "reopenings", "unreachable", "posted", "open", "silence", "silent", "wards", "all", "vacant", "trend", "year",
        "per", "set_aside",
    }
)  # fmt: skip


def request_shown(request: ServiceRequest) -> bool:
    """Whether anybody outside hears that there is such a request at all: of a confidential one nobody does."""
    return request.route != "private"


def mirror_params(
    request: ServiceRequest, params: Mapping[str, object], *, hide_ward: bool
) -> dict[str, object] | None:
    """The parameters of a mirror line that may be shown; None when the request is not shown at all.

    `hide_ward` is set for the most sensitive topics: no ward, and no topic either.
    """
    if not request_shown(request):
        return None
    hidden = {"ward", "topic"} if hide_ward else set()
    return {name: value for name, value in params.items() if name in CODED and name not in hidden}


def summary_params(params: Mapping[str, object]) -> dict[str, object]:
    """The parameters that a line about several requests may show: how many, which by number, and a public day."""
    return {name: value for name, value in params.items() if name in SUMMARY | MONTHLY}


def is_summary_of_several(params: Mapping[str, object]) -> bool:
    """Whether a line names several requests, each by its number alone, and says nothing else of any."""
    refs = params.get("refs")
    return isinstance(refs, list) and len(refs) > 1 and params.keys() <= SUMMARY


def figures_params(params: Mapping[str, object]) -> dict[str, object]:
    """The parameters that the figures of a week or month may show."""
    return {name: value for name, value in params.items() if name in FIGURES}


def log_entry_shown(route: str, *, hide_ward: bool) -> bool:
    """Whether the fields of a log entry may be exported; of any other entry only the fingerprint is.

    `route` is its request's; `hide_ward` is set for the most sensitive topics, whose ward and hour nobody may see.
    """
    return route != "private" and not hide_ward


def text_shown(request: ServiceRequest, *, department_open: bool, hide_ward: bool) -> bool:
    """Whether the words of a request, made safe and seen by its coordinator, may be published at all.

    `department_open` is the pack's word for its department; a request that is confidential, most sensitive, protected,
    or whose post was deleted never shows words.
    """
    taken_back = request.protected_at is not None or request.unsaid_at is not None
    return department_open and not hide_ward and request_shown(request) and not taken_back
