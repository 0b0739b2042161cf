"""A pytest plugin that gives each property test FUZZ_EXAMPLES examples and no deadline, whatever it says itself."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Replace the settings of the property tests; state machines keep theirs in their class."""
    examples = int(os.environ["FUZZ_EXAMPLES"])
    slow = (HealthCheck.too_slow, HealthCheck.data_too_large)
    for item in items:
        test = getattr(item, "obj", None)
        own = getattr(test, "_hypothesis_internal_use_settings", None)
        if own is not None:
            test = getattr(test, "__func__", test)
            allowed = {*own.suppress_health_check, *slow}
            more = settings(own, max_examples=examples, deadline=None, suppress_health_check=allowed)
            test._hypothesis_internal_use_settings = more
