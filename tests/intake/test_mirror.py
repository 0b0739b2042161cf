"""What CSOs see: the words of open departments, safe and seen first; nothing of the sensitive; what is taken back."""

from __future__ import annotations

import pytest

from groupbot.chat.sandbox import FULL, PLAIN
from groupbot.records import Capabilities
from tests.county import PLACES, County, Place, county

PIPE = (
    "Location: Chesoi market\nProblem: The pipe has burst and 300 homes are dry. Ask Zipporah\nName: Hezron Kipzovipu"
)
HIV = "Location: Kapsowar sub-county hospital\nProblem: No ARVs at the CCC clinic since Monday"
NEED = "WTR-26-0001-G, the need: The pipe has burst and 300 homes are dry. Ask […]"


def coded(here: County, mirror: str = "mirror") -> list[str]:
    """What a mirror was told, without the checkpoints."""
    return [line for line in here.lines(mirror) if not line.startswith("The public log")]


async def test_a_text_is_shown_to_its_coordinator_and_published_by_silence_after_two_working_hours() -> None:
    async with county() as here:
        await here.say("chebet", "water", PIPE)
        assert coded(here) == ["WTR-26-0001-G · Water · Kapsowar · pipes and leaks · routine · due Tue 8 Dec"]
        await here.wait(minutes=10)
        assert here.private("judith") == [
            "The CSO mirror will show this today 12:20 unless you reply NO, or reply with better words:\n" + NEED
        ]
        await here.wait(hours=1, minutes=59)
        assert NEED not in coded(here)
        await here.wait(minutes=1)
        assert coded(here)[-1] == NEED
        await here.wait(days=3)
        assert coded(here).count(NEED) == 1


async def test_the_window_counts_working_hours_only() -> None:
    async with county() as here:
        await here.wait_until("2026-11-24 16:00")
        await here.say("chebet", "water", PIPE)
        await here.wait_until("2026-11-25 09:09")
        assert NEED not in coded(here)
        await here.wait_until("2026-11-25 09:11")
        assert NEED in coded(here)


async def test_a_holiday_that_is_declared_meanwhile_leaves_the_officer_the_whole_window() -> None:
    async with county() as here:
        await here.wait_until("2026-11-24 16:00")
        await here.say("chebet", "water", PIPE)
        await here.wait_until("2026-11-24 16:30")
        await here.say("nelson", "communications", "/holiday Wednesday state funeral")
        await here.say("nelson", "communications", "yes", reply_to=here.messages("communications")[-1].id)
        await here.wait_until("2026-11-26 09:09")
        assert NEED not in coded(here)
        await here.wait_until("2026-11-26 09:11")
        assert coded(here).count(NEED) == 1


@pytest.mark.parametrize("capabilities", [FULL, PLAIN])
async def test_a_coordinator_keeps_a_text_back_with_no(capabilities: Capabilities) -> None:
    async with county(capabilities=capabilities) as here:
        await here.say("chebet", "water", PIPE)
        await here.wait(minutes=10)
        preview = here.messages("private:judith")[-1].id
        await here.say("judith", "private:judith", "NO", preview)
        assert here.private("judith")[-1] == "WTR-26-0001-G: kept back; the mirror shows only the codes."
        await here.wait(days=2)
        assert len(coded(here)) == 1
        assert await here.value("SELECT state FROM request") == "submitted"


async def test_a_coordinator_publishes_at_once_with_yes_and_rewords_with_other_words() -> None:
    async with county() as here:
        await here.say("chebet", "water", PIPE)
        await here.wait(minutes=10)
        await here.say(
            "judith",
            "private:judith",
            "A burst pipe at the market, reported by Jane Chebet",
            here.messages("private:judith")[-1].id,
        )
        shown = here.messages("private:judith")[-1]
        assert shown.text.endswith("\nWTR-26-0001-G, the need: A burst pipe at the market, reported by […]")
        await here.say("judith", "private:judith", "yes", shown.id)
        assert coded(here)[-1] == "WTR-26-0001-G, the need: A burst pipe at the market, reported by […]"
        await here.wait(days=2)
        assert len(coded(here)) == 2


async def test_words_that_name_somebody_are_not_taken_instead() -> None:
    async with county() as here:
        await here.say("chebet", "water", PIPE)
        await here.wait(minutes=10)
        await here.say("judith", "private:judith", "ZIPPORAH KIPZOVIPU", here.messages("private:judith")[-1].id)
        assert here.private("judith")[-1].startswith("WTR-26-0001-G: those words would name somebody")


async def test_a_burst_of_posts_is_one_private_line_and_a_bare_no_is_asked_back() -> None:
    async with county() as here:
        await here.say("chebet", "water", PIPE)
        await here.say("rose", "water", "Location: Nyaru spring\nProblem: The spring is dirty and animals drink there")
        await here.wait(minutes=10)
        (shown,) = here.messages("private:judith")
        assert shown.text.count("the need:") == 2
        await here.say("judith", "private:judith", "NO", shown.id)
        assert here.private("judith")[-1].startswith("Which one: WTR-26-0001-G or WTR-26-0002-")
        await here.say("judith", "private:judith", "WTR-26-0001-G no", shown.id)
        await here.wait(hours=3)
        assert [line for line in coded(here) if "the need" in line] == [
            "WTR-26-0002-H, the need: The spring is dirty and animals drink there"
        ]


async def test_nobody_else_decides_about_a_text() -> None:
    async with county() as here:
        await here.say("chebet", "water", PIPE)
        await here.wait(minutes=10)
        for who in ("chebet", "naomi", "nelson", "stranger"):
            await here.say(who, f"private:{who}", "WTR-26-0001-G no")
        await here.wait(hours=2)
        assert NEED in coded(here)


async def test_an_answer_is_published_likewise_and_edits_replace_what_waits() -> None:
    async with county() as here:
        post = await here.say("chebet", "water", PIPE)
        await here.wait(minutes=10)
        await here.edit("chebet", "water", post, PIPE.replace("300", "400"))
        await here.wait(hours=3)
        assert [line for line in coded(here) if "the need" in line] == [NEED.replace("300", "400")]
        await here.say(
            "judith", "water", "/resolve The pipe was replaced by Eng. Rutto on Friday, call 0722 123 456", post
        )
        await here.wait(hours=3)
        assert coded(here)[-1] == "WTR-26-0001-G, the answer: The pipe was replaced by Eng. […] on Friday, call"


@pytest.mark.parametrize("yes", [False, True])
async def test_an_answer_that_the_citizen_refuses_meanwhile_is_not_published(yes: bool) -> None:
    async with county() as here:
        post = await here.say("chebet", "water", PIPE)
        await here.wait(hours=3)
        await here.say("judith", "water", "/resolve The pipe was replaced on Friday by our plumber", post)
        await here.wait(minutes=10)
        preview = here.messages("private:judith")[-1]
        assert "the answer: The pipe was replaced" in preview.text
        await here.say("chebet", "water", "Not yet, still dry", here.messages("water")[-1].id)
        if yes:
            await here.say("judith", "private:judith", "yes", preview.id)
            assert here.private("judith")[-1] == "WTR-26-0001-G: kept back; the mirror shows only the codes."
        await here.wait(hours=5)
        assert not any("the answer" in line for line in coded(here))
        await here.say("judith", "water", "/resolve Now the valve was replaced by our plumber too", post)
        await here.wait(days=1)
        assert "WTR-26-0001-G, the answer: Now the valve was replaced by our plumber too" in coded(here)


async def test_a_closed_department_and_a_sensitive_matter_show_codes_alone() -> None:
    async with county() as here:
        await here.say("chebet", "health", "Location: Tot clinic\nProblem: No malaria drugs since Monday")
        await here.say("chebet", "health", HIV)
        await here.wait(hours=5)
        assert coded(here) == ["HLT-26-0001-J · Health · Kapsowar · medicines and supplies · routine · due Tue 8 Dec"]
        assert [line for line in here.private("kiptoo") if "mirror" in line] == []


async def test_the_most_sensitive_matters_show_no_ward_no_topic_and_not_the_hour() -> None:
    async with county() as here:
        await here.say("chebet", "health", HIV)
        await here.wait_until("2026-11-25 07:59")
        assert coded(here) == []
        await here.wait_until("2026-11-25 08:00")
        assert coded(here) == ["HLT-26-0001-J · Health · routine · due Tue 8 Dec"]


TWO = (*PLACES, Place("mirror-2", "Second mirror", "mirror", "", ("naomi",)))
OWN = (*PLACES, Place("mirror-w", "Water mirror", "mirror", "water", ("naomi",)))


async def test_every_mirror_hears_the_same_and_a_departments_own_only_its_own() -> None:
    async with county(places=TWO) as here:
        await here.say("chebet", "water", PIPE)
        await here.wait(hours=3)
        assert coded(here) == coded(here, "mirror-2") != []
    async with county(places=OWN) as here:
        await here.say("chebet", "water", PIPE)
        await here.say("chebet", "roads", "Location: Nyaru\nProblem: Culvert is blocked")
        await here.wait(hours=3)
        assert {line[:3] for line in coded(here, "mirror-w")} == {"WTR"}
        assert {line[:3] for line in coded(here)} == {"WTR", "RDS"}


async def protect(here: County, ref: str) -> None:
    """Communications protect a request."""
    await here.say("nelson", "communications", f"/protect {ref} it names a child")


async def test_protect_reaches_every_copy_in_every_mirror_and_whatever_comes_later() -> None:
    async with county(places=TWO) as here:
        post = await here.say("chebet", "water", PIPE)
        await here.wait(hours=3)
        await protect(here, "WTR-26-0001-G")
        expected = [
            "WTR-26-0001-G · Water · routine · due Tue 8 Dec",
            "WTR-26-0001-G: taken back to protect a person",
            "WTR-26-0001-G: what was said of it is taken back to protect a person. Please delete any copy you have.",
        ]
        assert coded(here) == coded(here, "mirror-2") == expected
        await here.say("judith", "water", "/resolve The pipe was replaced on Friday", post)
        await here.wait(hours=5)
        assert coded(here)[3:] == ["WTR-26-0001-G: says done the same day; citizen being asked"]
        await here.say("naomi", "private:naomi", "WTR-26-0001-G")
        assert here.private("naomi")[-1] == (
            "WTR-26-0001-G · Water · routine · due Tue 8 Dec · says done, citizen being asked"
        )


async def test_a_text_that_waits_is_protected_before_it_is_ever_shown() -> None:
    async with county() as here:
        await here.say("chebet", "water", PIPE)
        await here.wait(minutes=30)
        await protect(here, "WTR-26-0001-G")
        await here.wait(days=1)
        assert not any("the need" in line for line in coded(here))
        assert await here.value("SELECT count(*) FROM publication WHERE text <> ''") == 0


async def test_a_mirror_without_edits_is_asked_to_delete() -> None:
    async with county(capabilities=PLAIN) as here:
        await here.say("chebet", "water", PIPE)
        await here.wait(hours=3)
        await protect(here, "WTR-26-0001-G")
        assert coded(here)[-1].endswith("Please delete any copy you have.")


@pytest.mark.parametrize("who", ["chebet", "judith", "naomi", "stranger"])
async def test_only_communications_and_integrity_protect(who: str) -> None:
    async with county() as here:
        await here.say("chebet", "water", PIPE)
        await here.say(who, "water", "/protect WTR-26-0001-G it names a child")
        assert await here.value("SELECT protected_at FROM request") is None


async def test_what_an_observer_sees_is_owed_a_word_like_a_request() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", "Location: Tot clinic\nProblem: No malaria drugs since Monday")
        await here.say("kiptoo", "health", "Seen, I shall call on 4 December", post)
        before = await here.value("SELECT next_word_at FROM request")
        await here.say("naomi", "private:naomi", "/we-see HLT-26-0001-J the shelf is empty today")
        after = await here.value("SELECT next_word_at FROM request")
        assert isinstance(before, int)
        assert isinstance(after, int)
        assert after < before
        nag = await here.value("SELECT next_nag_at FROM request")
        assert isinstance(nag, int)
        assert after <= nag < before  # it is asked for when it is owed, not on the day that was named
        assert here.lines("health")[-1] == "HLT-26-0001-J: an observer says: the shelf is empty today"


async def test_what_an_observer_sees_is_asked_for_like_a_request_until_the_department_says_something() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", "Location: Tot clinic\nProblem: No malaria drugs since Monday")
        await here.say("kiptoo", "health", "Seen, I shall call on 7 December", post)
        await here.wait(days=1)
        assert here.private("kiptoo") == []
        await here.say("naomi", "private:naomi", "/we-see HLT-26-0001-J the shelf is empty today")
        await here.wait_until("2026-12-02 18:00")
        asked = here.private("kiptoo")
        assert asked
        assert "HLT-26-0001-J, Kapsowar: your next word was due" in asked[0]
        await here.say("kiptoo", "health", "The lorry comes on Friday", post)
        before = len(here.private("kiptoo"))
        await here.wait_until("2026-12-04 07:59")
        assert len(here.private("kiptoo")) == before


@pytest.mark.parametrize("minutes", [5, 30])
async def test_the_words_of_a_request_that_was_withdrawn_before_its_preview_ended_stay_out(minutes: int) -> None:
    async with county() as here:
        post = await here.say("chebet", "water", PIPE)
        await here.wait(minutes=minutes)
        shown = len([line for line in here.private("judith") if NEED in line])
        assert shown == (minutes > 10)
        await here.say("chebet", "water", "/withdraw posted by mistake", reply_to=post)
        await here.wait(days=1)
        assert coded(here) == [
            "WTR-26-0001-G · Water · Kapsowar · pipes and leaks · routine · due Tue 8 Dec",
            "WTR-26-0001-G: withdrawn by the citizen's side",
        ]
        assert len([line for line in here.private("judith") if NEED in line]) == shown


async def test_an_answer_with_words_of_a_confidential_matter_is_never_published() -> None:
    async with county() as here:
        post = await here.say("chebet", "water", PIPE)
        await here.wait(hours=3)
        await here.say("judith", "water", "/resolve Repaired, the worker who took a bribe was sent home", reply_to=post)
        await here.wait(days=1)
        assert [line for line in coded(here) + here.private("judith") if "bribe" in line] == []
        assert coded(here)[-1].startswith("WTR-26-0001-G: says done")
