"""Answers to an invitation in the shapes in which calendar programs send them.

Made by hand after RFC 5546 3.2.3 and RFC 6047, and after what maintainers of other products saw these programs send:
which parts there are and how they are encoded, which properties are left out, how parameters are ordered, folded and
quoted. All names and addresses are made up.
"""

from __future__ import annotations

from base64 import encodebytes
from collections.abc import Callable
from email.utils import make_msgid

ROBOT = "calendar@forum.example.org"
WORDS = {"ACCEPTED": "Accepted", "DECLINED": "Declined", "TENTATIVE": "Tentative"}
Shape = Callable[..., bytes]


def _crlf(text: str) -> bytes:
    return text.replace("\r\n", "\n").replace("\n", "\r\n").encode()


def _base64(text: str) -> str:
    return encodebytes(_crlf(text)).decode("ascii").rstrip("\n")


def google(*, uid: str, attendee: str, partstat: str, sender: str | None = None, extra: str = "") -> bytes:
    """Google Calendar: three alternatives and the file once more; sent by its own service on the person's behalf."""
    calendar = f"""BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:REPLY
BEGIN:VEVENT
DTSTART:20260914T010000Z
DTEND:20260914T023000Z
DTSTAMP:20260801T120000Z
ORGANIZER;CN=Forum:mailto:{ROBOT}
UID:{uid}
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={partstat};CN={attendee}
 ;X-NUM-GUESTS=0:mailto:{attendee}
X-GOOGLE-CALENDAR-CONTENT-TITLE:Cities and dignity
CREATED:20260701T120000Z
DESCRIPTION:Forum
LAST-MODIFIED:20260801T120000Z
LOCATION:Hall
SEQUENCE:0
STATUS:CONFIRMED
SUMMARY:Cities and dignity
TRANSP:OPAQUE
END:VEVENT
END:VCALENDAR
"""
    return _crlf(f"""MIME-Version: 1.0
Reply-To: {sender or attendee}
Sender: Google Calendar <calendar-notification@google.com>
Auto-Submitted: auto-generated
Message-ID: {make_msgid("calendar", "google.com")}
Date: Sat, 01 Aug 2026 12:00:00 +0000
Subject: {WORDS[partstat]}: Cities and dignity @ Mon 14 Sept 2026 10:00 - 11:30 (KST) ({ROBOT})
From: {sender or attendee}
To: {ROBOT}
{extra}Content-Type: multipart/mixed; boundary="0000000000008c5f1b05e2a1b2c3"

--0000000000008c5f1b05e2a1b2c3
Content-Type: multipart/alternative; boundary="0000000000008c5f1905e2a1b2c1"

--0000000000008c5f1905e2a1b2c1
Content-Type: text/plain; charset="UTF-8"; format=flowed; delsp=yes
Content-Transfer-Encoding: base64

{_base64(f"{attendee} has replied to this invitation.")}
--0000000000008c5f1905e2a1b2c1
Content-Type: text/html; charset="UTF-8"
Content-Transfer-Encoding: quoted-printable

<p>{attendee} has replied=2E</p>
--0000000000008c5f1905e2a1b2c1
Content-Type: text/calendar; charset="UTF-8"; method=REPLY
Content-Transfer-Encoding: 7bit

{calendar}
--0000000000008c5f1905e2a1b2c1--
--0000000000008c5f1b05e2a1b2c3
Content-Type: application/ics; name="invite.ics"
Content-Disposition: attachment; filename="invite.ics"
Content-Transfer-Encoding: base64

{_base64(calendar)}
--0000000000008c5f1b05e2a1b2c3--
""")


def exchange(*, uid: str, attendee: str, partstat: str, sender: str | None = None, extra: str = "") -> bytes:
    """Outlook through Exchange or Outlook.com: no ORGANIZER, capitals in MAILTO, a zone by its Windows name, base64."""
    calendar = f"""BEGIN:VCALENDAR
METHOD:REPLY
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
BEGIN:VTIMEZONE
TZID:Korea Standard Time
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:+0900
TZOFFSETTO:+0900
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T000000
TZOFFSETFROM:+0900
TZOFFSETTO:+0900
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
ATTENDEE;PARTSTAT={partstat};CN="Kim, Alice: (Gwangju)":MAILTO:{attendee.upper()}
COMMENT;LANGUAGE=ko-KR:참석하지 못합니다.\\n
UID:{uid}
SUMMARY;LANGUAGE=ko-KR:거절: Cities and dignity
DTSTART;TZID=Korea Standard Time:20260914T100000
DTEND;TZID=Korea Standard Time:20260914T113000
CLASS:PUBLIC
PRIORITY:5
DTSTAMP:20260801T120000Z
TRANSP:OPAQUE
STATUS:CONFIRMED
SEQUENCE:0
LOCATION;LANGUAGE=ko-KR:Hall
X-MICROSOFT-CDO-APPT-SEQUENCE:0
X-MICROSOFT-CDO-OWNERAPPTID:0
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
X-MICROSOFT-CDO-INTENDEDSTATUS:BUSY
X-MICROSOFT-CDO-ALLDAYEVENT:FALSE
X-MICROSOFT-CDO-IMPORTANCE:1
X-MICROSOFT-CDO-INSTTYPE:0
X-MICROSOFT-DISALLOW-COUNTER:FALSE
END:VEVENT
END:VCALENDAR
"""
    return _crlf(f"""From: =?utf-8?B?6rmA7JWo66as7Iqk?= <{sender or attendee}>
To: Forum <{ROBOT}>
Subject: =?utf-8?B?6rGw7KCIOiBDaXRpZXM=?=
Thread-Topic: Cities and dignity
Date: Sat, 1 Aug 2026 12:00:00 +0000
Message-ID: {make_msgid("SL2P216MB0001", "SL2P216MB0001.KORP216.PROD.OUTLOOK.COM")}
Accept-Language: ko-KR, en-US
Content-Language: ko-KR
X-MS-Has-Attach:
X-MS-TNEF-Correlator:
{extra}Content-Type: multipart/alternative;
\tboundary="_000_SL2P216MB0001A1B2C3D4E5F6SL2P216MB0001KORP_"
MIME-Version: 1.0

--_000_SL2P216MB0001A1B2C3D4E5F6SL2P216MB0001KORP_
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: base64


--_000_SL2P216MB0001A1B2C3D4E5F6SL2P216MB0001KORP_
Content-Type: text/html; charset="utf-8"
Content-Transfer-Encoding: quoted-printable

<html><body></body></html>

--_000_SL2P216MB0001A1B2C3D4E5F6SL2P216MB0001KORP_
Content-Type: text/calendar; charset="utf-8"; method=REPLY
Content-Transfer-Encoding: base64

{_base64(calendar)}

--_000_SL2P216MB0001A1B2C3D4E5F6SL2P216MB0001KORP_--
""")


def apple(*, uid: str, attendee: str, partstat: str, sender: str | None = None, extra: str = "") -> bytes:
    """Calendar of macOS through Mail: text and calendar side by side, the file named iCal-..."""
    calendar = f"""BEGIN:VCALENDAR
CALSCALE:GREGORIAN
METHOD:REPLY
PRODID:-//Apple Inc.//macOS 14.5//EN
VERSION:2.0
BEGIN:VTIMEZONE
TZID:Asia/Seoul
BEGIN:STANDARD
DTSTART:19881009T030000
TZNAME:KST
TZOFFSETFROM:+1000
TZOFFSETTO:+0900
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
ATTENDEE;CN="Alice Kim";CUTYPE=INDIVIDUAL;EMAIL="{attendee}";PARTSTAT={partstat}:m
 ailto:{attendee}
DTEND;TZID=Asia/Seoul:20260914T113000
DTSTAMP:20260801T120000Z
DTSTART;TZID=Asia/Seoul:20260914T100000
LAST-MODIFIED:20260801T120000Z
ORGANIZER;CN="Forum":mailto:{ROBOT}
SEQUENCE:0
SUMMARY:Cities and dignity
UID:{uid}
END:VEVENT
END:VCALENDAR
"""
    return _crlf(f"""From: Alice Kim <{sender or attendee}>
Content-Type: multipart/alternative;
 boundary="Apple-Mail=_3B1C2D4E-0A1B-4C2D-8E3F-5A6B7C8D9E0F"
Mime-Version: 1.0 (Mac OS X Mail 16.0 \\(3774.600.62\\))
Subject: {WORDS[partstat]}: Cities and dignity
Message-Id: {make_msgid("3B1C2D4E", "example.net")}
Date: Sat, 1 Aug 2026 21:00:00 +0900
To: Forum <{ROBOT}>
X-Mailer: Apple Mail (2.3774.600.62)
{extra}
--Apple-Mail=_3B1C2D4E-0A1B-4C2D-8E3F-5A6B7C8D9E0F
Content-Transfer-Encoding: 7bit
Content-Type: text/plain;
\tcharset=us-ascii

Alice Kim has replied to your invitation.
--Apple-Mail=_3B1C2D4E-0A1B-4C2D-8E3F-5A6B7C8D9E0F
Content-Transfer-Encoding: quoted-printable
Content-Disposition: attachment; filename=iCal-20260801-210000.ics
Content-Type: text/calendar; method=REPLY; charset=utf-8; name="iCal-20260801-210000.ics"

{calendar.replace("=", "=3D")}
--Apple-Mail=_3B1C2D4E-0A1B-4C2D-8E3F-5A6B7C8D9E0F--
""")


def thunderbird(*, uid: str, attendee: str, partstat: str, sender: str | None = None, extra: str = "") -> bytes:
    """Thunderbird: mixed(alternative(text, calendar), invite.ics), eight-bit."""
    calendar = f"""BEGIN:VCALENDAR
PRODID:-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN
VERSION:2.0
METHOD:REPLY
BEGIN:VEVENT
CREATED:20260701T120000Z
LAST-MODIFIED:20260801T120000Z
DTSTAMP:20260801T120000Z
UID:{uid}
SUMMARY:도시와 존엄 🏙
ORGANIZER;CN=Forum:mailto:{ROBOT}
ATTENDEE;CN=김앨리스;PARTSTAT={partstat};RSVP=FALSE;ROLE=REQ-PARTICIPANT;CUTYPE=INDIVIDUA
 L:mailto:{attendee}
DTSTART;TZID=Asia/Seoul:20260914T100000
DTEND;TZID=Asia/Seoul:20260914T113000
SEQUENCE:0
TRANSP:OPAQUE
X-MOZ-RECEIVED-SEQUENCE:0
X-MOZ-RECEIVED-DTSTAMP:20260701T120000Z
END:VEVENT
END:VCALENDAR
"""
    return _crlf(f"""Message-ID: {make_msgid("7d2c9a10", "example.net")}
Date: Sat, 1 Aug 2026 21:00:00 +0900
MIME-Version: 1.0
User-Agent: Mozilla Thunderbird
From: {sender or attendee}
To: {ROBOT}
Subject: {WORDS[partstat]} the invitation to Cities and dignity
{extra}Content-Type: multipart/mixed;
 boundary="------------CALENDARbcd4f0a1"

--------------CALENDARbcd4f0a1
Content-type: multipart/alternative;
 boundary="------------CALENDARe5f60718"

--------------CALENDARe5f60718
Content-type: text/plain; charset=UTF-8
Content-transfer-encoding: 8BIT

김앨리스 has replied to your event invitation.

--------------CALENDARe5f60718
Content-type: text/calendar; method=REPLY; charset=UTF-8
Content-transfer-encoding: 8BIT

{calendar}
--------------CALENDARe5f60718--

--------------CALENDARbcd4f0a1
Content-type: application/ics; name="invite.ics"
Content-transfer-encoding: 8BIT
Content-disposition: attachment; filename="invite.ics"

{calendar}
--------------CALENDARbcd4f0a1--
""")


def evolution(*, uid: str, attendee: str, partstat: str, sender: str | None = None, extra: str = "") -> bytes:
    """Evolution: the calendar part is the whole mail, parameters in capitals and quoted."""
    calendar = f"""BEGIN:VCALENDAR
CALSCALE:GREGORIAN
PRODID:-//Ximian//NONSGML Evolution Calendar//EN
VERSION:2.0
METHOD:REPLY
BEGIN:VEVENT
UID:{uid}
DTSTAMP:20260801T120000Z
DTSTART;TZID=/freeassociation.sourceforge.net/Asia/Seoul:20260914T100000
DTEND;TZID=/freeassociation.sourceforge.net/Asia/Seoul:20260914T113000
ORGANIZER;CN=Forum:MAILTO:{ROBOT}
SUMMARY:Cities and dignity
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={partstat};RSVP=TRUE;CN=
 "Kim; Alice";LANGUAGE=en:MAILTO:{attendee}
SEQUENCE:0
END:VEVENT
END:VCALENDAR
"""
    return _crlf(f"""Message-ID: {make_msgid("f3a9", "laptop")}
Subject: {WORDS[partstat]}: Cities and dignity
From: Alice Kim <{sender or attendee}>
To: {ROBOT}
Date: Sat, 01 Aug 2026 21:00:00 +0900
{extra}Content-Type: text/calendar; name="meeting.ics"; charset="utf-8"; METHOD="REPLY"
Content-Transfer-Encoding: quoted-printable
MIME-Version: 1.0
User-Agent: Evolution 3.46.4

{calendar.replace("=", "=3D")}""")


SHAPES: dict[str, Shape] = {
    "google": google, "exchange": exchange, "apple": apple, "thunderbird": thunderbird, "evolution": evolution,
}  # fmt: skip
