"""Random lives of the line for a conference: whoever comes, goes and decides, in whatever order, nobody is passed over.

The database checks each step as well: all that it defers to the end of a transaction is checked at once.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from journal.actors import SYSTEM
from registration.domain.conference_line import position, settle_lines
from registration.domain.registrations import deciding, registering
from registration.models import Registration
from schedule.domain.editing.rows import change_row, version_of
from schedule.domain.programme.closing_times import change_times, registration_times
from schedule.models import Conference
from tests.factories import make_conference, make_registration
from tests.properties.lives import LIVES

PEOPLE = 6
people = st.integers(0, PEOPLE - 1)


class Lines(RuleBasedStateMachine):
    """One life is one transaction that is never committed. `order` is who stood in line, the first first."""

    @initialize()
    def begin(self) -> None:
        self.whole = transaction.atomic()
        self.whole.__enter__()
        self.conference = make_conference(capacity=2)
        self.people = [make_registration(self.conference, state="draft", confirmed_at=None).pk for _ in range(PEOPLE)]
        # Each moment is later than the one before, as on a clock.
        self.now = timezone.now()
        self.order: list[int] = []

    def teardown(self) -> None:
        if hasattr(self, "whole"):
            transaction.set_rollback(True)
            self.whole.__exit__(None, None, None)

    def person(self, who: int) -> Registration:
        return Registration.objects.select_related("conference").get(pk=self.people[who])

    def says(self) -> Conference:
        return Conference.objects.get(pk=self.conference.pk)

    @rule(who=people)
    def confirm(self, who: int) -> None:
        self.now += timedelta(seconds=1)
        with suppress(registering.RegistrationClosed):
            registering.take_part(self.person(who), actor=SYSTEM, now=self.now)

    @rule(who=people)
    def go(self, who: int) -> None:
        one = self.person(who)
        if one.is_active:
            registering.cancel(one, actor=SYSTEM)
        else:
            with suppress(deciding.DecisionRefused):
                deciding.withdraw(one, actor=SYSTEM)

    @rule(who=people, approves=st.booleans())
    def decide(self, who: int, approves: bool) -> None:
        with suppress(deciding.DecisionRefused):
            if approves:
                deciding.approve(self.person(who), actor=SYSTEM, now=self.now)
            else:
                deciding.decline(self.person(who), actor=SYSTEM)

    @rule(capacity=st.none() | st.integers(0, 4))
    def limit(self, capacity: int | None) -> None:
        stored = self.says()
        version, stored.capacity = version_of(stored), capacity
        change_row(stored, version=version, actor=SYSTEM)

    @rule(is_open=st.booleans())
    def open_or_close(self, is_open: bool) -> None:
        change_times(self.says(), is_open=is_open, opens_at=None, closes_at=None, signup_minutes=0, actor=SYSTEM)

    @rule(wanted=st.booleans())
    def approval(self, wanted: bool) -> None:
        deciding.set_approval(self.says(), wanted=wanted, actor=SYSTEM)

    @rule()
    def beat(self) -> None:
        assert settle_lines(now=timezone.now()) == 0

    @invariant()
    def nobody_stands_in_line_without_a_cause(self) -> None:
        says = self.says()
        lined = Registration.objects.filter(conference=says, state="waitlisted", queued_at__isnull=False)
        taken = Registration.objects.for_conference(says).active().count()
        room = says.capacity is None or taken < says.capacity
        is_open = registration_times(says, now=timezone.now()).is_open
        assert not lined.exists() or (is_open and (says.approves_registrations or not room))

    @invariant()
    def places_in_line_are_one_after_the_other(self) -> None:
        """Whoever is in line keeps the order; nobody who joins it comes before somebody in it."""
        numbers = {one.pk: number for one in Registration.objects.all() if (number := position(one))}
        line = sorted(numbers, key=numbers.__getitem__)
        assert [numbers[pk] for pk in line] == list(range(1, len(line) + 1))
        stayed = [pk for pk in self.order if pk in numbers]
        assert [pk for pk in line if pk in stayed] == stayed
        self.order = line

    @invariant()
    def the_database_agrees(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.timeout(300 * LIVES)
def test_whatever_happens_nobody_in_line_is_passed_over() -> None:
    run_state_machine_as_test(
        Lines,
        settings=settings(
            max_examples=15 * LIVES,
            stateful_step_count=20,
            deadline=None,
            derandomize=LIVES == 1,
            suppress_health_check=list(HealthCheck),
        ),
    )
