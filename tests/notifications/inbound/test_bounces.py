"""Reports about mails that came back: what they do, and what a forged one cannot do."""

from __future__ import annotations

import re
from email import message_from_bytes, message_from_string
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import Settings

from journal.models import Entry
from notifications.addresses import message_returned_to, return_path
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
To: {to}
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
        "to": return_path(message.uid) if message else "calendar@forum.example.org",
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
    """It knows addresses, and the Message-ID of a mail, which answers carry; but not where reports about it go."""
    another = Message.objects.create(
        participant=make_participant(), kind="place_confirmed", dedup_key="another", state="sent", sent_at=sent.sent_at
    )
    name, secret = return_path(sent.uid)[:-37], return_path(another.uid)[-37:]
    assert (len(name), take(report(None))) == (len(return_path(sent.uid)) - 37, "bounce-unknown")
    for to in (
        "calendar@forum.example.org",
        "calendar+@forum.example.org",
        f"calendar+{sent.uid}@forum.example.org",
        name + secret,  # what somebody makes of the envelope of their own mail
        return_path(sent.uid).replace("+", "-"),
        return_path(sent.uid).replace("forum", "elsewhere"),
    ):
        assert (to, take(report(sent, to=to))) == (to, "bounce-unproven")
    # It speaks of the mail that the sender knows the envelope of, whatever it quotes.
    assert take(report(sent, to=return_path(another.uid))) == "bounce-failed"
    another.refresh_from_db()
    assert another.state == "failed"
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
    assert handle_mail(b"X-Original-To: " + return_path(sent.uid).encode() + b"\r\n" + write(str(sent.uid))) == outcome
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
def test_answer_in_the_shape_of_a_report_changes_nothing(name: str, sent: Message) -> None:
    """It went to the address that the mail came from, as answers do, and knows all that answers know."""
    write, *_ = SAMPLES[name]
    assert handle_mail(b"X-Original-To: calendar@forum.example.org\r\n" + write(str(sent.uid))) == "bounce-unproven"
    sent.refresh_from_db()
    assert (sent.state, list(sent.tries.values_list("outcome", flat=True))) == ("sent", ["sent"])
    assert not is_suppressed("ana@example.org")


@pytest.mark.parametrize("field", ["To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To"])
def test_return_path_is_found_where_servers_note_it(field: str, sent: Message) -> None:
    told = report(sent, to="postmaster@forum.example.org").replace("To:", "Cc:", 1)
    address = f"<{return_path(sent.uid).upper()}>"  # some servers change the case
    assert take(f"{field}: {address}\n{told}") == "bounce-suppressed"


def test_mails_leave_with_a_return_path_of_their_own(sent: Message, sink: SmtpSink) -> None:
    Stage().place()
    send()
    other = Message.objects.exclude(pk=sent.pk).get()
    senders = [taken.sender for taken in sink.taken]
    assert senders == [return_path(sent.uid), return_path(other.uid)]
    assert [message_returned_to(one) for one in senders] == [sent.uid, other.uid]
    assert [len(one.partition("@")[0]) <= 64 for one in senders] == [True, True]  # RFC 5321 4.5.3.1.1
    content = sink.taken[0].content.decode()
    assert senders[0].partition("@")[0] not in content  # what is answered, or quoted, does not know it
    assert "From: " in content
    assert "calendar@forum.example.org" in content


@pytest.mark.parametrize(
    ("setting", "sender"),
    [
        ("bounce-*@bounces.example.org", r"bounce-[a-z2-7]{42}@bounces\.example\.org"),
        ("off", r"calendar@forum\.example\.org"),
        ("", r"calendar\+[a-z2-7]{42}@forum\.example\.org"),
    ],
)
def test_return_path_is_where_the_settings_say(setting: str, sender: str, settings: Settings) -> None:
    settings.MAIL_RETURN_PATH = setting
    uid = uuid4()
    assert re.fullmatch(sender, return_path(uid))
    assert message_returned_to(return_path(uid)) == (None if setting == "off" else uid)


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
