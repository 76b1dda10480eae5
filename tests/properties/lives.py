"""What people and organizers do in random lives of a conference, whatever is then checked."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import ClassVar

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from journal.actors import SYSTEM
from registration.domain.signups.refusals import SignUpRefused
from registration.domain.signups.signing_up import choose_exchange, expire_offers, leave, swap, take_offer
from registration.models import Exchange, Registration, SignUp
from schedule.domain.programme import sessions as editing
from schedule.models import Conference, Room, Session
from tests.factories import at, publish

LIVES = int(os.environ.get("PLENARY_LIVES", "1"))
"""How many times as many lives as usual are tried; more than one are drawn anew each time."""

EACH = 20
"""After how many lives a long run says how far it is."""

CLOCKS = ["09:00", "09:30", "10:00", "11:00", "12:00"]
any_session = st.integers(0, 2)


@contextmanager
def telling(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Let a long run be heard while it lasts; a usual one is over soon, and silent."""
    if LIVES == 1:
        yield
        return
    with capfd.disabled():
        yield


class LivesOfAConference(RuleBasedStateMachine):
    """One life is one transaction that is never committed. What derives from it makes the conference in a life."""

    conference: Conference
    people: list[Registration]
    sessions: list[Session]
    rooms: list[Room]
    lived: ClassVar[int] = 0

    def open_life(self) -> None:
        type(self).lived += 1
        if LIVES > 1 and self.lived % EACH == 0:
            print(f"{self.lived} lives, {time.process_time():.0f} s of CPU time", file=sys.stderr, flush=True)
        self.whole = transaction.atomic()
        self.whole.__enter__()

    def teardown(self) -> None:
        if hasattr(self, "whole"):
            transaction.set_rollback(True)
            self.whole.__exit__(None, None, None)

    def signups(self) -> list[SignUp]:
        return list(SignUp.objects.order_by("pk").exclude(state="left"))

    def allowed(self, change: Callable[[], object]) -> None:
        with suppress(SignUpRefused):
            change()

    def put(self, rows: list[tuple[Session, Room, datetime]]) -> None:
        """Publish."""
        publish(self.conference, rows)

    @rule(which=st.integers(0, 20))
    def leave(self, which: int) -> None:
        if live := self.signups():
            leave(live[which % len(live)], actor=SYSTEM)

    @rule(which=st.integers(0, 20), what=any_session)
    def swap(self, which: int, what: int) -> None:
        live = [one for one in self.signups() if one.session_id != self.sessions[what].pk]
        if live:
            self.allowed(lambda: swap(live[which % len(live)], self.sessions[what], actor=SYSTEM))

    @rule(which=st.integers(0, 20))
    def take_offer(self, which: int) -> None:
        offered = [one for one in self.signups() if one.state == "offered"]
        if offered:
            self.allowed(lambda: take_offer(offered[which % len(offered)], actor=SYSTEM))

    @rule(which=st.integers(0, 20), exchange=st.sampled_from(Exchange))
    def choose_exchange(self, which: int, exchange: Exchange) -> None:
        waiting = [one for one in self.signups() if one.state == "waiting"]
        if waiting:
            choose_exchange(waiting[which % len(waiting)], exchange, actor=SYSTEM)

    @rule(what=st.integers(1, 2))
    def cancel_or_reinstate(self, what: int) -> None:
        session = Session.objects.get(pk=self.sessions[what].pk)
        if session.state == Session.State.ACCEPTED:
            editing.cancel_session(session, actor=SYSTEM)
        else:
            editing.reinstate_session(session, actor=SYSTEM)

    @rule()
    def expire(self) -> None:
        expire_offers(now=timezone.now() + timedelta(hours=2))

    @rule(what=any_session, places=st.none() | st.integers(0, 3))
    def change_cap(self, what: int, places: int | None) -> None:
        editing.change_cap(self.sessions[what], places=places, actor=SYSTEM)

    @rule(starts=st.lists(st.integers(0, len(CLOCKS) - 1), min_size=1, max_size=3), turn=any_session)
    def publish(self, starts: list[int], turn: int = 0) -> None:
        rooms = self.rooms[turn:] + self.rooms[:turn]
        self.put([(self.sessions[n], rooms[n], at(self.conference, CLOCKS[start])) for n, start in enumerate(starts)])
