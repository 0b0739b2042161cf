"""Offices change hands: cover with dates, hand-over, ends of term; and who is missing is known."""

from __future__ import annotations

from groupbot import staffing
from groupbot.store import people
from tests.county import FORM, county
from tests.people.staff import holds, invited, joined, staffed


async def test_a_director_names_who_stands_in_until_a_day_and_the_group_is_told() -> None:
    async with county() as here:
        await here.say("cheruto", "health", "/cover Judith until Friday")
        assert here.lines("health") == [
            "Judith Cherotich stands in for Daniel as coordinator of Health until Fri 27 Nov 17:00."
        ]
        post = await here.say("chebet", "health", FORM)
        assert here.lines("health")[-1].startswith("HLT-26-0001-J, urgent, Kapsowar. Judith, please reply here by")
        await here.say("judith", "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
        assert await here.value("SELECT state FROM request") == "answered"
        await here.wait_until("2026-11-27 17:00")
        assert await holds(here, "judith") == ["coordinator"]
        second = await here.say("chebet", "health", FORM.replace("hospital", "dispensary"))
        await here.say("judith", "health", "/resolve 200 doses delivered to the hospital", reply_to=second)
        assert await here.value("SELECT state FROM request ORDER BY id DESC LIMIT 1") == "submitted"


async def test_cover_needs_a_known_person_and_a_day() -> None:
    async with county() as here:
        for said in ("/cover", "/cover Judith", "/cover Lydia until Friday", "/cover Kiptoo until Friday"):
            await here.say("cheruto", "health", said)
        assert here.lines("health") == [
            "Please write /cover, who stands in, and until which day.",
            "Please write /cover, who stands in, and until which day.",
            "I know nobody of that name. Communications can invite them: /invite.",
            "Which one: Daniel Kiptoo or Nelson Kiptoo? Please write the full name.",
        ]
        assert await here.value("SELECT count(*) FROM role_grant WHERE acting_for IS NOT NULL") == 0


async def test_only_a_director_names_who_stands_in() -> None:
    async with county() as here:
        for who in ("chebet", "kiptoo", "judith", "nelson", "naomi", "stranger"):
            await here.say(who, "health", "/cover Judith until Friday")
        assert here.lines("health") == ["Only the director can name who stands in."] * 6
        assert await here.value("SELECT count(*) FROM role_grant WHERE acting_for IS NOT NULL") == 0


async def test_an_office_is_handed_over_on_two_peoples_word_and_the_predecessors_right_ends() -> None:
    async with staffed() as here:
        await here.say("nelson", "communications", "/assign Rose Kemei coordinator health")
        assert await holds(here, "kiptoo") == ["coordinator"]
        await here.say("nelson", "communications", "/approve Rose")
        assert await holds(here, "rose") == ["ward_admin"]
        await here.say("grace", "communications", "/approve Rose")
        assert await holds(here, "rose") == ["ward_admin", "coordinator"]
        assert await holds(here, "kiptoo") == []
        assert here.lines("health") == ["Rose Kemei is now coordinator of Health, after Daniel. Thank you, Daniel."]
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
        assert await here.value("SELECT state FROM request") == "submitted"


async def test_an_office_is_handed_over_later_at_its_day_and_both_days_are_told() -> None:
    async with staffed() as here:
        await here.say(
            "nelson", "communications", "/assign Rose Kemei coordinator health from Monday until 18 December"
        )
        await here.say("grace", "communications", "/approve Rose")
        plan = "From Mon 30 Nov Rose Kemei is coordinator of Health until Fri 18 Dec, after Daniel."
        assert here.lines("health") == [plan]
        assert here.lines("communications")[-1] == plan
        assert here.private("rose")[-1] == (
            "Karibu, Rose Kemei. Kuanzia Jtt 30 Nov utakuwa mratibu wa Afya; nitasema hivyo kwenye kikundi wakati huo."
        )
        assert (await holds(here, "rose"), await holds(here, "kiptoo")) == (["ward_admin"], ["coordinator"])
        await here.wait_until("2026-11-30 00:01")
        assert (await holds(here, "rose"), await holds(here, "kiptoo")) == (["ward_admin", "coordinator"], [])
        assert len(here.lines("health")) == 1
        await here.wait_until("2026-11-30 08:30")
        assert here.lines("health")[1:] == [
            "Rose Kemei is now coordinator of Health until Fri 18 Dec, after Daniel. Thank you, Daniel."
        ]
        begins = "2026-11-29 21:00:00"
        held = "SELECT count(*) FROM role_grant WHERE granted_until = strftime('%s', ?) * 1000000"
        assert await here.value(held, begins) == 1
        assert await here.value(held.replace("granted_until", "granted_from"), begins) == 1
        await here.wait_until("2026-12-21 09:00")
        assert await holds(here, "rose") == ["ward_admin"]


async def test_what_was_planned_can_be_called_off_or_planned_anew() -> None:
    async with staffed() as here:
        for words in ("Rose Kemei coordinator health from Monday", "Judith coordinator health from 7 December"):
            await here.say("nelson", "communications", f"/assign {words}")
            await here.say("grace", "communications", f"/approve {words.split()[0]}")
        await here.wait_until("2026-12-01 09:00")
        assert (await holds(here, "rose"), await holds(here, "kiptoo")) == (["ward_admin"], ["coordinator"])
        await here.say("nelson", "communications", "/release Judith coordinator health")
        assert here.lines("health")[2:] == [
            "What was planned from Mon 7 Dec is called off: Judith Cherotich does not become coordinator of Health."
        ]
        await here.wait_until("2026-12-08 09:00")
        assert (await holds(here, "judith"), await holds(here, "kiptoo")) == (["coordinator"], ["coordinator"])
        assert (
            await here.value(
                "SELECT count(*) FROM role_grant WHERE role = 'coordinator' AND person_id = ("
                "SELECT person_id FROM identity WHERE user_id = 'judith')"
            )
            == 1
        )


async def test_an_office_that_is_invited_for_later_begins_then() -> None:
    async with staffed() as here:
        code = await invited(here, "champion Kapsowar from Monday")
        assert await joined(here, "stranger", code) == (
            "Welcome, Philip Otieno. From Mon 30 Nov you are ward champion of Kapsowar;"
            " I will say so in the group then."
        )
        assert await holds(here, "stranger") == []
        await here.wait_until("2026-11-30 00:01")
        assert await holds(here, "stranger") == ["champion"]


async def test_a_beginning_that_is_no_day_gives_no_office() -> None:
    async with staffed() as here:
        for words in ("from soon", "from 18 December until 1 December"):
            await here.say("nelson", "communications", f"/assign Rose Kemei champion Kapsowar {words}")
        assert (
            here.lines("communications")
            == [
                "Please write /assign, the name, the role, and the department or ward where it has one. If it"
                " begins later, or ends: from which day, until which day."
            ]
            * 2
        )
        assert await holds(here, "rose") == ["ward_admin"]


async def test_a_term_ends_by_itself() -> None:
    async with staffed() as here:
        await joined(here, "stranger", await invited(here, "champion Kapsowar until Monday"))
        assert await holds(here, "stranger") == ["champion"]
        await here.wait_until("2026-11-30 17:00")
        assert await holds(here, "stranger") == []


async def test_who_is_missing_is_known() -> None:
    async with county() as here:
        ours, now = here.app.jurisdiction, here.clock()
        roster = await here.app.worker.run(lambda: here.app.store.read(lambda tx: people.load_roster(tx, ours.id)))
        missing = staffing.vacancies(ours, roster, now)
        assert [grant.service_code for grant in missing if grant.role == "coordinator"] == [
            code for code in ours.protocol.departments if code not in ("health", "water")
        ]
        assert {grant.ward for grant in missing if grant.role == "ward_admin"} == {
            ward for ward in ours.protocol.wards if ward not in ("Kapsowar", "Kabiemit")
        }


async def test_the_end_of_a_term_is_told_the_next_working_morning() -> None:
    async with staffed() as here:
        await here.say("nelson", "communications", "/assign Rose Kemei chief officer roads until Friday")
        await here.say("grace", "communications", "/approve Rose")
        assert here.lines("roads") == ["Rose Kemei is now chief officer of Roads until Fri 27 Nov."]
        await here.wait_until("2026-11-29 23:00")
        assert len(here.lines("roads")) == 1
        await here.wait_until("2026-11-30 09:00")
        assert here.lines("roads")[1:] == ["Rose Kemei is no longer chief officer of Roads. Nobody is for now."]
        await here.wait(days=30)
        assert len(here.lines("roads")) == 2


async def test_the_end_of_a_cover_says_who_answers_again() -> None:
    async with county() as here:
        await here.say("cheruto", "health", "/cover Judith until 4 pm")
        await here.wait(hours=23)
        assert here.lines("health")[1:] == ["Judith Cherotich is no longer coordinator of Health. Now it is Daniel."]


async def test_an_end_that_was_told_by_a_hand_over_is_not_told_again() -> None:
    async with staffed() as here:
        await here.say("nelson", "communications", "/assign Rose Kemei champion Kapsowar")
        await here.wait(days=3)
        assert here.lines("communications") == ["Rose Kemei is now ward champion of Kapsowar."]
        await here.say("nelson", "communications", "/assign Jane Chebet champion Kapsowar")
        await here.wait(days=3)
        assert here.lines("communications")[1:] == [
            "Jane Chebet is now ward champion of Kapsowar, after Rose. Thank you, Rose."
        ]


async def test_the_guides_own_line_hands_an_office_over_in_swahili() -> None:
    async with staffed() as here:
        words = "/assign Jane Chebet mratibu afya kuanzia Jumatatu hadi 18 Desemba"
        await here.say("nelson", "communications", words)
        await here.say("grace", "communications", "/approve Jane")
        assert here.lines("health") == [
            "From Mon 30 Nov Jane Chebet is coordinator of Health until Fri 18 Dec, after Daniel."
        ]
