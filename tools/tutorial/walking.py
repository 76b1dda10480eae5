"""Whoever walks: people with browsers that note what they saw, and what the steps share."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Response, expect

from tools.tutorial.installation import PATIENCE_SECONDS, Installation

DESKTOP, PHONE = (1280, 800), (360, 740)
PASSWORD = "correct horse battery staple"  # noqa: S105  # of an installation that lasts a minute
ORGANIZER, PARTICIPANT = "olga@example.org", "dana@example.org"
SLUG = "whrcf"
Shown = Callable[[str, Page], None]
"""Is given the name of a step, and the page that its picture shows."""


class Walker:
    """Somebody with one window. `seen` are the pages they came to, with where the links of each lead; `complaints` is
    what the browser found wrong with them.
    """

    def __init__(self, browser: Browser, site: str, size: tuple[int, int] = DESKTOP) -> None:
        width, height = size
        self.site = site
        self.context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="en-GB",
            timezone_id="Asia/Seoul",
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(PATIENCE_SECONDS * 1000)
        self.page = self.context.new_page()
        self.seen: dict[str, list[str]] = {}
        self.complaints: list[str] = []
        self.presses = 0
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))
        self.page.on("console", self._said)
        self.page.on("response", self._answered)

    def open(self, address: str) -> None:
        """Follow a link from elsewhere: from a mail, or what the server has printed."""
        self.page.goto(address)
        self._look()

    def press(self, what: Locator) -> None:
        """Press a link or button, and look at the page it leads to."""
        self.presses += 1
        what.click()
        self.page.wait_for_load_state("load")
        self._look()

    def link(self, name: str, *, within: str = "body") -> Locator:
        return self.page.locator(within).get_by_role("link", name=name, exact=True).first

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("button", name=name, exact=isinstance(name, str)).first

    def fill(self, **said: str) -> None:
        """Fill in fields by their names."""
        for name, text in said.items():
            self.page.locator(f"[name='{name}']").fill(text)

    def heading(self, words: str | re.Pattern[str]) -> None:
        """Wait until the page has this heading."""
        expect(self.page.locator("h1")).to_have_text(words, timeout=PATIENCE_SECONDS * 1000)

    def reads(self, words: str | re.Pattern[str]) -> None:
        """Wait until the page says this."""
        expect(self.page.locator("main")).to_contain_text(words, timeout=PATIENCE_SECONDS * 1000)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.url}: {response.status}")

    def _look(self) -> None:
        links: list[str] = self.page.evaluate("[...document.links].map((link) => link.getAttribute('href'))")
        self.seen[self.page.url.removeprefix(self.site)] = links


@dataclass
class Walk:
    """What the steps share. `shown` is called for the picture of each step."""

    house: Installation
    browser: Browser
    folder: Path
    first_day: date
    shown: Shown
    people: dict[str, Walker] = field(default_factory=dict)
    # The step that is being taken, and the room in which the participant takes a place.
    now: str = ""
    room: str = ""

    def person(self, who: Literal["organizer", "participant", "phone"]) -> Walker:
        """The organizer at a desk, the organizer with a phone, or somebody who takes part."""
        if who not in self.people:
            self.people[who] = Walker(self.browser, self.house.site, PHONE if who == "phone" else DESKTOP)
        return self.people[who]

    def show(self, who: Walker, at: Locator | None = None) -> None:
        """This is what the step's picture shows: what is open, from `at` on where that is further down."""
        who.page.evaluate("document.activeElement.blur()")
        if at is None:
            who.page.evaluate("scrollTo(0, 0)")
        else:
            at.evaluate("(element) => element.scrollIntoView({block: 'start'})")
        self.shown(self.now, who.page)
