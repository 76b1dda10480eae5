"""Interrupts while compiled code works, and what becomes of the handlers there were."""

from __future__ import annotations

import os
import signal

from schedule.solver.jobs.interrupts import interrupts
from tests.schedule.solver import patience


def test_an_interrupt_is_heard_while_cp_sat_works() -> None:
    with interrupts(signal.SIGINT) as interrupted:
        assert not interrupted()
        took = patience.work(interrupted, began=lambda: os.kill(os.getpid(), signal.SIGINT))
        assert interrupted()
    assert took < patience.SOON


def test_only_the_signals_named_are_taken_and_all_is_given_back() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with interrupts(signal.SIGTERM):
        assert signal.getsignal(signal.SIGINT) == before[0]
        assert signal.getsignal(signal.SIGTERM) != before[1]
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
    assert signal.set_wakeup_fd(-1) == -1
