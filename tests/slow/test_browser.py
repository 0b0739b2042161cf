"""The sandbox's page in a real browser, with a scripted bot that echoes what it reads."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from selenium import webdriver
from selenium.webdriver.common.keys import Keys

from groupbot.chat import Outgoing, Picture
from groupbot.chat.sandbox import SHOWN, Sandbox, SandboxChat
from groupbot.web.sandbox.server import PageSettings, make_app
from tests.slow.conftest import Page, Server

pytestmark = pytest.mark.slow

START = datetime(2025, 11, 24, 9, 0, tzinfo=UTC)  # a Monday, noon in Nairobi
FORM = "SERVICE REQUEST\nLocation: \nProblem: "
DOT = base64.b64decode(
    b"iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAADklEQVR4nGNoaGBoaAAABgYCASzBUNcAAAAASUVORK5CYII="
)  # a grey PNG of 2 by 2
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script> & [x](javascript:alert(3))"


class Town:
    """A sandbox, its clock, and a bot that echoes posts and turns its offer into thanks at a tap."""

    def __init__(self) -> None:
        self.at = START
        self.sandbox = Sandbox()
        self.sandbox.add_person("chebet", "Chebet", "ward_admin", ward="Kapsowar")
        self.sandbox.add_person("kiptoo", "Kiptoo", "coordinator", service_code="health")
        self.sandbox.add_person("cso", "Observer", "observer")
        self.sandbox.add_chat("health", "Health feedback", "department", ("chebet", "kiptoo"))
        self.sandbox.add_chat("water", "Water feedback", "department", ("chebet",))
        self.sandbox.add_chat("mirror", "CSO mirror", "mirror", ("cso",))
        for user_id in ("chebet", "kiptoo"):
            self.sandbox.add_private_chat(user_id)
        self.bot = SandboxChat(self.sandbox, self.now)
        settings = PageSettings("Elgeyo Marakwet County", "Africa/Nairobi", FORM)
        self.server = Server(lambda: make_app(self.sandbox, self, self.advance, settings), self.echo)

    def now(self) -> datetime:
        return self.at

    async def advance(self, to: datetime) -> None:
        self.at = to

    async def echo(self) -> None:
        cursor = None
        while True:
            batch = await self.bot.fetch(cursor, wait=60)
            for update in batch.updates:
                if update.kind == "post":
                    text = f"Read: {update.text or update.attachments[0].kind}"
                    offer = (("YES", f"yes-{update.update_id}"),)
                    await self.bot.send(Outgoing(update.chat_id, text, update.update_id, update.message_id, offer))
                if update.kind == "tap":
                    await self.bot.edit(update.chat_id, update.message_id, f"Thank you, {update.sender_name}.")
            cursor = batch.cursor


@pytest.fixture
def town() -> Iterator[Town]:
    made = Town()
    made.server.start()
    yield made
    made.server.close()


@pytest.fixture
def page(town: Town, browser: webdriver.Chrome) -> Iterator[Page]:
    opened = Page(browser, town.server.url)
    yield opened
    loud = [entry["message"] for entry in browser.get_log("browser") if "ERR_CONNECTION" not in entry["message"]]
    assert [line for line in loud if "400 (Bad Request)" not in line and "ERR_" not in line] == []


def test_a_conversation_is_held_in_the_browser(town: Town, page: Page) -> None:
    assert page.text("#county") == "Elgeyo Marakwet County"
    assert page.text("#now") == "Mon, 24 Nov 2025, 12:00"
    page.enter("Health feedback")
    assert page.speakers() == ["Chebet, ward admin, Kapsowar", "Kiptoo, coordinator, health"]

    page.click("#form")
    page.type("Dispensary is closed")
    page.type(Keys.ENTER)
    filled = FORM + "Dispensary is closed"
    page.await_messages(("Chebet", filled), ("groupbot", f"Read: {filled}"))
    assert page.find("#text").get_property("value") == ""

    page.speak_as("Kiptoo")
    page.click("#messages li:nth-child(2) [data-act=reply]")
    assert page.text("#context span") == f"Replying to groupbot: Read: {filled}"
    page.type("one" + Keys.SHIFT + Keys.ENTER + Keys.NULL + "two")
    page.click("#send")
    page.await_messages(
        ("Chebet", filled), ("groupbot", f"Read: {filled}"), ("Kiptoo", "one\ntwo"), ("groupbot", "Read: one\ntwo")
    )
    assert page.text("#messages li:nth-child(3) .quote") == f"groupbotRead: {filled}"

    page.click("#messages li:nth-child(4) .buttons button")
    page.until(lambda: page.messages()[3] == ("groupbot", "Thank you, Kiptoo."))
    assert page.text("#messages li:nth-child(4) .olds li") == "Read: one\ntwo"
    page.click("#messages li:nth-child(4) [data-emoji='✅']")
    page.until(lambda: page.text("#messages li:nth-child(4) .reactions") == "✅")

    page.click("#messages li:nth-child(3) [data-act=edit]")
    assert page.find("#text").get_property("value") == "one\ntwo"
    page.type("!")
    page.click("#send")
    page.until(lambda: page.messages()[2] == ("Kiptoo", "one\ntwo!"))
    page.click("#messages li:nth-child(3) [data-act=delete]")
    page.until(lambda: page.find("#messages li:nth-child(3) .deleted").is_displayed())


def test_hostile_words_stay_words(town: Town, page: Page) -> None:
    town.server.call(lambda: town.sandbox.add_person("x", HOSTILE, "stranger"))
    town.server.call(lambda: town.sandbox.add_chat("x", HOSTILE, "committee", ("x",)))
    page.until(lambda: any(HOSTILE in str(row.get_property("textContent")) for row in page.all("nav li")))
    page.enter(HOSTILE)
    page.type(HOSTILE + Keys.ENTER)
    page.await_messages((HOSTILE, HOSTILE), ("groupbot", f"Read: {HOSTILE}"))
    assert page.all("main img, main script, nav img, nav script, main a") == []


def test_a_picture_stands_in_its_message_with_words_for_who_cannot_see_it(town: Town, page: Page) -> None:
    picture = Picture(DOT, 2, 2, "dot.png", "Half of <b>them</b>")
    bot = SandboxChat(town.sandbox, town.now, SHOWN)
    line = Outgoing("health", "The figures", "t", picture=picture)
    town.server.call(lambda: asyncio.ensure_future(bot.send(line)))
    page.enter("Health feedback")
    page.await_messages(("groupbot", "The figures"))
    shown = page.find("#messages img")
    page.until(lambda: shown.get_property("naturalWidth") == 2)
    assert shown.get_attribute("alt") == "Half of <b>them</b>"
    assert page.all("main b img, main img b") == []


def test_other_groups_show_what_is_unread_and_drafts_wait_for_their_group(town: Town, page: Page) -> None:
    page.enter("Water feedback")
    page.type("half a though")
    page.enter("Health feedback")
    assert page.find("#text").get_property("value") == ""
    town.server.call(lambda: town.sandbox.post("water", "chebet", "No water", at=START))
    page.until(lambda: page.group("Water feedback").find_element("css selector", ".count").text == "2")
    assert "Read: No water" in str(page.group("Water feedback").get_property("textContent"))
    page.browser.refresh()
    page.until(lambda: page.text("#county"))
    page.enter("Water feedback")
    assert page.find("#text").get_property("value") == "half a though"
    page.await_messages(("Chebet", "No water"), ("groupbot", "Read: No water"))
    assert not page.group("Water feedback").find_element("css selector", ".count").is_displayed()


def test_the_read_only_mirror_has_a_note_and_no_box(town: Town, page: Page) -> None:
    page.enter("CSO mirror")
    assert page.find("#read-only").is_displayed()
    assert not page.find("#box").is_displayed()


def test_a_private_chat_belongs_to_the_one_spoken_as(town: Town, page: Page) -> None:
    page.enter("Health feedback")
    page.speak_as("Kiptoo")
    page.until(lambda: [row.text for row in page.all("#mine .name")] == ["private: Kiptoo"])
    page.enter("private: Kiptoo")
    assert page.speakers() == ["Kiptoo, coordinator, health"]
    page.type("mine" + Keys.ENTER)
    page.await_messages(("Kiptoo", "mine"), ("groupbot", "Read: mine"))


def test_the_clock_is_moved_and_the_past_is_refused_plainly(town: Town, page: Page) -> None:
    page.click("[data-move=day]")
    page.until(lambda: page.text("#now") == "Tue, 25 Nov 2025, 12:00")
    assert town.at == START + timedelta(days=1)
    page.browser.execute_script("move('2025-11-24T08:00')")
    page.until(lambda: page.text("#clock-error") == "The clock only moves forward; choose a later time.")
    assert page.text("#now") == "Tue, 25 Nov 2025, 12:00"


def test_an_error_is_shown_at_the_box_and_the_text_stays(town: Town, page: Page) -> None:
    page.enter("Health feedback")
    page.click("#send")
    page.until(lambda: page.text("#error") == "Nothing to send: write a text or add a photo.")
    town.server.stop()
    page.type("Not to be lost" + Keys.ENTER)
    page.until(lambda: page.text("#error").startswith("The sandbox does not answer."))
    assert page.find("#text").get_property("value") == "Not to be lost"
    page.until(lambda: page.find("#offline").is_displayed())


def test_after_a_break_of_the_connection_the_page_catches_up_by_itself(town: Town, page: Page) -> None:
    page.enter("Health feedback")
    town.server.stop()
    page.until(lambda: page.find("#offline").is_displayed())
    town.sandbox.post("health", "kiptoo", "while you were away", at=START)
    town.server.start()
    page.await_messages(("Kiptoo", "while you were away"), ("groupbot", "Read: while you were away"))
    page.until(lambda: not page.find("#offline").is_displayed())


def test_on_a_telephone_the_groups_are_a_drawer_and_nothing_is_cut_off(town: Town, page: Page) -> None:
    metrics = {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True}
    page.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    town.server.call(lambda: town.sandbox.post("health", "chebet", "word" * 300, at=START))
    assert not page.find("nav").is_displayed()
    page.click("#drawer")
    assert page.find("nav").is_displayed()
    page.group("Health feedback").click()
    page.until(lambda: len(page.messages()) == 2)
    assert not page.find("nav").is_displayed()
    page.browser.execute_script("document.querySelector('#county').textContent = 'A county of a long name '.repeat(4)")
    assert page.browser.execute_script("return document.documentElement.scrollWidth") == 360
    for control in page.all("header button, #box button, #box select, #box textarea, #box input"):
        box = control.rect
        assert not control.is_displayed() or (box["x"] >= 0 and box["x"] + box["width"] <= 360), control.text
