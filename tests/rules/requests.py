"""A request for the tests of the rules, with whatever a test wants changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from groupbot.records import ServiceRequest

_POSTED = datetime(2025, 9, 9, 6, tzinfo=UTC)
_REQUEST = ServiceRequest(
    id=1,
    jurisdiction_id="ke-elgeyo-marakwet",
    service_request_id="HLT-25-0001-P",
    service_code="health",
    topic="medicines",
    ward="Endo",
    address="Tot sub county hospital, next to Rael Chepkiyeng",
    description="No malaria drugs, ask Rael on 0720 000 662",
    priority="urgent",
    original_priority="urgent",
    language="en",
    requested_datetime=_POSTED,
    updated_datetime=_POSTED,
    acknowledge_due=None,
    expected_datetime=None,
    original_expected_datetime=None,
    next_nag_at=None,
    poster_id=1,
    officer_id=None,
    platform="sandbox",
    chat_id="health",
    message_id="1",
    pack_version="1",
)


def a_request(**changes: Any) -> ServiceRequest:
    """A request as it was posted, but for the changes."""
    return replace(_REQUEST, **changes)
