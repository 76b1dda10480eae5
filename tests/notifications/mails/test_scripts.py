"""Names in the world's scripts come out of a mail as they went in: subject, both texts, calendar."""

from __future__ import annotations

import email
import re
from email import policy
from email.header import decode_header, make_header
from email.parser import BytesParser
from html import unescape

import icalendar
import pytest
from django.core.exceptions import ValidationError

from notifications.mails.render_input import gather
from notifications.mails.rendering import compose
from notifications.models import Message
from notifications.rules.intake import take_in
from schedule.domain.programme.sessions import rename_session
from tests.notifications.mails.test_rendering import NOW
from tests.notifications.places import ACTOR, Stage
from tests.responses import mail_text
from tests.scripts import HOSTILE, NAMES

pytestmark = pytest.mark.django_db


def test_every_script_is_read_back() -> None:
    stage = Stage()
    stage.place(display_name="Olivia")
    take_in()
    message = Message.objects.get(kind="place_confirmed")
    read, right = {}, {}
    for script, name in NAMES.items():
        rename_session(stage.session, title={"en": name}, actor=ACTOR)
        [given] = gather([message.pk])
        # Written with the mail's own policy, as the sender does.
        written = compose([given], NOW).message.as_bytes()
        mail = BytesParser(policy=policy.default).parsebytes(written)
        [calendar] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
        [event] = icalendar.Calendar.from_ical(calendar.get_content()).walk("VEVENT")
        read[script] = (
            _decoded_subject(written),
            name in mail_text(mail),
            name in unescape(mail_text(mail, "html")),
            str(event["SUMMARY"]),
        )
        right[script] = (f"You have a place: {name}", True, True, name)
    assert read == right


def _decoded_subject(mail: bytes) -> str:
    """The subject as it is sent, read by the older parser, which takes encoded words as RFC 2047 has them.

    The newer one of Python 3.11 and 3.12 drops blanks between an encoded word and what follows.
    """
    raw = email.message_from_bytes(mail, policy=policy.compat32)["Subject"]
    return str(make_header(decode_header(re.sub(r"\r\n(?=[ \t])", "", raw))))


@pytest.mark.parametrize("kind", ["controls", "direction", "marks of order"])
def test_a_title_that_cannot_be_shown_gets_into_no_mail(kind: str) -> None:
    with pytest.raises(ValidationError, match="Please remove them"):
        rename_session(Stage().session, title={"en": HOSTILE[kind].replace("\x00", "")}, actor=ACTOR)


@pytest.mark.parametrize("kind", ["line ends", "long", "markup"])
def test_hostile_text_stays_in_the_subject(kind: str) -> None:
    stage = Stage()
    stage.place(display_name="Olivia")
    rename_session(stage.session, title={"en": HOSTILE[kind].replace("\x00", "")}, actor=ACTOR)
    take_in()
    [given] = gather([Message.objects.get(kind="place_confirmed").pk])
    written = compose([given], NOW).message.as_bytes(policy=policy.SMTP)
    mail = BytesParser(policy=policy.default).parsebytes(written)
    assert mail["Subject"].startswith("You have a place: ")
    assert sorted(mail.keys()) == [
        "Auto-Submitted", "Content-Language", "Content-Type", "Date", "From", "MIME-Version", "Message-ID", "Subject",
        "To",
    ]  # fmt: skip
    assert "<b>" not in mail_text(mail, "html").partition("<body")[2].replace("<b>Olivia", "")
