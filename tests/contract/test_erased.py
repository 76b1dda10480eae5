"""Somebody who erased themselves, or whose time is over, is nowhere any more: database, mails, webhooks, cache, logs,
pages and exports.

Each of their words is a mark that nothing else holds. Where they can be looked for they are found before, so that the
test can fail; logs hold none at any time, and are proved to be read.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from journal.facts import facts
from notifications.models import Message, Suppression, WebhookSubscription
from notifications.rules.intake import take_in
from notifications.webhooks.making import make_deliveries
from ops.backends.log_lines import SecretsLeftOut
from registration.domain.privacy.addresses import ask_for_address, confirm_address
from registration.domain.privacy.erasing import erase
from registration.domain.privacy.long_over import forget_people
from registration.domain.registrations import links, tokens
from registration.models import MagicLink, Registration
from tests.contract.public_view.channels import kept, said
from tests.factories import make_registration, make_team, make_user
from tests.fixtures.conferences import Agenda, signed_in
from tests.notifications.places import make_feed
from tests.registration.steps import AGREED, about, reviewed

NAME, OLD, NEW, ORGANISATION, NEED, DEVICE = MARKS = (
    "zebedee", "quaxolotl", "jabberwock", "vorpalstadt", "snickersnack", "tulgeywood",
)  # fmt: skip
ADDRESS, FORMER = f"{NEW}@example.org", f"{OLD}@example.org"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class Logged(logging.Handler):
    """All lines that are logged, as they are written."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(SecretsLeftOut("{levelname} {name}: {message}", style="{"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def logged() -> Iterator[Logged]:
    handler, root = Logged(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield handler
    root.setLevel(level)
    root.removeHandler(handler)


def token() -> str:
    return tokens.token_for(tokens.TokenPurpose.MAGIC_LINK, MagicLink.objects.latest("created_at").uid)


def organizer(agenda: Agenda) -> Client:
    user, team = make_user(), make_team()
    team.memberships.create(user=user, role="owner")
    agenda.conference.team = team
    agenda.conference.save(update_fields=["team"])
    client = Client()
    client.force_login(user, BACKEND)
    return client


def registers(client: Client, email: str) -> None:
    client.post("/forum/register/", about(display_name=NAME, affiliation=ORGANISATION, email=email))
    client.post("/forum/register/needs/", {"access_note": NEED, "wishes": ["A"]})
    reviewed(client, "/forum/register/review/")


def leaves_traces(agenda: Agenda) -> Registration:
    """They register, change their address, take a place and wait for one, have a calendar and mails; a stranger types
    their address.
    """
    WebhookSubscription.objects.create(
        conference=agenda.conference, name="All", url="https://example.org/hook", verbs=[one.verb for one in facts()]
    )
    stranger = make_registration(agenda.conference)
    ask_for_address(stranger, ADDRESS.upper(), now=timezone.now(), next_path="/my/")
    browser = Client(headers={"user-agent": "Firefox/130 Linux"})
    registers(browser, FORMER)
    reviewed(browser, f"/my/link/{token()}/", **AGREED, consent_sensitive="on")
    found = Registration.objects.get(display_name=NAME)
    for code in "BC":
        browser.post(f"/my/forum/sessions/{code}/sign-up/")
    take_in()
    ask_for_address(found, ADDRESS, now=timezone.now(), next_path="/my/")
    confirm_address(token(), now=timezone.now())
    found = Registration.objects.select_related("participant").get(pk=found.pk)
    make_feed(found, name=f"{DEVICE} phone")
    for address in (FORMER, ADDRESS):
        Suppression.objects.create(address=address, reason="hard", answer=f"550 {address}: no such user")
    links.request_link(ADDRESS, now=timezone.now())
    registers(Client(), ADDRESS)  # anybody can start it
    take_in()
    make_deliveries()
    return found


def in_database() -> str:
    """Every row of every table, as text; what sessions hold is unpacked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        rows = []
        for (name,) in cursor.fetchall():
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{name}" t')  # names of our own tables
            rows += [row for (row,) in cursor.fetchall()]
    return "\n".join(rows)


def pages(registration: Registration, organizers: Client, mine: Client) -> dict[str, str]:
    """What organizers and the person themselves are shown, with the files they download."""
    home = "/organize/forum/"
    paths = [
        "", "registrations/", f"registrations/{registration.uid}/", "sign-ups/", "sign-ups/C/", "sign-ups/C/names.csv",
        "outbox/", "suppressions/", "journal/", "team/", "webhooks/",
    ]  # fmt: skip
    shown = {path: said(organizers.get(home + path)) for path in paths}
    own = ["/my/", "/my/forum/", "/my/forum/details/", "/my/forum/data/", "/my/forum/data/my-data.json", "/forum/"]
    return shown | {path: said(mine.get(path)) for path in own}


def marks(text: str) -> set[str]:
    return {mark for mark in MARKS if mark in text.casefold()}


def by_themselves(gone: Registration) -> None:
    erase(gone.participant)


def by_the_term(gone: Registration) -> None:
    forget_people(now=datetime.combine(gone.conference.ends_on + timedelta(days=366), time(12), UTC))


@pytest.mark.django_db
@pytest.mark.parametrize("erased", [by_themselves, by_the_term])
def test_nothing_of_somebody_who_is_erased_is_left(
    agenda: Agenda, logged: Logged, erased: Callable[[Registration], None]
) -> None:
    cache.clear()
    organizers = organizer(agenda)
    gone = leaves_traces(agenda)
    mine = signed_in(gone.participant)
    mine.get("/my/forum/")
    before = pages(gone, organizers, mine)
    assert marks(in_database()) == set(MARKS)
    assert marks("".join(before.values())) == set(MARKS)
    assert {path for path, text in before.items() if NAME in text} == {
        "", "journal/", "registrations/", f"registrations/{gone.uid}/", "sign-ups/C/", "sign-ups/C/names.csv",
        "/my/forum/", "/my/forum/details/", "/my/forum/data/", "/my/forum/data/my-data.json",
    }  # fmt: skip

    erased(gone)
    take_in()
    make_deliveries()
    after = pages(gone, organizers, mine)
    assert {path: found for path, text in after.items() if (found := marks(text))} == {}
    assert marks(in_database()) == set()
    assert {key: found for key, text in kept().items() if (found := marks(key + text))} == {}
    assert kept() != {}
    # Of what was mailed to others nothing is due to them any more.
    assert not Message.objects.filter(registration=None, magic_link=None, participant=gone.participant_id).exists()
    logging.getLogger("django.request").info("A line with %s", NAME)
    assert [line for line in logged.lines if marks(line)] == [f"INFO django.request: A line with {NAME}"]
