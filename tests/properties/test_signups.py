"""Random lives of sign-ups: whatever people and organizers do, in whatever order, the invariants hold.

A model that knows nothing of the code under test recounts everything after each step: places against capacity,
overlaps, people passed over in line, and the journal, from which every state must follow.
"""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import Q
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from journal.actors import SYSTEM
from journal.models import Entry
from registration.domain.signups.signing_up import leave_all, sign_up
from registration.models import Exchange, Seats, SignUp
from schedule.domain.programme import rooms as room_changes
from schedule.domain.programme import sessions as editing
from tests.factories import make_conference, make_registration, make_room, make_session
from tests.properties.lives import LIVES, LivesOfAConference, any_session

PEOPLE = 6
STATE_AFTER = {
    "signup.confirmed": "confirmed",
    "signup.waiting": "waiting",
    "signup.offered": "offered",
    "signup.left": "left",
    "signup.expired": "left",
    "signup.displaced": "waiting",
}
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
    def places_are_kept(self) -> None:
        for seats in Seats.objects.filter(conference=self.conference).select_related("session"):
            held = SignUp.objects.filter(session=seats.session, state__in=["confirmed", "offered"]).count()
            assert (held, held <= seats.capacity) == (seats.taken, True)

    @invariant()
    def nobody_is_in_two_places(self) -> None:
        for one in SignUp.objects.confirmed():
            others = SignUp.objects.confirmed().filter(registration=one.registration, during__overlap=one.during)
            assert list(others) == [one]

    @invariant()
    def nobody_waits_where_a_place_is_free(self) -> None:
        for seats in Seats.objects.filter(conference=self.conference):
            if seats.taken < seats.capacity:
                assert not SignUp.objects.waiting().filter(session=seats.session_id).exists()

    @invariant()
    def nobody_is_asked_without_a_cause(self) -> None:
        for one in SignUp.objects.filter(state="offered"):
            in_the_way = SignUp.objects.confirmed().filter(registration=one.registration, during__overlap=one.during)
            assert in_the_way.exists()

    @invariant()
    def nobody_is_overtaken(self) -> None:
        """Whoever's turn has come in this step came before all who still wait for that session, but for those who
        exchanged: nothing came free for those before them.
        """
        came = Entry.objects.filter(pk__gt=self.looked).filter(
            Q(verb="signup.confirmed", data__by="promotion") | Q(verb="signup.offered", data__reason="turn")
        )
        for one in SignUp.objects.filter(pk__in=came.values("subject_id")):
            behind = Q(queued_at__lt=one.queued_at) | Q(queued_at=one.queued_at, pk__lt=one.pk)
            since = Entry.objects.filter(pk__gt=self.looked, verb__in=["signup.waiting", "signup.displaced"])
            overtaken = SignUp.objects.waiting().filter(behind, session=one.session_id)
            assert not overtaken.exclude(pk__in=since.values("subject_id")).exists()
        self.looked = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    @invariant()
    def no_exchange_is_left_undone(self) -> None:
        """Nobody holds, and would give up by itself, what another holds and would give up for it, in any round."""
        gives: dict[int, set[int]] = {}
        for one in SignUp.objects.waiting().filter(exchange="swap"):
            held = SignUp.objects.confirmed().filter(registration=one.registration, during__overlap=one.during)
            for pk in held.values_list("session_id", flat=True):
                gives.setdefault(pk, set()).add(one.session_id)
        while stuck := {pk for pk, wanted in gives.items() if not wanted & gives.keys()}:
            gives = {pk: wanted for pk, wanted in gives.items() if pk not in stuck}
        assert gives == {}

    @invariant()
    def times_follow_the_seats(self) -> None:
        for one in SignUp.objects.exclude(state="left").select_related("session__seats"):
            assert (one.during, one.room_id) == (one.session.seats.during, one.session.seats.room_id)

    @invariant()
    def every_state_follows_from_the_journal(self) -> None:
        told: dict[int | None, str] = {}
        for entry in Entry.objects.filter(pk__gt=self.entries, verb__in=STATE_AFTER).order_by("pk"):
            assert told.get(entry.subject_id) != STATE_AFTER[entry.verb]
            told[entry.subject_id] = STATE_AFTER[entry.verb]
        assert told == dict(SignUp.objects.values_list("pk", "state"))

    @invariant()
    def the_database_agrees(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.timeout(300 * LIVES)
def test_whatever_happens_the_invariants_hold() -> None:
    # PLENARY_LIVES=16 is ten thousand steps.
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
