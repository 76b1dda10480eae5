"""Nights, changes of clocks and starts off the grid, from the file to the timetable that both engines take."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from journal.actors import SYSTEM
from schedule.conflicts import find_conflicts
from schedule.domain.problem import problem_for, timetable_of
from schedule.domain.timetables.drafts import create_draft, place
from schedule.exchange.readers.importing import ImportRefused, import_programme, read_programme
from schedule.models import Conference, Placement
from schedule.solver.solve import solve
from schedule.solver.verify import violations
from tests.schedule.exchange.readers.probes import INPUTS

pytestmark = pytest.mark.django_db


def given(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((INPUTS / f"{name}.json").read_text(encoding="utf-8"))
    return data


def imported(data: dict[str, Any]) -> Conference:
    return import_programme(read_programme(data), actor=SYSTEM)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("closes", "instant"),
    [
        ("02:00", "2027-03-28T01:00Z"),  # when the clocks jump from 02:00 to 03:00
        ("26:00", "2027-03-28T01:00Z"),
        ("27:00", "2027-03-28T01:00Z"),
        ("28:30", "2027-03-28T02:30Z"),
        ("24:00", "2027-03-27T23:00Z"),
    ],
)
def test_a_night_ends_when_its_clocks_say(closes: str, instant: str) -> None:
    data = given("overnight-window")
    data["day_windows"][0]["closes"] = closes

    assert imported(data).days.earliest("date").closes_at == utc(instant)


@pytest.mark.parametrize(
    ("start", "found"),
    [
        ("25:30", "2027-10-30T23:30Z"),
        ("26:30", "2027-10-31T00:30Z"),
        ("26:30+02:00", "2027-10-31T00:30Z"),
        ("26:30+01:00", "2027-10-31T01:30Z"),
        ("26:30+09:00", "other_offset"),
    ],
)
def test_of_a_time_that_comes_twice_the_file_says_which(start: str, found: str) -> None:
    data = given("berlin-2027")
    data["sessions"][0]["fixed"] = {"date": "2027-10-30", "start": start, "room": "A"}

    if found == "other_offset":
        with pytest.raises(ImportRefused) as refused:
            imported(data)
        assert [one.code for one in refused.value.problems] == [found]
    else:
        fixed = imported(data).sessions.get(code=data["sessions"][0]["code"]).fixed_start
        assert fixed == utc(found)


def test_a_skipped_time_is_told_with_its_jump() -> None:
    data = given("overnight-window")
    data["sessions"][0]["fixed"] = {"date": "2027-03-28", "start": "02:30", "room": "A"}

    with pytest.raises(ImportRefused) as refused:
        imported(data)

    assert "the clocks jump from 2027-03-28 02:00 to 2027-03-28 03:00." in str(refused.value.problems[0])


def test_two_whole_days_and_fixed_minutes_are_solved_verified_and_free_of_conflicts() -> None:
    data = given("overnight-session-contiguous-days")
    (night,) = data["sessions"]
    data["rules"]["slot_minutes"] = 15
    starts = ["09:07", "09:49", "10:31"]
    talks = [
        {**night, "code": f"T{n}", "duration_minutes": 42, "fixed": {**night["fixed"], "start": start}}
        for n, start in enumerate(starts)
    ]
    free = [{**night, "code": f"F{n}", "duration_minutes": 30, "fixed": None} for n in range(6)]
    data["sessions"] = [night, *talks, *free]
    data["rooms"].append({**data["rooms"][0], "code": "B"})
    data["sessions"].append(
        {**night, "code": "HACK", "duration_minutes": 36 * 60, "fixed": {**night["fixed"], "room": "B"}}
    )
    data["sessions"][-1]["fixed"]["start"] = "08:00"
    conference = imported(data)
    problem = problem_for(conference)

    result = solve(problem, seconds=2)

    assert result.timetable is not None
    assert violations(problem, result.timetable) == []
    draft = create_draft(conference, name="Work", actor=SYSTEM, placements=result.timetable)
    rows = list(Placement.objects.filter(draft=draft).select_related("session", "room"))
    assert find_conflicts(problem, timetable_of(conference, rows)) == []
    at = {row.session.code: conference.local(row.start) for row in rows}
    assert [f"{at[f'T{n}']:%H:%M}" for n in range(3)] == starts


def test_twelve_hours_into_the_night_of_the_jump_are_twelve_hours() -> None:
    conference = imported(given("overnight-window"))
    session = conference.sessions.get()
    session.duration_minutes = 12 * 60
    draft = create_draft(conference, name="Work", actor=SYSTEM)

    row = place(
        draft, session, room=conference.rooms.get(), start=conference.local(utc("2027-03-27T21:00Z")), actor=SYSTEM
    )

    assert (row.end - row.start.astimezone(UTC)).total_seconds() == 12 * 3600
