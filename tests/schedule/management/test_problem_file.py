"""`manage.py problem_file`: a conference as a file that the scheduler's command line solves."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from journal.actors import SYSTEM
from registration.models import Interest
from schedule.domain.problem import problem_for, timetable_of
from schedule.domain.searches import searches as runs
from schedule.domain.searches.weights import weigh, weights_of
from schedule.domain.searches.worker import job
from schedule.models import Conference, Draft, Placement
from schedule.solver.cli.commands import main
from schedule.solver.files import problems
from schedule.solver.files.made import fingerprint
from schedule.solver.problem import Pin, Weights
from tests.factories import at, make_conference, make_registration, make_room, make_session


@pytest.fixture
def conference(forum: Conference) -> Conference:
    """The forum with wishes."""
    for rank, code in enumerate(("T1", "P2", "T9"), 1):
        registration = make_registration(forum)
        Interest.objects.create(registration=registration, session=forum.sessions.get(code=code), rank=rank)
    return forum


@pytest.fixture
def draft(conference: Conference) -> Draft:
    """Two sessions have a place; one of them has been cancelled since."""
    draft = Draft.objects.create(conference=conference, name="Morning")
    make_session(conference, code="X1")
    for code, room, clock in (("E1", "R214", "09:00"), ("X1", "R305", "09:30")):
        session = conference.sessions.get(code=code)
        Placement.objects.create(
            draft=draft,
            session=session,
            room=conference.rooms.get(code=room),
            start=at(conference, clock),
            end=at(conference, "12:00"),
        )
    conference.sessions.filter(code="X1").update(state="cancelled")
    return draft


def test_the_file_holds_the_problem_of_the_conference(
    conference: Conference, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("problem_file", conference.slug)
    text = capsys.readouterr().out
    read = problems.read(text)
    assert read == problem_for(conference)
    assert len(read.attendees) == 3
    assert "start" not in json.loads(text)


def test_the_file_weighs_as_the_conference_does(conference: Conference, tmp_path: Path) -> None:
    weigh(conference, Weights(empty_seats=7), actor=SYSTEM)
    file = tmp_path / "problem.json"
    call_command("problem_file", conference.slug, out=file)
    assert problems.read(file) == replace(problem_for(conference), weights=weights_of(conference))


def test_a_draft_is_the_timetable_to_begin_with(draft: Draft, tmp_path: Path) -> None:
    file = tmp_path / "problem.json"
    call_command("problem_file", draft.conference.slug, draft=draft.pk, keep=["E1"], out=file)
    start = timetable_of(draft.conference, draft.placements.select_related("session", "room"))
    assert [placement.session for placement in start] == ["E1"]
    assert problems.read_start(file) == start
    pins = (Pin("E1", 9 * 60, "R214"),)
    assert problems.read(file) == replace(problem_for(draft.conference), pins=pins)


def test_the_file_of_a_search_has_its_fingerprint(
    conference: Conference, draft: Draft, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(runs, "wake", lambda run_id: None)
    run = runs.ask(conference, seconds=5, seed=1, base=draft, actor=SYSTEM, kept=["E1"], goal="compact")
    call_command("problem_file", conference.slug, "--search", str(run.pk), "--out", str(tmp_path / "problem.json"))
    asked = job(run)
    text = (tmp_path / "problem.json").read_text()
    assert fingerprint(problems.read(text), problems.read_start(text)) == fingerprint(asked.problem, asked.start)
    assert (asked.problem.weights.person_gaps, len(asked.problem.pins)) == (50, 1)
    with pytest.raises(CommandError, match="leave out --draft"):
        call_command("problem_file", conference.slug, "--search", str(run.pk), "--draft", str(draft.pk))
    with pytest.raises(CommandError, match="has no search 999"):
        call_command("problem_file", conference.slug, "--search", "999")


def test_the_file_is_solved_by_the_command_line(
    draft: Draft, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "problem.json", tmp_path / "timetable.json"
    call_command("problem_file", draft.conference.slug, draft=draft.pk, keep=["E1"], out=file)
    assert main(["solve", str(file), "--seconds", "3", "--out", str(out)]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["feasible"] is True
    assert main(["check", str(file), str(out)]) == 0
    (kept,) = (one for one in json.loads(out.read_text(encoding="utf-8")) if one["session"] == "E1")
    assert (kept["room"], kept["start_minute"]) == ("R214", 9 * 60)


def test_what_cannot_be_done_is_said_and_nothing_is_written(draft: Draft, tmp_path: Path) -> None:
    other = Draft.objects.create(conference=make_conference(), name="Elsewhere")
    slug, out = draft.conference.slug, tmp_path / "problem.json"
    refusals: dict[str, dict[str, Any]] = {
        "There is no conference at the address “nowhere”.": {"conference": "nowhere"},
        f"“{slug}” has no draft {other.pk}. Its drafts: {draft.pk} (“Morning”).": {"draft": other.pk},
        "--keep needs --draft: sessions keep the place they have in a draft.": {"keep": ["E1"]},
        f"Session “X1” has no place in draft {draft.pk}.": {"keep": ["X1"], "draft": draft.pk},
        f"Cannot write {tmp_path / 'no' / 'x'}: No such file or directory.": {"out": tmp_path / "no" / "x"},
    }
    for words, arguments in refusals.items():
        options: dict[str, Any] = {"out": out}
        options.update(arguments)
        with pytest.raises(CommandError) as error:
            call_command("problem_file", options.pop("conference", slug), **options)
        assert str(error.value) == words
        assert not out.exists()


def test_a_conference_beyond_every_limit_is_refused(db: None) -> None:
    conference = make_conference()
    make_session(conference, code="A", expected_attendance=2_000_000)
    make_room(conference)
    with pytest.raises(CommandError, match=r"does not fit into a problem file: sessions\[0\] \(A\), seats_needed: "):
        call_command("problem_file", conference.slug)
