"""What people get, against counting it minute by minute; and what no timetable can give, against all of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import islice, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from schedule.solver.attendance.bound import most_first_wishes
from schedule.solver.attendance.experience import Experience, experience
from schedule.solver.problem import Attendee, Interval, Placement, Problem, Rules, Session, Timetable, Window
from tests.schedule.solver.brute import FIRST_DAY, MORNING, all_timetables, problem_of, problems

FEW = settings(max_examples=60, deadline=None)


def plainly(problem: Problem, timetable: Timetable) -> Experience:
    """The same with sets of minutes and no shortcuts; the conference's days are those of the windows."""
    at = {one.session: one for one in timetable}
    rooms = {room.code: room for room in problem.rooms}
    first = unseated = walks = walked = idle = people = 0
    ranks: list[int] = []
    shares: list[tuple[int, int]] = []
    comers: Counter[str] = Counter()
    for attendee in problem.attendees:
        wishes = [code for code, _ in attendee.wishes]
        if not wishes:
            continue
        people += 1
        busy: set[int] = set()
        going: list[str] = []
        for code in wishes:
            theirs = set(range(at[code].start, at[code].end))
            if not busy & theirs:
                busy |= theirs
                going.append(code)
        first += all(code in going for code in wishes[:3])
        ranks += [wishes.index(code) + 1 for code in going]
        shares.append((len(going), len(wishes)))
        comers.update(going)
        for day in range(2):
            here = sorted((at[code] for code in going if at[code].start // 1440 == day), key=lambda one: one.start)
            idle += sum(b.start - a.end for a, b in pairwise(here))
            for a, b in pairwise(here):
                old, new = rooms[a.room], rooms[b.room]
                if old.occupies & new.occupies:
                    continue
                apart = old.distance_group != new.distance_group
                walks += apart
                rules = problem.rules
                walked += rules.person_gap_other_group_minutes if apart else rules.person_gap_same_group_minutes
    for session in problem.sessions:
        seats = rooms[at[session.code].room].capacity
        seats = seats if session.capacity_cap is None else min(seats, session.capacity_cap)
        unseated += max(0, comers[session.code] - seats)
    least = min((got / of for got, of in shares), default=0)
    worst = max((share for share in shares if share[0] / share[1] == least), key=lambda share: share[1], default=(0, 0))
    number = people or 1
    return Experience(
        people=people,
        first_wishes=first,
        mean_rank=sum(ranks) / (len(ranks) or 1),
        worst_attended=worst[0],
        worst_wished=worst[1],
        worst_people=sum(got / of == least for got, of in shares),
        unseated=unseated,
        mean_walks=walks / number,
        mean_walk_minutes=walked / number,
        mean_idle=idle / number,
    )


@FEW
@given(problems(most=6), st.data())
def test_people_get_what_counting_minutes_says(problem: Problem, data: st.DataObject) -> None:
    """Of any placement, right or wrong."""
    problem = replace(
        problem,
        rooms=tuple(replace(room, capacity=data.draw(st.integers(0, 3))) for room in problem.rooms),
        sessions=tuple(
            replace(session, capacity_cap=data.draw(st.sampled_from([None, None, 1]))) for session in problem.sessions
        ),
        windows=tuple(
            Window(
                FIRST_DAY.replace(day=FIRST_DAY.day + day), Interval(day * 1440 + MORNING, day * 1440 + MORNING + 300)
            )
            for day in range(2)
        ),
    )
    starts = st.sampled_from([day * 1440 + MORNING + 15 * step for day in range(2) for step in range(8)])
    timetable = []
    for session in problem.sessions:
        start, room = data.draw(starts), data.draw(st.sampled_from(["A", "B", "AB", "C"]))
        timetable.append(Placement(session.code, start, start + session.duration, room))
    assert experience(problem, tuple(timetable)) == plainly(problem, tuple(timetable))


@FEW
@given(problems())
def test_no_timetable_gives_more_than_the_bound(problem: Problem) -> None:
    most = most_first_wishes(problem)
    for timetable in islice(all_timetables(problem), 300):
        assert experience(problem, timetable).first_wishes <= most


def test_a_bound_is_reached_where_there_is_room_for_all() -> None:
    """An hour for two half hours and no more: who wishes for three of them cannot have all, in any order."""
    sessions = tuple(Session(code, code, 30, not_after=MORNING + 60) for code in "XYZ")
    wishes = (("X", 3), ("Y", 2), ("Z", 1))
    problem = problem_of(
        sessions,
        rules=Rules(slot_minutes=30),
        attendees=(Attendee(wishes), Attendee(wishes[:2]), Attendee(wishes[2:]), Attendee(())),
    )
    assert most_first_wishes(problem) == 2
    assert max(experience(problem, one).first_wishes for one in all_timetables(problem)) == 2


def test_what_starts_together_is_never_attended_together() -> None:
    wishes = Attendee((("X", 2), ("Y", 1)))
    sessions = (Session("X", "X", 30), Session("Y", "Y", 30))
    assert most_first_wishes(problem_of(sessions, attendees=(wishes,))) == 1
    assert most_first_wishes(problem_of(sessions, attendees=(wishes,), same_time=(frozenset("XY"),))) == 0


def test_nobody_wishes_for_anything() -> None:
    problem = problem_of((Session("X", "X", 30),), attendees=(Attendee(()),))
    found = experience(problem, (Placement("X", MORNING, MORNING + 30, "A"),))
    assert (found.people, found.first_share, found.worst_people, found.mean_idle) == (0, 1.0, 0, 0)
    assert found.as_json()["mean_rank"] == 0
