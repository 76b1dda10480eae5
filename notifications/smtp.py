"""Handing one mail to the mail server, and what its answer means for the mail and for the rest of the batch."""

from __future__ import annotations

import logging
import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from types import TracebackType

from django.core.mail.backends.smtp import EmailBackend

logger = logging.getLogger(__name__)
# "Service not available, closing transmission channel" (RFC 5321 4.2.3): it says nothing about this mail.
CLOSING = 421
# With the SIZE extension MAIL FROM is where a mail that is too big is refused (RFC 1870 6.1).
TOO_BIG = 552


class Outcome(StrEnum):
    """`deferred`: try this mail again later. `refused`: never again."""

    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"


@dataclass(frozen=True)
class Answer:
    """What became of one mail. `broken` says that the connection cannot carry the next one."""

    outcome: Outcome
    text: str
    broken: bool = False


class MailServerAwayError(Exception):
    """The server cannot be reached, or refuses us rather than a recipient. No mail is to blame."""


class Carrier:
    """One connection to the mail server of the settings; use as a context manager.

    Entering raises `MailServerAwayError` when there is no connection to be had.
    """

    def __init__(self) -> None:
        self._backend = EmailBackend()
        self._broken = False

    def __enter__(self) -> Carrier:
        try:
            self._backend.open()
        except (OSError, smtplib.SMTPException) as error:
            raise MailServerAwayError(f"{type(error).__name__}: {error}") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._broken and self._backend.connection is not None:
            self._backend.connection.close()  # QUIT would wait for an answer that does not come
            self._backend.connection = None
        self._backend.fail_silently = True
        self._backend.close()

    def send(self, sender: str, recipient: str, message: EmailMessage) -> Answer:
        """Hand over one mail. Raises `MailServerAwayError` when the server refuses us, whoever the recipient."""
        server = self._backend.connection
        if server is None or self._broken:
            raise MailServerAwayError("The connection is closed.")
        answer = self._send(server, sender, recipient, message.as_bytes())
        self._broken = answer.broken
        return answer

    @staticmethod
    def _send(server: smtplib.SMTP, sender: str, recipient: str, message: bytes) -> Answer:
        try:
            server.sendmail(sender, [recipient], message)
        except smtplib.SMTPSenderRefused as error:
            if error.smtp_code == TOO_BIG:
                return _answer(error.smtp_code, error.smtp_error)
            # The same for every mail we send: a full disk, a limit of the account, a setting that is wrong.
            raise MailServerAwayError(_said(error.smtp_code, error.smtp_error)) from error
        except smtplib.SMTPRecipientsRefused as error:
            (code, text), *_ = error.recipients.values()
            return _answer(code, text)
        except smtplib.SMTPResponseException as error:
            return _answer(error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            # No answer: the server may or may not have taken the mail. It goes again, with the same Message-ID.
            return Answer(Outcome.DEFERRED, f"{type(error).__name__}: {error}", broken=True)
        return Answer(Outcome.SENT, "")


def _answer(code: int, text: bytes | str) -> Answer:
    permanent = 500 <= code < 600
    return Answer(Outcome.REFUSED if permanent else Outcome.DEFERRED, _said(code, text), broken=code in (CLOSING, -1))


def _said(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {words}"[:500]
