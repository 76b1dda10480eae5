"""One chromium for this folder, a fresh context for each visitor, and a site on a free port."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections
from playwright.sync_api import Browser, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from notifications.delivery.delivering import deliver
from notifications.rules.intake import take_in
from tests.e2e.stage import Stage
from tests.e2e.visiting import Visitor
from tests.responses import mail_text
from tests.smtp_sink import SmtpSink, running

# The shell is the same engine without windows, for half the work.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
Visit = Callable[..., Visitor]


@pytest.hookimpl(tryfirst=True)  # before pytest-django puts tests that empty the tables after all others
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives chromium, and one worker runs it: a second browser would only slow the first."""
    for item in items:
        if item.path.parent.name == "e2e":
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("e2e"))
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="package")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    """The browser. Playwright keeps an event loop in this thread; Django is told that the ORM may be used anyway.

    Under the loop Django keeps another connection to the database, which nobody else would ever close.
    """
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    if executable is None:
        pytest.skip(f"no browser on this machine: looked for {', '.join(NAMES)}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with sync_playwright() as playwright:
            arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
            browser = playwright.chromium.launch(executable_path=executable, args=arguments)
            yield browser
            browser.close()
            connections.close_all()


@pytest.fixture
def site(chromium: Browser, live_server: LiveServer, settings: Settings) -> str:
    """The address of the running site."""
    settings.SITE_URL = live_server.url
    cache.clear()
    return live_server.url


@pytest.fixture
def stage(site: str) -> Stage:
    return Stage()


@pytest.fixture
def visit(chromium: Browser, site: str) -> Iterator[Visit]:
    """Open a browser window: `visit()`, `visit(java_script_enabled=False)`. At the end no page may have complained."""
    visitors: list[Visitor] = []

    def open_window(**options: Any) -> Visitor:
        context = chromium.new_context(**{"locale": "en-GB", "timezone_id": "Asia/Seoul"} | options)
        visitors.append(Visitor(context, site, scripts=options.get("java_script_enabled", True)))
        return visitors[-1]

    yield open_window
    for visitor in visitors:
        visitor.context.close()
    assert [complaint for visitor in visitors for complaint in visitor.complaints] == []


@pytest.fixture(params=[True, False], ids=["with-scripts", "without-scripts"])
def visitor(request: pytest.FixtureRequest, visit: Visit) -> Visitor:
    """One visitor whose browser runs scripts, and one whose browser does not."""
    return visit(java_script_enabled=request.param)


@pytest.fixture
def sink(settings: Settings) -> Iterator[SmtpSink]:
    """A running mail server that mails are sent to."""
    with running() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = server.host, server.port, 2
        yield server


@pytest.fixture
def mails_to(sink: SmtpSink) -> Callable[[str], list[str]]:
    """Send everything that is due; the plain texts of the mails one address has got so far, the oldest first."""

    def send(address: str) -> list[str]:
        take_in()
        deliver("urgent")
        deliver("bulk")
        mails = [taken.message for taken in sink.taken if taken.recipient == address]
        return [mail_text(mail) for mail in mails]

    return send
