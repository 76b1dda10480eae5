"""Random lives of sign-ups: whatever people and organizers do, in whatever order, the invariants hold.

A model that knows nothing of the code under test (recount.py) recounts everything after each step: places against
capacity, overlaps, people passed over in line, and the journal, from which every state must follow.
"""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from journal.actors import SYSTEM
from journal.models import Entry
from registration.domain.signups.signing_up import leave_all, sign_up
from registration.models import Exchange
from schedule.domain.programme import rooms as room_changes
from schedule.domain.programme import sessions as editing
from tests.factories import make_conference, make_registration, make_room, make_session
from tests.properties.lives import LIVES, LivesOfAConference, any_session, telling
from tests.properties.recount import RULES, look

PEOPLE = 6
people = st.integers(0, PEOPLE - 1)


class Lives(LivesOfAConference):
    @initialize()
    def begin(self) -> None:
        self.open_life()
        self.conference = make_conference(offer_hours=1)
        self.rooms = [make_room(self.conference, capacity=capacity) for capacity in (1, 2, 3)]
        self.sessions = [make_session(self.conference) for _ in range(3)]
        self.people = [make_registration(self.conference) for _ in range(PEOPLE)]
        self.looked = self.entries = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self.publish([0, 1, 3])

    @rule(who=people, what=any_session, exchange=st.sampled_from(Exchange))
    def sign_up(self, who: int, what: int, exchange: Exchange) -> None:
        self.allowed(lambda: sign_up(self.people[who], self.sessions[what], exchange=exchange, actor=SYSTEM))

    @rule(who=people)
    def leave_all(self, who: int) -> None:
        leave_all(self.people[who], actor=SYSTEM)

    @rule(what=any_session, seats=st.integers(0, 2))
    def hold_seats(self, what: int, seats: int) -> None:
        editing.hold_seats(self.sessions[what], seats=seats, actor=SYSTEM)

    @rule(which=any_session, capacity=st.integers(0, 4))
    def resize_room(self, which: int, capacity: int) -> None:
        room_changes.resize_room(self.rooms[which], capacity=capacity, actor=SYSTEM)

    @invariant()
    def everything_holds(self) -> None:
        seen = look(self.conference, since=self.entries, looked=self.looked)
        for rule_holds in RULES:
            rule_holds(seen)
        self.looked = max(self.looked, *(entry.pk for entry in seen.new), 0)

    @invariant()
    def the_database_agrees(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.timeout(300 * LIVES)
def test_whatever_happens_the_invariants_hold(capfd: pytest.CaptureFixture[str]) -> None:
    # PLENARY_LIVES=16 is ten thousand steps, and says how far it is.
    with telling(capfd):
        run_state_machine_as_test(
            Lives,
            settings=settings(
                max_examples=25 * LIVES,
                stateful_step_count=25,
                deadline=None,
                derandomize=LIVES == 1,
                suppress_health_check=list(HealthCheck),
            ),
        )
