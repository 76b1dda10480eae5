"""Nothing personal is in any line of the log, whatever people do and whatever fails on the way.

Marked words stand wherever people write something; all records of all loggers from INFO on are written by the formatter
of the settings, as the handler of the settings would, and no mark is in them.
"""

from __future__ import annotations

import logging
import logging.config
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any, NoReturn

import pytest
from celery import shared_task
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from notifications.delivery.delivering import deliver
from notifications.inbound.mailbox import handle_mail
from notifications.rules.intake import take_in
from ops.backends.log_lines import ScannersAreNoErrors
from registration.models import Participant, Registration
from schedule.models import Conference
from tests.factories import make_user
from tests.fixtures.conferences import Agenda
from tests.registration.steps import AGREED, about, reviewed
from tests.smtp_sink import SmtpSink
from tests.website.registering.test_views import newest_link

MARK = "zarquon"
ADDRESS = f"{MARK}@example.org"
OTHER = f"{MARK}.other@example.org"


class Log(logging.Handler):
    """What the log holds, line by line as it is written, and which lines are errors."""

    def __init__(self) -> None:
        super().__init__()
        given: dict[str, Any] = settings.LOGGING["formatters"]["line"]  # type: ignore[index]  # a table of tables
        self.written = logging.config.DictConfigurator({"version": 1}).configure_formatter(dict(given))
        self.lines: list[str] = []
        self.errors: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        ScannersAreNoErrors().filter(record)
        line = self.written.format(record)
        self.lines.append(line)
        if record.levelno >= logging.ERROR:
            self.errors.append(line)


@pytest.fixture
def log() -> Iterator[Log]:
    """Hears every logger, also those that pass nothing on."""
    kept = Log()
    root = logging.getLogger()
    deaf = [one for one in root.manager.loggerDict.values() if isinstance(one, logging.Logger) and not one.propagate]
    levels = {one: one.level for one in (root, *deaf)}
    for one in levels:
        one.addHandler(kept)
        one.setLevel(logging.INFO)
    yield kept
    for one, level in levels.items():
        one.removeHandler(kept)
        one.setLevel(level)


def mailed() -> None:
    take_in()
    deliver("urgent")
    deliver("bulk")


def register(client: Client) -> Registration:
    """From the first page to one's own, with a mark in everything that is typed."""
    words = {"display_name": f"{MARK} name", "affiliation": f"{MARK} office", "email": ADDRESS}
    client.post("/forum/register/", about(**words | {"email": f"{MARK}@@example"}))
    client.post("/forum/register/", about(**words))
    client.post("/forum/register/needs/", {"wishes": ["A", f"{MARK}"], "access_note": MARK})
    client.post("/forum/register/needs/", {"wishes": ["A"], "access_note": MARK})
    reviewed(client, "/forum/register/review/")
    mailed()
    reviewed(client, newest_link(), **AGREED, consent_sensitive="on")
    mailed()
    return Registration.objects.get(display_name=f"{MARK} name")


@pytest.mark.django_db
def test_what_people_do_leaves_nothing_of_them(agenda: Agenda, client: Client, sink: SmtpSink, log: Log) -> None:
    person = register(client)
    for code in ("A", "NONE", "%00", "A"):
        client.post(f"/my/forum/sessions/{code}/sign-up/", {"note": MARK})
    client.get(f"/my/forum/?q={ADDRESS}")
    client.get(f"/{ADDRESS}/")
    client.post("/my/forum/data/address/", {"new_address": OTHER, "address": OTHER, "email": OTHER})
    mailed()
    visitor = Client()
    for typed in (ADDRESS, f"{MARK} no address", f"{MARK}.unknown@example.org"):
        visitor.post("/my/sign-in/", {"email": typed})
    mailed()
    make_user(email=f"{MARK}.organizer@example.org", password="correct horse battery")
    for word in (f"{MARK}-password", "correct horse battery"):
        Client().post("/accounts/login/", {"login": f"{MARK}.organizer@example.org", "password": word})
    Client().post("/accounts/password/reset/", {"email": f"{MARK}.organizer@example.org"})
    mailed()
    client.post("/my/forum/data/erase/", {"confirm": MARK})
    assert person.participant.email == ADDRESS
    assert len(log.lines) > 5
    assert [line for line in log.lines if MARK in line.lower()] == []
    assert log.errors == []


@pytest.mark.django_db
def test_mails_that_fail_or_come_back_leave_nothing(agenda: Agenda, client: Client, sink: SmtpSink, log: Log) -> None:
    register(client)
    sink.refuse(ADDRESS, f"550 5.7.1 <{ADDRESS}> is refused, {ADDRESS}")
    client.post("/my/forum/sessions/A/sign-up/")
    mailed()
    sink.refuse_sender(f"550 5.7.1 <{ADDRESS}> may not send")
    client.post("/my/sign-in/", {"email": ADDRESS})
    Client().post("/my/sign-in/", {"email": ADDRESS})
    mailed()
    returned = EmailMessage()
    returned["From"], returned["Subject"] = f'"{MARK}" <{ADDRESS}>', f"{MARK} undeliverable"
    returned["Message-ID"] = f"<{MARK}@example.org>"
    returned.set_content(f"550 5.1.1 <{ADDRESS}>: no such user, {MARK}")
    for raw in (returned.as_bytes(), b"x" * 1_100_000 + ADDRESS.encode(), f"From: {ADDRESS}\r\n\r\n{MARK}".encode()):
        handle_mail(raw)
    assert any("The mail server is away" in line for line in log.lines)
    assert [line for line in log.lines if MARK in line.lower()] == []
    assert log.errors == []


def refuse_a_row(**_: object) -> NoReturn:
    """What a rule of the database says of a row that breaks it, with all that is in the row."""
    with transaction.atomic():
        Participant.objects.create(email=ADDRESS)
        Participant.objects.create(email=ADDRESS.upper())
    raise AssertionError("unreachable")


def refuse_a_value(**_: object) -> NoReturn:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT %s::uuid", [f"{MARK} secret"])
    raise AssertionError("unreachable")


def name_nothing(**_: object) -> NoReturn:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT nothing, '{MARK}' FROM nowhere")  # a statement that is broken
    raise AssertionError("unreachable")


def break_a_check(**_: object) -> NoReturn:
    with transaction.atomic():
        Conference.objects.update(capacity=-5, contact_email=ADDRESS)
    raise AssertionError("unreachable")


FAULTS = (refuse_a_row, refuse_a_value, name_nothing, break_a_check)


@pytest.mark.django_db
@pytest.mark.parametrize("fault", FAULTS)
def test_faults_of_ours_are_told_without_what_they_are_about(
    fault: Any, agenda: Agenda, client: Client, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a request, and in a task, where nobody turns what the database refuses into words."""
    monkeypatch.setattr("website.signing_in.views.links.request_link", lambda *_, **__: fault())
    visitor = Client(raise_request_exception=False)
    visitor.post("/my/sign-in/", {"email": ADDRESS})

    @shared_task(name=f"tests.{fault.__name__}")
    def failing() -> None:
        fault()

    failing.apply()
    assert any("raised unexpected" in line for line in log.errors)
    assert [line for line in log.lines if MARK in line.lower()] == []
    assert all("Traceback" in line for line in log.errors)
