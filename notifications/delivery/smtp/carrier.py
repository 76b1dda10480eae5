"""Handing one mail to the mail server, and what its answer means for the mail and for the rest of the batch."""

from __future__ import annotations

import re
import smtplib
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from time import monotonic

from django.core.mail.backends.smtp import EmailBackend

from notifications.delivery.smtp import capabilities
from notifications.delivery.smtp.codes import no_mailbox

# "Service not available, closing transmission channel" (RFC 5321 4.2.3): it says nothing about this mail.
CLOSING = 421
# With the SIZE extension MAIL FROM is where a mail that is too big is refused (RFC 1870 6.1).
TOO_BIG = 552
FINE, GO_ON = range(200, 300), 354
# All steps of one mail together. It must be over before the lease of whoever sends it is (leases.LEASE).
MAIL_SECONDS = 20.0
# Many servers close a connection after a hundred mails or so; then this one asks first.
MAILS_PER_CONNECTION = 100
GOODBYE_SECONDS = 2.0
# The extension that carries addresses with letters beyond ASCII before the @ (RFC 6531).
SMTPUTF8 = "smtputf8"
# What organizers read of a mail to an address that the server does not take any more, or on this connection.
NOT_ASCII = "not sent: the mail server takes no address with letters beyond a to z before the @ (SMTPUTF8)"
_LEADING_DOT = re.compile(rb"(?m)^\.")


class SmtpOutcome(StrEnum):
    """`deferred`: try this mail again later. `refused`: never again. `unknown`: it may have arrived."""

    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class SmtpReply:
    """What became of one mail.

    `broken` says that the connection cannot carry the next one; `no_mailbox` that the address takes no mail at all.
    """

    outcome: SmtpOutcome
    text: str
    broken: bool = False
    no_mailbox: bool = False


class MailServerAwayError(Exception):
    """The server cannot be reached, or refuses us rather than a recipient. No mail is to blame."""


class Carrier:
    """Mails for the mail server of the settings. It connects when the first mail is sent; `close` it in the end."""

    def __init__(self) -> None:
        self._backend = EmailBackend()
        self._carried = 0

    def connect(self, *, prove: bool = False) -> smtplib.SMTP:
        """See to it that there is a connection and, to `prove` it, that the server at the other end is still alive.

        Raises `MailServerAwayError` when there is none to be had.
        """
        if self._carried >= MAILS_PER_CONNECTION:
            self.close()
        try:
            new = self._backend.open()
            server = self._backend.connection
            if server is None:
                raise smtplib.SMTPServerDisconnected("The connection is closed.")
            server.ehlo_or_helo_if_needed()
            if new:
                capabilities.note(utf8=server.has_extn(SMTPUTF8))
            code, text = server.noop() if prove else (GO_ON, b"")
        except (OSError, smtplib.SMTPException) as error:
            self.close(goodbye=False)
            raise MailServerAwayError(f"{type(error).__name__}: {error}") from error
        if code == CLOSING:
            self.close(goodbye=False)
            raise MailServerAwayError(_said(code, text))
        return server

    def send(self, sender: str, recipient: str, message: EmailMessage) -> SmtpReply:
        """Hand over one mail. Raises `MailServerAwayError` when the server refuses us, whoever the recipient."""
        server, step_seconds = self.connect(), self._backend.timeout or MAIL_SECONDS
        self._carried += 1
        try:
            dialogue = _Dialogue(server, step_seconds, until=monotonic() + MAIL_SECONDS)
            answer = dialogue.hand_over(sender, recipient, message.as_bytes())
        except MailServerAwayError:
            self.close(goodbye=False)
            raise
        if answer.broken:
            self.close(goodbye=False)
        return answer

    def close(self, *, goodbye: bool = True) -> None:
        """Forget the connection; with a `goodbye`, for which a broken one would wait for an answer in vain."""
        server: smtplib.SMTP | None = self._backend.connection
        if server is not None:
            if goodbye:
                # Every mail has had its answer: nobody is hurt if this fails.
                with suppress(OSError, smtplib.SMTPException):
                    if server.sock is not None:
                        server.sock.settimeout(GOODBYE_SECONDS)
                    server.quit()
            server.close()
            self._backend.connection = None
        self._carried = 0


@dataclass(frozen=True)
class _Dialogue:
    """The dialogue about one mail (RFC 5321 3.3), step by step: only after the last one it may have arrived."""

    server: smtplib.SMTP
    step_seconds: float
    # When all of it must be over, on the monotonic clock.
    until: float

    def hand_over(self, sender: str, recipient: str, message: bytes) -> SmtpReply:
        """Raises `MailServerAwayError` when the server takes no mail from this sender."""
        options = [f"size={len(message)}"] if self.server.has_extn("size") else []
        if not message.isascii() and self.server.has_extn("8bitmime"):
            options.append("body=8bitmime")
        if not recipient.isascii():
            if not self.server.has_extn(SMTPUTF8):
                # Nothing was begun: the connection is as it was (RFC 6531 3.1 forbids to send it all the same).
                return SmtpReply(SmtpOutcome.REFUSED, NOT_ASCII)
            options.append(SMTPUTF8)
        body = _LEADING_DOT.sub(b"..", message)
        try:
            self._allow_time()
            code, text = self.server.mail(sender, options)
            if code not in FINE and code != TOO_BIG:
                # The same for every mail we send: a full disk, a limit of the account, a setting that is wrong.
                self._is_ready_after(code)
                raise MailServerAwayError(_said(code, text))
            if code in FINE:
                self._allow_time()
                code, text = self.server.rcpt(recipient)
            if code in FINE:
                self._allow_time()
                code, text = self.server.docmd("DATA")
            if code != GO_ON:
                return self._refusal(code, text)
            self._allow_time()
            self.server.send(body + (b".\r\n" if body.endswith(b"\r\n") else b"\r\n.\r\n"))
        except (OSError, smtplib.SMTPException) as error:
            # Without the line that ends it the server must throw the mail away (RFC 5321 4.1.1.4): it has not arrived.
            return SmtpReply(SmtpOutcome.DEFERRED, f"{type(error).__name__}: {error}", broken=True)
        # From the moment all of it has been handed to the system it may arrive.
        try:
            self._allow_time()
            code, text = self.server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            return SmtpReply(SmtpOutcome.UNKNOWN, f"{type(error).__name__}: {error}", broken=True)
        return SmtpReply(SmtpOutcome.SENT, "") if code in FINE else self._refusal(code, text)

    def _refusal(self, code: int, text: bytes) -> SmtpReply:
        broken = not self._is_ready_after(code)
        permanent = 500 <= code < 600
        said = _said(code, text)
        return SmtpReply(
            SmtpOutcome.REFUSED if permanent else SmtpOutcome.DEFERRED,
            said,
            broken,
            permanent and no_mailbox(code, said),
        )

    def _is_ready_after(self, code: int) -> bool:
        """Make the connection ready for the next mail after a refusal; return whether it is."""
        if code in (CLOSING, -1):
            return False
        self._allow_time()
        try:
            return self.server.rset()[0] in FINE
        except (OSError, smtplib.SMTPException):
            return False

    def _allow_time(self) -> None:
        """Give the next step the time a step has, but no more than is left of the mail's."""
        if self.server.sock is not None:
            self.server.sock.settimeout(max(min(self.step_seconds, self.until - monotonic()), 0.001))


def _said(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {words}"[:500]
