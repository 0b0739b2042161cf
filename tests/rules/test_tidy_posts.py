"""The short way through a tidy post says what the long one says of it, and is not taken by any other post."""

from __future__ import annotations

import json
from dataclasses import replace
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


def dashed(text: str) -> str:
    """The same post with a dash after each label."""
    return text.replace(": ", " - ")


def test_what_is_tidy_reads_the_same_on_both_ways() -> None:
    words = vocabulary()
    labels = words.labels.exact
    kept = texts()
    every = [*kept, *map(dashed, kept), *(f"{label}: Tot" for label in labels), *(f"{label} - Tot" for label in labels)]
    short = {text: tidy for text in every if (tidy := parsing._tidy(text, words.labels))}
    assert len(short) > 1_000
    assert sum(":" not in text for text in short) > 250
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
        TIDY.replace("no water", "no water; Channel = phone"),
        TIDY.replace("no water", "no water： 40 homes"),
        TIDY.replace("no water", "- no water"),
    ],
)
def test_what_has_anything_else_in_it_is_no_tidy_post(text: str) -> None:
    tidy = parsing._tidy(text, vocabulary().labels)
    assert (tidy is None) == (text != TIDY + "\n")


DASHED = dashed(TIDY)


@pytest.mark.parametrize(
    "text",
    [
        DASHED + "\n\nThank you",
        DASHED + "\nProblem - no light",
        DASHED.replace("Location -", "Location:"),
        DASHED.replace("Location -", "Location-"),
        DASHED.replace("Location -", " " * 60 + "Location -"),
        DASHED.replace("Location -", "Location" + " " * 60 + "-"),
        DASHED.replace("no water", "no water, Priority-Low"),
        DASHED.replace("no water", "- no water"),
        DASHED.replace("no water", "*no* water"),
        DASHED.replace("no water", ""),
        DASHED.replace("no water", "hakuna maji – tangu jana"),
    ],
)
def test_dashes_with_anything_else_among_them_are_no_tidy_post(text: str) -> None:
    assert parsing._tidy(text, vocabulary().labels) is None


@pytest.mark.parametrize("problem", ["no water", "no water since Monday, 40 homes. All wait", "no water, location Tot"])
def test_a_dash_after_each_label_is_as_tidy_as_a_colon(problem: str) -> None:
    words = vocabulary()
    text = DASHED.replace("no water", problem) + "\n"
    assert parsing._tidy(text, words.labels) == assemble(cut(text, words.labels), words)


def test_a_label_of_two_languages_speaks_for_neither() -> None:
    table = replace(vocabulary().labels, exact={"Ward": Label("ward", "en", "ward"), "Tel": Label("tel", "", "tel")})
    tidy = parsing._tidy("Ward: Endo\nTel: 0700123456", table)
    assert tidy is not None
    assert (tidy.codes, tidy.languages) == ({"ward", "tel"}, ["en"])
