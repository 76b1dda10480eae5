"""Reports about a mail to ana@example.org, in the shapes that mail servers give them. `{id}` is its Message-ID."""

from __future__ import annotations

from base64 import encodebytes
from collections.abc import Callable

ID = b"<%s@forum.example.org>"
Sample = Callable[[str], bytes]


def with_id(raw: bytes) -> Sample:
    """Lines as they travel; the Message-ID of the mail that came back where it says {id}."""
    return lambda uid: raw.replace(b"{id}", ID % uid.encode()).replace(b"\n", b"\r\n")


def dsn(fields: bytes, *, copy: bytes = b"", head: bytes = b"", text: bytes = b"It came back.\n") -> Sample:
    """A report of three parts, as RFC 3462 has it."""
    copy = copy or b"Content-Type: message/rfc822\n\nMessage-ID: {id}\nSubject: x\n\nHello\n"
    head = head or b'Content-Type: multipart/report; report-type=delivery-status; boundary="b=_1"\n'
    return with_id(
        b"From: MAILER-DAEMON@mx.example.org\nSubject: Undelivered\nMIME-Version: 1.0\nReturn-Path: <>\n"
        + head
        + b"\n--b=_1\nContent-Type: text/plain\n\n"
        + text
        + b"\n--b=_1\n"
        + fields
        + b"\n--b=_1\n"
        + copy
        + b"\n--b=_1--\n"
    )


def prose(head: bytes, text: bytes) -> Sample:
    return with_id(head + b"\n" + text)


def encoded(types: bytes, content: bytes) -> Sample:
    """A part in base64; only what is inside knows the Message-ID."""
    return lambda uid: types + b"Content-Transfer-Encoding: base64\r\n\r\n" + encodebytes(with_id(content)(uid))


STATUS = b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n"
GONE = STATUS + (
    b"Final-Recipient: rfc822; ana@example.org\nAction: failed\nStatus: 5.1.1\n"
    b"Diagnostic-Code: smtp; 550 5.1.1 User unknown\n"
)
EXIM = """\
From: Mail Delivery System <Mailer-Daemon@mx.example.org>
To: calendar@forum.example.org
X-Failed-Recipients: ana@example.org
Auto-Submitted: auto-replied
Subject: Mail delivery failed: returning message to sender
"""
EXIM_TEXT = """\
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  ana@example.org
    host mx2.example.org [192.0.2.25]
    SMTP error from remote mail server after RCPT TO:<ana@example.org>:
    {said}

------ This is a copy of the message, including all the headers. ------

Return-path: <calendar@forum.example.org>
Message-ID: {{id}}
Subject: Room 550 5.1.1

Hello
"""


def exim(said: str) -> Sample:
    return prose(EXIM.encode(), EXIM_TEXT.format(said=said).encode())


def korean() -> Sample:
    """A Korean provider: prose in EUC-KR, packed, the mail attached. Its own code stands in brackets."""
    text = "메일이 전송되지 않았습니다.\n받는 사람: ana@example.org\n사유: 존재하지 않는 사용자입니다. (550 unknown)\n"
    subject = encodebytes("[발송 실패 안내] 메일이 전송되지 못했습니다".encode("euc-kr")).replace(b"\n", b"")
    return with_id(
        b"From: =?euc-kr?B?" + encodebytes("메일 관리자".encode("euc-kr")).strip() + b"?= <postmaster@example.kr>\n"
        b"Subject: =?euc-kr?B?" + subject + b"?=\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n"
        b'--x\nContent-Type: text/plain; charset="ks_c_5601-1987"\nContent-Transfer-Encoding: base64\n\n'
        + encodebytes(text.encode("euc-kr"))
        + b"\n--x\nContent-Type: message/rfc822\n\nMessage-ID: {id}\nSubject: x\n\nHello\n--x--\n"
    )


def in_base64() -> Sample:
    """A gateway that packs every part, which RFC 3464 does not allow for reports and RFC 2046 not for mails."""
    fields, copy = GONE.partition(b"\n\n")[2], b"Message-ID: {id}\nSubject: x\n\nHello\n"

    def write(uid: str) -> bytes:
        return dsn(
            encoded(b"Content-Type: message/delivery-status\r\n", fields)(uid),
            copy=encoded(b"Content-Type: message/rfc822\r\n", copy)(uid),
        )(uid).replace(b"\r\r", b"\r")

    return write


# What each is, what it does, and what organizers read.
SAMPLES: dict[str, tuple[Sample, str, str]] = {
    "Postfix": (
        dsn(
            STATUS + b"X-Postfix-Queue-ID: 4F1\n\nFinal-Recipient: rfc822; ana@example.org\n"
            b"Original-Recipient: rfc822;ana@example.org\nAction: failed\nStatus: 5.1.1\n"
            b"Remote-MTA: dns; mx2.example.org\nDiagnostic-Code: smtp; 550 5.1.1 <ana@example.org>: Recipient address\n"
            b"    rejected: User unknown in virtual mailbox table\n",
            copy=b"Content-Type: text/rfc822-headers\n\nReceived: from x\nMessage-ID: {id}\n",
        ),
        "bounce-suppressed",
        "550 5.1.1 <ana@example.org>: Recipient address rejected: User unknown in virtual mailbox table",
    ),
    "Exim in fields, whose own status says nothing": (
        dsn(
            STATUS + b"Action: failed\nFinal-Recipient: rfc822;ana@example.org\nStatus: 5.0.0\n"
            b"Remote-MTA: dns; mx2.example.org\nDiagnostic-Code: smtp; 550-5.1.1 The email account does not exist.\n"
            b" 550 5.1.1 Please try again.\n"
        ),
        "bounce-suppressed",
        "5.0.0 550-5.1.1 The email account does not exist. 550 5.1.1 Please try again.",
    ),
    "Exim in prose": (
        exim("550 5.1.1 <ana@example.org> User unknown"),
        "bounce-suppressed",
        "550 5.1.1 <ana@example.org> User unknown",
    ),
    "Exim in prose, a full mailbox": (exim("552 5.2.2 Over quota"), "bounce-failed", "552 5.2.2 Over quota"),
    "Exim in prose, its own reason without a code": (
        prose(EXIM.encode(), EXIM_TEXT.format(said="Unrouteable address").encode()),
        "bounce-failed",
        "no reason is given",
    ),
    "Exim warns": (
        prose(
            b"From: Mailer-Daemon@mx.example.org\nSubject: Warning: message 1abc delayed 24 hours\n",
            b"The address to which the message has not yet been delivered is:\n\n  ana@example.org\n"
            b"    451 4.3.0 Try later\n\nMessage-ID: {id}\n",
        ),
        "bounce-delayed",
        "451 4.3.0 Try later",
    ),
    "qmail": (
        prose(
            b"From: MAILER-DAEMON@mail.example.org\nSubject: failure notice\n",
            b"Hi. This is the qmail-send program at mail.example.org.\n\n<ana@example.org>:\n192.0.2.25 does not like\n"
            b"recipient.\nRemote host said: 550 sorry, no mailbox here by that name\nGiving up on 192.0.2.25.\n\n"
            b"--- Below this line is a copy of the message.\n\nReturn-Path: <calendar@forum.example.org>\n"
            b"Message-ID: {id}\n\nHello\n",
        ),
        "bounce-suppressed",
        "Remote host said: 550 sorry, no mailbox here by that name Giving up on 192.0.2.25.",
    ),
    "Exchange": (
        dsn(
            b"Content-Type: message/delivery-status\n\nReporting-MTA: dns;EX1.example.org\nReceived-From-MTA: dns;a.b\n"
            b"Arrival-Date: Mon, 1 Jun 2026 01:00:00 +0000\n\nFinal-Recipient: rfc822;ANA@EXAMPLE.ORG\nAction: failed\n"
            b"Status: 5.1.10\nDiagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by\n"
            b" SMTP address lookup\nX-Display-Name: Ana\n"
        ),
        "bounce-suppressed",
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
    ),
    "Exchange for a server that took us for a spammer": (
        dsn(
            STATUS + b"Final-Recipient: rfc822;ana@example.org\nAction: failed\nStatus: 5.1.0\n"
            b"Diagnostic-Code: smtp;550 5.7.1 Message rejected as spam\n"
        ),
        "bounce-failed",
        "5.1.0 550 5.7.1 Message rejected as spam",
    ),
    "a Korean provider": (
        korean(),
        "bounce-suppressed",
        "사유: 존재하지 않는 사용자입니다. (550 unknown)",
    ),
    "Korean words in bare EUC-KR": (
        dsn(
            STATUS + b"Final-Recipient: rfc822;ana@example.org\nAction: failed\nStatus: 5.0.0\n"
            b"Diagnostic-Code: smtp; " + "550 존재하지 않는 계정입니다".encode("euc-kr") + b"\n"
        ),
        "bounce-suppressed",
        "5.0.0 550 존재하지 않는 계정입니다",
    ),
    "Korean words, encoded": (
        dsn(
            STATUS + b"Final-Recipient: rfc822;ana@example.org\nAction: failed\nStatus: 5.2.2\n"
            b"Diagnostic-Code: =?utf-8?B?" + encodebytes("smtp; 552 편지함이 가득 찼습니다".encode()).strip() + b"?=\n"
        ),
        "bounce-failed",
        "5.2.2 552 편지함이 가득 찼습니다",
    ),
    "fields in UTF-8 (RFC 6533)": (
        dsn(
            GONE.replace(b"message/delivery-status", b"message/global-delivery-status").replace(b"rfc822;", b"utf-8;"),
            copy=b"Content-Type: message/global-headers\n\nMessage-ID: {id}\nSubject: \xea\xb0\x80\n",
        ),
        "bounce-suppressed",
        "550 5.1.1 User unknown",
    ),
    "every part in base64": (in_base64(), "bounce-suppressed", "550 5.1.1 User unknown"),
    "no report type, and cut off in the copy": (
        lambda uid: dsn(GONE, head=b'Content-Type: multipart/report; boundary="b=_1"\n')(uid).partition(b"Subject: x")[
            0
        ],
        "bounce-suppressed",
        "550 5.1.1 User unknown",
    ),
    "multipart/mixed with a report in it": (
        dsn(GONE, head=b'Content-Type: multipart/mixed; boundary="b=_1"\n'),
        "bounce-suppressed",
        "550 5.1.1 User unknown",
    ),
    "control characters": (
        dsn(GONE.replace(b"User unknown", b"User\0 \x1bunknown\x07")),
        "bounce-suppressed",
        "550 5.1.1 User unknown",
    ),
    "several people, ours in the middle": (
        dsn(
            STATUS + b"Final-Recipient: rfc822; bob@example.org\nAction: failed\nStatus: 5.1.1\n\n"
            b"Final-Recipient: rfc822; ana@example.org\nAction: delayed\nStatus: 4.4.1\n"
            b"Diagnostic-Code: smtp; 451 later\n\n"
            b"Final-Recipient: rfc822; eve@example.org\nAction: failed\nStatus: 5.1.1\n"
        ),
        "bounce-delayed",
        "4.4.1 451 later",
    ),
}
COPY = b"Message-ID: {id}\n"
# None of these says that a mail did not arrive.
NO_REPORTS: dict[str, Sample] = {
    "a person who quotes a refused mail": prose(
        b"From: Ana <ana@example.org>\nSubject: Re: x\n", b"I got 550 5.1.1 User unknown for:\n\n> " + COPY + COPY
    ),
    "a robot that tells no refusal": prose(b"From: postmaster@example.org\nSubject: Quarantine\n", b"Held:\n\n" + COPY),
    "a robot about somebody else's mail": prose(
        b"From: postmaster@example.org\nSubject: failed\n", b"550 5.1.1 User unknown\n\nMessage-ID: <1@example.org>\n"
    ),
    "a receipt": dsn(
        b"Content-Type: message/disposition-notification\n\nDisposition: automatic-action/MDN-sent; displayed\n",
        head=b'Content-Type: multipart/report; report-type=disposition-notification; boundary="b=_1"\n',
    ),
    "a complaint": dsn(
        b"Content-Type: message/feedback-report\n\nFeedback-Type: abuse\n",
        head=b'Content-Type: multipart/report; report-type=feedback-report; boundary="b=_1"\n',
    ),
}
