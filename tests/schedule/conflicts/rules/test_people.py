from __future__ import annotations

from dataclasses import replace

import pytest

from schedule.conflicts import ConflictKind, find_conflicts
from schedule.solver.problem import Body, Person
from tests.schedule.conflicts.world import expect, make, put, session, span

KIM = Person("kim", "Kim", away=(span("14:00", "15:00"), span("16:00", "17:00")))
KIMS = frozenset({"kim"})


def test_person_in_two_sessions_at_once() -> None:
    problem = make(session("A", people=KIMS), session("B", people=KIMS), session("C"), people=(KIM,))
    clean = [put("A", "10:00", "11:00"), put("B", "11:00", "12:00", "R305"), put("C", "10:00", "11:00", "R213")]
    assert find_conflicts(problem, clean) == []
    twice = [clean[0], put("B", "10:45", "11:45", "R305"), clean[2]]
    assert find_conflicts(problem, twice) == [
        expect(ConflictKind.PERSON_DOUBLE_BOOKED, "AB", ["R212", "R305"], span("10:45", "11:00"), person="kim")
    ]


@pytest.mark.parametrize(
    ("room", "needed"),
    [("R212", 0), ("R212213", 0), ("R213", 5), ("R305", 15)],
    ids=["same room", "its joined room", "same floor", "other floor"],
)
def test_person_needs_time_for_the_way_between_two_rooms(room: str, needed: int) -> None:
    problem = make(
        session("A", people=KIMS),
        session("B", people=KIMS),
        people=(KIM,),
        person_gap_same_group_minutes=5,
        person_gap_other_group_minutes=15,
        slot_minutes=1,
    )
    first = put("A", "10:00", "11:00", "R212")
    if needed:
        hurried = put("B", "11:01", "12:01", room)
        when = replace(span("11:00", "11:01"), end=span("11:00", "12:00").start + needed)
        assert find_conflicts(problem, [first, hurried]) == [
            expect(
                ConflictKind.PERSON_WALKING_TIME,
                "AB",
                sorted(["R212", room]),
                when,
                person="kim",
                free=1,
                needed=needed,
            )
        ]
    in_time = replace(put("B", "11:00", "12:00", room), start=first.end + needed, end=first.end + needed + 60)
    assert find_conflicts(problem, [first, in_time]) == []


def test_person_away_during_a_session_names_the_times_that_matter() -> None:
    problem = make(session("A", duration=90, people=KIMS), people=(KIM,))
    assert find_conflicts(problem, [put("A", "12:30", "14:00")]) == []
    assert find_conflicts(problem, [put("A", "13:45", "15:15")]) == [
        expect(
            ConflictKind.PERSON_AWAY,
            "A",
            ["R212"],
            span("13:45", "15:15"),
            person="kim",
            away=(span("14:00", "15:00"),),
        )
    ]


def test_body_in_two_sessions_at_once_counts_only_with_a_single_team() -> None:
    hosted = (session("A", bodies=("city", "adn")), session("B", bodies=("adn", "city")))
    bodies = (Body("city", "City"), Body("adn", "ADN", single_team=True))
    both = [put("A", "10:00", "11:00", "R212"), put("B", "10:30", "11:30", "R213")]
    assert find_conflicts(make(*hosted, bodies=bodies), both) == [
        expect(ConflictKind.BODY_DOUBLE_BOOKED, "AB", ["R212", "R213"], span("10:30", "11:00"), body="adn")
    ]
    large = tuple(replace(body, single_team=False) for body in bodies)
    assert find_conflicts(make(*hosted, bodies=large), both) == []


def test_body_away_counts_only_with_a_single_team() -> None:
    away = (span("10:30", "12:00"),)
    body = Body("adn", "ADN", single_team=True, away=away)
    placed = [put("A", "10:00", "11:00")]
    hosted = session("A", bodies=("adn",))
    assert find_conflicts(make(hosted, bodies=(body,)), placed) == [
        expect(ConflictKind.BODY_AWAY, "A", ["R212"], span("10:00", "11:00"), body="adn", away=away)
    ]
    assert find_conflicts(make(hosted, bodies=(replace(body, single_team=False),)), placed) == []
