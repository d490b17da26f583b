"""A real browser on a room that is really open: people with passkeys of their own, made by Chromium's virtual authenticator."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Playwright, sync_playwright

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
#: A device with a fingerprint reader whose owner is always there.
_AUTHENTICATOR = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
MISSING = (
    "There is no Chromium for the browser tests. Install one - Debian: `apt-get install chromium`; elsewhere: `.venv/bin/playwright install chromium` - "
    "or name one: `CHROME=/path/to/chrome make test`."
)


def found(playwright: Playwright) -> str | None:
    """The browser: what CHROME names, the system's, or Playwright's own; None where there is none."""
    path = os.environ.get("CHROME") or next((path for name in _NAMES if (path := shutil.which(name))), None) or playwright.chromium.executable_path
    return path if Path(path).exists() else None


def chromium(playwright: Playwright) -> str:
    """The same. Where there is none the test fails, and says what to install."""
    path = found(playwright)
    if path is None:
        pytest.fail(MISSING, pytrace=False)
    return path


@contextmanager
def opened_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(playwright), args=["--no-sandbox", "--disable-background-networking", "--autoplay-policy=no-user-gesture-required", "--mute-audio"]
        )
        try:
            yield browser
        finally:
            browser.close()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@dataclass
class Pictures:
    """Where screenshots go: the test's own folder, and the one that ANSWERPRINT_SCREENSHOTS names."""

    folder: Path

    def take(self, page: Page, name: str) -> None:
        """A page at both widths, whole."""
        for size in (DESK, PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.wait_for_timeout(150)
            path = self.folder / f"{name}-{size['width']}.png"
            page.screenshot(path=str(path), full_page=True)
            if wanted := os.environ.get("ANSWERPRINT_SCREENSHOTS"):
                Path(wanted).mkdir(parents=True, exist_ok=True)
                shutil.copy(path, wanted)
        page.set_viewport_size(DESK)  # type: ignore[arg-type]


def _is_wrong(said: ConsoleMessage) -> bool:
    """Whether a page's console says that something is wrong. A movie that is made anew, or left, while it plays is cut off: that is not."""
    cut_off = "/media/" in said.location.get("url", "") and ("ERR_CONTENT_LENGTH_MISMATCH" in said.text or "ERR_ABORTED" in said.text)
    return said.type == "error" and not cut_off


@dataclass
class Person:
    """Somebody at a browser of their own, with a device that holds their passkeys; everything that went wrong on their pages."""

    name: str
    context: BrowserContext
    page: Page
    origin: str
    faults: list[str] = field(default_factory=list)
    _device: tuple[Any, str] | None = None

    @classmethod
    def at(cls, browser: Browser, origin: str, name: str, **context: Any) -> Person:
        made = browser.new_context(viewport=DESK, **context)  # type: ignore[arg-type]
        made.set_default_timeout(15_000)
        one = cls(name=name, context=made, page=made.new_page(), origin=origin)
        session = made.new_cdp_session(one.page)
        session.send("WebAuthn.enable")
        device = session.send("WebAuthn.addVirtualAuthenticator", {"options": _AUTHENTICATOR})
        one._device = (session, device["authenticatorId"])
        one.page.on("console", lambda said: one.faults.append(f"{one.page.url}: {said.text} {said.location.get('url', '')}") if _is_wrong(said) else None)
        one.page.on("pageerror", lambda error: one.faults.append(str(error)))
        return one

    def present(self, there: bool) -> None:
        """Whether the device's owner confirms when it is asked for."""
        assert self._device is not None
        session, device = self._device
        session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": there})

    def go(self, path: str) -> Page:
        """Open a page. The one that is open may just be going on by itself, because somebody wrote something: then it settles first.

        A page that reloads itself in the very moment in which its own address is asked for swallows the question: nothing is sent, and no
        answer comes. So it is asked again after a few seconds in which nothing began.
        """
        for last in (False, False, False, False, True):
            try:
                self.page.goto(self.origin + path, wait_until="commit", timeout=60_000 if last else 4_000)
                break
            except Error as error:
                if last or not any(one in str(error) for one in ("interrupted by another navigation", "ERR_ABORTED", "Timeout")):
                    raise
                self.page.wait_for_timeout(400)
        self.page.wait_for_load_state()
        return self.page

    def says(self, path: str) -> Any:
        """A page's twin, as this person's session sees it."""
        answer = self.context.request.get(self.origin + path)
        assert answer.ok, f"{path}: {answer.status} {answer.text()[:200]}"
        return answer.json()

    def ask(self, path: str, body: Any = None) -> Any:
        """What a page's script asks of the room: (status, answer)."""
        return self.page.evaluate(
            "async ([path, body]) => { const {api} = await import('/static/room.js'); try { return [200, await api(path, body)]; } catch (e) { return [e.status, e.message]; } }",
            [path, body or {}],
        )

    def until(self, holds: str, seconds: float = 15) -> None:
        """Wait until something holds on the page. Asked from outside: the page's own policy lets nobody evaluate a string in it."""
        ends = time.monotonic() + seconds
        while not self._holds(holds):
            assert time.monotonic() < ends, f"{self.page.url}: not within {seconds} s: {holds}: {self.page.locator('.wrong:visible, [role=status]:visible').all_inner_texts()}"
            self.page.wait_for_timeout(40)

    def settled(self) -> None:
        """Wait until the page has stood still for a moment: after a piece of work it goes on by itself, and once more when the work's process has ended."""
        for _ in range(20):
            self._holds("window.stands = true")
            self.page.wait_for_timeout(700)
            if self._holds("window.stands === true && document.readyState === 'complete'"):
                return

    def press(self, selector: str, holds: str, *, nth: int = 0) -> None:
        """Press something until it took: a page that goes on by itself in that very moment swallows a press, and whoever sees nothing happen presses again."""
        for _ in range(4):
            self.page.locator(selector).nth(nth).click()
            ends = time.monotonic() + 5
            while time.monotonic() < ends:
                if self._holds(holds):
                    return
                self.page.wait_for_timeout(40)
        self.until(holds)

    def _holds(self, what: str) -> bool:
        try:
            return bool(self.page.evaluate(f"() => Boolean({what})"))
        except Error as error:
            if "context was destroyed" in str(error):  # the page goes on by itself
                return False
            raise

    def sign(self) -> None:
        """Read what is bound, and sign it with the key; the words that were shown are returned to no one."""
        dialog = self.page.locator("#signing")
        self.page.locator("#signing[open], .wrong:visible").first.wait_for()
        assert dialog.is_visible(), f"{self.page.url}: {self.page.locator('.wrong:visible').all_inner_texts()}"
        assert dialog.locator(".binds li").count() >= 1
        dialog.locator("button[value=sign]").click()
        dialog.wait_for(state="hidden")

    def comes_in(self, link: str, *, first: bool = False) -> None:
        """Open a link, make a passkey."""
        self.page.goto(link)
        self.page.fill("#name", self.name)
        self.page.click("#make button")
        if first:
            self.page.wait_for_url("**/thought")


if __name__ == "__main__":  # as the Makefile asks: is there one?
    with sync_playwright() as asked:
        sys.exit(found(asked) is None)
