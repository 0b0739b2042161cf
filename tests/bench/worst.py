"""The worst that one text can do to a rule: every rule that reads people's words, on every nasty text at full length.

Steps are counted in tests/intake/test_hostile.py; here is the time, on this machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from groupbot.rules.text import clean
from tests import nasty
from tests.bench.laps import Measures

TURNS = 3  # of which the quickest counts: the rest is the machine's
PEOPLE_DO_NOT_SEE = 0.001  # seconds; what is quicker is not measured again


def measure() -> Measures:
    """Seconds of process time of the worst text, over all rules as `worst` and for each under its own name.

    Each rule gets the text as it gets it on a post's road: cleaned, but for the cleaning itself.
    """
    texts = list(nasty.texts().values())
    cleaned = [clean(text) for text in texts]
    found = {
        name: max(_quickest(rule, text) for text in (texts if name == "clean" else cleaned))
        for name, rule in nasty.rules().items()
    }
    return {"worst": max(found.values()), **found}


def _quickest(rule: Callable[[str], object], text: str) -> float:
    best = float("inf")
    for _ in range(TURNS):
        began = time.process_time()
        rule(text)
        best = min(best, time.process_time() - began)
        if best < PEOPLE_DO_NOT_SEE:
            break
    return best
