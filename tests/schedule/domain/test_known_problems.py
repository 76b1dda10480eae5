"""A problem that is kept is the one that would be read anew, whatever has happened in between."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from journal.actors import SYSTEM
from journal.facts import Concern, facts
from journal.recording import record
from registration.domain.registrations.registering import set_interests
from registration.domain.signups.signing_up import leave, sign_up
from schedule.domain.editing.absences import close_room
from schedule.domain.known_problems import Bounded, KnownProblems, known_problem
from schedule.domain.problem import problem_for
from schedule.domain.programme.rooms import rename_room, resize_room
from schedule.domain.programme.sessions import cancel_session, hold_seats, rename_session
from schedule.models import Conference
from schedule.solver.problem import Problem
from tests.factories import at
from tests.facts import a_fact
from tests.fixtures.conferences import Small

pytestmark = pytest.mark.django_db
CONCERNS = (Concern.PROGRAMME, Concern.TIMETABLE, Concern.PLACE, Concern.PERSON)


def asked(kept: KnownProblems, conference: Conference) -> tuple[Problem, int]:
    """The problem as a request has it, and how many statements it took."""
    conference = Conference.objects.get(pk=conference.pk)
    with CaptureQueriesContext(connection) as statements:
        problem = kept.of(conference, "en").problem
    return problem, len(statements)


def test_what_is_known_is_asked_for_with_one_statement(small: Small) -> None:
    kept = KnownProblems()
    first, second = asked(kept, small.conference), asked(kept, small.conference)
    assert (first[1], second[1]) == (6, 1)
    assert second[0] is first[0]
    assert first[0] == problem_for(small.conference)


def test_any_fact_that_may_concern_it_ends_it(small: Small) -> None:
    kept = KnownProblems()
    before, _ = asked(kept, small.conference)
    for fact in facts(*CONCERNS):
        with transaction.atomic():
            record(a_fact(fact.verb, conference_id=small.conference.pk), actor=SYSTEM)
        after, statements = asked(kept, small.conference)
        assert (after == before, after is before) == (True, False), fact.verb
        # Wishes are known still where only a timetable has changed.
        assert statements == (5 if fact.concerns == Concern.TIMETABLE else 6), fact.verb
        before = after


def test_what_concerns_mails_and_others_leaves_it(small: Small) -> None:
    kept, other = KnownProblems(), Small()
    before, _ = asked(kept, small.conference)
    with transaction.atomic():
        record(a_fact("message.retried", conference_id=small.conference.pk), actor=SYSTEM)
        record(a_fact("session.edited", conference_id=other.conference.pk), actor=SYSTEM)
    assert asked(kept, small.conference) == (before, 1)


def _close(small: Small) -> None:
    times = {"starts_at": at(small.conference, "12:00"), "ends_at": at(small.conference, "13:00")}
    close_room(small.two, **times, reason="Water", actor=SYSTEM)


def _wish(small: Small) -> None:
    set_interests(small.people(1)[0], [small.noon], actor=SYSTEM)


def _come_and_go(small: Small) -> None:
    leave(sign_up(small.people(1)[0], small.morning, actor=SYSTEM), actor=SYSTEM)


CHANGES: dict[str, Callable[[Small], object]] = {
    "a room is closed": _close,
    "a room has more seats": lambda small: resize_room(small.two, capacity=77, actor=SYSTEM),
    "a room has a name": lambda small: rename_room(small.two, name={"en": "Aula"}, actor=SYSTEM),
    "a session has a title": lambda small: rename_session(small.noon, title={"en": "Noon"}, actor=SYSTEM),
    "seats are held": lambda small: hold_seats(small.parallel, seats=1, actor=SYSTEM),
    "a session is cancelled": lambda small: cancel_session(small.noon, actor=SYSTEM),
    "somebody wishes": _wish,
    "somebody takes a place": lambda small: sign_up(small.people(1)[0], small.morning, actor=SYSTEM),
    "somebody comes and goes": _come_and_go,
}


def test_it_is_what_would_be_read_anew_after_each_change(small: Small) -> None:
    kept = KnownProblems()
    asked(kept, small.conference)
    for what, change in CHANGES.items():
        change(small)
        assert asked(kept, small.conference)[0] == problem_for(small.conference), what


def test_a_conference_that_was_read_before_a_change_keeps_nothing_for_those_after_it(small: Small) -> None:
    kept = KnownProblems()
    early = Conference.objects.get(pk=small.conference.pk)
    Conference.objects.filter(pk=early.pk).update(room_changeover_minutes=25)
    with transaction.atomic():
        record(a_fact("conference.edited", conference_id=early.pk, subject_id=early.pk), actor=SYSTEM)
    kept.of(early, "en")  # a request that has read it, and asks for the problem after the change is there
    assert asked(kept, early)[0].rules.room_changeover_minutes == 25


def test_within_a_transaction_nothing_is_kept(small: Small) -> None:
    assert connection.in_atomic_block
    first = known_problem(small.conference, "en")
    assert known_problem(small.conference, "en") is not first


def test_what_is_longest_unused_goes_first() -> None:
    kept = Bounded(10)
    for name in "ab":
        kept.put(name, 1, 4, name)
    assert kept.get("a", 1) == "a"
    kept.put("c", 1, 4, "c")
    assert ([kept.get(name, 1) for name in "abc"], kept.size) == (["a", None, "c"], 8)
    assert kept.get("a", 2) is None
    kept.put("d", 1, 11, "d")  # too large for all of it
    assert ([kept.get(name, 1) for name in "acd"], kept.size) == ([None, None, None], 0)
