"""No name and no number of a citizen is ever said in a group: hundreds are planted, everything said is searched."""

from __future__ import annotations

import random

import pytest

from groupbot.intake import registering
from groupbot.records import ServiceRequest
from groupbot.rules import publication
from groupbot.rules.readings import prose
from tests.intake import canaries, canary_scenes
from tests.intake.canaries import Canary

COUNT = 240  # a dozen of each scene
JANE = Canary("Zipporah", "Kipzovipu", "712000345", "")

# What a group can hear of the road of a post: each must have been said, or the search was of nothing.
KINDS = frozenset(
    {
        "number", "number_unattended", "several", "several_unattended", "number_near", "number_elsewhere",
        "number_emergency", "offer_citizen_yes", "offer_withdraw", "pin", "unfinished",
        "incomplete", "offer_form", "offer_answer", "details_added", "moved", "moved_here",
        "amended", "danger", "voice", "ask_citizen", "ask_citizen_again", "closed", "closed_again", "reopened",
        "status_line", "which_reference", "unknown_reference", "unattended", "no_integrity", "refused_says_nothing",
        "refused_not_entitled", "refused_already_answered", "receipt_seen", "receipt_noted", "receipt_same",
        "mirror_new", "mirror_moved", "mirror_amended", "mirror_answered_same_day", "mirror_closed", "mirror_reopened",
        "published_problem", "preview",
    }
)  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_no_name_and_no_number_of_a_citizen_is_said_in_any_group(seed: int) -> None:
    seen = await canary_scenes.play(COUNT, seed)
    assert seen.leaks == ()
    assert KINDS - seen.kinds == frozenset()
    assert seen.texts > 3 * COUNT


def _say_the_description(request: ServiceRequest) -> dict[str, object]:
    return {**_NUMBER_PARAMS(request), "ward": request.description}


_NUMBER_PARAMS = registering.number_params


@pytest.mark.parametrize(
    ("room", "name", "leaking"),
    [
        (registering, "number_params", _say_the_description),
        (prose, "without_contacts", lambda text, labels: text),
        (publication, "mirror_params", lambda request, params, **_: {**params, "ward": request.address}),
    ],
    ids=["the number's line", "an offer", "the mirror"],
)
async def test_a_text_that_repeats_what_was_posted_is_found(
    monkeypatch: pytest.MonkeyPatch, room: object, name: str, leaking: object
) -> None:
    monkeypatch.setattr(room, name, leaking)
    assert (await canary_scenes.play(5 * len(canary_scenes.SCENES), 1)).leaks != ()


@pytest.mark.parametrize("way", canaries.WAYS)
def test_a_number_is_found_in_every_way_of_writing_it(way: str) -> None:
    text = f"HLT-26-0042-R, call {way.format(a='712', b='000', c='345')} by Thu 26 Nov"
    assert canaries.found([text], [JANE]) == [(text, "2000345")]


@pytest.mark.parametrize("text", ["ZIPPORAH", "says Zípporah.", "kipzovipu's", "(Kipzovipu)", "٠٧١٢٠٠٠٣٤٥"])
def test_a_name_is_found_in_any_letters_and_a_number_in_any_digits(text: str) -> None:
    assert len(canaries.found([text], [JANE])) == 1


@pytest.mark.parametrize("text", ["WTR-26-0712-R", "0712, 000, 345 shillings", "0712 000", "due Tue 8 Dec 12:00"])
def test_references_dates_and_part_of_a_number_are_no_leak(text: str) -> None:
    assert canaries.found([text], [JANE]) == []


def test_every_citizen_has_a_name_and_a_number_of_their_own() -> None:
    citizens = canaries.canaries(random.Random(1))
    made = [next(citizens) for _ in range(5_000)]
    assert len({canary.family for canary in made}) == len({canary.digits for canary in made}) == 5_000
