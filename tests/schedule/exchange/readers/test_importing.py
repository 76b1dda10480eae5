"""Loading a programme into the database: all of it or nothing."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import translation

from journal.actors import SYSTEM, Actor
from journal.models import Entry
from schedule import models
from schedule.domain.problem import problem_for
from schedule.exchange.readers.importing import ImportRefused, import_programme, read_programme
from schedule.solver.files import problems
from tests import factories as f
from tests.conftest import SAMPLE
from tests.present import present

pytestmark = pytest.mark.django_db

Data = dict[str, Any]


def rows() -> dict[str, int]:
    counted = (models.Conference, models.Kind, models.Room, models.Session, Entry)
    return {model.__name__: model.objects.count() for model in counted}


def test_forum_arrives_whole(forum: models.Conference) -> None:
    assert {
        "kinds": forum.kinds.count(),
        "rooms": forum.rooms.count(),
        "parts": models.RoomPart.objects.count(),
        "bodies": forum.bodies.count(),
        "people": forum.people.count(),
        "sessions": forum.sessions.count(),
        "unavailabilities": forum.unavailabilities.count(),
        "days": forum.days.count(),
    } == {
        "kinds": 7,
        "rooms": 14,
        "parts": 8,
        "bodies": 32,
        "people": 18,
        "sessions": 30,
        "unavailabilities": 7,
        "days": 4,
    }
    opening = forum.sessions.get(code="O1")
    with translation.override("ko"):
        assert str(opening.title) == "개회식"
    assert forum.local(present(opening.fixed_start)).isoformat() == "2017-09-14T13:00:00+09:00"
    room = present(opening.fixed_room)
    assert room.code == "CH23"
    assert [part.code for part in room.parts.all()] == ["CH2", "CH3"]
    assert [(role.role, role.mode) for role in opening.roles.all()][4:] == [
        ("keynote", "recorded"),
        ("honouree", "in-person"),
        ("honouree", "in-person"),
        ("host-of-ceremony", "in-person"),
    ]
    assert [host.body.code for host in opening.host_links.all()] == ["gwangju-city", "gwangju-education"]
    assert opening.interpretation_pairs == ["ko-en"]
    assert (opening.sign_languages, opening.caption_languages) == (["KSL"], ["ko"])
    assert set(forum.sessions.filter(kind__is_break=True).values_list("code", flat=True)) == {
        "BL14",
        "BL15",
        "BL16",
        "BC15",
        "BC16",
        "BD14",
    }
    assert [room.code for room in forum.rooms.filter(breaks_only=True, allows_parallel_use=True)] == ["LOBBY"]
    assert models.NotParallel.objects.filter(first__code="O1", second__code="O2").count() == 1
    assert models.SessionOrder.objects.filter(later__code="C1").count() == 18


def test_title_with_a_comma_stays_one_session(forum: models.Conference) -> None:
    titles = [str(session.title) for session in forum.sessions.filter(code__startswith="T")]
    assert len(titles) == 9
    assert "City and Child, Youth Education" in titles


def test_assumed_hosts_bind_but_are_not_shown(forum: models.Conference) -> None:
    shown = models.SessionHost.objects.filter(is_shown=True).values_list("session__code", flat=True).distinct()
    hidden = models.SessionHost.objects.filter(is_shown=False).values_list("session__code", flat=True).distinct()
    assert set(shown) == {"O1", "O2", "P1", "S2", "E1", "E2", "E3", "E4", "L1", "C1"}
    assert set(hidden) == {"T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "S1", "S3", "S4", "S5", "BD14"}
    with translation.override("en"):
        assert str(forum.sample_note).startswith("Sample data.")


def test_import_is_written_into_the_journal_and_is_not_public(data: Data) -> None:
    team = f.make_team()
    conference = import_programme(read_programme(data), team=team, actor=Actor.organizer(7))
    assert (conference.is_public, conference.registration_open, conference.team) == (False, False, team)
    entry = Entry.objects.get()
    assert (entry.verb, entry.actor, entry.conference_id, entry.subject_id, entry.data) == (
        "conference.imported",
        "organizer:7",
        conference.pk,
        conference.pk,
        {"slug": "small-forum", "sessions": 3, "rooms": 4, "people": 1, "bodies": 1},
    )


def test_what_the_scheduler_weighs_and_keeps_together_is_loaded(data: Data) -> None:
    conference = import_programme(read_programme(data), actor=SYSTEM)
    talk, pause = conference.kinds.get(code="talk"), conference.kinds.get(code="break")
    assert (talk.max_parallel, pause.max_parallel) == (2, None)
    first, second = conference.days.order_by("date")
    assert (first.core_from, first.core_until) == (None, None)
    local = [
        present(moment).astimezone(conference.zone).strftime("%d %H:%M")
        for moment in (second.core_from, second.core_until)
    ]
    assert local == ["15 09:30", "15 12:30"]
    session = conference.sessions.get(code="T2")
    assert (present(session.theme).code, conference.sessions.get(code="T1").theme) == ("peace", None)
    room, time = session.preferences.order_by("starts_at").reverse()
    assert (present(room.room).code, time.room) == ("R12", None)
    assert present(time.ends_at) - present(time.starts_at) == timedelta(hours=2)
    groups = [
        (group.same, sorted(session.code for session in group.sessions.all()))
        for group in conference.session_groups.all()
    ]
    assert groups == [("time", ["B1", "T2"]), ("room", ["T1", "T2"])]


def test_the_scheduler_reads_from_the_file_what_was_loaded_from_it(data: Data) -> None:
    loaded = problem_for(import_programme(read_programme(data), actor=SYSTEM))
    read = problems.read(json.dumps(data))
    assert {session.code: session for session in loaded.sessions} == {
        session.code: session for session in read.sessions
    }
    assert replace(loaded, sessions=read.sessions) == read


def test_taken_address_is_refused_and_nothing_is_left_behind(data: Data) -> None:
    programme = read_programme(data)
    import_programme(programme, actor=SYSTEM)
    before = rows()
    with pytest.raises(ImportRefused) as refusal:
        import_programme(programme, actor=SYSTEM)
    assert [(p.record, p.field) for p in refusal.value.problems] == [("conference", "slug")]
    assert rows() == before


def test_failure_in_the_middle_leaves_nothing_behind(data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    before = rows()

    def fail(*args: object, **kwargs: object) -> None:
        assert models.Session.objects.filter(code="T1").exists()
        raise RuntimeError("the lights went out")

    monkeypatch.setattr("schedule.exchange.readers.loading.record", fail)
    with pytest.raises(RuntimeError, match="lights"):
        import_programme(read_programme(data), actor=SYSTEM)
    assert rows() == before


@pytest.mark.parametrize("count", [1, 3])
def test_statements_do_not_grow_with_the_sessions(data: Data, count: int, django_assert_num_queries: Any) -> None:
    session = data["sessions"][2]
    data["sessions"] = [
        session | {"code": f"{letter}{n}", "theme": "peace", "preferred_rooms": ["R1"]}
        for letter in "AB"
        for n in range(count)
    ]
    data["same_time"] = [[f"A{n}", f"B{n}"] for n in range(count)]
    data["same_room"] = []
    programme = read_programme(data)
    with django_assert_num_queries(18):
        import_programme(programme, actor=SYSTEM)


JUNK: list[Any] = [
    None, 0, -1, 7, 10**30, 0.5, True, "", "x", "T1", "<b>", "\x00", "\ud800", "2017-99-99",
    "2017-09-14T99:00", "x" * 20_000,
    [], [None], [[]], [{}], ["x"], ["T1", "T2"], {}, {"en": 1}, {"en": "x"}, {"code": []},
]  # fmt: skip


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here] * bool(here) + [path for key, item in steps for path in paths(item, (*here, key))]


def test_any_junk_anywhere_is_refused_or_loads(data: Data) -> None:
    """Every field of the file in turn is replaced by every kind of junk; what reading lets through must load."""
    before = rows()
    refused = loaded = 0
    for path in paths(data):
        for junk in JUNK:
            broken = copy.deepcopy(data)
            target = broken
            for step in path[:-1]:
                target = target[step]
            target[path[-1]] = junk
            try:
                programme = read_programme(broken)
            except ImportRefused as refusal:
                refused += bool(refusal.problems)
                continue
            if (loaded := loaded + 1) % 5 == 0:  # a fifth of them, evenly spread over the fields
                with transaction.atomic():
                    import_programme(programme, actor=SYSTEM)
                    transaction.set_rollback(True)
    assert refused > 2000
    assert loaded > 300
    assert rows() == before


def test_command_says_what_was_imported(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_programme", str(SAMPLE))
    assert capsys.readouterr() == (
        "Imported whrcf-2017: 30 sessions, 14 rooms, 32 organisations, 18 people, 7 unavailabilities, 4 days.\n",
        "",
    )


def test_command_lists_problems_and_imports_nothing(tmp_path: Path, data: Data) -> None:
    data["sessions"][0]["duration_minutes"] = 0
    data["sessions"][1]["kind"] = "lecture"
    file = tmp_path / "broken.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    before = rows()
    with pytest.raises(CommandError) as error:
        call_command("import_programme", str(file))
    assert error.value.returncode == 1
    assert str(error.value) == (
        "Nothing was imported: the file has 2 problems.\n"
        "- sessions[0] (T1), duration_minutes: This is “0”; it must be from 1 to 10080. Correct the number.\n"
        "- sessions[1] (T2), kind: There is nothing with the code “lecture”. Choose one of: break, talk."
    )
    assert rows() == before
    with pytest.raises(CommandError, match="Cannot read"):
        call_command("import_programme", str(tmp_path / "missing.json"))
