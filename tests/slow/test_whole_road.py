"""The whole road in a real browser, against the command a newcomer runs: form, number, word, answer, YES, mirror."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver

from tests.slow.conftest import Page

pytestmark = pytest.mark.slow

FORM = "Location: Chesoi\nProblem: No gloves since Monday\nPriority: urgent"


class Running:
    """`groupbot sandbox` as a process of its own."""

    def __init__(self, folder: Path, *more: str) -> None:
        command = [sys.executable, "-m", "groupbot", "sandbox", "--port", "0", "--folder", str(folder), *more]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+/", said)
        assert found, said or self.process.communicate(timeout=10)[1]
        self.url = found[0]

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        """End it by its process id; its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        self.process.communicate(timeout=30)
        return int(self.process.returncode)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path / "county", "--empty")
    yield running
    running.stop(signal.SIGKILL)


def _reply(page: Page, to: str, text: str) -> None:
    """Reply to the message that holds a text."""
    row = next(each for each in page.all("#messages article") if to in str(each.get_property("textContent")))
    page.browser.execute_script("arguments[0].querySelector('[data-act=reply]').click()", row)
    page.until(lambda: page.find("#context").is_displayed())
    _say(page, text)


def _say(page: Page, text: str) -> None:
    before = len(page.messages())
    write = "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input', {bubbles: true}))"
    page.browser.execute_script(write, page.find("#text"), text)
    page.click("#send")
    page.until(lambda: len(page.messages()) > before)


def _day(page: Page) -> str:
    """The weekday and date that the page shows, "" while the clock is being moved."""
    found = re.match(r"\w{3}, \d+ \w{3} \d{4}", page.text("#now"))
    return found[0] if found else ""


def test_one_post_walks_the_whole_road(browser: webdriver.Chrome, empty: Running) -> None:
    page = Page(browser, empty.url)
    page.enter("Health")
    page.speak_as("Beatrice Jepkorir")
    _say(page, FORM)
    number = page.until(
        lambda: next((text for who, text in page.messages() if who == "groupbot" and "HLT" in text), "")
    )
    reference = number.split(",")[0]
    assert re.fullmatch(r"HLT-\d\d-0001-[A-Y]", reference)
    assert f"{reference}, urgent, Kapsowar. Edwin, please reply here by " in number
    page.speak_as("Edwin Kiptoo")
    _reply(page, "No gloves", "Seen, back by tomorrow noon")
    page.until(lambda: "👀" in page.text("#messages"))
    _reply(page, "No gloves", "/resolve 20 boxes of gloves brought from the store")
    page.until(lambda: "Beatrice, please ask the citizen" in page.text("#messages"))
    page.speak_as("Beatrice Jepkorir")
    _reply(page, "please ask the citizen", "Confirmed, the nurse has them")
    page.until(lambda: f"{reference} closed: the citizen agrees, says Beatrice." in page.text("#messages"))
    page.enter("CSO mirror")
    lines = [text for _, text in page.messages()]
    assert lines[0].startswith(f"{reference} · Health · Kapsowar · ")
    assert lines[1:] == [
        f"{reference}: says done the same day; citizen being asked",
        f"{reference}: citizen agrees, reported by ward admin",
    ]
    assert not page.find("#text").is_displayed()


def test_the_clock_can_be_moved_and_a_restart_goes_on_where_it_was(browser: webdriver.Chrome, tmp_path: Path) -> None:
    running = Running(tmp_path / "county")
    page = Page(browser, running.url)
    page.enter("Water")
    page.until(lambda: len(page.messages()) == 4)
    said = page.messages()[1:]  # below the card, which each morning is written anew
    began = _day(page)
    page.click("[data-move=day]")
    later = page.until(lambda: _day(page) if _day(page) not in ("", began) else "")
    assert running.stop() == 0
    running = Running(tmp_path / "county")
    try:
        page = Page(browser, running.url)
        page.enter("Water")
        page.until(lambda: page.messages()[1:4] == said)  # a day later the bot may have asked after them
        assert _day(page) == later
    finally:
        assert running.stop() == 0


def test_after_sigkill_nothing_is_lost_and_nothing_is_said_twice(browser: webdriver.Chrome, tmp_path: Path) -> None:
    folder = tmp_path / "county"
    running = Running(folder, "--empty")
    page = Page(browser, running.url)
    page.enter("Health")
    page.speak_as("Beatrice Jepkorir")
    _say(page, FORM)
    page.until(lambda: len(page.messages()) == 3)
    said = page.messages()
    running.stop(signal.SIGKILL)
    running = Running(folder)
    try:
        page = Page(browser, running.url)
        page.enter("Health")
        page.await_messages(*said)
    finally:
        running.stop()
