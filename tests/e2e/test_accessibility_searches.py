"""Pages about searches and emergencies, in each of their states: clean for axe."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from journal.actors import Actor
from schedule.domain.emergencies.settling import settle
from schedule.domain.searches import searches as runs
from schedule.models import Draft, SolverRun
from tests.e2e.inspecting import Inspection, organizing
from tests.e2e.stage import Stage
from tests.factories import at

__all__ = ["organizing"]  # a fixture
# What a search says of a goal's timetable and of itself.
OFFERED: dict[str, Any] = {
    "terms": {"wish_clashes": 290, "track_rooms": 2, "person_gaps": 1200, "moved_times": 3, "moved_rooms": 12},
    "attendance": {"people": 5000, "first_wishes": 3120, "mean_walk_minutes": 6.5},
}
MADE: dict[str, Any] = {
    "problem": "sha256:" + 64 * "a",
    "seed": 1,
    "seconds": 30,
    "workers": 1,
    "versions": {"numba": "1"},
}


def search_of(
    stage: Stage, purpose: SolverRun.Purpose = SolverRun.Purpose.SEARCH, *, goal: str = "own", **found: Any
) -> SolverRun:
    """One that has ended."""
    base = Draft.objects.filter(conference=stage.conference).last()
    asked = runs.ask(
        stage.conference,
        seconds=30,
        seed=1,
        base=base,
        actor=Actor.organizer(1),
        answers=3,
        purpose=purpose,
        kept=["LATER"] if base else [],
        goal=goal,
    )
    begun = runs.begin(asked.pk, now=timezone.now())
    assert begun is not None
    nothing: dict[str, Any] = {
        "feasible": True,
        "objective": 4090,
        "bound": 1100,
        "terms": {"wish_clashes": 290, "empty_seats": 1190},
        "seconds": 30,
        "base_terms": {},
        "attendance": {},
        "causes": [],
        "answers": [],
        "exhausted": False,
        "remedies": [],
        "timetable": [],
        "moves": [],
        "minimal": False,
    }
    begun.curve = [[0.2, 9000, None], [8.5, 4090, 1100]]
    return runs.finish(begun, nothing | found, now=timezone.now())


def emergency_of(stage: Stage, state: str, **found: Any) -> SolverRun:
    """The booth is lost on the first day."""
    times = {
        name: at(stage.conference, clock).isoformat() for name, clock in (("starts_at", "09:00"), ("ends_at", "18:00"))
    }
    return SolverRun.objects.create(
        conference=stage.conference,
        purpose=SolverRun.Purpose.EMERGENCY,
        release=stage.conference.releases.first(),
        state=state,
        actor=str(Actor.organizer(1)),
        assumed=[{"do": "room_lost", "whom": "single", **times}],
        **found,
    )


def test_the_pages_of_an_emergency(stage: Stage, organizing: Inspection) -> None:
    for role in stage.conference.people.all():
        stage.open.roles.create(person=role, role="speaker")
    old, new = (
        {
            "start": at(stage.conference, "14:00").isoformat(),
            "end": at(stage.conference, "15:00").isoformat(),
            "room": room,
        }
        for room in ("single", "small")
    )
    found = emergency_of(stage, "done", moves=[{"session": "FULL", "old": old, "new": new}], minimal=True)
    nothing = emergency_of(stage, "done")
    message = {"code": "relax.session", "values": {"session": {"sessions": ["FULL"]}}}
    remedy = {"asks": "session", "message": message, "subject": ["session", "FULL"], "change": {}, "also": []}
    small = {"code": "cause.seats", "values": {"session": {"sessions": ["FULL"]}, "seats": 500}}
    without = emergency_of(
        stage, "infeasible", causes=[{"rule": "room_too_small", "messages": [small]}], remedies=[remedy]
    )
    busy, failed = emergency_of(stage, "running"), emergency_of(stage, "failed", failure="time")
    organizing.visitor.sign_in_as(stage.organizer())
    organizing.see("/organize/forum/emergency/")
    for happened in ("room", "session", "later", "person"):
        organizing.see(f"/organize/forum/emergency/{happened}/")
    for run in (found, nothing, without, busy, failed):
        organizing.see(f"/organize/forum/emergency/repairs/{run.pk}/")
    settle(found, actor=Actor.organizer(1))
    for run in (found, nothing):  # published, and outdated by that
        organizing.see(f"/organize/forum/emergency/repairs/{run.pk}/")
    organizing.see("/organize/forum/releases/3/")
    organizing.see("/organize/forum/releases/3/sessions/OPEN/?day=2037-06-01&time=14:00&room=small")
    assert organizing.found == [], "\n".join(organizing.found)


def test_the_pages_about_searches(stage: Stage, organizing: Inspection) -> None:
    timetable = [["OPEN", 600, 660, "hall"]]
    codes = {"sessions": ["OPEN", "RIVAL"]}
    elsewhere = {"code": "alternative.elsewhere", "values": {"count": 16, "all": 21, "sessions": codes}}
    longer, now = (f"2017-09-16T{clock}+09:00" for clock in ("08:00", "09:00"))
    spans = {name: {"spans": [[begin, "2017-09-16T18:30+09:00"]]} for name, begin in (("new", longer), ("old", now))}
    remedies: list[dict[str, Any]] = [
        {
            "asks": asks,
            "message": {"code": "relax.hours", "values": spans},
            "also": [{"message": {"code": "relax.room", "values": {}}}] if asks == "session" else [],
            "gain": gain,
            "proved": proved,
            "effect": {"terms": [["wish_clashes", 290, 257], ["empty_seats", 1190, 1200]]},
        }
        for asks, gain, proved in (("hour", 330, True), ("equipment", 40, False), ("session", 10, False))
    ]
    other = {"timetable": timetable, "objective": 4160, "terms": {"wish_clashes": 297}, "messages": [elsewhere]}
    small = {"code": "cause.seats", "values": {"session": {"sessions": ["OPEN"]}, "seats": 500}}
    causes = [{"rule": "room_too_small", "messages": [small]}]
    stage.conflicting_draft()
    draft = Draft.objects.get()
    several = search_of(stage, timetable=timetable, answers=[other])
    moves = [["OPEN", [600, 660, "hall"], [780, 840, "single"]], ["RIVAL", None, [780, 840, "small"]]]
    repaired = search_of(stage, SolverRun.Purpose.REPAIR, timetable=timetable, moves=moves, minimal=True)
    helped = search_of(stage, SolverRun.Purpose.HELP, remedies=remedies)
    impossible = search_of(
        stage, feasible=False, objective=None, bound=None, terms={}, causes=causes, remedies=remedies
    )
    offers = [{"goal": goal, "timetable": timetable, "objective": 9} | OFFERED for goal in ("clashes", "moves")]
    goals = search_of(stage, goal=SolverRun.Goal.EVERY, offers=offers, made=MADE)
    organizing.visitor.sign_in_as(stage.organizer())
    organizing.see("/organize/forum/searches/")
    organizing.see("/organize/forum/searches/weights/")
    organizing.see(f"/organize/forum/searches/?from={draft.pk}")
    busy = runs.begin(
        runs.ask(stage.conference, seconds=30, seed=1, base=None, actor=Actor.organizer(1)).pk, now=timezone.now()
    )
    assert busy is not None
    SolverRun.objects.filter(pk=busy.pk).update(phase="local", found=12, curve=[[0.2, 9000, None]])
    organizing.see(f"/organize/forum/searches/{busy.pk}/")
    runs.fail(busy, failure="time", now=timezone.now())
    for run in (several, repaired, helped, impossible, goals, busy):
        organizing.see(f"/organize/forum/searches/{run.pk}/")
    assert organizing.found == [], "\n".join(organizing.found)
