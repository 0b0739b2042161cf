"""The short way through a tidy post says what the long one says of it, and is not taken by any other post."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from groupbot.rules.readings import parsing
from groupbot.rules.readings.forms import assemble
from groupbot.rules.readings.labels import Label
from groupbot.rules.readings.lines import cut
from tests.bench.text import posts, with_slips
from tests.rules.reading_pack import vocabulary

CORPUS = Path(__file__).parents[1] / "corpus"
TIDY = "Ward: Endo\nLocation: Tot market\nProblem: no water\nPriority: Urgent\nCitizen: Jane\nPhone: 0700123456"


def texts() -> list[str]:
    """Every post of the corpus and many of the bench, some with slips."""
    files = sorted(CORPUS.glob("*.jsonl"))
    kept = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    made = [post.text for post in posts(200)]
    return [*(post["text"] for post in kept if "text" in post), *made, *with_slips(made)]


def test_what_is_tidy_reads_the_same_on_both_ways() -> None:
    words = vocabulary()
    every = [*texts(), *(f"{label}: Tot" for label in words.labels.exact)]
    short = {text: tidy for text in every if (tidy := parsing._tidy(text, words.labels.exact))}
    assert len(short) > 250
    for text, tidy in short.items():
        assert tidy == assemble(cut(text, words.labels), words), text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The tap is dry",
        TIDY + "\n",
        TIDY + "\n\nThank you",
        TIDY + "\nProblem: no light",
        TIDY + "\nReference: WTR-26-0001-A",
        "SERVICE REQUEST\n" + TIDY,
        TIDY.replace("Location:", "Location -"),
        TIDY.replace("no water", "no water; Priority: Low"),
        TIDY.replace("no water", "- no water"),
    ],
)
def test_what_has_anything_else_in_it_is_no_tidy_post(text: str) -> None:
    tidy = parsing._tidy(text, vocabulary().labels.exact)
    assert (tidy is None) == (text != TIDY + "\n")


def test_a_label_of_two_languages_speaks_for_neither() -> None:
    exact = {"Ward": Label("ward", "en", "ward"), "Tel": Label("tel", "", "tel")}
    tidy = parsing._tidy("Ward: Endo\nTel: 0700123456", exact)
    assert tidy is not None
    assert (tidy.codes, tidy.languages) == ({"ward", "tel"}, ["en"])
