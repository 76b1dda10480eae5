"""A mail server for each test that wants one, and where the site is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.smtp_sink import SmtpSink, running


@pytest.fixture
def addresses(settings: Settings) -> None:
    """The site and its mails have addresses that look like real ones."""
    settings.SITE_URL = "https://forum.example.org"
    settings.CALENDAR_DOMAIN = "forum.example.org"
    settings.MAIL_FROM = "calendar@forum.example.org"


@pytest.fixture
def sink(settings: Settings) -> Iterator[SmtpSink]:
    """A running mail server that mails are sent to."""
    with running() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = server.host, server.port, 2
        yield server
