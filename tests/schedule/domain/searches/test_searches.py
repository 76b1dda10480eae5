from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from journal.actors import SYSTEM, Actor
from journal.models import Entry
from schedule.domain.searches import searches as runs
from schedule.domain.searches.weights import weigh
from schedule.domain.timetables.drafts import create_draft
from schedule.models import Conference, Draft, SolverRun
from schedule.solver.problem import Weights
from tests.factories import at, make_conference, make_room, make_session

pytestmark = pytest.mark.django_db
State = SolverRun.State
ELSEWHERE = {"code": "alternative.elsewhere", "values": {"count": 1, "all": 1, "sessions": {"sessions": ["TALK"]}}}
NO_ROOMS = {"rule": "no_rooms", "messages": [{"code": "cause.no_rooms", "values": {}}]}


@pytest.fixture
def forum() -> Conference:
    conference = make_conference()
    make_session(conference, code="TALK")
    make_room(conference, code="HALL")
    return conference


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Which searches a worker was sent for."""
    sent: list[int] = []
    monkeypatch.setattr(runs, "wake", sent.append)
    return sent


def ask(conference: Conference, *, base: Draft | None = None, **more: Any) -> SolverRun:
    return runs.ask(conference, seconds=30, seed=7, base=base, actor=Actor.organizer(1), **more)


def begun(conference: Conference) -> SolverRun:
    run = runs.begin(ask(conference).pk, now=timezone.now())
    assert run is not None
    return run


def result(**changes: Any) -> dict[str, Any]:
    return {
        "feasible": True,
        "objective": 12,
        "bound": 10,
        "terms": {"unseated": 1},
        "seconds": 3.5,
        "base_terms": {},
        "attendance": {},
        "causes": [],
        "answers": [],
        "exhausted": False,
        "remedies": [],
        "timetable": [["TALK", 540, 600, "HALL"]],
        "moves": [],
        "minimal": False,
        **changes,
    }


def entries() -> list[tuple[str, dict[str, Any]]]:
    return list(Entry.objects.filter(verb__startswith="search.").order_by("pk").values_list("verb", "data"))


def test_asking_queues_a_search_and_wakes_a_worker(
    forum: Conference, woken: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        run = ask(forum)
    assert (run.state, run.seconds, run.seed, run.actor) == (State.QUEUED, 30, 7, "organizer:1")
    assert entries() == [("search.asked", {"seconds": 30, "seed": 7})]
    assert woken == [run.pk]


def test_a_search_keeps_the_weights_it_was_asked_with(forum: Conference) -> None:
    weigh(forum, replace(Weights(), unseated=50), actor=Actor.organizer(1))
    run = ask(forum)
    weigh(forum, Weights(), actor=Actor.organizer(1))
    run.refresh_from_db()
    assert Weights(**run.weights) == replace(Weights(), unseated=50)


def test_a_second_search_at_the_same_time_is_refused_by_code_and_database(forum: Conference) -> None:
    ask(forum)
    with pytest.raises(runs.AlreadySearching, match="running already"):
        ask(forum)
    with pytest.raises(IntegrityError, match="one_search_per_conference_at_a_time"), transaction.atomic():
        SolverRun.objects.create(conference=forum, actor=str(SYSTEM), state=State.RUNNING)
    assert SolverRun.objects.count() == 1
    assert ask(make_conference()).state == State.QUEUED


def test_a_draft_of_another_conference_is_no_start(forum: Conference) -> None:
    foreign = create_draft(make_conference(), name="theirs", actor=SYSTEM)
    with pytest.raises(ValueError, match="another conference"):
        ask(forum, base=foreign)
    assert SolverRun.objects.count() == 0


def test_sessions_are_kept_as_they_are_in_a_draft_only(forum: Conference) -> None:
    with pytest.raises(ValueError, match="in a draft"):
        ask(forum, kept=["TALK"])
    base = create_draft(forum, name="base", actor=SYSTEM)
    run = ask(forum, base=base, kept=["TALK"])
    SolverRun.objects.update(state=State.LOST)
    run.refresh_from_db()
    again = runs.ask_again(run, actor=Actor.organizer(1))
    assert (run.kept, again.kept) == (["TALK"], ["TALK"])
    SolverRun.objects.update(state=State.LOST, base=None)
    again.refresh_from_db()
    assert not again.may_be_repeated


def test_one_worker_takes_a_search_on(forum: Conference) -> None:
    run, now = ask(forum), timezone.now()
    first, second = runs.begin(run.pk, now=now), runs.begin(run.pk, now=now)
    assert first is not None
    assert (first.state, first.started_at, first.beat_at) == (State.RUNNING, now, now)
    assert second is None


def test_what_is_found_becomes_a_draft_of_its_own(forum: Conference) -> None:
    kept = create_draft(forum, name="kept", actor=SYSTEM)
    run = begun(forum)
    run.curve = [[0.1, 20, None], [1.0, 12, 10]]
    done = runs.finish(run, result(), now=timezone.now())
    assert (done.state, done.objective, done.bound, done.terms) == (State.DONE, 12, 10, {"unseated": 1})
    assert SolverRun.objects.get().curve == [[0.1, 20, None], [1.0, 12, 10]]
    assert done.draft is not None
    assert done.draft.origin == {
        "search": run.pk,
        "seed": 7,
        "seconds": 3.5,
        "objective": 12,
        "bound": 10,
        "terms": {"unseated": 1},
    }
    (placement,) = done.draft.placements.all()
    assert (placement.session.code, placement.room.code) == ("TALK", "HALL")
    assert (placement.start, placement.end) == (at(forum, "09:00"), at(forum, "10:00"))
    assert kept.placements.count() == 0
    assert entries()[-1] == ("search.ended", {"state": "done", "draft": done.draft.pk})


def test_two_searches_of_one_second_have_drafts_of_their_own(forum: Conference) -> None:
    now = timezone.now()
    for _ in range(3):
        run = begun(forum)
        SolverRun.objects.filter(pk=run.pk).update(asked_at=now)
        runs.finish(run, result(), now=now)
    name = f"Timetable of {forum.local(now):%Y-%m-%d %H:%M:%S}"
    assert sorted(forum.drafts.values_list("name", flat=True)) == [name, f"{name} (2)", f"{name} (3)"]


def test_a_search_that_was_deleted_while_it_ran_ends_quietly(forum: Conference) -> None:
    """As when its conference was: the worker asks the solver to stop, and takes in what it says last."""
    run = begun(forum)
    SolverRun.objects.filter(pk=run.pk).delete()
    told = len(entries())
    assert runs.beat(run, now=timezone.now()) is False
    runs.finish(run, result(), now=timezone.now())
    runs.fail(run, failure="time", now=timezone.now())
    assert (SolverRun.objects.count(), forum.drafts.count(), len(entries())) == (0, 0, told)


def test_what_is_deleted_while_a_search_runs_is_left_out(forum: Conference) -> None:
    found = [["TALK", 540, 600, "HALL"], ["GONE", 540, 600, "HALL"], ["GONE", 600, 660, "CELLAR"]]
    done = runs.finish(begun(forum), result(timetable=found), now=timezone.now())
    assert done.draft is not None
    assert [one.session.code for one in done.draft.placements.all()] == ["TALK"]


def test_every_answer_becomes_a_draft(forum: Conference) -> None:
    other = {
        "timetable": [["TALK", 600, 660, "HALL"]],
        "objective": 13,
        "terms": {"unseated": 2},
        "messages": [ELSEWHERE],
    }
    run = runs.begin(ask(forum, answers=3).pk, now=timezone.now())
    assert run is not None
    done = runs.finish(run, result(answers=[other], exhausted=True), now=timezone.now())
    assert (done.answers, done.exhausted, done.state) == (3, True, State.DONE)
    (answer,) = done.further.all()
    assert (answer.number, answer.objective, answer.terms) == (2, 13, {"unseated": 2})
    assert answer.texts == [ELSEWHERE]
    assert answer.draft is not None
    assert answer.draft.name.endswith(", answer 2")
    assert answer.draft.origin["objective"] == 13
    assert [one.start for one in answer.draft.placements.all()] == [at(forum, "10:00")]
    assert Draft.objects.count() == 2


@pytest.mark.parametrize("answers", [0, 6])
def test_the_database_refuses_a_number_of_answers_nobody_may_ask_for(forum: Conference, answers: int) -> None:
    with pytest.raises(IntegrityError, match="solver_run_asks_for_some_answers"), transaction.atomic():
        SolverRun.objects.create(conference=forum, actor=str(SYSTEM), answers=answers)


def test_help_makes_no_draft_and_keeps_what_would_help(forum: Conference) -> None:
    base = create_draft(forum, name="base", actor=SYSTEM)
    asked = ask(forum, base=base, purpose=SolverRun.Purpose.HELP)
    run = runs.begin(asked.pk, now=timezone.now())
    assert run is not None
    remedy = {"asks": "room", "message": {"code": "relax.room", "values": {}}, "also": [], "gain": 5}
    done = runs.finish(run, result(timetable=[], remedies=[remedy]), now=timezone.now())
    assert (done.purpose, done.state, done.draft, done.remedies) == ("help", State.DONE, None, [remedy])
    assert Draft.objects.get() == base


def test_a_repair_becomes_a_draft_and_keeps_what_moved(forum: Conference) -> None:
    base = create_draft(forum, name="b" * 110, actor=SYSTEM)
    asked = ask(forum, base=base, purpose=SolverRun.Purpose.REPAIR)
    run = runs.begin(asked.pk, now=timezone.now())
    assert run is not None
    moves = [["TALK", [600, 660, "HALL"], [540, 600, "HALL"]], ["NEW", None, [600, 660, "HALL"]]]
    done = runs.finish(run, result(moves=moves, minimal=True), now=timezone.now())
    assert done.draft is not None
    assert (done.state, done.minimal, done.draft.name) == (State.DONE, True, f"{'b' * 90}, repaired")
    after = {"start": at(forum, "09:00"), "end": at(forum, "10:00"), "room": "HALL"}
    first, second = done.moves
    assert {
        key: value if key == "room" else datetime.fromisoformat(value) for key, value in first["new"].items()
    } == after
    assert (first["session"], second["session"], second["old"]) == ("TALK", "NEW", None)
    assert base.placements.count() == 0


def test_only_a_draft_is_repaired(forum: Conference) -> None:
    with pytest.raises(ValueError, match="Only a draft"):
        ask(forum, purpose=SolverRun.Purpose.REPAIR)


@pytest.mark.parametrize(
    ("asked_to_stop", "changes", "state"),
    [
        (True, {}, State.STOPPED),
        (True, {"timetable": [], "feasible": None, "objective": None}, State.STOPPED),
        (False, {"timetable": [], "feasible": None, "objective": None}, State.NOTHING),
        (False, {"timetable": [], "feasible": False, "objective": None, "causes": [NO_ROOMS]}, State.INFEASIBLE),
    ],
)
def test_how_a_search_ends(forum: Conference, asked_to_stop: bool, changes: dict[str, Any], state: str) -> None:
    run = begun(forum)
    if asked_to_stop:
        runs.stop(run, actor=Actor.organizer(1))
    done = runs.finish(run, result(**changes), now=timezone.now())
    assert (done.state, done.draft is not None, done.causes) == (state, not changes, changes.get("causes", []))


@pytest.mark.parametrize("state", ["stopped", "infeasible", "nothing", "failed", "lost"])
def test_what_ended_without_an_answer_is_asked_for_again(forum: Conference, state: str) -> None:
    base = create_draft(forum, name="base", actor=SYSTEM)
    first = ask(forum, base=base, answers=3, purpose=SolverRun.Purpose.HELP)
    SolverRun.objects.update(state=state)
    first.refresh_from_db()
    weigh(forum, replace(Weights(), unseated=50), actor=Actor.organizer(1))
    again = runs.ask_again(first, actor=Actor.organizer(2))
    assert (again.seconds, again.seed, again.base, again.answers, again.purpose) == (30, 7, base, 3, "help")
    assert (again.state, again.actor, again.weights["unseated"]) == (State.QUEUED, "organizer:2", 50)
    with pytest.raises(runs.AlreadySearching):
        runs.ask_again(first, actor=Actor.organizer(2))


@pytest.mark.parametrize("state", ["queued", "running", "done"])
def test_what_goes_on_or_was_answered_is_not_asked_for_again(forum: Conference, state: str) -> None:
    run = SolverRun(conference=forum, state=state)
    with pytest.raises(ValueError, match="cannot be asked for again"):
        runs.ask_again(run, actor=Actor.organizer(1))


def test_help_for_a_draft_that_is_gone_is_not_asked_for_again(forum: Conference) -> None:
    run = SolverRun(conference=forum, state=State.LOST, purpose=SolverRun.Purpose.HELP)
    with pytest.raises(ValueError, match="cannot be asked for again"):
        runs.ask_again(run, actor=Actor.organizer(1))


def test_stopping_a_search_that_has_not_begun_ends_it(forum: Conference) -> None:
    run = ask(forum)
    runs.stop(run, actor=Actor.organizer(1))
    runs.stop(run, actor=Actor.organizer(1))
    run.refresh_from_db()
    assert (run.state, run.ended_at is not None) == (State.STOPPED, True)
    assert runs.begin(run.pk, now=timezone.now()) is None
    assert [verb for verb, _ in entries()] == ["search.asked", "search.stopped"]


def test_the_worker_hears_that_it_should_stop(forum: Conference) -> None:
    run = begun(forum)
    assert runs.beat(run, now=timezone.now())
    runs.stop(run, actor=Actor.organizer(1))
    assert not runs.beat(run, now=timezone.now())


def test_a_silent_search_is_given_up_and_what_comes_late_is_dropped(forum: Conference) -> None:
    run = begun(forum)
    assert runs.find_lost(now=timezone.now() + runs.SILENT / 2) == 0
    assert runs.find_lost(now=timezone.now() + runs.SILENT * 2) == 1
    assert not runs.beat(run, now=timezone.now())
    assert runs.finish(run, result(), now=timezone.now()).state == State.LOST
    runs.fail(run, failure="time", now=timezone.now())
    assert (SolverRun.objects.get().state, Draft.objects.count()) == (State.LOST, 0)
    assert ask(forum).state == State.QUEUED


def test_a_search_nobody_took_on_is_offered_again(forum: Conference, woken: list[int]) -> None:
    run = ask(forum)
    runs.find_lost(now=timezone.now())
    assert woken == []
    runs.find_lost(now=timezone.now() + runs.UNHEARD + timedelta(seconds=1))
    assert woken == [run.pk]


def test_a_failure_keeps_its_reason(forum: Conference) -> None:
    run = begun(forum)
    runs.fail(run, failure="memory", now=timezone.now())
    run.refresh_from_db()
    assert (run.state, run.failure) == (State.FAILED, "memory")
    assert entries()[-1] == ("search.ended", {"state": "failed"})


@pytest.mark.parametrize("count", [0, 1, 400, 401, 5000])
def test_a_long_curve_is_thinned_and_keeps_its_ends(count: int) -> None:
    curve: list[list[Any]] = [[number, -number, None] for number in range(count)]
    thin = runs.thinned(curve)
    assert len(thin) == min(count, runs.MOST_POINTS)
    assert thin[:1] + thin[-1:] == curve[:1] + curve[-1:]
    assert [point[0] for point in thin] == sorted({point[0] for point in thin})
