"""Interrupts that are heard at once, also while compiled code works.

Python runs a signal's handler in the main thread, and not before compiled code there returns: a search by CP-SAT
returns at its end. The wake-up pipe is written to at once, and whatever thread watches the search can ask it.
"""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def interrupts(*numbers: signal.Signals) -> Iterator[Callable[[], bool]]:
    """While inside, these signals are remembered instead of ending the process; yields the question whether one came.

    For the main thread only: no other may say what a signal does.
    """
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    kept = {number: signal.signal(number, lambda *_: None) for number in numbers}
    before = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    try:
        yield lambda: bool(select.select([reader], [], [], 0)[0])
    finally:
        signal.set_wakeup_fd(before)
        for number, handler in kept.items():
            signal.signal(number, handler)
        os.close(reader)
        os.close(writer)
