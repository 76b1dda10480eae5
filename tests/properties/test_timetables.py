"""Whatever becomes of the programme, every page about its timetables and every search of it answers in words.

Somebody cancels, closes, unassigns, empties and deletes what may be deleted, in whatever order. What is left may be
impossible to plan, or nothing at all; a page that fails, or a search that breaks off, would say so to nobody.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.utils import timezone, translation
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from journal.actors import SYSTEM
from registration.domain.signups.signing_up import leave_all
from registration.models import Interest
from schedule.domain.editing import absences
from schedule.domain.programme import rooms
from schedule.domain.programme import sessions as editing
from schedule.domain.searches import searches as runs
from schedule.domain.searches import worker
from schedule.domain.timetables.drafts import create_draft, place, unplace
from schedule.models import (
    Body,
    Conference,
    Day,
    Draft,
    Kind,
    NotParallel,
    Person,
    Preference,
    Role,
    Room,
    RoomPart,
    Session,
    SessionGroup,
    SessionHost,
    SessionOrder,
    SolverRun,
    Theme,
    Unavailability,
)
from schedule.solver.jobs.run_job import run_job
from tests.factories import (
    at,
    both,
    make_body,
    make_conference,
    make_person,
    make_registration,
    make_room,
    make_session,
    make_team,
    make_theme,
    publish,
)
from tests.organize.conftest import member, signed_in
from tests.properties.lives import LIVES

SEARCHES = ["search", "help", "repair"]
SECONDS = 0.3
DELETED = [
    Session, Room, RoomPart, Person, Body, Day, Kind, Theme, Role, SessionHost, SessionOrder, NotParallel, SessionGroup,
    Preference, Unavailability, Draft, Interest,
]  # fmt: skip


class Stage:
    """Four sessions in three rooms with every kind of rule between them: released, in a draft, wished for."""

    def __init__(self) -> None:
        self.team = make_team()
        self.conference = make_conference(
            days=1,
            team=self.team,
            slot_minutes=30,
            room_changeover_minutes=30,
            interpreter_teams=1,
            max_parallel_open_sessions=2,
        )
        parts = [make_room(self.conference, code=code, name=both(code), capacity=20) for code in ("EAST", "WEST")]
        hall = make_room(self.conference, code="HALL", name=both("Hall"), parts=parts, features=["projector"])
        theme = make_theme(self.conference)
        person, body = make_person(self.conference), make_body(self.conference, single_team=True)
        one, two, three, four = (
            make_session(self.conference, code=code, title=both(f"Title {code}"), theme=theme)
            for code in ("ONE", "TWO", "THREE", "FOUR")
        )
        two.fixed_room, two.interpretation_pairs = parts[0], ["ko-en"]
        four.required_features, four.not_before = ["projector"], at(self.conference, "10:00")
        for session in (two, four):
            session.save()
        for session in (one, two):
            Role.objects.create(session=session, person=person, role="speaker")
            SessionHost.objects.create(session=session, body=body)
        SessionOrder.objects.create(earlier=one, later=two)
        NotParallel.objects.create(first=three, second=four)
        for same, sessions in (("time", [three, two]), ("room", [one, four])):
            SessionGroup.objects.create(conference=self.conference, same=same).sessions.add(*sessions)
        Preference.objects.create(session=one, room=hall)
        for row in ({"room": parts[1]}, {"person": person}, {"body": body}):
            Unavailability.objects.create(
                conference=self.conference,
                starts_at=at(self.conference, "15:00"),
                ends_at=at(self.conference, "16:00"),
                **row,
            )
        for wishes in ([one, two, three], [two, four], [four]):
            registration = make_registration(self.conference)
            for rank, session in enumerate(wishes, start=1):
                Interest.objects.create(registration=registration, session=session, rank=rank)
        self.draft = create_draft(self.conference, name="Work", actor=SYSTEM)
        for session, room, clock in ((one, hall, "09:00"), (two, parts[0], "10:30"), (three, parts[1], "10:30")):
            place(self.draft, session, room=room, start=at(self.conference, clock), actor=SYSTEM)
        publish(self.conference, [(one, hall, at(self.conference, "09:00"))])
        self.organizer = member(self.team, "owner", "olga")


def chosen(rows: Any, which: int) -> Any:
    """One of the rows, or None where there are none."""
    found = list(rows.order_by("pk"))
    return found[which % len(found)] if found else None


def cancel(conference: Conference, which: int) -> None:
    if session := chosen(conference.sessions.all(), which):
        editing.cancel_session(session, actor=SYSTEM)


def reinstate(conference: Conference, which: int) -> None:
    if session := chosen(conference.sessions.filter(state="cancelled"), which):
        editing.reinstate_session(session, actor=SYSTEM)


def close(conference: Conference, which: int) -> None:
    if room := chosen(conference.rooms.all(), which):
        starts = at(conference, "00:00")
        absences.close_room(room, starts_at=starts, ends_at=starts + timedelta(days=1 + which % 2), actor=SYSTEM)


def resize(conference: Conference, which: int) -> None:
    if room := chosen(conference.rooms.all(), which):
        rooms.resize_room(room, capacity=which, actor=SYSTEM)


def expect(conference: Conference, which: int) -> None:
    if session := chosen(conference.sessions.all(), which):
        conference.sessions.filter(pk=session.pk).update(
            expected_attendance=25 * which, duration_minutes=30 + 200 * (which % 3)
        )


def unassign(conference: Conference, which: int) -> None:
    if role := chosen(Role.objects.filter(session__conference=conference), which):
        Role.objects.filter(pk=role.pk).update(person=None)


def strip(conference: Conference, which: int) -> None:
    if room := chosen(conference.rooms.all(), which):
        Room.objects.filter(pk=room.pk).update(features=[], breaks_only=which % 2 == 0)


def tighten(conference: Conference, which: int) -> None:
    Conference.objects.filter(pk=conference.pk).update(
        interpreter_teams=which % 2, max_parallel_open_sessions=which % 3, room_changeover_minutes=60 * which
    )
    conference.kinds.update(max_parallel=1)
    conference.refresh_from_db()


def withdraw(conference: Conference, which: int) -> None:
    if registration := chosen(conference.registrations.all(), which):
        leave_all(registration, actor=SYSTEM)


def unplaced(conference: Conference, which: int) -> None:
    draft, session = conference.drafts.last(), chosen(conference.sessions.all(), which)
    if draft and session:
        unplace(draft, session, actor=SYSTEM)


def replaced(conference: Conference, which: int) -> None:
    draft = conference.drafts.last()
    session, room = chosen(conference.sessions.all(), which), chosen(conference.rooms.all(), which)
    if draft and session and room:
        place(draft, session, room=room, start=at(conference, f"{which + 8:02}:10"), actor=SYSTEM)


def delete(model: Any, conference: Conference, which: int) -> None:
    """What the database and its keys allow to go."""
    of_one = "conference" in {field.name for field in model._meta.fields}
    rows = model.objects.filter(conference=conference) if of_one else model.objects.all()
    if row := chosen(rows, which):
        with suppress(ProtectedError, DatabaseError), transaction.atomic():
            row.delete()
            # What a trigger would say at the end is said now.
            with transaction.get_connection().cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def deleting(model: Any) -> Callable[[Conference, int], None]:
    def change(conference: Conference, which: int) -> None:
        delete(model, conference, which)

    change.__name__ = f"delete_{model.__name__}"
    return change


OTHERS = [
    cancel, reinstate, close, resize, expect, unassign, strip, tighten, withdraw, unplaced, replaced,
]  # fmt: skip
CHANGES = {change.__name__: change for change in [*OTHERS, *(deleting(model) for model in DELETED)]}
changes = st.lists(st.tuples(st.sampled_from(sorted(CHANGES)), st.integers(0, 9)), max_size=7)


def pages(conference: Conference) -> list[str]:
    """Every address about a timetable that an organizer can reach, with a question about every session of a draft."""
    top = f"/organize/{conference.slug}/"
    found = [f"{top}{page}/" for page in ("programme", "programme/compare", "conflicts", "searches", "sessions")]
    found.append(top)
    for draft in conference.drafts.all():
        of_it = f"{top}drafts/{draft.pk}/"
        found += [of_it, f"{of_it}publish/", f"{top}conflicts/?of=draft-{draft.pk}"]
        for number, session in enumerate(conference.sessions.all()):
            room = chosen(conference.rooms.all(), number)
            place = f"day={conference.starts_on}&time=1{number % 10}:00&room={room.code if room else ''}"
            found.append(f"{of_it}sessions/{session.code}/?{place}")
    for session in conference.sessions.all():
        found.append(f"{top}sessions/{session.code}/")
    for release in conference.releases.all():
        found += [f"{top}releases/{release.number}/", f"{top}conflicts/?of=release-{release.number}"]
    for run in conference.solver_runs.all():
        found += [f"{top}searches/{run.pk}/", f"{top}searches/{run.pk}/progress/"]
    return found


def all_answer(client: Client, conference: Conference, language: str) -> None:
    """In words: with nothing left to fill in."""
    for page in pages(conference):
        answer = client.get(page, headers={"accept-language": language})
        assert (page, answer.status_code) in {(page, 200), (page, 286)}
        assert not re.search(r"\{\w*\}|%\(\w+\)", re.sub(r"<script.*?</script>", "", answer.content.decode()))


def search(conference: Conference, purpose: str) -> SolverRun:
    """What a worker does, in this process and with little time, from asking to what is kept."""
    base = conference.drafts.last()
    asked = runs.ask(
        conference,
        seconds=5,
        seed=1,
        base=base,
        answers=2 if purpose == "search" else 1,
        purpose=SolverRun.Purpose(purpose if base else "search"),
        kept=["ONE"] if base else [],
        actor=SYSTEM,
    )
    run = runs.begin(asked.pk, now=timezone.now())
    assert run is not None
    job = replace(worker.job(run), seconds=SECONDS)
    result = json.loads(json.dumps(run_job(job, say=lambda **_: None, should_stop=lambda: False)))
    return runs.finish(run, result, now=timezone.now())


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.timeout(300 * LIVES)
@settings(max_examples=6 * LIVES, deadline=None, derandomize=LIVES == 1, suppress_health_check=list(HealthCheck))
@given(changes, st.sampled_from(SEARCHES), changes)
@example([("cancel", 0)], "search", [])
@example([("cancel", 1)], "repair", [("delete_Day", 0)])
@example([("delete_Day", 0), ("replaced", 3)], "help", [])
def test_whatever_becomes_of_the_programme_every_page_and_search_answers(
    before: list[tuple[str, int]], purpose: str, after: list[tuple[str, int]]
) -> None:
    with translation.override("en"), transaction.atomic():
        stage = Stage()
        client = signed_in(stage.organizer)
        for name, which in before:
            CHANGES[name](stage.conference, which)
        all_answer(client, stage.conference, "en")
        run = search(stage.conference, purpose)
        assert run.state in {"done", "infeasible", "nothing"}
        assert run.causes or run.state != "infeasible"
        for name, which in after:
            CHANGES[name](stage.conference, which)
        all_answer(client, stage.conference, "ko")
        transaction.set_rollback(True)
