"""What the CSO mirror hears of a request: coded lines only, each through the allow-list of rules/publication."""

from __future__ import annotations

from collections.abc import Mapping

from groupbot.moment import Moment
from groupbot.records import ServiceRequest, micros
from groupbot.rules import publication


def opened(moment: Moment, request: ServiceRequest) -> None:
    """A new request: reference, department, ward, topic, priority, due day."""
    due = micros(request.expected_datetime) if request.expected_datetime else None
    params: dict[str, object] = {
        "ref": request.service_request_id,
        "department": f"department.{request.service_code}",
        "ward": request.ward,
        "priority": f"priority.{request.priority}",
        "due": due,
    }
    if request.topic:
        params["topic"] = f"topic.{request.topic}"
    _tell(moment, request, "mirror_new" if request.topic else "mirror_new_untopic", params)


def answered(moment: Moment, request: ServiceRequest) -> None:
    """The department says done; the citizen is being asked."""
    at = request.answered_at or moment.now
    days = (at - request.requested_datetime).days
    key = "mirror_answered" if days else "mirror_answered_same_day"
    _tell(moment, request, key, {"ref": request.service_request_id, "days": days})


def closed(moment: Moment, request: ServiceRequest) -> None:
    """The citizen agrees, reported by whom."""
    _tell(moment, request, "mirror_closed", {"ref": request.service_request_id, "source": request.word_source})


def reopened(moment: Moment, request: ServiceRequest) -> None:
    """The citizen says not yet."""
    _tell(moment, request, "mirror_reopened", {"ref": request.service_request_id})


def moved(moment: Moment, request: ServiceRequest) -> None:
    """The request is another department's now."""
    params = {"ref": request.service_request_id, "department": f"department.{request.service_code}"}
    _tell(moment, request, "mirror_moved", params)


def amended(moment: Moment, request: ServiceRequest) -> None:
    """Its priority has changed, and with it the day on which the answer is due."""
    due = micros(request.expected_datetime) if request.expected_datetime else None
    params = {"ref": request.service_request_id, "priority": f"priority.{request.priority}", "due": due}
    _tell(moment, request, "mirror_amended", params)


def refused(moment: Moment, request: ServiceRequest) -> None:
    """The department says that it will not do it now: which way, and the citizen is being asked."""
    _tell(moment, request, f"mirror_{request.outcome}", {"ref": request.service_request_id})


def extended(moment: Moment, request: ServiceRequest) -> None:
    """The deadline was moved, once and no more."""
    due = micros(request.expected_datetime) if request.expected_datetime else None
    _tell(moment, request, "mirror_extended", {"ref": request.service_request_id, "due": due})


def ended(moment: Moment, request: ServiceRequest) -> None:
    """Closed without an answer of the department: settled in the ward, withdrawn, or filed twice."""
    _tell(moment, request, f"mirror_{request.outcome}", {"ref": request.service_request_id})


def corrected(moment: Moment, request: ServiceRequest) -> None:
    """The last act was taken back: where the request stands again."""
    params = {"ref": request.service_request_id, "state": f"state.{request.state}"}
    _tell(moment, request, "mirror_corrected", params)


def _tell(moment: Moment, request: ServiceRequest, key: str, params: Mapping[str, object]) -> None:
    topic = next((topic for topic in moment.jurisdiction.protocol.reading.topic if topic.code == request.topic), None)
    allowed = publication.mirror_params(request, params, hide_ward=bool(topic and topic.no_ward))
    if allowed is None:
        return
    if "ward" in params and "ward" not in allowed:
        key = "mirror_new_hidden"
    for group in moment.roster.groups("mirror"):
        language = group.language or moment.jurisdiction.language
        moment.queue(
            "send",
            (group.platform, group.chat_id),
            key,
            params=allowed,
            language=language,
            request_ids=(request.id,),
        )
