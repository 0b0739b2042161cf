"""Times that officers name: in English, Kenyan Swahili and both at once, and what only looks like one."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groupbot import protocol
from groupbot.rules.dates import NamedTime, find_time
from groupbot.rules.dates.pieces import Lexicon
from groupbot.rules.worktime import WorkCalendar, calendar_for, with_holidays

PACK = protocol.load(protocol.locate("ke-elgeyo-marakwet"))
WORDS = [words.dates for words in PACK.words.values()]
FOLDED = Lexicon.of(WORDS)
CALENDAR = calendar_for(PACK)
NAIROBI = CALENDAR.zone
TUESDAY = "2025-09-09 09:02"


def nairobi(text):
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=NAIROBI)


def read(text, said=TUESDAY):
    named = find_time(text, nairobi(said), FOLDED, CALENDAR)
    return named and f"{named.at.astimezone(NAIROBI):%a %d %b %H:%M}"


# --- what is named, said on Tuesday 9 September 2025 at 09:02 -------------------------------------------------------

DAYS = {
    "today": "Tue 09 Sep 17:00",
    "leo": "Tue 09 Sep 17:00",
    "tomorrow": "Wed 10 Sep 17:00",
    "Nitakuja kesho": "Wed 10 Sep 17:00",
    "tmrw": "Wed 10 Sep 17:00",
    "2moro": "Wed 10 Sep 17:00",
    "keshoooo": "Wed 10 Sep 17:00",
    "kesho kutwa": "Thu 11 Sep 17:00",
    "the day after tomorrow": "Thu 11 Sep 17:00",
    "Friday": "Fri 12 Sep 17:00",
    "Fri": "Fri 12 Sep 17:00",
    "FRIDAY!!!": "Fri 12 Sep 17:00",
    "*Friday*": "Fri 12 Sep 17:00",
    "Ijumaa": "Fri 12 Sep 17:00",
    "Ijumaa ijayo": "Fri 12 Sep 17:00",
    "Jumatatu": "Mon 15 Sep 17:00",
    "next Monday": "Mon 15 Sep 17:00",
    "not later than Friday": "Fri 12 Sep 17:00",
    "Workshop says Friday": "Fri 12 Sep 17:00",
    "Tunaomba subira hadi Alhamisi": "Thu 11 Sep 17:00",
    "Saturday": "Sat 13 Sep 17:00",
    "on sat": "Sat 13 Sep 17:00",
    "Tuesday": "Tue 09 Sep 17:00",
    "next week": "Fri 19 Sep 17:00",
    "wiki ijayo": "Fri 19 Sep 17:00",
    "Friday next week": "Fri 19 Sep 17:00",
    "wiki ijayo Jumatano": "Wed 17 Sep 17:00",
    "by end of the week": "Fri 12 Sep 17:00",
    "mwisho wa mwezi": "Tue 30 Sep 17:00",
    "next month": "Fri 31 Oct 17:00",
}
DATES = {
    "5 Dec": "Fri 05 Dec 17:00",
    "5/12": "Fri 05 Dec 17:00",
    "05.12.2025": "Fri 05 Dec 17:00",
    "5-Dec-2025": "Fri 05 Dec 17:00",
    "5th of December, 2025": "Fri 05 Dec 17:00",
    "December 5th": "Fri 05 Dec 17:00",
    "2025-12-05": "Fri 05 Dec 17:00",
    "2025-12-05T10:00": "Fri 05 Dec 10:00",
    "5 Disemba saa nne asubuhi": "Fri 05 Dec 10:00",
    "Fri. 12 Sept. 2025": "Fri 12 Sep 17:00",
    "By the 15th we will have the pipes": "Mon 15 Sep 17:00",
    "pipes come on Monday 15": "Mon 15 Sep 17:00",
    "Tutatuma gari tarehe 15": "Mon 15 Sep 17:00",
    "tarehe ishirini mwezi wa kumi": "Mon 20 Oct 17:00",
    "desks arrive on 12/9/25": "Fri 12 Sep 17:00",
    "I will come on the 3rd": "Fri 03 Oct 17:00",
    "by 5 Jan": "Mon 05 Jan 17:00",
}
LENGTHS = {
    "+3d": "Fri 12 Sep 17:00",
    "2 days": "Thu 11 Sep 17:00",
    "in 2 days": "Thu 11 Sep 17:00",
    "in two weeks' time": "Tue 23 Sep 17:00",
    "two days from now": "Thu 11 Sep 17:00",
    "baada ya siku mbili": "Thu 11 Sep 17:00",
    "nipe siku tatu": "Fri 12 Sep 17:00",
    "siku mbili zijazo": "Thu 11 Sep 17:00",
    "ndani ya siku tano za kazi": "Tue 16 Sep 17:00",
    "in 5 working days": "Tue 16 Sep 17:00",
    "within 24 hours": "Wed 10 Sep 09:02",
    "in half an hour": "Tue 09 Sep 09:32",
    "dakika thelathini zijazo": "Tue 09 Sep 09:32",
    "ndani ya masaa mawili": "Tue 09 Sep 11:02",
    "in 2 months": "Sun 09 Nov 17:00",
}
HOURS = {
    "I will come back to you before noon": "Tue 09 Sep 12:00",
    "at 3 pm": "Tue 09 Sep 15:00",
    "by 3": "Tue 09 Sep 15:00",
    "by 3 - Kiptoo": "Tue 09 Sep 15:00",
    "by three o'clock": "Tue 09 Sep 15:00",
    "half past 3": "Tue 09 Sep 15:30",
    "15:30": "Tue 09 Sep 15:30",
    "3.30pm": "Tue 09 Sep 15:30",
    "at 15.30": "Tue 09 Sep 15:30",
    "5 p.m. sharp": "Tue 09 Sep 17:00",
    "1500hrs": "Tue 09 Sep 15:00",
    "1500 hrs": "Tue 09 Sep 15:00",
    "24:00": "Wed 10 Sep 00:00",
    "seen at 9:00, will be back at 12:00": "Tue 09 Sep 12:00",
    "12 bags at 3,500 each by 5pm": "Tue 09 Sep 17:00",
    "saa nne": "Tue 09 Sep 10:00",
    "saa nne kamili": "Tue 09 Sep 10:00",
    "saa nne usiku": "Tue 09 Sep 22:00",
    "saa saba usiku": "Wed 10 Sep 01:00",
    "saa kumi na moja": "Tue 09 Sep 17:00",
    "saa kumi na mbili jioni": "Tue 09 Sep 18:00",
    "saa tatu na nusu": "Tue 09 Sep 09:30",
    "saa tano kasorobo": "Tue 09 Sep 10:45",
    "saa 4:30": "Tue 09 Sep 10:30",
    "kabla ya saa sita": "Tue 09 Sep 12:00",
    "leo saa kumi": "Tue 09 Sep 16:00",
    "kesho saa 2": "Wed 10 Sep 08:00",
    "kesho,saa nne": "Wed 10 Sep 10:00",
    "kesho saa 10:00 asubuhi": "Wed 10 Sep 10:00",
    "technician coming kesho at 10": "Wed 10 Sep 10:00",
    "tomorrow at 3": "Wed 10 Sep 15:00",
    "tomorrow at 6": "Wed 10 Sep 06:00",
    "at 6 in the evening": "Tue 09 Sep 18:00",
    "I will update you by Thursday 4pm": "Thu 11 Sep 16:00",
    "Alhamisi wiki ijayo saa nne": "Thu 18 Sep 10:00",
    "The vehicle will carry them tomorrow, leaving at 6 am.": "Wed 10 Sep 06:00",
}
PARTS = {
    "tomorrow morning": "Wed 10 Sep 12:00",
    "kesho asubuhi": "Wed 10 Sep 12:00",
    "kesho alfajiri": "Wed 10 Sep 06:30",
    "leo jioni": "Tue 09 Sep 19:00",
    "this afternoon": "Tue 09 Sep 17:00",
    "mchana huu": "Tue 09 Sep 17:00",
    "tonight": "Tue 09 Sep 22:00",
    "first thing tomorrow": "Wed 10 Sep 09:00",
    "Now I have it. Tomorrow first thing": "Wed 10 Sep 09:00",
    "by end of day": "Tue 09 Sep 17:00",
    "by close of business tmrw": "Wed 10 Sep 17:00",
    "EOD": "Tue 09 Sep 17:00",
    "Friday COB": "Fri 12 Sep 17:00",
    "kabla ya Ijumaa jioni": "Fri 12 Sep 19:00",
    "Give us until Thursday noon": "Thu 11 Sep 12:00",
    "Good morning. The technician will be there in the afternoon": "Tue 09 Sep 17:00",
    "Habari za asubuhi, fundi atakuja jioni": "Tue 09 Sep 19:00",
}


@pytest.mark.parametrize(
    ("text", "meant"), [pair for table in (DAYS, DATES, LENGTHS, HOURS, PARTS) for pair in table.items()]
)
def test_a_time_to_come_is_read_as_people_mean_it(text, meant):
    assert read(text) == meant


def test_what_is_found_says_the_words_and_whether_they_name_an_hour():
    text = "The surveyor will be in Kitany on Monday 27th at 10 am with the map."
    named = find_time(text, nairobi("2025-10-23 09:10"), WORDS, CALENDAR)
    assert named == NamedTime(datetime(2025, 10, 27, 7, tzinfo=UTC), "on Monday 27th at 10 am", True)
    assert find_time("tomorrow morning", nairobi(TUESDAY), WORDS, CALENDAR) == NamedTime(
        datetime(2025, 9, 10, 9, tzinfo=UTC), "tomorrow morning", False
    )
    assert [
        find_time(text, nairobi(TUESDAY), WORDS, CALENDAR).has_hour for text in ("before noon", "in 2 hours", "+3d")
    ] == [
        True,
        True,
        False,
    ]


# --- the same words at other moments ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said", "meant"),
    [
        ("Thank God. I am on the road, next word at 6", "2025-04-26 00:03", "Sat 26 Apr 06:00"),
        ("next word at 6", "2025-04-26 14:00", "Sat 26 Apr 18:00"),
        ("next word at 6", "2025-04-26 20:00", "Sun 27 Apr 06:00"),
        ("by 06:30", "2025-04-26 23:00", "Sun 27 Apr 06:30"),
        ("before noon", "2025-09-09 14:00", None),
        ("received at Tot at 10:30", "2025-09-09 10:47", None),
        ("this morning", "2025-09-09 15:00", None),
        ("nitakuja asubuhi", "2025-09-09 15:00", "Wed 10 Sep 12:00"),
        ("back in the morning", "2025-09-09 15:00", "Wed 10 Sep 12:00"),
        ("Friday", "2025-09-12 10:00", "Fri 12 Sep 17:00"),
        ("Friday", "2025-09-12 18:00", "Fri 19 Sep 17:00"),
        ("Friday at 9", "2025-09-12 10:00", "Fri 19 Sep 09:00"),
        ("I will do it today", "2025-09-09 18:00", "Tue 09 Sep 23:59"),
        ("I will do it today", "2025-09-09 23:59", None),
        ("nitakuja leo jioni", "2025-09-09 19:30", "Tue 09 Sep 20:00"),
        ("nitakuja leo usiku", "2025-09-09 23:10", "Wed 10 Sep 05:00"),
        ("I will come today in the morning", "2025-09-09 19:30", None),
        ("They nearly fought at the fence today", "2025-09-09 18:00", None),
        ("next week", "2025-10-09 10:00", "Thu 16 Oct 17:00"),  # its Friday is a holiday
        ("Monday", "2025-10-18 10:00", "Mon 20 Oct 17:00"),  # a holiday, but it is what was said
        ("May 5", "2025-04-01 10:00", "Mon 05 May 17:00"),
        ("5 May", "2025-04-01 10:00", "Mon 05 May 17:00"),
        ("5 Jan", "2025-12-20 10:00", "Mon 05 Jan 17:00"),
        ("5 Oct", "2025-10-22 10:00", None),
        ("at 29/2", "2028-01-10 10:00", "Tue 29 Feb 17:00"),
        ("in 1 month", "2026-01-31 10:00", "Sat 28 Feb 17:00"),
    ],
)
def test_the_moment_of_speaking_decides(text, said, meant):
    assert read(text, said) == meant


@pytest.mark.parametrize(
    ("text", "said", "meant"),
    [
        (
            "Seen. I am calling the pharmacist, I will come back to you before noon.",
            "2025-09-09 09:02",
            "Tue 09 Sep 12:00",
        ),
        (
            "Received. The technician is at Flax today, he will be in Kipsaos tomorrow morning.",
            "2025-08-13 09:40",
            "Thu 14 Aug 12:00",
        ),
        ("Bowser is booked for 3 pm, one trip, dispensary first", "2025-08-13 10:15", "Wed 13 Aug 15:00"),
        ("I remember Rose, Nyaru is Monday", "2025-08-14 11:58", "Mon 18 Aug 17:00"),
        ("Joseph, fundi wa Chesoi anakuja saa nne", "2025-06-16 08:56", "Mon 16 Jun 10:00"),
        ("Loader left Chesoi at 5:30.", "2025-04-26 06:11", None),
        ("The air lock on the upper line was let out at 3:30", "2025-06-16 15:48", None),
        ("I was there at 9 today, I counted five", "2025-07-07 09:59", None),
        ("Our coordinator went for training on the 13th and nobody was left", "2025-10-22 12:35", None),
        ("From today Lydia Kimaru stands in whenever Mark is away", "2025-10-23 09:20", None),
        ("I will confirm with Wesley on Monday, he is upcountry", "2025-07-04 16:20", "Mon 07 Jul 17:00"),
        ("Both graders are away until Thursday. The deputy will update you by evening.", TUESDAY, "Tue 09 Sep 19:00"),
        ("Kazi ilianza Jumatatu na itaisha Ijumaa", TUESDAY, "Fri 12 Sep 17:00"),
        ("It will be delivered Friday", TUESDAY, "Fri 12 Sep 17:00"),
        ("The order was placed on 3rd September, delivery 20th September", TUESDAY, "Sat 20 Sep 17:00"),
        ("I got it yesterday and will answer tomorrow", TUESDAY, "Wed 10 Sep 17:00"),
    ],
)
def test_an_officers_whole_line_names_its_promise_and_not_its_story(text, said, meant):
    assert read(text, said) == meant


# --- what names no time to come ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "noted",
        "since Friday",
        "no water since last Friday morning",
        "tangu Jumatatu",
        "tangu jana jioni",
        "last Monday",
        "Jumatatu iliyopita",
        "yesterday at 3 pm",
        "jana",
        "juzi Jumamosi",
        "wiki iliyopita",
        "we got ours last week",
        "every Friday",
        "kila Jumatatu",
        "for 3 days",
        "kwa siku tatu",
        "3 days ago",
        "in the last 2 weeks",
        "siku mbili zilizopita",
        "It was delivered Friday",
        "Debris cleared on both lanes Sunday evening",
        "On Friday we delivered",
        "Fundi amefika saa tano",
        "Good evening coordinator",
        "Morning team, noted",
        "Habari za asubuhi",
        "Usiku mwema",
        "the minister may come",
        "May 5 people attend?",
        "5 may come",
        "the children sat in the sun for a second to march",
        "we march 10 km",
        "on the 3rd",
        "40 packs, 7 desks, 60 metres of road",
        "at 6 homes there is no water",
        "by 10 desks",
        "at 2,000 shillings",
        "KES 1,500",
        "at 3.5 km",
        "costs went up by 10%",
        "at 6-7 homes",
        "at 6 20-litre cans",
        "plot KDG-12 Dec",
        "block B5 pm",
        "call me at 0720 000 662",
        "call me on 0720-000-662",
        "HLT-26-0042-R",
        "RDS-0147 by plot 12/3a",
        "MET/12/05",
        "LR No. Moiben/1234/56",
        "3/4 of the road is done",
        "Budget 2025/26",
        "24/7",
        "hospital open 24 hours",
        "31 Feb",
        "31/02/2026",
        "99:99",
        "25:00",
        "9999-12-05",
        "0000-00-00",
        "in 999 working days",
        "in 999 months",
        "saa ngapi?",
    ],
)
def test_what_only_looks_like_a_time_is_not_read(text):
    assert read(text) is None


# --- other calendars --------------------------------------------------------------------------------------------------


def test_a_declared_holiday_moves_next_weeks_end():
    declared = with_holidays(CALENDAR, [datetime(2025, 9, 19, tzinfo=UTC).date()])
    named = find_time("next week", nairobi(TUESDAY), FOLDED, declared)
    assert named.at == nairobi("2025-09-18 17:00")


def test_another_zone_and_week_have_their_own_closing():
    london = ZoneInfo("Europe/London")
    office = WorkCalendar(london, (((datetime.min.time().replace(hour=9), datetime.min.time().replace(hour=16)),),) * 7)
    named = find_time("Sunday", datetime(2025, 10, 24, 12, tzinfo=UTC), FOLDED, office)
    assert named.at == datetime(2025, 10, 26, 16, tzinfo=UTC)  # after the clocks were put back


def test_one_language_alone_is_enough():
    for words, text in zip(WORDS, ("tomorrow at 10 am", "kesho saa nne"), strict=True):
        assert find_time(text, nairobi(TUESDAY), [words], CALENDAR).at == nairobi("2025-09-10 10:00")
    assert find_time("kesho saa nne", nairobi(TUESDAY), WORDS[:1], CALENDAR) is None


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="has no time zone"):
        find_time("kesho", datetime(2025, 9, 9), FOLDED, CALENDAR)  # noqa: DTZ001


# --- hostile text -----------------------------------------------------------------------------------------------------

PHRASES = sorted({" ".join(phrase) for listed in FOLDED.phrases.values() for phrase, _ in listed})
NUMBERS = ("0", "1", "5", "12", "27", "31", "99", "2025", "0830", "5/12", "31/02/26", "10:30", "3.30", "2025-12-05")
SCRAPS = st.sampled_from([*PHRASES, *NUMBERS, *"+-/,.!(#\n🙏"])
GLUE = st.sampled_from([" ", "", "  ", "\n"])
SAID = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
MOST = timedelta(days=2 * 366)


def is_sound(text, said):
    named = find_time(text, said, FOLDED, CALENDAR)
    return named is None or (said < named.at <= said + MOST and named.words and named.words in text)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(SCRAPS, GLUE), max_size=12).map(lambda parts: "".join(map("".join, parts))), SAID)
def test_no_mixture_of_date_words_breaks_the_reading_or_names_the_past(text, said):
    assert is_sound(text, said)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), SAID)
def test_no_text_at_all_breaks_the_reading(text, said):
    assert is_sound(text, said)


HOSTILE = (
    "a",
    "0",
    "today ",
    "at 6 ",
    "31/02 ",
    "5/",
    "a.",
    "1:",
    "-",
    "\n",
    "1,000",
    "saa nne ",
    "last friday ",
    "🙏🏾",
    "in 999 working days ",
)


@pytest.mark.parametrize("scrap", HOSTILE)
def test_sixty_four_thousand_hostile_signs_are_read_in_linear_time(scrap):
    text = (scrap * 64_000)[:64_000]
    started = time.perf_counter()
    find_time(text, nairobi(TUESDAY), FOLDED, CALENDAR)
    assert time.perf_counter() - started < 10  # quadratic work takes minutes
