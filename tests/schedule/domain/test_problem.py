from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from journal.actors import SYSTEM
from registration.domain.signups.signing_up import sign_up
from registration.models import Interest
from schedule.domain.problem import instant, minutes, problem_for, timetable_in, timetable_of, timetables_and_spots
from schedule.domain.programme.sessions import cancel_session
from schedule.models import (
    Conference,
    Draft,
    Kind,
    NotParallel,
    Placement,
    RoomPart,
    Session,
    SessionOrder,
    Unavailability,
)
from schedule.ports.demand import Demand
from schedule.solver import problem as plain
from schedule.solver.files import problems
from tests.conftest import SAMPLE
from tests.factories import (
    at,
    both,
    make_body,
    make_conference,
    make_kind,
    make_person,
    make_registration,
    make_room,
    make_session,
    make_theme,
    publish,
)


@pytest.fixture(scope="module")
def from_file() -> plain.Problem:
    """The forum as the solver reads it from the file, past the database."""
    return problems.read(SAMPLE)


def by_code(rows: tuple[plain.Room, ...] | tuple[plain.Person, ...] | tuple[plain.Body, ...]) -> list[object]:
    return sorted(rows, key=lambda row: row.code)


def test_the_imported_forum_is_the_problem_of_its_file(forum: Conference, from_file: plain.Problem) -> None:
    problem = problem_for(forum)
    assert (problem.origin, problem.timezone) == (from_file.origin, from_file.timezone)
    assert problem.rules == from_file.rules
    assert problem.windows == from_file.windows
    assert problem.rooms == from_file.rooms
    assert by_code(problem.people) == by_code(from_file.people)
    assert by_code(problem.bodies) == by_code(from_file.bodies)
    assert problem.attendees == from_file.attendees == ()


@pytest.mark.parametrize("name", plain.Session.__dataclass_fields__)
def test_every_field_of_every_session_is_that_of_the_file(
    forum: Conference, from_file: plain.Problem, name: str
) -> None:
    expected = {session.code: getattr(session, name) for session in from_file.sessions}
    assert {session.code: getattr(session, name) for session in problem_for(forum).sessions} == expected


def test_names_are_in_the_language_asked_for(forum: Conference, from_file: plain.Problem) -> None:
    expected = {session.code: dict(session.titles)["ko"] for session in from_file.sessions}
    assert {session.code: session.title for session in problem_for(forum, language="ko").sessions} == expected


def test_a_text_missing_in_a_language_is_left_out_of_the_texts(db: None) -> None:
    conference = make_conference()
    make_room(conference, name={"en": "Hall", "ko": ""})
    assert [room.names for room in problem_for(conference).rooms] == [(("en", "Hall"),)]


class Rich:
    """A conference with `count` of everything that a problem is made of."""

    def __init__(self, count: int) -> None:
        self.conference = conference = make_conference()
        whole = make_room(conference, parts=[make_room(conference)])
        for number in range(count):
            body, person = make_body(conference), make_person(conference)
            session = make_session(conference, fixed_room=whole, fixed_start=at(conference, "09:00"))
            other = make_session(conference)
            session.hosts.add(body)
            session.roles.create(person=person, role="speaker", position=number)
            session.order_after.create(later=other)
            session.not_parallel_first.create(second=other)
            conference.session_groups.create(same="room").sessions.set([session, other])
            session.preferences.create(room=whole)
            session.preferences.create(starts_at=at(conference, "10:00"), ends_at=at(conference, "12:00"))
            for subject in ({"room": whole}, {"person": person}, {"body": body}):
                Unavailability.objects.create(
                    conference=conference,
                    starts_at=at(conference, "15:00"),
                    ends_at=at(conference, "16:00"),
                    **subject,
                )
            registration = make_registration(conference)
            Interest.objects.create(registration=registration, session=session, rank=1)


@pytest.mark.parametrize("count", [1, 3])
def test_reading_a_problem_costs_the_same_for_one_and_three(
    db: None, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    conference = Conference.objects.get(pk=Rich(count).conference.pk)
    with django_assert_num_queries(5):
        problem = problem_for(conference)
    assert [len(rows) for rows in (problem.sessions, problem.people, problem.bodies, problem.attendees)] == [
        2 * count,
        count,
        count,
        count,
    ]
    assert [len(room.closed) for room in problem.rooms] == [0, count]
    assert len(problem.same_room) == count
    assert sum(len(session.preferred_rooms) + len(session.preferred_times) for session in problem.sessions) == 2 * count


def test_groups_hold_the_sessions_that_take_place(db: None) -> None:
    conference = make_conference()
    for code in "ABC":
        make_session(conference, code=code)
    make_session(conference, code="GONE", state="cancelled")
    sessions = {session.code: session for session in conference.sessions.all()}
    for same, codes in (("time", "AB"), ("room", "BC"), ("time", ["A", "B", "C", "GONE"]), ("room", ["A", "GONE"])):
        conference.session_groups.create(same=same).sessions.set([sessions[code] for code in codes])
    problem = problem_for(conference)
    assert problem.same_time == (frozenset("AB"), frozenset("ABC"))
    assert problem.same_room == (frozenset("BC"),)


def test_nothing_names_a_session_that_is_cancelled(db: None) -> None:
    """Somebody wishes for it, another comes after it or never beside it: then no problem of the rest could be made."""
    conference = make_conference()
    gone, kept, other = (make_session(conference, code=code) for code in ("GONE", "KEPT", "OTHER"))
    SessionOrder.objects.create(earlier=gone, later=kept)
    NotParallel.objects.create(first=gone, second=other)
    NotParallel.objects.create(first=kept, second=other)
    for sessions in ([gone, kept], [gone]):
        registration = make_registration(conference)
        for rank, session in enumerate(sessions, start=1):
            Interest.objects.create(registration=registration, session=session, rank=rank)
    assert problem_for(conference).sessions[1].after == {"GONE"}
    cancel_session(gone, actor=SYSTEM)
    problem = problem_for(conference)
    assert [(one.code, one.after, one.not_parallel_with) for one in problem.sessions] == [
        ("KEPT", frozenset(), frozenset({"OTHER"})),
        ("OTHER", frozenset(), {"KEPT"}),
    ]
    assert [attendee.wishes for attendee in problem.attendees] == [(("KEPT", 4),)]


def test_demand_that_is_given_is_not_asked_for_again(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    conference = Conference.objects.get(pk=Rich(1).conference.pk)
    code = conference.sessions.order_by("code")[0].code
    known = Demand(attendees=(plain.Attendee(((code, 5),)),), taken={code: 7})
    with django_assert_num_queries(4):
        problem = problem_for(conference, demand=known)
    assert problem.attendees == known.attendees
    assert {session.code: session.confirmed for session in problem.sessions}[code] == 7


def test_wishes_of_sessions_themes_and_core_hours_are_read(db: None) -> None:
    conference = make_conference()
    first, second = (
        make_session(conference, code="A", theme=make_theme(conference, code="WATER")),
        make_session(conference),
    )
    hall, attic = make_room(conference, code="HALL"), make_room(conference, code="ATTIC")
    for room in (hall, attic):
        first.preferences.create(room=room)
    first.preferences.create(starts_at=at(conference, "10:00"), ends_at=at(conference, "12:00"))
    Kind.objects.filter(pk=first.kind_id).update(max_parallel=2)
    make_kind(conference, max_parallel=1)  # of which there is no session
    day = conference.days.get(date=conference.starts_on)
    day.core_from, day.core_until = at(conference, "10:00"), at(conference, "17:00")
    day.save()
    problem = problem_for(conference)
    read = {session.code: session for session in problem.sessions}
    assert (read["A"].track, read["A"].preferred_rooms) == ("WATER", frozenset({"HALL", "ATTIC"}))
    assert read["A"].preferred_times == (plain.Interval(600, 720),)
    other = read[second.code]
    assert (other.track, other.preferred_rooms, other.preferred_times) == ("", frozenset(), ())
    assert problem.rules.max_parallel_by_kind == ((first.kind.code, 2),)
    assert [window.core for window in problem.windows] == [plain.Interval(600, 1020), None]


def test_the_rules_that_need_a_decision(db: None) -> None:
    conference = make_conference()
    break_, talk = make_kind(conference, is_break=True), make_kind(conference)
    make_session(conference, code="break", kind=break_)
    make_session(conference, code="closed", kind=talk, signup="invitation", interpretation_pairs=["ko-en"])
    make_session(conference, code="open", kind=talk, held_seats=4, capacity_cap=20)
    make_session(conference, code="gone", kind=talk, state="cancelled")
    found = {
        one.code: (one.is_break, one.counts_as_parallel, one.needs_interpreters, one.confirmed, one.capacity_cap)
        for one in problem_for(conference).sessions
    }
    assert found == {
        "break": (True, False, False, 0, None),
        "closed": (False, False, True, 0, None),
        "open": (False, True, False, 4, 20),
    }


@pytest.mark.parametrize(("mode", "bound"), [("in-person", {"kim"}), ("recorded", set()), ("remote", set())])
def test_only_who_comes_in_person_is_bound(db: None, mode: str, bound: set[str]) -> None:
    conference = make_conference()
    session = make_session(conference)
    session.roles.create(person=make_person(conference, code="kim"), role="speaker", mode=mode)
    session.roles.create(person=None, role="chair", mode="in-person")
    assert [one.people for one in problem_for(conference).sessions] == [frozenset(bound)]


def test_parts_of_parts_are_the_smallest_rooms(db: None) -> None:
    conference = make_conference()
    a, b, c = (make_room(conference, code=code) for code in "abc")
    half = make_room(conference, code="half", parts=[a, b])
    make_room(conference, code="hall", parts=[half, c])
    parts = {room.code: set(room.parts) for room in problem_for(conference).rooms}
    assert parts == {"a": set(), "b": set(), "c": set(), "half": {"a", "b"}, "hall": {"a", "b", "c"}}


def test_rooms_that_are_parts_of_each_other_end_the_reading(db: None) -> None:
    """The importer refuses it; a row written by hand must not hang the planner."""
    conference = make_conference()
    one = make_room(conference, code="one")
    other = make_room(conference, code="other", parts=[one])
    RoomPart.objects.create(room=one, part=other)
    assert [room.parts for room in problem_for(conference).rooms] == [frozenset(), frozenset()]


def test_confirmed_places_and_wishes_are_the_demand(db: None) -> None:
    conference = make_conference()
    session = make_session(conference, code="A", held_seats=1)
    publish(conference, [(session, make_room(conference), at(conference, "09:00"))])
    sign_up(make_registration(conference), session, actor=SYSTEM)
    problem = problem_for(conference)
    assert [one.confirmed for one in problem.sessions] == [2]
    assert problem.attendees == (plain.Attendee((("A", 8),)),)


def test_nothing_of_another_conference_is_read(db: None) -> None:
    rich = Rich(2)
    other = problem_for(make_conference())
    assert (other.rooms, other.people, other.bodies, other.sessions, other.attendees) == ((), (), (), (), ())
    assert len(problem_for(rich.conference).sessions) == 4


# Europe/Berlin went from 02:00 to 03:00 on 29 March 2037 and goes from 03:00 back to 02:00 on 25 October 2037.
BEFORE_SPRING = date(2037, 3, 28)
BEFORE_AUTUMN = date(2037, 10, 24)


@pytest.mark.parametrize(
    ("starts_on", "clock", "expected"),
    [
        (BEFORE_SPRING, "01:30", 25 * 60 + 30),
        (BEFORE_SPRING, "03:00", 26 * 60),
        (BEFORE_SPRING, "10:00", 33 * 60),
        (BEFORE_AUTUMN, "01:30", 25 * 60 + 30),
        (BEFORE_AUTUMN, "10:00", 35 * 60),
    ],
)
def test_minutes_are_elapsed_time_across_a_clock_change(db: None, starts_on: date, clock: str, expected: int) -> None:
    conference = make_conference(starts_on=starts_on, timezone="Europe/Berlin")
    moment = at(conference, clock, day=1)
    assert minutes(conference, moment.astimezone(UTC)) == expected
    assert minutes(conference, moment) == expected
    assert instant(conference, expected) == moment.astimezone(UTC)
    assert instant(conference, expected).utcoffset() == timedelta(0)


@pytest.mark.parametrize("starts_on", [BEFORE_SPRING, BEFORE_AUTUMN])
def test_minutes_and_instants_turn_into_each_other(db: None, starts_on: date) -> None:
    conference = make_conference(starts_on=starts_on, timezone="Europe/Berlin")
    there = range(-60, 2 * 24 * 60, 15)
    assert [minutes(conference, instant(conference, minute)) for minute in there] == list(there)
    assert [minutes(conference, conference.local(instant(conference, minute))) for minute in there] == list(there)


def test_a_day_of_the_clock_change_has_its_real_length(db: None) -> None:
    conference = make_conference(starts_on=BEFORE_SPRING, timezone="Europe/Berlin")
    opening = [(window.day, window.hours) for window in problem_for(conference).windows]
    assert opening == [
        (date(2037, 3, 28), plain.Interval(9 * 60, 18 * 60)),
        (date(2037, 3, 29), plain.Interval((24 + 8) * 60, (24 + 17) * 60)),
    ]


class Placed:
    """A draft with two sessions in one room; the second one has been cancelled since."""

    def __init__(self) -> None:
        self.conference = make_conference()
        self.draft = Draft.objects.create(conference=self.conference, name="Draft")
        room = make_room(self.conference, code="hall")
        for code, clock in (("A", "09:00"), ("B", "10:30")):
            start = at(self.conference, clock)
            session = make_session(self.conference, code=code, title=both(code), duration_minutes=45)
            Placement.objects.create(
                draft=self.draft, session=session, room=room, start=start, end=start + timedelta(minutes=45)
            )


def test_a_timetable_is_that_of_the_placements(db: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    placed = Placed()
    with django_assert_num_queries(1):
        found = timetable_of(placed.conference, placed.draft.placements.select_related("session", "room"))
    assert found == (plain.Placement("A", 540, 585, "hall"), plain.Placement("B", 630, 675, "hall"))


def test_a_timetable_leaves_out_what_is_cancelled(db: None) -> None:
    placed = Placed()
    Session.objects.filter(code="B").update(state="cancelled")
    found = timetable_of(placed.conference, placed.draft.placements.select_related("session", "room"))
    assert found == (plain.Placement("A", 540, 585, "hall"),)


def test_a_timetable_of_a_release_is_read_in_the_same_way(db: None) -> None:
    conference = make_conference()
    session, room = make_session(conference, code="A"), make_room(conference, code="hall")
    release = publish(conference, [(session, room, at(conference, "09:00"))])
    assert timetable_of(conference, release.placements.all()) == (plain.Placement("A", 540, 600, "hall"),)
    assert release.published_at <= timezone.now()
    assert minutes(conference, datetime(2037, 6, 1, tzinfo=UTC)) == 540


def test_a_timetable_and_the_spots_of_it_are_read_at_once(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    conference = make_conference()
    room, stays, goes = make_room(conference), make_session(conference), make_session(conference)
    clocks = {stays.pk: "09:00", goes.pk: "11:00"}
    starts = {key: at(conference, clock) for key, clock in clocks.items()}
    release = publish(conference, [(stays, room, starts[stays.pk]), (goes, room, starts[goes.pk])])
    draft = Draft.objects.create(conference=conference, name="Another")
    later = (at(conference, "15:00"), at(conference, "16:00"))
    Placement.objects.create(draft=draft, session=stays, room=room, start=later[0], end=later[1])
    cancel_session(goes, actor=SYSTEM)
    with django_assert_num_queries(1):
        [(timetable, spots), (drafted, there)] = timetables_and_spots(
            conference, release.placements.all(), draft.placements.all()
        )
    assert timetable == timetable_in(conference, release.placements.all())
    assert [one.session for one in timetable] == [stays.code]
    assert spots == {key: (start, start + timedelta(hours=1), room.pk) for key, start in starts.items()}
    assert drafted == timetable_in(conference, draft.placements.all())
    assert there == {stays.pk: (*later, room.pk)}
