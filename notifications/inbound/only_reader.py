"""One process reads the robot mailbox at a time, whoever asks: beat, a person at the command line, a second beat."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from django.db import connection

# Names the lock among all advisory locks of the database; the letters "mail".
LOCK = 0x6D61696C


class MailboxBusyError(Exception):
    """Somebody else is reading the mailbox."""


@contextmanager
def only_reader() -> Iterator[None]:
    """Be the only reader until the block ends. Raises `MailboxBusyError` where there is one.

    The lock belongs to a transaction on a connection of its own: mails are committed one by one beside it, it works
    behind a PgBouncer that shares sessions, and it ends with the process, however that ends.
    """
    with closing(connection.copy()) as own:
        own.set_autocommit(False)
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                raise MailboxBusyError
        try:
            yield
        finally:
            own.rollback()
