"""Handing one mail to the mail server, and what its answer means for the mail and for the rest of the batch."""

from __future__ import annotations

import re
import smtplib
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from time import monotonic
from types import TracebackType

from django.core.mail.backends.smtp import EmailBackend

from notifications.delivery.smtp_codes import no_mailbox

# "Service not available, closing transmission channel" (RFC 5321 4.2.3): it says nothing about this mail.
CLOSING = 421
# With the SIZE extension MAIL FROM is where a mail that is too big is refused (RFC 1870 6.1).
TOO_BIG = 552
GO_ON = 354
# All steps of one mail together. It must be over before the lease of whoever sends it is (claims.LEASE).
MAIL_SECONDS = 20.0
# Many servers close a connection after a hundred mails or so; then this one asks first.
MAILS_PER_CONNECTION = 100
GOODBYE_SECONDS = 2.0
_LEADING_DOT = re.compile(rb"(?m)^\.")


class Outcome(StrEnum):
    """`deferred`: try this mail again later. `refused`: never again. `unknown`: it may have arrived."""

    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Answer:
    """What became of one mail.

    `broken` says that the connection cannot carry the next one; `no_mailbox` that the address takes no mail at all.
    """

    outcome: Outcome
    text: str
    broken: bool = False
    no_mailbox: bool = False


class MailServerAwayError(Exception):
    """The server cannot be reached, or refuses us rather than a recipient. No mail is to blame."""


class Carrier:
    """Mails for the mail server of the settings; use as a context manager. It connects when the first mail is sent."""

    def __init__(self) -> None:
        self._backend = EmailBackend()
        self._carried = 0

    def __enter__(self) -> Carrier:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def connect(self) -> None:
        """See to it that there is a connection. Raises `MailServerAwayError` when there is none to be had."""
        if self._carried >= MAILS_PER_CONNECTION:
            self._end()
        try:
            self._backend.open()
            self._server.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise MailServerAwayError(f"{type(error).__name__}: {error}") from error

    def prove(self) -> None:
        """See to it that the server at the other end is still alive. Raises `MailServerAwayError` when it is not."""
        self.connect()
        try:
            code, text = self._server.noop()
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise MailServerAwayError(f"{type(error).__name__}: {error}") from error
        if code == CLOSING:
            self._drop()
            raise MailServerAwayError(_said(code, text))

    def send(self, sender: str, recipient: str, message: EmailMessage) -> Answer:
        """Hand over one mail. Raises `MailServerAwayError` when the server refuses us, whoever the recipient."""
        self.connect()
        self._carried += 1
        try:
            answer = _Handing(self._server, self._backend.timeout).hand_over(sender, recipient, message.as_bytes())
        except MailServerAwayError:
            self._drop()
            raise
        if answer.broken:
            self._drop()
        return answer

    @property
    def _server(self) -> smtplib.SMTP:
        server: smtplib.SMTP | None = self._backend.connection
        if server is None:
            raise MailServerAwayError("The connection is closed.")
        return server

    def _end(self) -> None:
        """Say goodbye, where there is a connection. Every mail has had its answer: nobody is hurt if this fails."""
        if self._backend.connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                if self._server.sock is not None:
                    self._server.sock.settimeout(GOODBYE_SECONDS)
                self._server.quit()
            self._drop()

    def _drop(self) -> None:
        """Forget the connection without a word: one that is broken would wait for an answer that does not come."""
        if self._backend.connection is not None:
            self._backend.connection.close()
            self._backend.connection = None
        self._carried = 0


class _Handing:
    """The dialogue about one mail (RFC 5321 3.3), step by step: only after the last one it may have arrived."""

    def __init__(self, server: smtplib.SMTP, step_seconds: float | None) -> None:
        self._server = server
        self._step_seconds = step_seconds or MAIL_SECONDS
        self._until = monotonic() + MAIL_SECONDS

    def hand_over(self, sender: str, recipient: str, message: bytes) -> Answer:
        try:
            return self._up_to_data(sender, recipient, message) or self._data(message)
        except (OSError, smtplib.SMTPException) as error:
            # Without the line that ends it the server must throw the mail away (RFC 5321 4.1.1.4): it has not arrived.
            return Answer(Outcome.DEFERRED, f"{type(error).__name__}: {error}", broken=True)

    def _up_to_data(self, sender: str, recipient: str, message: bytes) -> Answer | None:
        """Sender, recipient and DATA; the answer of whichever is refused."""
        self._allow_time()
        code, text = self._server.mail(sender, self._options(message))
        if code == TOO_BIG:
            return self._refusal(code, text)
        if not _is_fine(code):
            # The same for every mail we send: a full disk, a limit of the account, a setting that is wrong.
            self._after_refusal(code)
            raise MailServerAwayError(_said(code, text))
        self._allow_time()
        code, text = self._server.rcpt(recipient)
        if not _is_fine(code):
            return self._refusal(code, text)
        self._allow_time()
        code, text = self._server.docmd("DATA")
        return None if code == GO_ON else self._refusal(code, text)

    def _data(self, message: bytes) -> Answer:
        """The mail itself. From the moment all of it has been handed to the system it may arrive."""
        body = _LEADING_DOT.sub(b"..", message)
        self._allow_time()
        self._server.send(body + (b".\r\n" if body.endswith(b"\r\n") else b"\r\n.\r\n"))
        self._allow_time()
        try:
            code, text = self._server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            return Answer(Outcome.UNKNOWN, f"{type(error).__name__}: {error}", broken=True)
        return Answer(Outcome.SENT, "") if _is_fine(code) else self._refusal(code, text)

    def _refusal(self, code: int, text: bytes) -> Answer:
        broken = not self._after_refusal(code)
        permanent = 500 <= code < 600
        said = _said(code, text)
        return Answer(
            Outcome.REFUSED if permanent else Outcome.DEFERRED, said, broken, permanent and no_mailbox(code, said)
        )

    def _after_refusal(self, code: int) -> bool:
        """Make the connection ready for the next mail; return whether it is."""
        if code in (CLOSING, -1):
            return False
        self._allow_time()
        try:
            return _is_fine(self._server.rset()[0])
        except (OSError, smtplib.SMTPException):
            return False

    def _options(self, message: bytes) -> list[str]:
        options = [f"size={len(message)}"] if self._server.has_extn("size") else []
        if not message.isascii() and self._server.has_extn("8bitmime"):
            options.append("body=8bitmime")
        return options

    def _allow_time(self) -> None:
        """Give the next step the time a step has, but no more than is left of the mail's."""
        if self._server.sock is not None:
            self._server.sock.settimeout(max(min(self._step_seconds, self._until - monotonic()), 0.001))


def _is_fine(code: int) -> bool:
    return 200 <= code < 300


def _said(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {words}"[:500]
