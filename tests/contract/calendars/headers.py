"""Mails whose headers are hard to write. Needs the standard library alone: every Python on the machine can run it."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage

from notifications.calendars.mail_parts import POLICY, with_calendar

UNSUBSCRIBE = (
    "<https://forum.example.org/link/announcements/24120859-86c7-43a9-95a8-39d192193336/"
    "oRIX0HhjiYCniqz6vwtypvRupj2F_iZ-Rbqq7Eh5BJQ/>"
)
TEXTS = (
    "Forum",
    "참가가 확정되었습니다: 도시와 어린이청소년 교육",
    "Bring your ID to the 한국어 desk, please, and more words so that it is a long one",
    "제7회 세계인권도시포럼 " * 6 + "끝",
    "Berlin DST Congress " * 6 + "end",
    "S" * 120,
    "A short word, then " + "S" * 120,
    "two  blanks  and  𝒻our-byte 🎟️ letters",
    'Zoë "Q" O\'Brien, Jr. (<b>)',
    "100% = ?utf-8?q?not=20encoded?= \\ _ =",
    "W" * 1200,
)


def mail(text: str) -> EmailMessage:
    message = with_calendar("x", "<p>x</p>", None, None, "", POLICY)
    message["From"] = str(Address(text, addr_spec="calendar@forum.example.org"))
    message["To"] = str(Address(text, addr_spec="kim@" + "long-label." * 12 + "example.org"))
    message["Reply-To"] = "questions@forum.example.org"
    message["Subject"] = text
    message["Message-ID"] = "<79b0af8a-27ab-4888-9499-26b42b46ed68@" + "plenary." * 10 + "example.org>"
    message["List-Unsubscribe"] = UNSUBSCRIBE
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message
