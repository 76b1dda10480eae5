"""What each page of the organizers costs: its statements in literal numbers, and its weight at a congress."""

from __future__ import annotations

import gzip
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from journal.actors import Actor
from journal.recording import record_all
from notifications.models import Message
from organize.pages import NEEDS
from registration.domain.signups.signing_up import sign_up
from schedule.domain.known_problems import KnownProblems
from schedule.models import Kind, Placement, Session
from tests.factories import at, both, make_kind, make_registration, make_room
from tests.facts import a_fact
from tests.organize.conftest import Desk, member
from tests.organize.test_access import PAGES, announcement, message, paths_of, suppression

__all__ = ["message"]  # a fixture

BUDGET = 15
"""Statements that a page may cost."""
QUERIES = {
    "index": 6, "home": 15, "look": 14, "my_mails": 5, "programme": 9, "close_room": 5, "compare": 15,
    "compare_people": 13, "compare_people_json": 13, "draft": 11, "new_draft": 7, "rename_draft": 5, "delete_draft": 7,
    "draft_history": 6, "publish": 15, "move": 10, "places": 13, "places_json": 13, "release": 7,
    "move_released": 10, "emergency": 6, "emergency_kind": 8, "emergency_repair": 7, "emergency_part": 7,
    "searches": 5, "weights": 5, "search": 5, "search_progress": 5, "search_json": 6, "conflicts": 12,
    "sessions": 9, "session": 9, "in_public": 6, "registrations": 9, "registration": 9, "same_mailbox": 6,
    "registration_rule": 5, "registration_times": 4, "retention": 5, "texts": 5, "text": 5, "decide": 5,
    "signups": 7, "session_signups": 6, "session_names": 9, "outbox": 8, "message": 8, "message_html": 7,
    "announcements": 7, "write_announcement": 6, "announcement": 9, "edit_announcement": 8, "announcement_html": 6,
    "progress": 6, "discard_announcement": 5, "templates": 5, "template": 6, "template_html": 6,
    "template_reset": 4, "suppressions": 6, "journal": 8, "team": 7, "team_invite": 6, "team_role": 6,
    "team_leave": 5, "new_conference": 5, "copied_conference": 6, "conference_edit": 6, "conference_delete": 5,
    "conference_history": 6, "rooms": 6, "room_new": 6, "room_edit": 9, "room_delete": 6, "room_history": 9,
    "room_away": 5, "kinds": 6, "kind_new": 4, "kind_edit": 5, "kind_delete": 6, "kind_history": 6, "themes": 6,
    "theme_new": 4, "theme_edit": 5, "theme_delete": 6, "theme_history": 6, "bodies": 6, "body_new": 5,
    "body_edit": 7, "body_delete": 6, "body_history": 6, "body_away": 5, "people": 6, "person_new": 4,
    "person_edit": 7, "person_delete": 6, "person_history": 6, "person_away": 5, "setup_sessions": 6,
    "session_new": 7, "session_edit": 13, "session_delete": 6, "session_history": 9, "session_cancel": 6,
    "groups": 7, "group_new": 5, "group_edit": 8, "group_delete": 7, "group_history": 7, "imports": 5,
    "import_template": 4, "export_archive": 12, "import_reading": 7, "import_preview": 9, "import_result": 6,
    "exports": 6, "archives": 5, "archive_progress": 5, "draft_proof": 12, "import_progress": 6,
    "emergency_people": 15, "emergency_samples": 15,
    "webhooks": 5, "webhook_new": 4, "webhook": 7, "webhook_edit": 5, "webhook_delete": 6, "webhook_delivery": 6,
}  # fmt: skip
"""When a page is opened for the first time since something has happened."""
KEPT = {"look": 7, "compare": 11, "publish": 11}
"""When it is opened again: then the problem is known, and what the overview has found."""
DONE_AND_TAKEN_BACK = {"rehearsal", "publish_samples", "emergency_people", "emergency_samples"}
"""Pages that say what publishing would do to people, found by doing it: as many statements as a release has. They are
parts that come after the page, or behind a link."""
POSTED_ONLY = {name for name, (_path, answers) in PAGES.items() if answers[0] == 405}


def test_every_page_has_a_cost() -> None:
    # These two cost what the release does that they make and take back; tests of their own count that.
    assert set(PAGES) - POSTED_ONLY == {*QUERIES, "rehearsal", "publish_samples"}
    assert {name for name, cost in QUERIES.items() if cost > BUDGET} <= DONE_AND_TAKEN_BACK
    assert max(KEPT.values()) <= BUDGET
    assert set(NEEDS) <= set(PAGES)


@pytest.mark.parametrize("more", [0, 2])
def test_pages_cost_the_same_for_any_number_of_rows(
    desk: Desk, message: Message, alice: Client, more: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.add_sessions(more)
    for n in range(1 + more):
        registration = make_registration(desk.conference, display_name=f"Person {n}")
        for session in desk.conference.sessions.all():
            sign_up(registration, session, actor=Actor.participant(registration.uid))
        Message.objects.create(
            conference=desk.conference, participant=registration.participant, kind="sign_in", dedup_key=f"more-{n}"
        )
        announcement(desk, number=n)
        member(desk.team, "viewer", f"more{n}")
        desk.team.invitations.create(email=f"invited{n}@example.org", expires_at=timezone.now())
        suppression(registration.participant.email)
    with transaction.atomic():  # the newest ten entries name each kind of thing once
        closed = a_fact("room.closed", conference_id=desk.conference.pk, subject_id=desk.hall.pk)
        keys = {"session": desk.talk.pk, "room": desk.hall.pk}
        placed = a_fact("draft.placed", conference_id=desk.conference.pk, subject_id=desk.draft.pk, **keys)
        record_all([closed, placed], actor=Actor.organizer(desk.alice.pk))
    paths = paths_of(desk, message)

    def cost_of(name: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert alice.get(paths[name]).status_code == PAGES[name][1][0]
        return len(queries)

    assert {name: cost_of(name) for name in QUERIES} == QUERIES
    # Tests run in one transaction, in which nothing is kept.
    kept = KnownProblems()
    for page in ("conflict_rows", "places.page", "attendance.views"):
        monkeypatch.setattr(f"organize.programme.{page}.known_problem", kept.of)
    again = [{name: cost_of(name) for name in KEPT} for _ in range(2)]
    assert again[1] == KEPT


def test_a_congress_is_light(desk: Desk, alice: Client) -> None:
    """Lists of a thousand sessions have days and pages."""
    kind = Kind.objects.filter(conference=desk.conference).first() or make_kind(desk.conference)
    sessions = Session.objects.bulk_create(
        Session(conference=desk.conference, kind=kind, code=f"S{n}", title=both(f"Session {n}"), duration_minutes=60)
        for n in range(1000)
    )
    rooms = [make_room(desk.conference, name=both(f"Room {n}")) for n in range(40)]
    Placement.objects.bulk_create(
        Placement(draft=desk.draft, session=one, room=rooms[n % 40], start=start, end=start + timedelta(hours=1))
        for n, one in enumerate(sessions)
        for start in [at(desk.conference, "09:00") + timedelta(hours=n // 40)]  # into the night and beyond
    )
    names = ["home", "programme", "draft", "publish", "conflicts", "compare", "sessions", "setup_sessions", "signups"]
    names += ["places", "session_new", "session_edit", "write_announcement", "emergency_kind", "people", "rooms"]
    weights = {}
    for name in names:
        path = PAGES[name][0].format(draft=desk.draft.pk, talk=desk.talk.pk)
        response = alice.get(path)
        assert response.status_code == 200
        weights[name] = len(gzip.compress(response.content, 6))
    assert {name: weight for name, weight in weights.items() if weight > 100_000} == {}
