"""Searches with a real child process."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from dataclasses import replace
from datetime import UTC
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone, translation

from journal.actors import Actor
from schedule.domain.searches import searches as runs
from schedule.domain.searches import worker as searching
from schedule.domain.searches.weights import weigh
from schedule.domain.searches.words import SearchWords
from schedule.domain.timetables.drafts import create_draft, place
from schedule.models import Conference, SolverRun
from schedule.solver.files.made import fingerprint
from schedule.solver.problem import Weights
from tests.factories import at, make_conference, make_room, make_session, publish

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]
State = SolverRun.State


@pytest.fixture(autouse=True)
def _asleep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "wake", lambda run_id: None)


def conference(sessions: int, *, seats: int = 50) -> Conference:
    made = make_conference()
    make_room(made, code="HALL", capacity=50)
    for _ in range(sessions):
        make_session(made, expected_attendance=seats)
    return made


def ask(made: Conference, *, seconds: int = 5) -> SolverRun:
    return runs.ask(made, seconds=seconds, seed=1, base=None, actor=Actor.organizer(1))


def test_a_search_places_every_session() -> None:
    run = ask(conference(3))
    searching.search(run.pk)
    run.refresh_from_db()
    assert (run.state, run.failure) == (State.DONE, "")
    assert run.draft is not None
    assert run.draft.placements.count() == 3
    assert run.curve[-1][1] == run.objective
    assert (run.found > 0, run.tried) == (True, 0)
    assert run.phase in ("first", "local", "moments", "cp-sat", "bound")
    assert run.terms["unseated"] == 0
    searching.search(run.pk)
    assert SolverRun.objects.get().draft == run.draft


def test_the_organizers_weights_decide_what_the_penalty_is() -> None:
    made = conference(1, seats=20)
    weigh(made, replace(Weights(), empty_seats=7), actor=Actor.organizer(1))
    run = ask(made)
    searching.search(run.pk)
    run.refresh_from_db()
    assert (run.terms["empty_seats"], run.objective) == (30, 30 * 7)


def test_every_goal_has_a_timetable_and_says_what_it_was_made_from() -> None:
    made = conference(2)
    run = runs.ask(made, seconds=5, seed=1, base=None, actor=Actor.organizer(1), goal=SolverRun.Goal.EVERY)
    searching.search(run.pk)
    run.refresh_from_db()
    assert (run.state, run.failure, run.draft) == (State.DONE, "", None)
    assert [(one.goal, len(one.places)) for one in run.further.all()] == [("clashes", 2)]
    job = searching.job(run)
    assert run.made["problem"] == fingerprint(job.problem, job.start)
    assert (run.made["seed"], run.made["seconds"], run.made["workers"]) == (1, 5, 1)


def test_fewest_moves_starts_from_what_is_published() -> None:
    made = conference(1)
    session, hall = made.sessions.get(), made.rooms.get()
    publish(made, [(session, hall, at(made, "15:00"))])
    run = runs.ask(made, seconds=5, seed=1, base=None, actor=Actor.organizer(1), goal=SolverRun.Goal.MOVES)
    job = searching.job(run)
    assert job.start is not None
    assert [(one.session, one.room) for one in job.start] == [(session.code, hall.code)]
    assert job.problem.weights.moved_times == 1000
    assert searching.job(runs.begin(run.pk, now=timezone.now()) or run).published == job.start


def test_from_a_draft_it_is_never_worse_and_says_what_was_before() -> None:
    made = conference(3)
    first = ask(made)
    searching.search(first.pk)
    first.refresh_from_db()
    again = runs.ask(made, seconds=5, seed=2, base=first.draft, actor=Actor.organizer(1))
    searching.search(again.pk)
    again.refresh_from_db()
    assert again.state == State.DONE
    assert {name: value for name, value in again.base_terms.items() if name in first.terms} == first.terms
    assert again.objective is not None
    assert first.objective is not None
    assert again.objective <= first.objective
    assert again.draft != first.draft


def test_what_is_kept_stays_where_it_was() -> None:
    made = conference(3)
    first, *_others = sorted(made.sessions.values_list("code", flat=True))
    odd = at(made, "13:45")
    base = create_draft(made, name="base", actor=Actor.organizer(1))
    hall = made.rooms.get()
    place(base, made.sessions.get(code=first), room=hall, start=odd, actor=Actor.organizer(1))
    for kept in ([first], []):
        run = runs.ask(made, seconds=5, seed=1, base=base, actor=Actor.organizer(1), kept=kept)
        searching.search(run.pk)
        run.refresh_from_db()
        assert run.draft is not None
        # Without being kept it would rather start on the half hour.
        assert (run.draft.placements.get(session__code=first).start == odd) == bool(kept)


def said(run: SolverRun, *messages: dict[str, Any]) -> str:
    return SearchWords(run.conference_id).say(messages)


def test_an_impossible_programme_has_its_reason_in_both_languages() -> None:
    run = ask(conference(1, seats=500))
    searching.search(run.pk)
    run.refresh_from_db()
    assert (run.state, run.draft) == (State.INFEASIBLE, None)
    (cause,) = run.causes
    assert cause["rule"] == "room_too_small"
    assert f"{title(run)} needs 500 seats" in said(run, *cause["messages"])
    with translation.override("ko"):
        assert "500석이 필요합니다" in said(run, *cause["messages"])
    assert (run.phase, run.found, run.tried > 0) == ("help", 0, True)
    assert [(one["asks"], said(run, one["message"]), one["gain"]) for one in run.remedies] == [
        ("equipment", f"Expect 50 instead of 500 people in {title(run)}.", None),
        ("room", "Have one more room with 500 seats.", None),
        ("session", f"Leave out {title(run)}.", None),
    ]


def title(run: SolverRun) -> str:
    return f"“{run.conference.sessions.get().title}”"


def test_several_answers_become_several_drafts() -> None:
    made = conference(2)
    run = runs.ask(made, seconds=6, seed=1, base=None, actor=Actor.organizer(1), answers=2)
    searching.search(run.pk)
    run.refresh_from_db()
    (other,) = run.further.all()
    assert run.draft is not None
    assert other.draft is not None
    assert run.state == State.DONE
    first, second = (dict(draft.placements.values_list("session", "start")) for draft in (run.draft, other.draft))
    assert first != second
    assert said(run, *other.texts).startswith(("1 of 2", "2 of 2"))


def test_help_for_a_draft_is_found_in_the_child() -> None:
    made = conference(2)
    run = ask(made)
    searching.search(run.pk)
    run.refresh_from_db()
    again = runs.ask(made, seconds=6, seed=1, base=run.draft, actor=Actor.organizer(1), purpose=SolverRun.Purpose.HELP)
    searching.search(again.pk)
    again.refresh_from_db()
    assert (again.state, again.failure, again.draft, again.objective) == (State.DONE, "", None, run.objective)
    assert again.remedies == []  # nothing is lost, so nothing can be gained


def test_a_draft_is_repaired_with_the_fewest_changes() -> None:
    made = conference(3)
    hall = made.rooms.get()
    base = create_draft(made, name="base", actor=Actor.organizer(1))
    first, second, third = made.sessions.order_by("code")
    for session, clock in ((first, "10:00"), (second, "10:00"), (third, "14:00")):
        place(base, session, room=hall, start=at(made, clock), actor=Actor.organizer(1))
    repair = SolverRun.Purpose.REPAIR
    run = runs.ask(made, seconds=10, seed=1, base=base, actor=Actor.organizer(1), purpose=repair)
    searching.search(run.pk)
    run.refresh_from_db()
    assert (run.state, run.failure, run.phase, run.minimal) == (State.DONE, "", "repair", True)
    assert run.draft is not None
    (move,) = run.moves
    assert move["session"] in (first.code, second.code)
    assert move["old"]["start"] == at(made, "10:00").astimezone(UTC).isoformat()
    before, after = (dict(draft.placements.values_list("session__code", "start")) for draft in (base, run.draft))
    assert {code for code in before if before[code] != after[code]} == {move["session"]}
    again = runs.ask(made, seconds=10, seed=1, base=run.draft, actor=Actor.organizer(1), purpose=repair)
    searching.search(again.pk)
    again.refresh_from_db()
    assert (again.state, again.draft, again.moves, again.minimal) == (State.DONE, None, [], True)


def test_what_cannot_be_repaired_has_its_reason() -> None:
    made = conference(1, seats=500)
    base = create_draft(made, name="base", actor=Actor.organizer(1))
    place(base, made.sessions.get(), room=made.rooms.get(), start=at(made, "10:00"), actor=Actor.organizer(1))
    run = runs.ask(made, seconds=10, seed=1, base=base, actor=Actor.organizer(1), purpose=SolverRun.Purpose.REPAIR)
    searching.search(run.pk)
    run.refresh_from_db()
    assert (run.state, run.draft, run.moves) == (State.INFEASIBLE, None, [])
    assert "500" in said(run, *run.causes[0]["messages"])


def test_too_little_memory_is_said_so(settings: Any) -> None:
    settings.SOLVER_MEMORY_MB = 1
    run = ask(conference(1))
    searching.search(run.pk)
    run.refresh_from_db()
    assert (run.state, run.draft) == (State.FAILED, None)
    assert run.failure in ("memory", "broken")  # what the system does to who asks for more is not ours to choose


@pytest.mark.parametrize("where", ["problem_for", "_child", "_watch"])
def test_what_goes_wrong_in_the_worker_is_told_at_once(
    where: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError("The shelf fell down.")

    monkeypatch.setattr(searching, where, breaks)
    run = ask(conference(1))
    with pytest.raises(RuntimeError, match="shelf"):
        searching.search(run.pk)
    run.refresh_from_db()
    assert (run.state, run.failure, run.draft) == (State.FAILED, "broken", None)
    assert "The shelf fell down." in caplog.text


def test_progress_counts_what_is_better_and_keeps_the_last_phase() -> None:
    run = SolverRun()
    for phase, objective, bound in (("first", 9, None), ("bound", 9, 3), ("local", 8, 3), ("local", 5, 3)):
        searching._note(run, {"phase": phase, "point": [0.1, objective, bound], "terms": {}})
    assert (run.phase, run.found, len(run.curve), run.objective, run.bound) == ("local", 3, 4, 5, 3)
    searching._note(run, {"phase": "help", "tried": 2})
    assert (run.phase, run.found, run.tried, len(run.curve)) == ("help", 3, 2, 4)


def started(monkeypatch: pytest.MonkeyPatch) -> tuple[list[subprocess.Popen[bytes]], threading.Event]:
    """The children, and an event for when the first has said something."""
    children: list[subprocess.Popen[bytes]] = []
    heard = threading.Event()
    watch = searching._watch

    def watching(run: SolverRun, process: subprocess.Popen[bytes], lines: Any) -> None:
        children.append(process)
        heard.set()
        watch(run, process, lines)

    monkeypatch.setattr(searching, "_watch", watching)
    return children, heard


def in_thread(run: SolverRun) -> threading.Thread:
    def work() -> None:
        try:
            searching.search(run.pk)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def until(run: SolverRun, wanted: Any) -> None:
    deadline = time.monotonic() + 60
    while not wanted(run):
        assert time.monotonic() < deadline
        time.sleep(0.05)
        run.refresh_from_db()


def test_stopping_ends_it_soon_and_keeps_the_best(monkeypatch: pytest.MonkeyPatch) -> None:
    _children, heard = started(monkeypatch)
    made = conference(6)
    run = ask(made, seconds=120)
    thread = in_thread(run)
    assert heard.wait(60)
    until(run, lambda one: one.curve or not one.is_busy)
    runs.stop(run, actor=Actor.organizer(1))
    thread.join(60)
    assert not thread.is_alive()
    run.refresh_from_db()
    assert run.state in (State.STOPPED, State.DONE)  # a small programme may be proved best first
    assert run.draft is not None
    assert run.draft.placements.count() == 6


def test_a_killed_child_is_a_failed_search(monkeypatch: pytest.MonkeyPatch) -> None:
    children, heard = started(monkeypatch)
    run = ask(conference(3), seconds=60)
    thread = in_thread(run)
    assert heard.wait(60)
    os.kill(children[0].pid, signal.SIGKILL)
    thread.join(60)
    assert not thread.is_alive()
    run.refresh_from_db()
    assert (run.state, run.failure, run.draft) == (State.FAILED, "broken", None)
