"""Addresses with letters of any script before the @: for mail servers that speak SMTPUTF8 (RFC 6531, 6532)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from urllib.parse import unquote

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from icalendar import Calendar
from pytest_django import Settings
from redis.exceptions import ConnectionError as RedisAwayError

from notifications import tasks
from notifications.delivery.delivering import deliver
from notifications.delivery.smtp import capabilities
from notifications.delivery.smtp.carrier import NOT_ASCII
from notifications.models import Message, Suppression
from registration.models import Participant
from tests.factories import make_participant
from tests.notifications.places import Stage, outbox
from tests.notifications.sending import send
from tests.smtp_sink import SmtpSink
from values.forms import EmailFormField
from values.hosts import one_mailbox

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def unknown() -> Iterator[None]:
    """Nobody has asked a mail server yet."""
    cache.delete(capabilities.KEY)
    yield
    cache.delete(capabilities.KEY)


def place(stage: Stage, address: str, name: str = "Somebody") -> None:
    stage.place(stage.person(participant=make_participant(email=address), display_name=name))


def register(client: Client, stage: Stage, address: str) -> str:
    """The page that the form to sign in answers with."""
    return client.post("/my/sign-in/", {"email": address}, follow=True).content.decode()


@pytest.mark.parametrize("address", ["김이@example.org", "jürgen+x@포럼.kr", "отправитель@example.org"])
@pytest.mark.parametrize("known", [None, False, True])
def test_they_are_taken_while_the_mail_server_takes_them(known: bool | None, address: str, sink: SmtpSink) -> None:
    if known is not None:
        sink.speak_utf8(speaks=known)
        tasks.ask_mail_server()
    if known:
        assert EmailFormField().clean(address) == address
    else:
        with pytest.raises(ValidationError, match="Mails cannot be sent to an address with letters beyond a to z"):
            EmailFormField().clean(address)
    assert EmailFormField().clean("user@포럼.kr") == "user@포럼.kr"


@pytest.mark.parametrize(
    "address",
    [
        "김 이@example.org",
        "김\u00a0이@example.org",
        "김\u200b이@example.org",
        "김\u200d이@example.org",
        "a\u00adü@example.org",
        "김..이@example.org",
        "김@",
        "김@-é.example",
        "김,이@example.org",
    ],
)
def test_what_no_address_can_have_is_refused_whatever_the_server_takes(address: str, sink: SmtpSink) -> None:
    sink.speak_utf8(speaks=True)
    tasks.ask_mail_server()
    with pytest.raises(ValidationError, match="no e-mail address"):
        EmailFormField().clean(address)
    # A joiner that shapes a letter is one: "क्‍ष" in Devanagari.
    assert EmailFormField().clean("क्\u200dष@example.org") == "क्\u200dष@example.org"


def test_the_page_says_why_and_the_field_lets_them_be_sent(client: Client, sink: SmtpSink) -> None:
    stage = Stage(is_public=True)
    page = register(client, stage, "김이@example.org")
    assert "Mails cannot be sent to an address with letters beyond a to z before the @." in page
    # A browser sends no such address from a field of the type "email".
    field = re.findall(r'<input[^>]*name="email"[^>]*>', page)
    assert len(field) == 1
    assert 'type="text"' in field[0]
    assert 'inputmode="email"' in field[0]
    sink.speak_utf8(speaks=True)
    tasks.ask_mail_server()
    assert "Mails cannot be sent" not in register(client, stage, "김이@example.org")


def test_one_mailbox_is_one_whatever_capitals_are_typed() -> None:
    assert one_mailbox("ÖRTEL@EXAMPLE.org") == "örtel@EXAMPLE.org"
    assert one_mailbox("İrem@example.org") == one_mailbox(one_mailbox("İrem@example.org"))
    stage = Stage()
    stage.person(participant=make_participant(email="ÖRTEL@example.org"))
    assert Participant.objects.get().email == "örtel@example.org"


def test_such_a_mail_is_sent_in_utf8_and_the_next_one_is_not(sink: SmtpSink) -> None:
    sink.speak_utf8(speaks=True)
    stage = Stage()
    place(stage, "김이@포럼.kr", "이 김")
    place(stage, "plain@example.org")
    assert send().sent == 2
    utf8, plain = sink.taken
    assert (utf8.recipient, plain.recipient) == ("김이@xn--cm2bx42c.kr", "plain@example.org")
    assert "\r\n <김이@xn--cm2bx42c.kr>\r\n".encode() in utf8.content
    assert plain.content.isascii()
    # Another parser than the one that wrote it, and as RFC 6532 has headers read.
    head = utf8.content.partition(b"\r\n\r\n")[0].decode()
    assert all(len(line.encode()) <= 78 for line in head.split("\r\n") if not line.startswith("List-"))
    read = message_from_bytes(utf8.content, policy=policy.SMTPUTF8)
    assert read["Subject"] == f"You have a place: {stage.session.title}"
    part = next(one for one in read.walk() if one.get_content_type() == "text/calendar")
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    attendee = str(Calendar.from_ical(content).events[0]["ATTENDEE"])
    assert attendee.isascii()
    assert unquote(attendee) == "mailto:김이@xn--cm2bx42c.kr"


def test_a_mail_for_a_server_that_takes_them_no_more_ends_in_words(sink: SmtpSink) -> None:
    sink.speak_utf8(speaks=True)
    stage = Stage()
    place(stage, "김이@example.org")
    place(stage, "plain@example.org")
    sink.speak_utf8(speaks=False)
    done = send()
    assert (done.sent, done.failed, done.away) == (1, 1, False)
    assert [taken.recipient for taken in sink.taken] == ["plain@example.org"]
    assert list(Message.objects.order_by("pk").values_list("state", "last_answer")) == [
        ("failed", NOT_ASCII),
        ("sent", ""),
    ]
    # The mailbox is there, it is ours that cannot.
    assert not Suppression.objects.exists()
    assert not capabilities.takes_any_letters()
    sink.speak_utf8(speaks=True)
    assert deliver("bulk").sent == 0
    assert outbox() == [("place_confirmed", "failed"), ("place_confirmed", "sent")]


def test_sending_notes_what_the_server_takes_and_asks_no_more_than_that(sink: SmtpSink) -> None:
    sink.speak_utf8(speaks=True)
    assert capabilities.is_due()
    Stage().place()
    send()
    assert capabilities.takes_any_letters()
    assert not capabilities.is_due()
    tasks.ask_mail_server()
    assert sink.connections == 1


def test_what_was_heard_a_while_ago_is_asked_again(sink: SmtpSink) -> None:
    sink.speak_utf8(speaks=True)
    tasks.ask_mail_server()
    heard = cache.get(capabilities.KEY)
    cache.set(capabilities.KEY, (heard[0], heard[1] - capabilities.ASK_AFTER - 1), capabilities.KNOWN_FOR)
    assert capabilities.is_due()


def test_a_server_or_redis_that_is_away_stops_nobody(
    sink: SmtpSink, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    tasks.ask_mail_server()
    assert not capabilities.takes_any_letters()
    settings.EMAIL_PORT = port

    def away(*_: object) -> None:
        raise RedisAwayError("away")

    monkeypatch.setattr(cache, "set", away)
    monkeypatch.setattr(cache, "get", away)
    Stage().place()
    assert send().sent == 1
    assert not capabilities.takes_any_letters()
    with pytest.raises(ValidationError, match="letters beyond a to z"):
        EmailFormField().clean("김이@example.org")


def test_the_address_for_questions_is_one_that_everybody_can_write_to(sink: SmtpSink) -> None:
    """It stands in everybody's mail, whose servers do not all speak SMTPUTF8."""
    sink.speak_utf8(speaks=True)
    tasks.ask_mail_server()
    conference = Stage().conference
    conference.contact_email = "문의@example.org"
    with pytest.raises(ValidationError, match="Not everybody's mail program") as caught:
        conference.full_clean()
    assert list(caught.value.message_dict) == ["contact_email"]
    conference.contact_email = "questions@포럼.kr"
    conference.full_clean()
