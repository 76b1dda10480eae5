"""Emptying a mailbox over IMAP (RFC 3501, 6851, 4315), with imap-tools."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from imap_tools.errors import ImapToolsError, MailboxDeleteError, MailboxFolderCreateError
from imap_tools.mailbox import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.message import MailMessage
from imap_tools.query import AND
from imap_tools.utils import check_command_status

from notifications.inbound.incoming import MAX_BYTES

TIMEOUT_SECONDS = 20
# What a server or the way to it can do to us.
_TROUBLE = (OSError, imaplib.IMAP4.error, ImapToolsError)


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


@contextmanager
def _speaking() -> Iterator[None]:
    """What goes wrong with the server, as one error."""
    try:
        yield
    except _TROUBLE as error:
        raise MailboxAwayError(f"{type(error).__name__}: {error}"[:300]) from error


class Mailbox:
    """An open mailbox; `Mailbox.of_settings()` and `Mailbox.at(...)` are context managers that open one.

    All raise MailboxAwayError for whatever goes wrong with the server.
    """

    def __init__(self, box: BaseMailBox, *, handled: str, aside: str) -> None:
        self._box, self._folders = box, {False: handled, True: aside}

    @classmethod
    @contextmanager
    def of_settings(cls) -> Iterator[Mailbox]:
        """The mailbox of IMAP_URL, which must be set."""
        where = account(settings.IMAP_URL or "")
        with cls.at(where, handled=settings.IMAP_HANDLED_FOLDER, aside=settings.IMAP_ASIDE_FOLDER) as mailbox:
            yield mailbox

    @classmethod
    @contextmanager
    def at(cls, where: Account, *, handled: str, aside: str) -> Iterator[Mailbox]:
        """The mailbox of an account. The two folders are made where they are missing."""
        with ExitStack() as stack:
            with _speaking():
                box = stack.enter_context(_connected(where))
                box.login(where.user, where.password, where.folder)
                for folder in (handled, aside):
                    # "NO" is what a server says about one that is there already.
                    with suppress(MailboxFolderCreateError):
                        box.folder.create(folder)
            yield cls(box, handled=handled, aside=aside)

    @_speaking()
    def waiting(self, limit: int) -> dict[str, bool]:
        """The oldest mails in the mailbox, by UID, and whether each is small enough to be read."""
        found = self._box.uids(AND(deleted=False), charset=None)[:limit]
        # Asked for after the others, so that it knows them all; asked for before any of them is fetched.
        too_big = set(self._box.uids(AND(deleted=False, size_gt=MAX_BYTES), charset=None)) if found else set()
        return {uid: uid not in too_big for uid in found}

    @_speaking()
    def fetch(self, uid: str) -> bytes:
        """One mail as it came; nothing where it is gone. Leaves it unread."""
        for mail in self._box.fetch(uid_list=uid, mark_seen=False):
            if isinstance(mail, _MailAsItCame):
                return mail.raw
        return b""

    @_speaking()
    def put_away(self, uid: str, *, aside: bool) -> None:
        """Move a mail out of the mailbox: to the handled ones, or `aside` for somebody to look at."""
        folder = self._folders[aside]
        client = self._box.client
        if "MOVE" in client.capabilities:
            self._box.move(uid, folder)
            return
        self._box.copy(uid, folder)
        # The library would expunge every mail that anybody has marked as deleted; a person may have marked some.
        check_command_status(client.uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)"), MailboxDeleteError)
        if "UIDPLUS" in client.capabilities:
            check_command_status(client.uid("EXPUNGE", uid), MailboxDeleteError)


class _MailAsItCame(MailMessage):
    """The bytes alone. Strangers wrote them: they are parsed where there are limits, in `incoming`."""

    def __init__(self, fetch_data: list[Any]) -> None:
        self.raw = next((bytes(item[1]) for item in fetch_data if isinstance(item, tuple)), b"")


@contextmanager
def _connected(where: Account) -> Iterator[BaseMailBox]:
    box: MailBox | MailBoxUnencrypted
    if where.tls == "imaps":
        context = ssl.create_default_context()
        box = MailBox(where.host, where.port, timeout=TIMEOUT_SECONDS, ssl_context=context)
    else:
        box = MailBoxUnencrypted(where.host, where.port, timeout=TIMEOUT_SECONDS)
    box.email_message_class = _MailAsItCame
    try:
        if where.tls == "starttls":
            # Raises when the server offers none: the password never goes in the clear.
            box.client.starttls(ssl.create_default_context())
        yield box
    finally:
        try:
            box.logout()
        except _TROUBLE:
            box.client.shutdown()
