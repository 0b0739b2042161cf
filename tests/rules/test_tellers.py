"""Who told of a need is left out of what is offered; an office or a place that speaks is not."""

from __future__ import annotations

import pytest

from groupbot.rules.readings.tellers import without_teller
from tests.rules.reading_pack import read, vocabulary


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Mzee Kiplagat Arap Chesire amenipigia, anasema hakuna dawa hapa Tot", "hakuna dawa hapa Tot"),
        ("mama Jane Chelimo amenipigia simu akisema hakuna maji", "hakuna maji"),
        ("Jane Chelimo 0722 000 111 says there is no nurse at Tot", "there is no nurse at Tot"),
        ("Jane Chelimo came to me crying, her child has no bursary", "her child has no bursary"),
        ("Mary Kiprop has called me saying that the bridge fell", "the bridge fell"),
        ("Mama Jane Chelimo of Tot says there is no nurse", "Tot: there is no nurse"),
        ("He says the culvert is blocked", "the culvert is blocked"),
        ("The nurse at Tot dispensary says the fridge is dead", "The nurse at Tot dispensary says the fridge is dead"),
        ("Tell John that the bridge fell", "Tell John that the bridge fell"),
        ("Water is finished at Tot", "Water is finished at Tot"),
        ("Jane says", ""),
        ("", ""),
    ],
)
def test_a_sentence_is_kept_from_behind_the_words_of_telling(text: str, kept: str) -> None:
    assert without_teller(text, vocabulary().needs) == kept


@pytest.mark.parametrize(
    "text",
    [
        "Mzee Kiplagat Arap Chesire amenipigia, anasema hakuna dawa ya pressure hapa Tot dispensary tangu Jumatatu",
        "Jane Chelimo 0722 000 111 says there is no nurse at Tot dispensary since Monday",
        "Mama Jane Chelimo of Tot says there is no nurse at the dispensary since Monday",
    ],
)
def test_a_need_that_somebody_told_of_is_offered_without_their_name_and_number(text: str) -> None:
    reading = read(text)
    assert reading.kind == "unformatted"
    problem = reading.forms[0].problem or ""
    assert "nurse" in problem or "dawa" in problem
    assert not [name for name in ("Kiplagat", "Chesire", "Jane", "Chelimo", "0722") if name in problem]
