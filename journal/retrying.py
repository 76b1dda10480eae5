"""Operations that PostgreSQL ends to resolve a deadlock are run again.

Whoever changes places locks rows of many people, in one order as far as that can be (registration has it in its
`locks.py`). Two that meet in opposite order all the same wait for each other; PostgreSQL notices, and ends one.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection
from psycopg import errors

from journal.acts import act

logger = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")
TRIES = 5


def retried(function: Callable[P, R]) -> Callable[P, R]:
    """Run the whole operation again when PostgreSQL ended it to resolve a deadlock, at most five times.

    Inside a transaction of the caller's the error is passed on: only the caller can start over. Every function that
    opens a transaction has it (tests/journal/test_retrying.py), so it must be one that may begin anew: what it does
    outside the database waits for the commit. What it records is one act (journal.acts).
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(1, TRIES + 1):
            inside = connection.in_atomic_block
            try:
                with act():
                    return function(*args, **kwargs)
            except OperationalError as error:
                if inside or attempt == TRIES or not isinstance(error.__cause__, errors.DeadlockDetected):
                    raise
                logger.info("%s met a deadlock; trying again (%s)", function.__name__, attempt)
        raise AssertionError("unreachable")

    return run
