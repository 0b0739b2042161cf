"""The chase as people hear it: private lists, lines in the group, the mirror, and silence once somebody has spoken."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from groupbot.chat.sandbox import PLAIN
from groupbot.rehearsal.stage import Player
from tests.county import FORM, PLAYERS, ZONE, County, county

EMERGENCY = FORM.replace("Urgent", "Emergency")
REF, SECOND = "HLT-26-0001-J", "HLT-26-0002-K"
RESOLVED = "/resolve 200 doses delivered this morning from the sub-county store"
# Posted Tuesday 24 November 2026 at 10:10; urgent: a first word by 14:10, the answer by Friday 17:00.


def day(local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=ZONE).astimezone(UTC)


async def posted(here: County, form: str = FORM) -> str:
    return await here.say("chebet", "health", form)


def new(lines: list[str], before: list[str]) -> list[str]:
    return lines[len(before) :]


# --- the department's half --------------------------------------------------------------------------------------------


async def test_the_first_word_is_asked_for_in_private_a_little_after_it_was_due() -> None:
    async with county() as here:
        await posted(here)
        group = here.lines("health")
        await here.wait_until("2026-11-24 14:14")
        assert here.private("kiptoo") == []
        await here.wait_until("2026-11-24 14:15")
        assert here.private("kiptoo") == [
            "Habari Daniel. One waits for your word:\n"
            f"{REF}, urgent, Kapsowar: no word yet, due today 14:10\n"
            "Please reply with its number and your news."
        ]
        assert here.lines("health") == group
        assert here.private("cheruto") == []


async def test_a_word_given_in_time_leaves_everybody_in_peace() -> None:
    async with county() as here:
        post = await posted(here)
        await here.wait_until("2026-11-24 14:05")
        await here.say("kiptoo", "health", "Seen, next word on Thursday", reply_to=post)
        await here.wait_until("2026-11-26 16:59")
        assert here.private("kiptoo") == []


async def test_the_next_morning_the_director_hears_of_it_and_so_does_the_group_once() -> None:
    async with county() as here:
        await posted(here)
        group = here.lines("health")
        await here.wait_until("2026-11-25 17:00")
        assert new(here.lines("health"), group) == [
            f"{REF}: no word yet. Dr Cheruto, please help. If Daniel is away, who stands in?"
        ]
        assert here.private("cheruto") == [
            "Habari Dr Cheruto. One waits for your word:\n"
            f"{REF}, urgent, Kapsowar: no word from Daniel since yesterday 14:10. If they are away, who stands in?"
            " /cover\n"
            "Please reply with its number and your news."
        ]
        assert await here.value("SELECT count(*) FROM service_log WHERE type = 'escalated' AND role = 'director'") == 1


async def test_of_a_next_word_the_group_is_not_told_that_there_was_none() -> None:
    async with county() as here:
        post = await posted(here)
        await here.say("kiptoo", "health", "Seen, next word tomorrow at 10 am", reply_to=post)
        group = here.lines("health")
        await here.wait_until("2026-11-30 10:30")
        assert new(here.lines("health"), group)[:2] == [
            f"{REF}: the next word is overdue. Dr Cheruto, please help. If Daniel is away, who stands in?",
            f"{REF}: the next word is overdue. It goes to the chief officer next, but I can reach none; Nelson of"
            " communications, please take it there.",
        ]


async def test_a_number_and_news_in_reply_to_the_private_list_is_the_word() -> None:
    async with county() as here:
        await posted(here)
        await here.wait_until("2026-11-24 14:20")
        await here.say("kiptoo", "private:kiptoo", f"{REF} the store opens tomorrow, I will have them by noon")
        assert await here.value("SELECT state FROM request") == "acknowledged"
        group = here.lines("health")
        await here.wait_until("2026-11-25 11:59")
        assert new(here.lines("health"), group) == []
        assert len(here.private("kiptoo")) == 1


async def test_what_waits_for_one_person_is_one_message_the_worst_first() -> None:
    async with county() as here:
        await posted(here)
        await here.wait(minutes=3)
        await posted(here, FORM.replace("malaria drugs", "bandages").replace("Urgent", "Routine"))
        await here.wait_until("2026-11-26 10:30")
        assert here.private("kiptoo")[-1] == (
            "Habari Daniel. 2 wait for your word:\n"
            f"{REF}, urgent, Kapsowar: no word yet, due Tue 24 Nov 14:10\n"
            f"{SECOND}, Kapsowar: no word yet, due today 10:13\n"
            "Please reply with the number and your news."
        )


async def test_a_late_urgent_request_stands_above_any_number_of_late_routine_ones() -> None:
    async with county() as here:
        for number in range(11):
            need = f"supply {number * 7}{'abc'[number % 3]}"
            await here.say("chebet", "health", FORM.replace("malaria drugs", need).replace("Urgent", "Routine"))
        await here.wait_until("2026-11-26 08:30")
        await here.say("chebet", "health", FORM.replace("malaria drugs", "oxygen in the ward"))
        await here.wait_until("2026-11-27 08:05")
        head, *items, _, _ = here.private("kiptoo")[-1].splitlines()
        assert head == "Habari Daniel. 12 wait for your word, these first:"
        assert items[:2] == [
            "HLT-26-0012-Y, urgent, Kapsowar: no word yet, due yesterday 12:30",
            f"{REF}, Kapsowar: no word yet, due yesterday 10:10",
        ]


async def test_of_one_priority_what_was_never_answered_stands_above_a_later_word_and_a_reminder_last() -> None:
    async with county() as here:
        posts = [await posted(here, FORM.replace("malaria drugs", need)) for need in ("gauze", "gloves in the theatre")]
        await here.say("kiptoo", "health", "Seen, next word tomorrow at 10 am", reply_to=posts[0])
        await here.say("kiptoo", "health", "Seen, next word on 10 December", reply_to=posts[1])
        await here.wait_until("2026-11-25 09:00")
        await posted(here, FORM.replace("malaria drugs", "oxygen in the ward"))
        await here.wait_until("2026-11-27 08:05")
        assert here.private("kiptoo")[-1].splitlines()[1:-1] == [
            "HLT-26-0003-L, urgent, Kapsowar: no word yet, due Wed 25 Nov 13:00",
            f"{REF}, urgent, Kapsowar: your next word was due Wed 25 Nov 10:00",
            f"{SECOND}, urgent, Kapsowar: answer due today 17:00",
        ]


async def test_a_long_list_names_the_worst_ten_and_counts_the_rest() -> None:
    async with county() as here:
        for number in range(12):
            await here.say("chebet", "health", FORM.replace("malaria drugs", f"supply {number * 7}{'abc'[number % 3]}"))
        assert await here.value("SELECT count(*) FROM request") == 12
        await here.wait_until("2026-11-24 14:15")
        (said,) = here.private("kiptoo")
        assert said.startswith("Habari Daniel. 12 wait for your word, these first:\nHLT-26-0001-J, urgent, Kapsowar")
        assert said.endswith("\nand 2 more: /mine. Please reply with the number and your news.")
        assert len(said.splitlines()) == 12


async def test_nobody_gets_more_lists_in_a_day_than_the_budget() -> None:
    async with county(start=day("2026-11-24 08:00")) as here:
        for number in range(8):
            await here.say("chebet", "health", FORM.replace("malaria drugs", f"supply {number * 7}{'abc'[number % 3]}"))
            await here.wait(minutes=20)
        await here.wait_until("2026-11-24 16:59")
        assert len(here.private("kiptoo")) == 3
        await here.wait_until("2026-11-25 08:00")
        assert len(here.private("kiptoo")) == 4


async def test_a_list_that_waited_to_be_sent_is_dropped_when_nothing_waits_any_more() -> None:
    async with county() as here:
        post = await posted(here)
        here.clock.set(day("2026-11-24 14:15"))
        nagging, store = here.app.tickers[0], here.app.store
        await here.app.worker.run(lambda: store.write_tx(lambda tx: nagging.run(tx, here.clock())))
        assert await here.value("SELECT state FROM outbox WHERE key = 'digest'") == "new"
        await here.say("kiptoo", "health", "On my way", reply_to=post)
        await here.wait(hours=1)
        assert here.private("kiptoo") == []
        assert await here.value("SELECT error FROM outbox WHERE key = 'digest'") == "it is settled"


async def test_a_list_that_was_held_up_until_after_hours_comes_in_the_morning() -> None:
    async with county() as here:
        await posted(here)
        here.clock.set(day("2026-11-24 16:30"))
        nagging, store = here.app.tickers[0], here.app.store
        await here.app.worker.run(lambda: store.write_tx(lambda tx: nagging.run(tx, here.clock())))
        here.clock.set(day("2026-11-24 19:00"))
        await here.app.step()
        assert here.private("kiptoo") == []
        await here.wait_until("2026-11-25 08:00")
        assert len(here.private("kiptoo")) == 1


async def test_late_answers_reach_the_mirror_the_next_working_morning_and_the_group_a_day_later() -> None:
    async with county() as here:
        post = await posted(here)
        await here.say("kiptoo", "health", "Seen, next word on Friday at 4 pm", reply_to=post)
        await here.wait_until("2026-11-27 15:30")
        await here.say("kiptoo", "health", "The store is still empty, next word on 2 December", reply_to=post)
        group, mirror = here.lines("health"), here.lines("mirror")
        await here.wait_until("2026-11-29 23:00")
        assert not [line for line in new(here.lines("mirror"), mirror) if "LATE" in line]
        await here.wait_until("2026-12-01 09:00")
        late = [line for line in new(here.lines("mirror"), mirror) if "LATE" in line]
        assert late == [f"{REF}: 1 working day LATE, with the coordinator"]
        assert new(here.lines("health"), group) == [
            f"{REF}: the answer was due Fri 27 Nov. Daniel, please answer, or name the day: /by."
        ]


async def test_many_late_ones_are_one_line_in_the_group_and_one_in_the_mirror() -> None:
    async with county() as here:
        for number in range(5):
            await here.say("chebet", "health", FORM.replace("malaria drugs", f"supply {number * 7}{'abc'[number % 3]}"))
        group, mirror = here.lines("health"), here.lines("mirror")
        await here.wait_until("2026-11-30 09:00")
        first, *rest = new(here.lines("health"), group)
        assert first.startswith("5 requests here wait past their time, HLT-26-0001-J, HLT-26-0002-K")
        assert len(rest) <= 2
        late = [line for line in new(here.lines("mirror"), mirror) if "answers are late" in line]
        assert len(late) == 1
        assert late[0].startswith("5 answers are late this morning, the longest: HLT-26-0001-J")


async def test_a_pause_ends_the_chase_until_its_day() -> None:
    async with county() as here:
        post = await posted(here)
        await here.say("nelson", "health", "/pause until Friday, the store is being counted", reply_to=post)
        await here.wait_until("2026-11-27 17:00")
        assert here.private("kiptoo") == []
        await here.wait_until("2026-11-30 08:00")
        assert here.private("kiptoo") == [
            "Habari Daniel. One waits for your word:\n"
            f"{REF}, urgent, Kapsowar: no word yet, due Tue 24 Nov 14:10\n"
            "Please reply with its number and your news."
        ]
        group = here.lines("health")
        await here.wait_until("2026-12-01 08:00")
        assert "no word from Daniel since Tue 24 Nov 14:10" in here.private("cheruto")[0]
        assert new(here.lines("health"), group) == [
            f"{REF}: no word yet. Dr Cheruto, please help. If Daniel is away, who stands in?"
        ]


async def test_nobody_is_asked_for_what_somebody_stands_in_for() -> None:
    async with county() as here:
        await here.say("cheruto", "health", "/cover Judith Cherotich until 4 December")
        await posted(here)
        await here.wait_until("2026-11-24 14:20")
        assert here.private("kiptoo") == []
        assert len(here.private("judith")) == 1


async def test_a_role_that_nobody_holds_goes_to_communications_by_name() -> None:
    async with county() as here:
        await posted(here)
        group = here.lines("health")
        await here.wait_until("2026-11-27 08:00")
        assert here.private("nelson") == [
            "Habari Nelson. One waits for your word:\n"
            f"{REF}, urgent, Kapsowar: Health has no chief officer whom I can reach. Please ask them yourself, or name"
            " one: /invite\nPlease reply with its number and your news."
        ]
        assert new(here.lines("health"), group)[-1] == (
            f"{REF}: no word yet. It goes to the chief officer next, but I can reach none; Nelson of communications,"
            " please take it there."
        )


SMALL = tuple(one for one in PLAYERS if one.user_id != "kiptoo")  # a department that has a director alone


async def test_under_an_empty_office_the_director_goes_on_being_asked_and_the_mirror_says_who_was() -> None:
    async with county() as here:
        await posted(here)
        mirror = here.lines("mirror")
        await here.wait_until("2026-12-14 08:30")
        said = here.private("cheruto")
        beside = [line for line in here.private("nelson") if line.startswith("Habari")]
        assert (len(said), len(beside)) == (7, 5)  # on the mornings 1, 2, 3, 4, 5, 8 and 13; beside from the third on
        assert said[-1] == (
            "Habari Dr Cheruto. One waits for your word:\n"
            f"{REF}, urgent, Kapsowar: no word from Daniel since Tue 24 Nov 14:10. If they are away, who stands in?"
            " /cover\n"
            "Please reply with its number and your news."
        )
        assert [line for line in new(here.lines("mirror"), mirror) if " LATE, with" in line] == [
            f"{REF}: 1 working day LATE, with the director; cannot be reached: chief officer and county"
            " executive (CECM)"
        ]


async def test_in_a_group_without_a_coordinator_the_director_is_named_and_then_who_takes_it_up() -> None:
    async with county(players=SMALL) as here:
        await posted(here)
        group = here.lines("health")
        await here.wait_until("2026-11-27 08:30")
        assert new(here.lines("health"), group) == [
            f"{REF}: no word yet. Dr Cheruto, please help: the department has no coordinator.",
            f"{REF}: no word yet. It goes to the chief officer next, but I can reach none; Nelson of communications,"
            " please take it there.",
        ]


async def test_at_the_end_of_the_ladder_the_poster_gets_the_ombudsmans_text_and_the_mirror_is_told() -> None:
    async with county() as here:
        await posted(here)
        before = here.private("chebet")
        await here.wait_until("2026-12-02 09:00")
        assert new(here.private("chebet"), before) == [
            f"{REF}: asked without an answer: coordinator, director and communications. Cannot be reached: chief"
            " officer, county executive (CECM) and complaints committee. You or the citizen may now also go to the"
            " Ombudsman (Commission on Administrative Justice): 0800 221 349, complain@ombudsman.go.ke. A text for it"
            " follows.",
            "To the Ombudsman (Commission on Administrative Justice): I reported a matter to Health on Tue 24 Nov under"
            f" the number {REF}. The answer was due Fri 27 Nov. None has come. I ask you to look into the delay.",
        ]
        assert (
            f"{REF}: LATE, ladder exhausted: asked without an answer: coordinator, director and communications; cannot"
            " be reached: chief officer, county executive (CECM) and complaints committee" in here.lines("mirror")
        )


async def test_a_ladder_that_ends_before_the_answer_is_due_calls_nothing_late_that_is_not() -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM.replace("Urgent", "Routine"))
        before = here.private("chebet")
        await here.wait_until("2026-12-04 09:00")
        assert new(here.private("chebet"), before)[-1] == (
            "To the Ombudsman (Commission on Administrative Justice): I reported a matter to Health on Tue 24 Nov under"
            f" the number {REF}. Word on it was due Thu 26 Nov. None has come. Asked in vain: coordinator, director and"
            " communications. I ask you to look into it."
        )
        said = [line for one in here.lines("mirror") for line in one.splitlines() if "ladder exhausted" in line]
        assert said == [
            f"{REF}: no word, ladder exhausted: asked in vain: coordinator, director and communications; cannot be"
            " reached: chief officer, county executive (CECM) and complaints committee; the answer is due Tue 8 Dec"
        ]
        assert not [line for line in here.lines("mirror") if "LATE" in line]


async def test_after_a_night_emergency_the_ombudsmans_text_and_the_mirrors_line_wait_for_the_offices_to_open() -> None:
    async with county(start=day("2026-11-24 20:00")) as here:
        await posted(here, EMERGENCY)
        before, mirror = here.private("chebet"), here.lines("mirror")
        await here.wait_until("2026-11-25 07:59")
        assert (new(here.private("chebet"), before), new(here.lines("mirror"), mirror)) == ([], [])
        assert here.private("cheruto")[-1].startswith(f"EMERGENCY {REF}, Health, Kapsowar: no word from Daniel")
        await here.wait_until("2026-11-25 08:05")
        assert new(here.private("chebet"), before) == [
            f"{REF}: asked without an answer: coordinator, director and communications. Cannot be reached: chief"
            " officer, county executive (CECM) and complaints committee. You or the citizen may now also go to the"
            " Ombudsman (Commission on Administrative Justice): 0800 221 349, complain@ombudsman.go.ke. A text for it"
            " follows.",
            "To the Ombudsman (Commission on Administrative Justice): I reported a matter to Health on Tue 24 Nov under"
            f" the number {REF}. Word on it was due Tue 24 Nov. None has come. Asked in vain: coordinator, director and"
            " communications. I ask you to look into it.",
        ]
        assert new(here.lines("mirror"), mirror)[0] == (
            f"{REF}: no word, ladder exhausted: asked in vain: coordinator, director and communications; cannot be"
            " reached: chief officer, county executive (CECM) and complaints committee; the answer is due Thu 26 Nov"
        )


async def test_who_speaks_up_before_the_offices_open_is_reported_to_nobody_as_silent() -> None:
    async with county(start=day("2026-11-24 20:00")) as here:
        post = await posted(here, EMERGENCY)
        before, mirror = here.private("chebet"), here.lines("mirror")
        await here.wait_until("2026-11-25 06:30")
        await here.say("cheruto", "health", "I am at the bridge since six", reply_to=post)
        await here.wait_until("2026-11-25 09:00")
        assert new(here.private("chebet"), before) == []
        assert not [line for line in new(here.lines("mirror"), mirror) if "exhausted" in line]


async def test_of_several_ladders_that_ended_at_night_only_those_that_still_stand_are_told() -> None:
    async with county(start=day("2026-11-24 20:00")) as here:
        needs = ("malaria drugs", "oxygen in the ward", "way across the bridge")
        posts = [await posted(here, EMERGENCY.replace("malaria drugs", need)) for need in needs]
        before, mirror = here.private("chebet"), here.lines("mirror")
        await here.wait_until("2026-11-25 06:30")
        await here.say("cheruto", "health", "I am at the bridge since six", reply_to=posts[2])
        await here.wait_until("2026-11-25 08:05")
        assert new(here.private("chebet"), before) == [
            f"2 of yours, {REF} and {SECOND}: everybody whom I can reach was asked, without an answer. You or the"
            " citizens may now also go to the Ombudsman (Commission on Administrative Justice): 0800 221 349,"
            " complain@ombudsman.go.ke."
        ]
        assert new(here.lines("mirror"), mirror)[0] == (
            f"2 with the ladder exhausted, everybody who can be reached asked in vain: {REF} and {SECOND}"
        )


# --- the citizen's half -----------------------------------------------------------------------------------------------


async def test_only_who_may_name_a_stand_in_is_told_to() -> None:
    async with county(players=THREE) as here:
        await posted(here)
        await here.wait_until("2026-11-27 12:00")
        assert "who stands in? /cover" in here.private("cheruto")[0]
        assert here.private("otieno") == [
            "Habari Grace. One waits for your word:\n"
            f"{REF}, urgent, Kapsowar: no word from Daniel since Tue 24 Nov 14:10. Please see to it that somebody"
            " answers.\n"
            "Please reply with its number and your news."
        ]


async def test_the_citizens_word_is_asked_for_in_private_and_given_up_openly() -> None:
    async with county() as here:
        post = await posted(here)
        await here.say("kiptoo", "health", RESOLVED, reply_to=post)
        before, group = here.private("chebet"), here.lines("health")
        await here.wait_until("2026-11-27 08:00")
        assert new(here.private("chebet"), before) == [
            "Habari Jane. One waits for your word:\n"
            f"{REF}, urgent, Kapsowar: does the citizen agree? YES, or NOT YET and why. Asked Tue 24 Nov\n"
            "Please reply with its number and your news."
        ]
        await here.wait_until("2026-12-15 08:00")
        assert new(here.lines("health"), group) == [
            f"{REF} closed: no word of the citizen came, asked for 6 times. If it is not done, reply NOT YET and why"
            " within 30 days."
        ]
        assert await here.value("SELECT state || ' ' || word FROM request") == "closed unreachable"
        assert f"{REF}: closed, no word of the citizen came" in here.lines("mirror")
        await here.say("chebet", "health", "Not yet, nothing has come", reply_to=post)
        assert await here.value("SELECT state FROM request") == "reopened"


async def test_without_a_sub_county_admin_communications_hear_whom_the_sub_county_lacks() -> None:
    async with county() as here:
        post = await posted(here)
        await here.say("kiptoo", "health", RESOLVED, reply_to=post)
        await here.wait_until("2026-12-02 08:00")
        assert here.private("nelson")[-1] == (
            "Habari Nelson. One waits for your word:\n"
            f"{REF}, urgent, Kapsowar: Marakwet West has no sub-county admin whom I can reach. Please ask them"
            " yourself, or name one: /invite\nPlease reply with its number and your news."
        )


async def test_a_not_yet_is_told_to_the_director_in_private() -> None:
    async with county() as here:
        post = await posted(here)
        await here.say("kiptoo", "health", RESOLVED, reply_to=post)
        await here.say("chebet", "health", "Not yet, she got nothing", reply_to=post)
        assert here.private("cheruto") == [
            "Habari Dr Cheruto. One waits for your word:\n"
            f"{REF}, urgent, Kapsowar: the citizen says not yet to Daniel's answer\n"
            "Please reply with its number and your news."
        ]


# --- asked for news ---------------------------------------------------------------------------------------------------


async def test_who_asks_for_news_is_told_who_was_asked_and_who_is_next_once_for_each_step() -> None:
    async with county() as here:
        post = await posted(here)
        await here.wait_until("2026-11-24 16:00")
        await here.say("chebet", "health", "Any news?", reply_to=post)
        assert here.lines("health")[-1] == (
            f"{REF}: asked Daniel (today 14:15). If no word comes, the director is asked tomorrow 08:00. I keep asking."
        )
        again = await here.say("chebet", "health", "Any word please?", reply_to=post)
        assert here.reaction("health", again) == "✍"


# --- emergencies ------------------------------------------------------------------------------------------------------


async def test_an_emergency_rings_until_one_answers_and_then_asks_only_who_took_it() -> None:
    async with county(start=day("2026-11-28 22:00")) as here:
        post = await posted(here, EMERGENCY)
        assert [len(here.private(who)) for who in ("kiptoo", "cheruto", "nelson")] == [1, 1, 1]
        await here.wait(minutes=10)
        await here.say("cheruto", "health", "I have it", reply_to=post)
        await here.wait(minutes=30)
        assert [len(here.private(who)) for who in ("kiptoo", "cheruto", "nelson")] == [2, 2, 2]
        await here.wait_until("2026-11-29 04:30")
        assert here.private("cheruto")[2:] == [
            f"EMERGENCY {REF}, Health, Kapsowar: the next word was due today 04:10. Please reply in the group now."
            " Nobody in danger any more: /safe."
        ]
        assert len(here.private("kiptoo")) == 2


@pytest.mark.parametrize("who", ["chebet", "kiptoo", "nelson"])
async def test_once_it_is_made_safe_nobody_is_woken_any_more(who: str) -> None:
    async with county(start=day("2026-11-28 22:00")) as here:
        post = await posted(here, EMERGENCY)
        await here.say("kiptoo", "health", "I have it", reply_to=post)
        await here.say(who, "health", "/safe", reply_to=post)
        name = {"chebet": "Jane", "kiptoo": "Daniel", "nelson": "Nelson"}[who]
        assert here.lines("health")[-1] == (
            f"{REF}: nobody is in danger any more, says {name}. What is left is due Thu 3 Dec."
        )
        await here.wait_until("2026-11-30 07:59")
        assert len(here.private("kiptoo")) == 1
        again = await here.say(who, "health", "/safe", reply_to=post)
        assert here.lines("health")[-1] == f"{REF} is no emergency now, so nothing was changed."
        assert again


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Everybody is safe, they are in the church", True),
        ("Wote wako salama", True),
        ("Is it true that everybody is safe?", False),
        ("They are not safe yet", False),
        ("Not everyone is safe", False),
        ("Everyone is safe except the two in the last house", False),
        ("Hatujui kama wote wako salama", False),
    ],
)
async def test_plain_words_make_it_safe_and_questions_do_not(text: str, safe: bool) -> None:
    async with county(start=day("2026-11-28 22:00")) as here:
        await posted(here, EMERGENCY)
        lines = here.lines("health")
        await here.say("chebet", "health", text)
        assert (await here.value("SELECT made_safe_at FROM request") is not None) == safe
        assert here.lines("health") == lines


async def test_a_stranger_and_an_observer_make_nothing_safe() -> None:
    async with county(start=day("2026-11-28 22:00")) as here:
        post = await posted(here, EMERGENCY)
        for who in ("stranger", "naomi"):
            await here.say(who, "health", "/safe", reply_to=post)
            await here.say(who, "health", "Everybody is safe", reply_to=post)
        assert await here.value("SELECT made_safe_at FROM request") is None


async def test_an_emergency_opened_again_tells_the_director_of_the_answer_that_did_not_hold() -> None:
    async with county(start=day("2026-11-28 22:00")) as here:
        post = await posted(here, EMERGENCY)
        await here.say("kiptoo", "health", RESOLVED, reply_to=post)
        await here.wait(minutes=5)
        before = here.private("cheruto")
        await here.say("chebet", "health", "Not yet, nobody came", reply_to=post)
        assert new(here.private("cheruto"), before) == [
            f"EMERGENCY {REF}, Health, Kapsowar: open again, the citizen says not yet to Daniel's answer. Please see to"
            " it now and reply in the group. Nobody in danger any more: /safe."
        ]


async def test_of_an_emergencys_later_word_nobody_is_told_that_none_came() -> None:
    async with county() as here:
        post = await posted(here, EMERGENCY)
        await here.say("kiptoo", "health", "The injured are on the way to Iten", reply_to=post)
        before = here.private("kiptoo")
        await here.wait_until("2026-11-25 08:30")
        assert new(here.private("kiptoo"), before) == [
            f"EMERGENCY {REF}, Health, Kapsowar: the next word was due {when}. Please reply in the group now. Nobody in"
            " danger any more: /safe."
            for when in ("today 16:10", "yesterday 16:10")
        ]
        assert here.private("cheruto")[-1] == (
            f"EMERGENCY {REF}, Health, Kapsowar: no further word from Daniel, due yesterday 16:10. Please see to it now"
            " and reply in the group. Nobody in danger any more: /safe."
        )


async def test_nobody_is_nagged_by_the_plain_profile_less_than_by_any_other() -> None:
    async with county(capabilities=PLAIN) as here:
        await posted(here)
        await here.wait_until("2026-11-25 08:00")
        assert [len(here.private(who)) for who in ("kiptoo", "cheruto")] == [2, 1]


# --- after a time away ------------------------------------------------------------------------------------------------

THREE = (*PLAYERS, Player("otieno", "Grace Otieno", "chief_officer", service_code="health"))


async def test_after_thirty_days_off_each_person_gets_one_list_and_each_group_one_line() -> None:
    async with county(players=THREE) as here:
        for number in range(6):
            await here.say("chebet", "health", FORM.replace("malaria drugs", f"supply {number * 7}{'abc'[number % 3]}"))
        group, mirror = here.lines("health"), here.lines("mirror")
        here.clock.set(day("2026-12-24 10:40"))
        await here.app.step()
        await here.wait(minutes=10)
        assert len(here.private("kiptoo")) == 1
        assert len(new(here.lines("health"), group)) <= 1
        assert len(new(here.lines("mirror"), mirror)) <= 3
