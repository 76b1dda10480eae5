"""People who register over HTTP, confirm the address with the link they were mailed, and take a place.

They do what people do when a page does not come: they try again.
"""

from __future__ import annotations

import email
import email.policy
import http.client
import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlencode, urlsplit

AT_ONCE = 6
PATIENCE_SECONDS = 135.0
ASKS = 3
_REVIEWED = re.compile(rb'name="reviewed" value="(\w+)"')
_LINK = re.compile(r"https?://\S+?(/my/link/[\w-]+/)")


class NotServedError(Exception):
    """Somebody gave up: the page, or the mail, did not come in time."""


class MailFolder:
    """What the mail server took, read once each; safe to use from threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._read = 0
        self.arrived: list[tuple[str, str]] = []  # Message-ID and recipient
        self._links: dict[str, str] = {}

    def look(self) -> None:
        """Take in what is new."""
        with self._lock:
            while (file := self._folder / f"{self._read + 1:06}.eml").exists():
                self._read += 1
                mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
                assert isinstance(mail, EmailMessage)
                recipient = str(mail["To"].addresses[0].addr_spec)
                self.arrived.append((str(mail["Message-ID"]), recipient))
                body = mail.get_body(("plain",))
                if body is not None and (found := _LINK.search(body.get_content())):
                    self._links[recipient] = found[1]

    def link_for(self, recipient: str) -> str | None:
        """Where the newest sign-in link to this address leads."""
        self.look()
        with self._lock:
            return self._links.get(recipient)

    def copies(self) -> dict[str, int]:
        """How often each Message-ID arrived."""
        self.look()
        found: dict[str, int] = defaultdict(int)
        for message_id, _ in self.arrived:
            found[message_id] += 1
        return dict(found)


class Browser:
    """One person's browser: keeps cookies, sends forms with their token, tries again while no page comes."""

    def __init__(self, port: int, source: str) -> None:
        self._port = port
        self._source = source
        self._cookies: dict[str, str] = {}
        # Which state of what was typed the page showed that was read last.
        self._reviewed: dict[str, str] = {}

    def get(self, path: str) -> int:
        return self._until_served("GET", path, None)[0]

    def post(self, path: str, **fields: str) -> str:
        """Send a form; returns where it leads. Raises `NotServedError` when it is refused."""
        status, location = self._until_served("POST", path, fields)
        if status not in (302, 303):
            raise NotServedError(f"{path} answered {status}")
        return location

    def _until_served(self, method: str, path: str, fields: dict[str, str] | None) -> tuple[int, str]:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                status, location = self._ask(method, path, fields)
            except (OSError, http.client.HTTPException) as error:
                problem = f"{path}: {error!r}"
            else:
                if status < 500:
                    return status, location
                problem = f"{path} answered {status}"
            if time.monotonic() > deadline:
                raise NotServedError(problem)
            threading.Event().wait(0.25)

    def _ask(self, method: str, path: str, fields: dict[str, str] | None) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10, source_address=(self._source, 0))
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        body = None
        if fields is not None:
            token = {"csrfmiddlewaretoken": self._cookies.get("csrftoken", "")}
            body = urlencode(fields | token | self._reviewed)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            shown = _REVIEWED.search(response.read())
            # Whoever meets an error goes back to the page they had, and sends that again.
            if response.status < 500:
                self._reviewed = {"reviewed": shown[1].decode()} if shown else {}
            for cookie in response.headers.get_all("Set-Cookie", []):
                name, _, value = cookie.partition(";")[0].partition("=")
                self._cookies[name] = value
            return response.status, urlsplit(response.headers.get("Location", "")).path
        finally:
            connection.close()


class Crowd:
    """Everybody who registers for one conference."""

    def __init__(self, *, slug: str, codes: list[str], port: int, folder: MailFolder) -> None:
        self._slug, self._codes, self._port, self._folder = slug, codes, port, folder
        self.confirmed: list[str] = []
        self.placed: list[tuple[str, str]] = []
        self.given_up: list[str] = []

    def register(self, numbers: range, each: Callable[[int], None]) -> None:
        """Let these people register, AT_ONCE at a time; `each` is told how many are done after every one."""
        done = iter(range(1, len(numbers) + 1))
        lock = threading.Lock()

        def one(number: int) -> None:
            address = f"person-{number}@example.org"
            try:
                self._register(number, address)
            except NotServedError as error:
                self.given_up.append(f"{address}: {error}")
            with lock:
                each(next(done))

        with ThreadPoolExecutor(AT_ONCE) as pool:
            for _ in pool.map(one, numbers):
                pass

    def _register(self, number: int, address: str) -> None:
        # Each from a network of their own: a venue's is allowed a few hundred links an hour.
        browser = Browser(self._port, f"127.0.{1 + number // 200 % 200}.{1 + number % 200}")
        start = f"/{self._slug}/register/"

        def fill_in() -> None:
            browser.get(start)
            browser.post(
                start,
                display_name=f"Person {number}",
                email=address,
                country="KR",
                affiliation="City Hall",
                language=("en", "ko")[number % 2],
            )
            browser.post(f"{start}needs/")
            browser.get(f"{start}review/")
            browser.post(f"{start}review/")

        link = self._mailed_link(address, fill_in)
        browser.get(link)
        # A link works once. If the answer to the first try was lost, the second says that it was used.
        try:
            browser.post(link, consent_privacy="on", code_of_conduct="on")
        except NotServedError:
            if browser.get(f"/my/{self._slug}/") != 200:
                self._sign_in(browser, address, link)
        self.confirmed.append(address)
        code = self._codes[number % len(self._codes)]
        browser.post(f"/my/{self._slug}/sessions/{code}/sign-up/")
        self.placed.append((address, code))

    def _sign_in(self, browser: Browser, address: str, used: str) -> None:
        browser.get("/my/sign-in/")
        link = self._mailed_link(address, lambda: browser.post("/my/sign-in/", email=address), other_than=used)
        browser.get(link)
        browser.post(link)

    def _mailed_link(self, address: str, ask: Callable[[], object], other_than: str = "") -> str:
        """Ask for a link and wait for it; ask again when none comes, as people do."""
        for _ in range(ASKS):
            ask()
            deadline = time.monotonic() + PATIENCE_SECONDS / ASKS
            while time.monotonic() < deadline:
                link = self._folder.link_for(address)
                if link is not None and link != other_than:
                    return link
                threading.Event().wait(0.1)
        raise NotServedError("no link was mailed")
