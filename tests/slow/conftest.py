"""A real browser for tests, and a sandbox server in a thread of its own for it to look at."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import threading
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

PATIENCE = 15  # seconds

OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1280,800",
)


class Page:
    """The sandbox's page in a browser, by what a person sees of it."""

    def __init__(self, browser: webdriver.Chrome, url: str) -> None:
        self.browser = browser
        browser.get(url)
        self.until(lambda: self.text("#county"))

    def until(self, condition: Callable[[], object]) -> Any:
        """Wait until something holds, and return what it gave."""
        return WebDriverWait(self.browser, PATIENCE, 0.05).until(lambda _: condition())

    def find(self, selector: str) -> WebElement:
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[WebElement]:
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector: str) -> str:
        return str(self.find(selector).get_property("textContent"))

    def click(self, selector: str) -> None:
        self.until(lambda: self.find(selector).is_displayed())
        self.find(selector).click()

    def group(self, title: str) -> WebElement:
        """The row of a group in the list."""
        return next(row for row in self.all("nav li button") if title in str(row.get_property("textContent")))

    def enter(self, title: str) -> None:
        """Choose a group and wait until its messages are there."""
        self.browser.execute_script("arguments[0].click()", self.group(title))  # it may be in a closed drawer
        self.until(lambda: self.text("#title h2") == title)
        self.until(lambda: self.find("#messages").get_attribute("aria-busy") == "false")

    def speakers(self) -> list[str]:
        """Who may be spoken as here."""
        return [str(option.get_property("textContent")) for option in self.all("#me option")]

    def speak_as(self, name: str) -> None:
        """Choose a speaker by the beginning of the name."""
        option = next(each for each in self.all("#me option") if each.text.startswith(name))
        option.click()

    def type(self, text: str) -> None:
        self.find("#text").send_keys(text)

    def messages(self) -> list[tuple[str, str]]:
        """All messages shown: sender and text. One script, so that no message changes half-way."""
        script = "return [...document.querySelectorAll('#messages article')].map(a => "
        script += "[a.querySelector('.who b').textContent, a.querySelector('.text').textContent])"
        return [(str(name), str(text)) for name, text in self.browser.execute_script(script)]

    def await_messages(self, *expected: tuple[str, str]) -> None:
        """Wait until exactly these messages are shown; the last state is compared, so that a failure shows it."""
        with contextlib.suppress(Exception):
            self.until(lambda: self.messages() == list(expected))
        assert self.messages() == list(expected)


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[webdriver.Chrome]:
    """A headless Chromium with an empty profile."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        refuse = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        refuse("no Chromium (Debian: chromium chromium-driver)")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for option in (*OPTIONS, f"--user-data-dir={tmp_path / 'profile'}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    chrome = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield chrome
    chrome.quit()


class Server:
    """An aiohttp application and a bot beside it, on a free port, in a thread with its own event loop."""

    def __init__(self, make: Callable[[], web.Application], bot: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._make, self._bot = make, bot
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/"

    def call(self, work: Callable[[], object]) -> None:
        """Run something in the server's thread, and wait for it: the sandbox belongs to that thread."""
        done = threading.Event()
        self._loop.call_soon_threadsafe(lambda: (work(), done.set()))
        assert done.wait(PATIENCE)

    def start(self) -> None:
        """Serve; on the same port as before when it was stopped."""
        if not self._thread.is_alive():
            self._thread.start()
        asyncio.run_coroutine_threadsafe(self._serve(), self._loop).result(PATIENCE)

    def stop(self) -> None:
        """Stop serving; the thread stays for another start."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(PATIENCE)

    def close(self) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    async def _serve(self) -> None:
        self._runner = web.AppRunner(self._make())
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self._task = asyncio.ensure_future(self._bot())

    async def _end(self) -> None:
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        await self._runner.cleanup()
