"""A person in front of a browser: pages are opened by path, and what the browser complains about is collected."""

from __future__ import annotations

import re
from typing import Any, Literal

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.contrib.auth import SESSION_KEY as USER_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, Response

from accounts.models import User
from registration.domain.registrations.access import SESSION_KEY
from registration.models import Registration

TIMEOUT_MS = 8_000
# How chromium reports the status of a page that answers with one on purpose (404, 409, 410, 422).
_STATUS = re.compile(r"^Failed to load resource: the server responded with a status of (404|409|410|422) ")


class Visitor:
    """One browser context with one page. `complaints` must be empty when the test ends."""

    def __init__(self, context: BrowserContext, address: str, *, scripts: bool) -> None:
        self.context = context
        self.scripts = scripts
        self.address = address
        self.complaints: list[str] = []
        context.set_default_timeout(TIMEOUT_MS)
        self.page: Page = context.new_page()
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not _STATUS.match(message.text):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _failed(self, request: Request) -> None:
        # Leaving a page ends what it still loads.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        """Only a page itself may be missing or refuse a form; what belongs to a page may not."""
        is_page = response.request.is_navigation_request()
        if response.status >= 500 or (response.status >= 400 and not is_page):
            self.complaints.append(f"{response.url}: {response.status}")

    def open(self, path: str) -> Response:
        response = self.page.goto(self.address + path)
        assert response is not None
        return response

    @property
    def path(self) -> str:
        """Path and query of the page that is open."""
        return self.page.url.removeprefix(self.address)

    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    def button(self, name: str, *, of: str = "") -> Locator:
        """The button of this name; `of` a session in "my sessions", whose title the name then ends with."""
        return self._named("button", name, of)

    def link(self, name: str, *, of: str = "") -> Locator:
        return self._named("link", name, of)

    def _named(self, role: Literal["button", "link"], name: str, code: str) -> Locator:
        if not code:
            return self.page.get_by_role(role, name=name, exact=True)
        title = self.item(code).get_by_role("heading").inner_text()
        return self.item(code).get_by_role(role, name=re.compile(rf"^{re.escape(name)} ?: {re.escape(title)}$"))

    def item(self, code: str) -> Locator:
        """A session in "my sessions", mine or to choose."""
        return self.page.locator(f"#session-{code}")

    def sign_in_as(self, person: Registration | User) -> None:
        """Give the browser a signed-in session without going through the pages."""
        held: dict[str, Any]
        if isinstance(person, User):
            held = {
                USER_KEY: str(person.pk),
                BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                HASH_SESSION_KEY: person.get_session_auth_hash(),
            }
        else:
            held = {SESSION_KEY: str(person.participant.uid)}
        session = SessionStore()
        session.update(held)
        session.save()
        name, value = settings.SESSION_COOKIE_NAME, session.session_key or ""
        self.context.add_cookies([{"name": name, "value": value, "url": self.address}])
