"""Reports about mails that came back: what they do, and what a forged one cannot do."""

from __future__ import annotations

from email import message_from_bytes, message_from_string
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from journal.models import Entry
from notifications.delivery.suppression import is_suppressed
from notifications.inbound.bounce_reports import is_report, reports_in, returned_uid
from notifications.inbound.bounces import take_report
from notifications.inbound.mailbox import handle_mail, read_mailbox
from notifications.models import Message, Suppression
from registration.domain.signups.signing_up import leave
from tests.factories import make_participant
from tests.notifications.inbound.bounce_samples import NO_REPORTS, SAMPLES
from tests.notifications.inbound.imap_server import serving
from tests.notifications.places import ACTOR, Stage
from tests.notifications.sending import send
from tests.smtp_sink import SmtpSink

pytestmark = pytest.mark.django_db

REPORT = """\
From: MAILER-DAEMON@mx.example.org
To: calendar@forum.example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Mon, 1 Jun 2026 10:00:00 +0900

Final-Recipient: rfc822; {final}
Original-Recipient: rfc822;{original}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}

--b
{returned}
--b--
"""
HEADERS = "Content-Type: text/rfc822-headers\n\nFrom: calendar@forum.example.org\nMessage-ID: {id}\n"
WHOLE = "Content-Type: message/rfc822\n\nFrom: calendar@forum.example.org\nMessage-ID: {id}\nSubject: x\n\nHello\n"
GONE = "550 5.1.1 <ana@example.org>: Recipient address rejected: User unknown"


def report(message: Message | None, *, returned: str = HEADERS, **fields: str) -> str:
    """A report about a message to ana@example.org; about nothing of ours without one."""
    message_id = f"<{message.uid}@forum.example.org>" if message else "<1@example.org>"
    values = {
        "final": "ana@example.org",
        "original": "ana@example.org",
        "action": "failed",
        "status": "5.1.1",
        "said": GONE,
    } | fields
    return REPORT.format(returned=returned.format(id=message_id), **values)


def take(text: str) -> str | None:
    return take_report(message_from_string(text), now=timezone.now())


@pytest.fixture
def sent(sink: SmtpSink) -> Message:
    """A confirmation that ana@example.org was sent."""
    Stage().place(participant=make_participant(email="Ana@Example.org"))
    send()
    message = Message.objects.get()
    assert message.state == "sent"
    return message


@pytest.mark.parametrize("returned", [HEADERS, WHOLE])
def test_mail_that_came_back_has_failed_and_its_address_is_listed(sent: Message, returned: str) -> None:
    assert take(report(sent, returned=returned)) == "bounce-suppressed"
    sent.refresh_from_db()
    assert (sent.state, sent.last_answer) == ("failed", f"came back: {GONE}")
    assert list(sent.tries.values_list("outcome", "answer")) == [("sent", ""), ("bounced", f"came back: {GONE}")]
    assert list(Suppression.objects.values_list("address", "reason")) == [("ana@example.org", "bounced")]
    assert list(Entry.objects.filter(verb="message.bounced").values_list("subject_id", "conference_id")) == [
        (sent.pk, sent.conference_id)
    ]
    assert take(report(sent, returned=returned)) == "bounce-late"
    assert Suppression.objects.count() == 1


@pytest.mark.parametrize(
    ("status", "said"),
    [("5.2.2", "552 5.2.2 Mailbox full"), ("5.7.1", "550 5.7.1 user unknown to our policy"), ("4.4.7", "expired")],
)
def test_other_reasons_list_nobody(sent: Message, status: str, said: str) -> None:
    assert take(report(sent, status=status, said=said)) == "bounce-failed"
    sent.refresh_from_db()
    assert sent.state == "failed"
    assert not Suppression.objects.exists()


def test_status_without_detail_leaves_the_verdict_to_the_words(sent: Message) -> None:
    assert take(report(sent, status="5.0.0", said="550 No such user here")) == "bounce-suppressed"


def test_mail_that_is_late_is_only_noted(sent: Message) -> None:
    assert take(report(sent, action="delayed", status="4.4.1", said="connection timed out")) == "bounce-delayed"
    sent.refresh_from_db()
    assert sent.state == "sent"
    assert list(sent.tries.values_list("outcome", flat=True)) == ["sent", "delayed"]


def test_address_that_forwards_elsewhere_is_not_listed_for_the_other(sent: Message) -> None:
    text = report(sent, final="old@elsewhere.example.org", original="old@elsewhere.example.org")
    assert take(text) == "bounce-failed"
    assert not Suppression.objects.exists()


def test_forged_report_does_nothing(sent: Message) -> None:
    """It knows an address, but no Message-ID of ours."""
    assert take(report(None)) == "bounce-unknown"
    foreign = report(sent).replace("@forum.example.org>", "@forum.example.com>")
    assert take(foreign) == "bounce-unknown"
    sent.refresh_from_db()
    assert sent.state == "sent"
    assert not Suppression.objects.exists()


def test_person_who_never_got_the_entry_is_sent_no_cancel(sent: Message, sink: SmtpSink) -> None:
    """Came back for a full mailbox: the address is written to again, and its calendar may hold the entry."""
    take(report(sent, status="5.2.2", said="552 5.2.2 Mailbox full"))
    assert sent.signup is not None
    leave(sent.signup, actor=ACTOR)
    assert send().sent == 1


@pytest.mark.parametrize("kind", ["delivered", "relayed", "expanded"])
def test_good_news_changes_nothing(sent: Message, kind: str) -> None:
    assert take(report(sent, action=kind, status="2.0.0", said="250 ok")) == "bounce-other"
    sent.refresh_from_db()
    assert sent.state == "sent"


@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: Out of office\n\nI am away.\n",
        b"Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b--\n",
        b"",
    ],
)
def test_other_mails_are_left_to_others(raw: bytes) -> None:
    assert take_report(message_from_bytes(raw), now=timezone.now()) is None


@pytest.mark.parametrize(
    "text",
    [
        (
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n"
            "Content-Type: message/delivery-status\n\n\0\xff: nothing\n\n--b--\n"
        ),
        "Content-Type: multipart/report; report-type=delivery-status\n\nno parts at all",
        (
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n"
            "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n!!!\n--b--\n"
        ),
    ],
)
def test_broken_report_is_survived(text: str) -> None:
    mail = message_from_string(text)
    assert is_report(mail)
    assert (reports_in(mail), returned_uid(mail)) == ([], None)
    assert take(text) == "bounce-unknown"


@pytest.mark.parametrize("name", SAMPLES)
def test_report_of_each_kind_of_server(name: str, sent: Message) -> None:
    write, outcome, said = SAMPLES[name]
    assert handle_mail(write(str(sent.uid))) == outcome
    sent.refresh_from_db()
    assert sent.state == ("sent" if outcome == "bounce-delayed" else "failed")
    assert sent.tries.latest("pk").answer == f"came back: {said}"
    assert is_suppressed("ana@example.org") is (outcome == "bounce-suppressed")


CASES = Path(__file__).parent / "bounce_cases"
NO_MAILBOX = {"dns", "m365-gone"}


@pytest.mark.parametrize("name", sorted(path.stem for path in CASES.glob("*.eml")))
def test_only_who_has_no_mailbox_is_listed(name: str) -> None:
    """Reports in the words of servers of several makes."""
    (report,) = reports_in(message_from_bytes((CASES / f"{name}.eml").read_bytes()))
    assert (report.action, report.no_mailbox) == ("delayed" if name == "delayed" else "failed", name in NO_MAILBOX)


@pytest.mark.parametrize("name", NO_REPORTS)
def test_mail_that_is_no_report_is_for_a_person(name: str, sent: Message) -> None:
    assert handle_mail(NO_REPORTS[name](str(sent.uid))) == "unknown"
    assert list(Message.objects.values_list("state", flat=True)) == ["sent"]
    assert list(sent.tries.values_list("outcome", flat=True)) == ["sent"]


@pytest.mark.parametrize("name", SAMPLES)
def test_report_cut_off_anywhere_is_survived(name: str) -> None:
    whole = SAMPLES[name][0]("00000000-0000-4000-8000-000000000000")
    for end in range(0, len(whole), 37):
        mail = message_from_bytes(whole[:end])
        assert is_report(mail) or returned_uid(mail) is None or not reports_in(mail)


def test_report_in_the_robot_mailbox_is_found_and_put_away(sent: Message, settings: Settings) -> None:
    with serving(report(sent).encode()) as server:
        settings.IMAP_URL = server.url
        assert read_mailbox() == {"bounce-suppressed": 1}
        assert (len(server.inside("INBOX")), len(server.inside("Handled"))) == (0, 1)
    assert is_suppressed("ana@example.org")
