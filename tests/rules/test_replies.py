"""What replies mean, read with the shipped pack's words. The examples are in replies_table.toml and its sister."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groupbot import protocol
from groupbot.rules.replies import ReplyVocabulary, read_reply, says_nothing

HERE = Path(__file__).parent
VOCABULARY = ReplyVocabulary.of(protocol.load(protocol.locate(None)).words)
MODES = {"both": (False, True), "asked": (True,), "unasked": (False,)}
LONGEST = 64_000


def examples(name: str) -> Iterator[tuple[str, bool, str]]:
    """(text, asked, expected meaning) of a table."""
    table = tomllib.loads((HERE / name).read_text(encoding="utf-8"))
    for mode, meanings in table.items():
        for meaning, texts in meanings.items():
            yield from ((text, asked, meaning) for text in texts for asked in MODES[mode])


TABLE = list(examples("replies_table.toml"))
HELD_OUT = [row for name in sorted(path.name for path in HERE.glob("replies_heldout*.toml")) for row in examples(name)]


@pytest.mark.parametrize(("text", "asked", "expected"), TABLE + HELD_OUT)
def test_a_reply_means_what_its_table_says(text: str, asked: bool, expected: str) -> None:
    meaning = read_reply(text, VOCABULARY, asked=asked).meaning
    assert meaning != "yes" if expected == "never_yes" else meaning == expected


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("Ndio mbili", "maybe_yes"),
        ("yes two more lorries", "maybe_yes"),
        ("Yes 2", "maybe_yes"),
        ("Yes none", "maybe_yes"),
        ("Thank God, yes at last nothing", "maybe_yes"),
        ("Yeah sure 🙄", "maybe_yes"),
        ("She agrees 🤣", "maybe_yes"),
        ("Wow what a miracle, done on paper in one day", "maybe_yes"),
        ("She says he says yes", "conditional"),
        ("YES / NOT YET", "conditional"),
        ("Yes Chebet", "yes"),
        ("Yes, she got hers", "yes"),
    ],
)
def test_a_yes_beside_what_nothing_bears_out_is_asked_back(text: str, meaning: str) -> None:
    assert read_reply(text, VOCABULARY, asked=True).meaning == meaning


def test_the_table_is_large_and_says_nothing_twice() -> None:
    texts = [(text, asked) for text, asked, _ in TABLE + HELD_OUT]
    assert len({text for text, _, _ in TABLE}) >= 220
    assert len({text for text, _, _ in HELD_OUT}) >= 60
    assert len(texts) == len(set(texts))


AGREEMENTS = [text for text, asked, meaning in TABLE if meaning == "yes" and asked and "\n" not in text]
# Agreements with a second speaker or a story of their own are not simply turned round by one more phrase.
SPOILERS = [
    "if {}",
    "{} but the pipe is still leaking",
    "is it true that {}?",
    "{}?",
    "I do not think {}",
    "{} lakini bado",
]


@pytest.mark.parametrize("text", AGREEMENTS)
@pytest.mark.parametrize("spoiler", SPOILERS)
def test_an_agreement_that_is_doubted_asked_or_contradicted_is_none(text: str, spoiler: str) -> None:
    last_sentence = text.strip().rstrip(".!🎉🙏🏾👍 ").rsplit(".", maxsplit=1)[-1]
    spoiled = spoiler.format(last_sentence.strip())
    assert read_reply(spoiled, VOCABULARY, asked=True).meaning != "yes"


@pytest.mark.parametrize("case", [str, str.upper, str.lower])
@pytest.mark.parametrize(
    "dressing", ["🙏🏾 {} 🙏🏾", "*{}*", "  {}\n\n", "\u200b{}", "@groupbot {}", "HLT-26-0042-R {}"]
)
def test_case_and_decoration_do_not_change_what_is_meant(dressing: str, case: Callable[[str], str]) -> None:
    rows = [row for row in TABLE + HELD_OUT if row[2] in ("yes", "not_yet") and row[0][0] not in '"H']
    typed = [(text, asked, dressing.format(case(text))) for text, asked, _ in rows]
    assert [(text, asked, read_reply(said, VOCABULARY, asked=asked).meaning) for text, asked, said in typed] == rows


def test_every_reading_has_a_reason() -> None:
    assert all(read_reply(text, VOCABULARY, asked=asked).reason for text, asked, _ in TABLE)


@pytest.mark.parametrize("word", ["yes", "ndio", "ndiyo", "sawa kabisa", "ok yes", "fiti sana", "eeh", "y"])
def test_a_plain_yes_counts_only_when_the_bot_has_asked(word: str) -> None:
    assert read_reply(word, VOCABULARY, asked=True).meaning == "yes"
    assert read_reply(word, VOCABULARY).meaning != "yes"


@pytest.mark.parametrize("word", ["bado", "no", "hapana", "not yet", "la", "n"])
def test_a_plain_no_counts_only_when_the_bot_has_asked(word: str) -> None:
    assert read_reply(word, VOCABULARY, asked=True).meaning == "not_yet"
    assert read_reply(word, VOCABULARY).meaning == "say_so"


# --- answers that say nothing -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no words"),
        ("   \n", "no words"),
        ("👍", "no words"),
        ("...", "no words"),
        ("HLT-26-0042-R", "only a reference"),
        ("hlt 26 0042 r", "only a reference"),
        ("ok", "no facts"),
        ("Ok sir", "no facts"),
        ("noted", "no facts"),
        ("Noted with thanks", "no facts"),
        ("done", "no facts"),
        ("DONE!!!", "no facts"),
        ("doneee", "no facts"),
        ("It's done", "no facts"),
        ("It has been done", "no facts"),
        ("HLT-26-0042-R done", "no facts"),
        ("sawa", "no facts"),
        ("imefanyika", "no facts"),
        ("Imekamilika, asante", "no facts"),
        ("Kazi imekamilika", "no facts"),
        ("tumeshughulikia", "no facts"),
        ("Issue resolved", "no facts"),
        ("The issue has been resolved", "no facts"),
        ("The matter was attended to", "no facts"),
        ("Problem solved, thank you", "no facts"),
        ("Fixed", "no facts"),
        ("we are on it", "no facts"),
        ("In progress", "no facts"),
        ("yes", "no facts"),
        ("ndio", "no facts"),
        ("Necessary action taken", "no facts"),
        ("as discussed", "no facts"),
        ("n/a", "no facts"),
        ("Repainted", "one word"),
        ("fundi", "one word"),
        ("200", "one word"),
        ("done done xyz", "one word"),
    ],
)
def test_an_answer_that_says_nothing_is_refused_with_the_reason(text: str, reason: str) -> None:
    assert says_nothing(text, VOCABULARY) == reason


@pytest.mark.parametrize(
    "text",
    [
        "Bomba limebadilishwa, Mokoro",
        "Valve replaced",
        "New valve fitted at the stadium, pressure back at noon.",
        "200 doses delivered this morning from the sub-county store",
        "12 desks delivered to Emsea ECDE this afternoon.",
        "Same valve, and the air lock on the upper line was let out at 3:30",
        "Done. Fundi replaced the tap",
        "Dawa zimeletwa leo, paketi 40",
        "Fundi ametengeneza taa",
        "Road graded",
        "Nurse posted on Monday",
        "Tank cleaned",
        "HLT-26-0042-R pump repaired",
        "12 desks",
        "Kisima kimechimbwa",
    ],
)
def test_a_short_answer_that_says_what_was_done_is_accepted(text: str) -> None:
    assert says_nothing(text, VOCABULARY) is None


# --- hostile and tired input ------------------------------------------------------------------------------------------

HOSTILE = [
    "a",
    "yes ",
    "no ",
    "not ",
    '"',
    "'x",
    "?",
    "? ",
    "\n> ",
    "@a ",
    "http://",
    "HLT-26-",
    "HLT 26 0",
    "1.",
    "1:1,",
    " - ",
    "~",
    "confirmeb ",
    "ameridhik ",
    "haja",
    "she will ask if ",
    "yesyesyes",
    "\u0301",
    "\u200b",
    "👍",
    "ﷺ",
    "'s",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_longest_post_of_anything_is_read_at_once(piece: str) -> None:
    text = (piece * LONGEST)[:LONGEST]
    begun = time.process_time()
    read_reply(text, VOCABULARY, asked=True)
    says_nothing(text, VOCABULARY)
    assert time.process_time() - begun < 2.0


def test_the_longest_post_of_words_nobody_knows_is_read_at_once() -> None:
    text = " ".join(f"confirm{number:05}x ameridh{number:05}" for number in range(2300))
    begun = time.process_time()
    assert read_reply(text, VOCABULARY, asked=True).meaning == "say_so"
    assert time.process_time() - begun < 2.0


WORDS = sorted({word for text, _, _ in TABLE for word in text.split()})


@settings(max_examples=150)
@given(st.one_of(st.text(max_size=300), st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)), st.booleans())
def test_no_text_is_too_strange_to_be_read(text: str, asked: bool) -> None:
    assert read_reply(text, VOCABULARY, asked=asked) == read_reply(text, VOCABULARY, asked=asked)
    assert says_nothing(text, VOCABULARY) in (None, "no words", "only a reference", "no facts", "one word")


@settings(max_examples=150)
@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
def test_nothing_said_in_a_question_is_agreement(text: str) -> None:
    sentence = text.replace(".", "").replace("!", "").replace("\n", " ").replace(">", "")
    assert read_reply(f"{sentence} mother?", VOCABULARY, asked=True).meaning not in ("yes", "done")


@pytest.mark.parametrize(("text", "meaning"), [('"yes"', "yes"), ("'not yet'", "not_yet"), ('""', "empty")])
def test_a_reply_that_is_quoted_as_a_whole_is_what_it_says(text: str, meaning: str) -> None:
    assert read_reply(text, VOCABULARY, asked=True).meaning == meaning
