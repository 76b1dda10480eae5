"""Which entries were written by one act, so that the history can tell a release's four hundred as one.

An act is the outermost domain function that runs (`journal.retrying.retried`): what it calls belongs to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID, uuid4

_act: ContextVar[UUID | None] = ContextVar("act", default=None)


@contextmanager
def act() -> Iterator[None]:
    """All that is recorded inside belongs together; an act within another is a part of that one."""
    if _act.get() is not None:
        yield
        return
    token = _act.set(uuid4())
    try:
        yield
    finally:
        _act.reset(token)


def current_act() -> UUID | None:
    """The act that is going on; None outside of any."""
    return _act.get()
