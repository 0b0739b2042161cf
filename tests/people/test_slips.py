"""The citizen's SMS: one message of the phones' alphabet, whatever the language, the department and the answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupbot.chat.sandbox import PLAIN
from groupbot.records import COPY
from groupbot.rules import slips
from tests.county import FORM, County, county, jurisdiction

OURS = jurisdiction()
RESOLVED = "/resolve 200 doses delivered this morning from the sub-county store"


async def _slips(here: County) -> list[str]:
    return here.private("chebet")


async def test_the_poster_gets_a_ready_sms_at_number_answer_and_close() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", RESOLVED, reply_to=post)
        await here.say("chebet", "health", "Yes, Mary got hers", reply_to=post)
        assert await _slips(here) == [
            "For the citizens: at each number, answer and close I send you a text here that is ready for SMS."
            " Pass it on as it is.",
            "HLT-26-0001-J: your report has reached Health. Answer due Fri 27 Nov. Keep this number."
            " Your ward admin will ask you if it was done.",
            "HLT-26-0001-J: the county says: 200 doses delivered this morning from the sub-county store."
            " Is it so? Tell your ward admin YES or NOT YET.",
            "HLT-26-0001-J is closed, as you agreed. If it comes back within 30 days, tell your ward admin.",
        ]
        for who in ("kiptoo", "naomi", "nelson"):
            assert here.private(who) == []


async def test_the_sms_is_in_the_language_of_the_post() -> None:
    async with county() as here:
        await here.say("chebet", "health", "Wadi: Kapsowar\nMahali: hospitali\nShida: dawa za malaria zimeisha")
        assert (await _slips(here))[1] == (
            "HLT-26-0001-J: ripoti yako imefika Afya. Jibu kamili: Jnn 8 Des. Weka nambari hii."
            " Msimamizi wa wodi atakuuliza kama imekamilika."
        )


async def test_one_tap_copies_the_sms_where_the_chat_can() -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM)
        assert [message.buttons for message in here.messages("private:chebet")] == [(), (("Copy", COPY),)]
    async with county(capabilities=PLAIN) as here:
        await here.say("chebet", "health", FORM)
        assert [message.buttons for message in here.messages("private:chebet")] == [(), ()]


@pytest.mark.parametrize("length", range(1, 400, 40))
async def test_an_answer_of_any_length_fits(length: int) -> None:
    answer = ("dawa [200] zimefika €5 – “sawa” " * 20)[: length + 20]
    async with county() as here:
        for form in (FORM, FORM.replace("Problem: No malaria drugs", "Shida: Hakuna dawa ya malaria")):
            post = await here.say("chebet", "health", form)
            await here.say("kiptoo", "health", f"/resolve {answer}", reply_to=post)
        said = [line for line in await _slips(here) if line.startswith("HLT")]
        assert len(said) >= 2
        assert all(slips.septets(line) <= 160 for line in said)


@pytest.mark.parametrize("language", ["en", "sw"])
@pytest.mark.parametrize("key", ["sms_number", "sms_number_plain", "sms_answer_plain", "sms_closed"])
def test_every_fixed_sms_fits_for_every_department_and_the_longest_values(key: str, language: str) -> None:
    for code in OURS.protocol.departments:
        params = {
            "ref": "HLT-26-1234567-R",
            "department": f"department.{code}",
            "due": 1_795_000_000_000_000,
            "days": 365,
        }
        now = _now()
        text = OURS.catalogue.text(key, language, params, now)
        assert slips.plain(text) == text
        assert slips.septets(text) <= slips.LONGEST


def _now():  # type: ignore[no-untyped-def]
    from datetime import UTC, datetime

    return datetime(2025, 1, 1, tzinfo=UTC)  # another year than the deadline's: its longest form


@given(st.text(max_size=400), st.integers(min_value=0, max_value=160))
def test_whatever_is_cut_is_plain_and_fits(text: str, room: int) -> None:
    cut = slips.cut(text, room)
    assert slips.septets(cut) <= room
    assert slips.plain(cut) == cut


@given(st.text(alphabet="abc d{€", max_size=200))
def test_what_fits_already_is_left_alone(text: str) -> None:
    whole = slips.plain(text)
    assert slips.cut(text, slips.septets(whole)) == whole


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Mary’s “tap” – fixed…", 'Mary\'s "tap" - fixed...'),
        ("Cherang’any", "Cherang'any"),
        ("naïve São Tomé", "naive Sao Tomé"),
        ("asante 🙏🏾 sana\nbwana", "asante sana bwana"),
        ("好", ""),
    ],
)
def test_marks_and_accents_are_brought_into_the_phones_alphabet(text: str, plain: str) -> None:
    assert slips.plain(text) == plain


def test_a_text_is_cut_after_a_whole_word() -> None:
    assert slips.cut("200 doses delivered from the store", 20) == "200 doses..."
    assert slips.cut("{{{{", 7) == "{{..."
    assert slips.cut("abc", 2) == ""


def test_a_sign_outside_the_alphabet_has_no_length() -> None:
    with pytest.raises(ValueError, match="not in the alphabet"):
        slips.septets("好")


async def test_a_confidential_case_gives_no_sms() -> None:
    async with county() as here:
        await here.say(
            "chebet",
            "water",
            "Location: Kapsowar town\nProblem: a meter reader is asking for 2,000 shillings and gives no receipt",
        )
        assert not [line for line in await _slips(here) if "ward admin" in line]


# --- posters who have not opened a private chat -----------------------------------------------------------------------


async def _never_opened(here: County, who: str) -> None:
    """Somebody is on the roster, and has no private chat with the bot."""
    await here.app.worker.run(
        lambda: here.app.store.write_tx(
            lambda tx: (
                tx.execute("DELETE FROM chat WHERE chat_id = ?", (f"private:{who}",)),
                tx.execute("UPDATE roster_version SET version = version + 1"),
            )
        )
    )


async def test_the_newest_sms_of_each_request_waits_until_its_poster_opens_a_private_chat() -> None:
    async with county() as here:
        await _never_opened(here, "chebet")
        post = await here.say("chebet", "health", FORM)
        await here.say("chebet", "health", FORM.replace("malaria drugs", "gloves"))
        await here.say("kiptoo", "health", RESOLVED, reply_to=post)
        assert await _slips(here) == []
        await here.say("chebet", "private:chebet", "/help")
        assert [said[:40] for said in (await _slips(here))[:3]] == [
            "For the citizens: at each number, answer",
            "HLT-26-0002-K: your report has reached H",
            "HLT-26-0001-J: the county says: 200 dose",
        ]
        await here.say("chebet", "health", "Yes, Mary got hers", reply_to=post)
        assert (await _slips(here))[-1].startswith("HLT-26-0001-J is closed, as you agreed.")


async def test_an_sms_that_nobody_came_for_in_a_week_is_not_sent_any_more() -> None:
    async with county() as here:
        await _never_opened(here, "chebet")
        await here.say("chebet", "health", FORM)
        await here.wait(days=8)
        await here.say("chebet", "private:chebet", "/help")
        assert not [said for said in await _slips(here) if "has reached Health" in said]
