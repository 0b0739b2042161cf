"""What is posted twice gets one number: the same filing, the same form elsewhere, details of it; twins are hinted."""

from __future__ import annotations

from tests.county import FORM, county

PUMP = "Location: Kipsaos borehole\nProblem: Pump brings only air, 90 homes have no water\nPriority: urgent"


async def test_the_same_form_in_another_group_moves_the_request_with_its_number_and_clock() -> None:
    async with county() as here:
        await here.say("chebet", "roads", PUMP)
        due = await here.value("SELECT expected_datetime FROM request")
        await here.wait(minutes=38)
        await here.say("chebet", "water", PUMP, forwarded=True)
        assert here.lines("roads")[1:] == ["RDS-26-0001-V moved to Water by Jane. Number and clock stay."]
        assert here.lines("water") == [
            "RDS-26-0001-V, urgent, Kapsowar, came from Roads. Judith, please reply here by today 14:48. "
            "Answer due Fri 27 Nov."
        ]
        assert here.lines("mirror")[1:] == ["RDS-26-0001-V: moved to Water"]
        assert await here.value("SELECT count(*) FROM request") == 1
        assert await here.value("SELECT expected_datetime FROM request") == due


async def test_the_new_department_owns_it_then_and_the_old_one_no_longer() -> None:
    async with county() as here:
        await here.say("chebet", "health", PUMP)
        forwarded = await here.say("chebet", "water", PUMP, forwarded=True)
        await here.say("kiptoo", "water", "/resolve Two pipes replaced by our team", reply_to=forwarded)
        assert await here.value("SELECT state FROM request") == "submitted"
        await here.say("judith", "water", "Received, the technician goes tomorrow morning", reply_to=forwarded)
        assert await here.value("SELECT state FROM request") == "acknowledged"


async def test_a_post_that_looks_like_another_departments_is_moved_by_one_tap() -> None:
    async with county() as here:
        post = "Location: Kipsaos borehole\nProblem: borehole pump has burst, no water in the taps and the tank"
        await here.say("chebet", "health", post)
        offer = here.messages("health")[0]
        assert offer.text == (
            "HLT-26-0001-J, routine, Kapsowar. This looks like Water. Move it? Reply YES. "
            "Else Daniel, please reply here by Thu 26 Nov 10:10. Answer due Tue 8 Dec."
        )
        await here.tap("chebet", "health", offer)
        assert here.lines("health")[1:] == ["HLT-26-0001-J moved to Water by Jane. Number and clock stay."]
        assert len(here.lines("water")) == 1


async def test_nearly_the_same_words_add_details_to_the_open_request() -> None:
    async with county() as here:
        await here.say(
            "chebet", "water", "Location: Kamwosor kiosk\nProblem: Attendant has locked it and left with the key"
        )
        await here.wait(hours=3)
        later = await here.say(
            "chebet",
            "water",
            "Location: Kamwosor kiosk\nProblem: attendant has locked the kiosk and left with the key\nPriority: urgent"
            "\nCitizen: Gladys Too\nPhone: 0728 000 836",
        )
        assert here.lines("water")[1:] == [
            "WTR-26-0001-G is open since today 10:10; the details are added. Now urgent, answer due Fri 27 Nov."
        ]
        assert here.lines("mirror")[-1] == "WTR-26-0001-G: now urgent, due Fri 27 Nov"
        assert await here.value("SELECT reporter_phone FROM contact") == "+254728000836"
        assert await here.value("SELECT priority FROM request") == "urgent"
        word = await here.say("judith", "water", "Tomorrow first thing", reply_to=later)
        assert here.reaction("water", word) == "👀"


async def test_one_new_word_may_be_another_need() -> None:
    async with county() as here:
        for drugs in ("malaria", "typhoid"):
            await here.say("chebet", "health", FORM.replace("malaria", drugs))
        await here.say("chebet", "water", "Location: Chesoi market\nProblem: The pipe is broken")
        await here.say("chebet", "water", "Location: Chesoi market\nProblem: The tank is broken")
        assert await here.value("SELECT count(*) FROM request") == 4


async def test_texts_that_name_different_numbers_are_different_requests() -> None:
    async with county() as here:
        await here.say("chebet", "water", "Location: Kamwosor\nProblem: Kiosk 4 has had no water for 3 days")
        await here.say("chebet", "water", "Location: Kamwosor\nProblem: Kiosk 5 has had no water for 3 days")
        assert await here.value("SELECT count(*) FROM request") == 2


async def test_another_admins_twin_is_hinted_and_keeps_its_own_number() -> None:
    async with county() as here:
        await here.say("chebet", "water", "Location: Iten, estate behind the stadium\nProblem: no water since Saturday")
        await here.say("rose", "water", "Location: Iten stadium estate\nProblem: no water from Saturday night")
        assert here.lines("water")[1] == (
            "WTR-26-0002-H, routine, Kabiemit. Near WTR-26-0001-G; each citizen will be asked. "
            "Judith, please reply here by Thu 26 Nov 10:10. Answer due Tue 8 Dec."
        )


async def test_the_poster_is_privately_given_a_copy_without_the_citizens_contacts_once_a_day() -> None:
    async with county() as here:
        for problem in ("No gloves", "No syringes"):
            await here.say(
                "chebet", "health", f"Location: Chesoi\nProblem: {problem}\nCitizen: Mary Komen\nPhone: 0700 000 123"
            )
        assert [line for line in here.private("chebet") if "send this instead" in line] == [
            "Your post in Health shows a citizen's name or phone to everybody there. I keep them for the department. "
            "Please delete the post and send this instead:\n\nWard: Kapsowar\nLocation: Chesoi\nProblem: No gloves"
        ]


async def test_a_name_that_an_edit_brings_gets_the_same_clean_copy() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        before = here.private("chebet")
        await here.edit("chebet", "health", post, f"{FORM}\nCitizen: Mary Kibet\nPhone: 0722 000 111")
        assert here.private("chebet")[len(before) :] == [
            "Your post in Health shows a citizen's name or phone to everybody there. I keep them for the department. "
            f"Please delete the post and send this instead:\n\n{FORM.partition(chr(10))[2].replace('Urgent', 'urgent')}"
        ]


async def test_the_clean_copy_posted_instead_is_the_same_filing() -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM + "\nCitizen: Mary Komen\nPhone: 0700 000 123")
        again = await here.say("chebet", "health", FORM)
        assert here.reaction("health", again) == "👍"
        assert await here.value("SELECT reporter_name FROM contact") == "Mary Komen"


async def test_the_clean_copy_holds_no_phone_number_or_name_of_the_citizen_anywhere() -> None:
    async with county() as here:
        await here.say(
            "chebet",
            "health",
            "Location: Chesoi, near Komen 0722 123 456\nProblem: Mary Komen was sent away, ID 23456789, ask her at "
            "mary@example.org\nCitizen: Mary Komen",
        )
        copy = next(line for line in here.private("chebet") if "send this instead" in line)
        assert copy.split("\n\n")[1] == (
            "Ward: Kapsowar\nLocation: Chesoi, near\nProblem: was sent away, ID , ask her at"
        )


async def test_the_same_form_with_details_below_it_is_the_same_request_with_its_new_words_and_numbers() -> None:
    form = "Location: Kapkoi kiosk\nProblem: Tap is dry since Friday."
    async with county() as here:
        await here.say("chebet", "water", form)
        await here.say("chebet", "water", form + "\nDetails: 40 families affected")
        assert here.lines("water")[1:] == ["WTR-26-0001-G is open since today 10:10; the details are added."]
        description = await here.value("SELECT description FROM request")
        assert description == "Tap is dry since Friday. 40 families affected"


async def test_a_short_problem_is_the_beginning_of_many_others() -> None:
    async with county() as here:
        await here.say("chebet", "water", "Location: Kapkoi\nProblem: No water")
        await here.say("chebet", "water", "Location: Kapkoi\nProblem: No water meters for the new plots")
        assert await here.value("SELECT count(*) FROM request") == 2
