"""What the log says of refused requests for secret addresses."""

from __future__ import annotations

import io
import logging
import logging.config
import secrets
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import AddressChange, TeamInvitation
from journal.actors import SYSTEM
from notifications.addresses import address_proof, password_reset, team_invitation
from notifications.feeds.personal_feeds import create_feed
from registration.domain.registrations.tokens import TokenPurpose, token_for
from tests.factories import make_conference, make_registration, make_user


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """The lines written by the formatter that the settings name."""
    lines = io.StringIO()
    given: dict[str, Any] = settings.LOGGING["formatters"]["line"]  # type: ignore[index]  # a table of tables
    factory = logging.config.DictConfigurator({"version": 1})
    handler = logging.StreamHandler(lines)
    handler.setFormatter(factory.configure_formatter(dict(given)))
    logging.getLogger("django").addHandler(handler)
    yield lines
    logging.getLogger("django").removeHandler(handler)


@pytest.mark.django_db
def test_refused_calendar_is_logged_without_its_key(log: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    token = create_feed(make_registration(make_conference()), name="Phone", actor=SYSTEM)
    secret = token_for(TokenPurpose.FEED, token.uid)
    monkeypatch.setattr("website.calendars.feeds.may_fetch", lambda key: False)
    assert Client().get(f"/calendar/{secret}.ics").status_code == 429
    assert Client().post(f"/calendar/{secret}.ics").status_code == 405
    assert [line.rpartition("django.request: ")[2] for line in log.getvalue().splitlines()] == [
        "Too Many Requests: /calendar/….ics",
        "Method Not Allowed (POST): /calendar/….ics",
    ]


def test_traceback_is_written_without_keys(log: io.StringIO) -> None:
    path = f"/my/link/{token_for(TokenPurpose.MAGIC_LINK, uuid4())}/"
    try:
        int(path)
    except ValueError:
        logging.getLogger("django.request").exception("Internal Server Error: %s", path)
    assert path not in log.getvalue()
    assert log.getvalue().count("/my/link/…/") == 2


def test_other_paths_are_written_as_they_are(log: io.StringIO) -> None:
    logging.getLogger("django.request").warning("Not Found: %s", "/my/forum/calendar/addresses/")
    assert log.getvalue().endswith("Not Found: /my/forum/calendar/addresses/\n")


@pytest.mark.django_db
def test_links_of_organizers_accounts_are_logged_without_their_keys(log: io.StringIO) -> None:
    user = make_user(password=None)
    change = AddressChange(user=user)
    first = reverse("first_account", args=[secrets.token_urlsafe(32)])
    for path in (password_reset(user), address_proof(change), team_invitation(TeamInvitation()), first):
        logging.getLogger("django.request").warning("Not Found: %s", path)
        assert path.rstrip("/").rpartition("/")[2] not in log.getvalue()
    lines = [line.rpartition("Not Found: ")[2].partition("/accounts")[2] for line in log.getvalue().splitlines()]
    assert lines == ["/password/reset/key/…/", "/email/…/", "/invitation/…/", "/first/…/"]
