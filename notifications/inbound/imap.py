"""The few words of IMAP (RFC 3501, 6851, 4315) that emptying a mailbox takes."""

from __future__ import annotations

import imaplib
import re
import ssl
from dataclasses import dataclass
from types import TracebackType
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from notifications.inbound.incoming import MAX_BYTES

TIMEOUT_SECONDS = 20
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class MailboxAwayError(Exception):
    """The IMAP server cannot be reached, refuses us, or said something we cannot work with."""


@dataclass(frozen=True)
class Account:
    """Where the mailbox is. `tls` is "imaps" (from the start), "starttls" or "none" (this machine only)."""

    host: str
    port: int
    user: str
    password: str
    folder: str
    tls: str


_SCHEMES = {"imaps": ("imaps", 993), "imap+tls": ("starttls", 143), "imap": ("none", 143)}


def account(url: str) -> Account:
    """An account from imaps://user:password@host:993/INBOX; raises ImproperlyConfigured saying what is wrong."""
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES or not parts.hostname or not parts.username or not parts.password:
        raise ImproperlyConfigured("IMAP_URL must look like imaps://user:password@host:993/INBOX (or imap+tls://).")
    tls, port = _SCHEMES[parts.scheme]
    if tls == "none" and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
        raise ImproperlyConfigured("IMAP_URL: imap:// sends the password in the clear; use imaps:// or imap+tls://.")
    folder = unquote(parts.path.strip("/")) or "INBOX"
    return Account(parts.hostname, parts.port or port, unquote(parts.username), unquote(parts.password), folder, tls)


class Mailbox:
    """A connection with the mailbox open; use as a context manager."""

    def __init__(self, where: Account, *, handled: str, aside: str) -> None:
        self._where, self._folders = where, {False: handled, True: aside}
        self._server: imaplib.IMAP4 | None = None

    @classmethod
    def of_settings(cls) -> Mailbox:
        """The mailbox of IMAP_URL, which must be set."""
        return cls(
            account(settings.IMAP_URL or ""), handled=settings.IMAP_HANDLED_FOLDER, aside=settings.IMAP_ASIDE_FOLDER
        )

    def __enter__(self) -> Mailbox:
        where = self._where
        try:
            if where.tls == "imaps":
                context = ssl.create_default_context()
                self._server = imaplib.IMAP4_SSL(where.host, where.port, ssl_context=context, timeout=TIMEOUT_SECONDS)
            else:
                self._server = imaplib.IMAP4(where.host, where.port, timeout=TIMEOUT_SECONDS)
            if where.tls == "starttls":
                self._server.starttls(ssl.create_default_context())
            self._server.login(where.user, where.password)
            self._said("select", _quoted(where.folder))
            for folder in self._folders.values():
                # "NO" is what a server says about one that is there already.
                self._ask("create", _quoted(folder))
        except (OSError, imaplib.IMAP4.error) as error:
            self._close()
            raise MailboxAwayError(f"{type(error).__name__}: {error}") from error
        except MailboxAwayError:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def _close(self) -> None:
        if self._server is not None:
            try:
                self._server.logout()
            except (OSError, imaplib.IMAP4.error):
                self._server.shutdown()

    def waiting(self, limit: int) -> list[str]:
        """The oldest mails in the mailbox, by UID."""
        (found, *_) = self._said("uid", "SEARCH", "UNDELETED")
        return found.decode("ascii").split()[:limit] if isinstance(found, bytes) else []

    def fetch(self, number: str) -> bytes | None:
        """One mail as it came; None when it is bigger than may be read. Leaves it unread."""
        answer = self._said("uid", "FETCH", number, "(RFC822.SIZE)")
        sizes = [int(found[1]) for line in answer if isinstance(line, bytes) and (found := _SIZE.search(line))]
        if sizes and sizes[0] > MAX_BYTES:
            return None
        for item in self._said("uid", "FETCH", number, "(BODY.PEEK[])"):
            if isinstance(item, tuple):
                return bytes(item[1])
        return b""

    def put_away(self, number: str, *, aside: bool) -> None:
        """Move a mail out of the mailbox: to the handled ones, or `aside` for somebody to look at."""
        folder = _quoted(self._folders[aside])
        if "MOVE" in self._connected.capabilities:
            self._said("uid", "MOVE", number, folder)
            return
        self._said("uid", "COPY", number, folder)
        self._said("uid", "STORE", number, "+FLAGS.SILENT", r"(\Deleted)")
        if "UIDPLUS" in self._connected.capabilities:
            self._said("uid", "EXPUNGE", number)

    @property
    def _connected(self) -> imaplib.IMAP4:
        if self._server is None:
            raise MailboxAwayError("The connection is closed.")
        return self._server

    def _ask(self, command: str, *arguments: str) -> tuple[str, list[Any]]:
        try:
            kind, answer = getattr(self._connected, command)(*arguments)
        except (OSError, imaplib.IMAP4.error) as error:
            raise MailboxAwayError(f"{type(error).__name__}: {error}") from error
        return kind, answer

    def _said(self, command: str, *arguments: str) -> list[Any]:
        kind, answer = self._ask(command, *arguments)
        if kind != "OK":
            raise MailboxAwayError(f"{command} {arguments[0]}: {answer!r}"[:300])
        return answer


def _quoted(folder: str) -> str:
    """A folder's name as IMAP writes it; settings hold it in ASCII."""
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
