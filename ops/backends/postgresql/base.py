"""A connection that answered a moment ago, and is silent since, is not asked again whether it works.

Django asks with a statement of its own at the beginning of every request (CONN_HEALTH_CHECKS): of a calendar that has
not changed that is every second statement. A server that ends a connection, as when it is restarted or killed, lets
its socket know. What cannot be seen so, a machine that vanished, is asked for after TRUSTED_SECONDS.
"""

from __future__ import annotations

import select
import time
from typing import Any

from django.db.backends.postgresql import base

TRUSTED_SECONDS = 5.0


class DatabaseWrapper(base.DatabaseWrapper):
    """Named as Django looks for it."""

    _answered_at = float("-inf")

    def is_usable(self) -> bool:
        """Whether a statement would be answered. None is sent while the connection is trusted."""
        if self.connection is None:
            return False
        is_recent = time.monotonic() - self._answered_at < TRUSTED_SECONDS
        if is_recent and not self.errors_occurred and _is_silent(self.connection.pgconn.socket):
            return True
        usable: bool = super().is_usable()
        if usable:
            self._answered_at = time.monotonic()
        return usable

    def chunked_cursor(self) -> Any:
        """A cursor for many rows: PostgreSQL's own within a transaction, else a plain one.

        Outside of one it would live in the server's session until it is closed, which behind PgBouncer in transaction
        mode is somebody else's at the next statement: signing in reads accounts like this.
        """
        return super().chunked_cursor() if self.in_atomic_block else self.cursor()


def _is_silent(socket: int) -> bool:
    """Whether nothing waits to be read: neither the end of the connection nor a word of why it ends."""
    watched = select.poll()
    watched.register(socket, select.POLLIN)
    return not watched.poll(0)
