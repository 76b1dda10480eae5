from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from journal.actors import SYSTEM, Actor
from journal.models import Entry
from registration.domain.signups.signing_up import sign_up
from registration.models import Seats, SignUp
from schedule.conflicts import Level, in_words
from schedule.domain.programme import rooms as room_changes
from schedule.domain.programme import sessions as editing
from schedule.domain.timetables import releasing
from schedule.domain.timetables.drafts import create_draft, place
from schedule.domain.timetables.queries import newest_release, newest_releases
from schedule.domain.timetables.releasing import ReleaseRefused, conflicts_in, release
from schedule.models import Conference, Draft, Release, ReleasedPlacement, Room, Session
from tests.at_once import at_once
from tests.factories import at, make_conference, make_registration, make_room, make_session


class Plan:
    """Sessions a and b at 09:00 in two rooms, in a draft without a conflict."""

    def __init__(self) -> None:
        self.conference = make_conference()
        self.room, self.other = (make_room(self.conference, capacity=seats) for seats in (2, 3))
        self.a, self.b = (make_session(self.conference, code=code) for code in "AB")
        self.draft = self.drafted("Draft", a="09:00", b="09:00 other")

    def drafted(self, name: str, **placed: str) -> Draft:
        draft = create_draft(self.conference, name=name, actor=SYSTEM)
        for session, words in placed.items():
            self.move(draft, session, words)
        return draft

    def move(self, draft: Draft, session: str, words: str) -> None:
        """Place the session named: "09:00", or with a room, "09:00 other"."""
        clock, _, room = words.partition(" ")
        where: Room = getattr(self, room or "room")
        place(draft, getattr(self, session), room=where, start=at(self.conference, clock), actor=SYSTEM)

    def published(self) -> list[tuple[int, Session, Room, datetime]]:
        rows = ReleasedPlacement.objects.select_related("session", "room", "release")
        ordered = rows.order_by("release__number", "session__code")
        return [(row.release.number, row.session, row.room, row.start) for row in ordered]


@pytest.fixture
def plan(db: None) -> Plan:
    return Plan()


def test_a_draft_becomes_the_first_release(plan: Plan) -> None:
    now = timezone.now() - timedelta(minutes=5)
    made = release(plan.draft, actor=Actor.organizer(7), note="First", now=now)
    nine = at(plan.conference, "09:00")
    assert plan.published() == [(1, plan.a, plan.room, nine), (1, plan.b, plan.other, nine)]
    found = Release.objects.get(pk=made.pk)
    assert (found.number, found.published_at, str(found.note), found.sealed) == (1, now, "First", True)
    row = found.placements.get(session=plan.a)
    assert (row.end - row.start, row.title, row.room_name) == (timedelta(hours=1), plan.a.title, plan.room.name)


def test_releases_are_numbered_within_their_conference(plan: Plan) -> None:
    other = Plan()
    numbers = [release(draft, actor=SYSTEM).number for draft in (plan.draft, other.draft, plan.draft)]
    assert numbers == [1, 1, 2]
    newest = newest_release(plan.conference)
    assert newest is not None
    assert newest.number == 2
    both = Conference.objects.filter(pk__in=[plan.conference.pk, other.conference.pk])
    assert {one.conference: one.number for one in newest_releases(both)} == {plan.conference: 2, other.conference: 1}


def test_before_the_first_release_there_is_none(plan: Plan) -> None:
    release(Plan().draft, actor=SYSTEM)
    assert newest_release(plan.conference) is None
    assert newest_releases(Conference.objects.filter(pk=plan.conference.pk)) == []


def test_the_journal_says_what_a_release_changed(plan: Plan) -> None:
    first = release(plan.draft, actor=Actor.organizer(7))
    person = make_registration(plan.conference)
    sign_up(person, plan.a, actor=SYSTEM)
    plan.move(plan.draft, "a", "12:00")
    plan.move(plan.draft, "b", "14:00 other")
    second = release(plan.draft, actor=Actor.organizer(8))
    entries = Entry.objects.filter(verb="release.published").order_by("pk")
    assert [(one.actor, one.conference_id, one.subject_id, one.data) for one in entries] == [
        ("organizer:7", plan.conference.pk, first.pk, {"number": 1, "previous": None, "moved": 0, "affected": 0}),
        ("organizer:8", plan.conference.pk, second.pk, {"number": 2, "previous": 1, "moved": 2, "affected": 1}),
    ]


def test_sign_ups_follow_in_the_same_transaction(plan: Plan) -> None:
    release(plan.draft, actor=SYSTEM)
    signups = [sign_up(make_registration(plan.conference), plan.a, actor=SYSTEM) for _ in range(3)]
    assert [one.state for one in signups] == ["confirmed", "confirmed", "waiting"]
    plan.move(plan.draft, "a", "09:00 other")
    plan.move(plan.draft, "b", "09:00 room")
    release(plan.draft, actor=SYSTEM)
    found = SignUp.objects.order_by("pk")
    assert [(one.state, one.room) for one in found] == [("confirmed", plan.other)] * 3


def refusal(draft: Draft, **options: object) -> ReleaseRefused:
    with pytest.raises(ReleaseRefused) as caught, translation.override("en"):
        release(draft, actor=SYSTEM, **options)  # type: ignore[arg-type]  # `accept` only
    return caught.value


def test_a_draft_with_a_blocking_conflict_is_not_published(plan: Plan) -> None:
    plan.move(plan.draft, "b", "09:30 room")
    refused = refusal(plan.draft)
    with translation.override("en"):
        assert str(refused) == "This draft cannot be published: 1 conflict stands in the way."
        (conflict,) = refused.conflicts
        assert str(in_words(conflict)) == str(in_words(conflicts_in(plan.draft)[0]))
        assert plan.a.title.localize("en") in str(in_words(conflict))
        assert plan.b.title.localize("en") in str(in_words(conflict))
    assert (conflict.sessions, conflict.level) == (("A", "B"), Level.BLOCK)
    assert (Release.objects.count(), Seats.objects.count()) == (0, 0)
    assert not Entry.objects.filter(verb="release.published").exists()
    plan.move(plan.draft, "b", "10:00 room")
    assert release(plan.draft, actor=SYSTEM).number == 1


def test_several_conflicts_are_counted(plan: Plan) -> None:
    plan.move(plan.draft, "a", "20:00")
    plan.move(plan.draft, "b", "21:00")
    assert str(refusal(plan.draft)) == "This draft cannot be published: 2 conflicts stand in the way."


def test_a_conflict_that_was_accepted_does_not_stand_in_the_way(plan: Plan) -> None:
    plan.move(plan.draft, "a", "20:00")
    plan.move(plan.draft, "b", "21:00")
    first, second = refusal(plan.draft).conflicts
    assert [one.key for one in refusal(plan.draft, accept={first.key}).conflicts] == [second.key]
    assert release(plan.draft, actor=SYSTEM, accept={first.key, second.key}).number == 1


def test_double_use_of_a_room_is_refused_by_the_database_even_when_accepted(plan: Plan) -> None:
    plan.move(plan.draft, "b", "09:30 room")
    keys = {conflict.key for conflict in refusal(plan.draft).conflicts}
    with pytest.raises(IntegrityError, match="no_room_hosts_two_sessions_at_once"):
        release(plan.draft, actor=SYSTEM, accept=keys)
    assert Release.objects.count() == 0


def test_a_warning_does_not_stand_in_the_way(plan: Plan) -> None:
    make_session(plan.conference, code="unplaced")
    levels = [conflict.level for conflict in conflicts_in(plan.draft)]
    assert levels == [Level.WARN]
    assert release(plan.draft, actor=SYSTEM).placements.count() == 2


def test_a_session_cancelled_since_it_was_placed_is_left_out(plan: Plan) -> None:
    release(plan.draft, actor=SYSTEM)
    editing.cancel_session(plan.b, actor=SYSTEM)
    assert conflicts_in(plan.draft) == []
    plan.move(plan.draft, "a", "09:00 other")
    release(plan.draft, actor=SYSTEM)
    assert plan.published()[2:] == [(2, plan.a, plan.other, at(plan.conference, "09:00"))]


def test_a_failure_while_sign_ups_follow_leaves_nothing(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    release(plan.draft, actor=SYSTEM)
    plan.move(plan.draft, "a", "12:00")
    before = (plan.published(), Entry.objects.count(), list(Seats.objects.order_by("pk").values()))
    seen = []

    def broken(conference: Conference, *, actor: Actor, now: datetime, release: Release) -> None:
        seen.append((conference, actor, release.number, release.sealed, release.placements.count()))
        raise RuntimeError("follow broke")

    monkeypatch.setattr(releasing, "follow", broken)
    with pytest.raises(RuntimeError, match="follow broke"):
        release(plan.draft, actor=Actor.organizer(7))
    assert seen == [(plan.conference, Actor.organizer(7), 2, True, 2)]
    assert (plan.published(), Entry.objects.count(), list(Seats.objects.order_by("pk").values())) == before


def test_a_release_keeps_the_words_it_was_published_under(plan: Plan) -> None:
    made = release(plan.draft, actor=SYSTEM)
    title = plan.a.title.data
    editing.rename_session(plan.a, title={"en": "Other"}, actor=SYSTEM)
    room_changes.rename_room(plan.room, name={"en": "Other room"}, actor=SYSTEM)
    row = made.placements.get(session=plan.a)
    assert (row.title.data, row.room_name.data) == (title, plan.room.name.data)


@pytest.mark.parametrize("sessions", [1, 3])
def test_a_release_costs_the_same_for_one_and_three_sessions(
    db: None, sessions: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    conference = make_conference()
    draft = create_draft(conference, name="Draft", actor=SYSTEM)
    for hour in range(sessions):
        session = make_session(conference)
        place(draft, session, room=make_room(conference), start=at(conference, f"{9 + hour:02}:00"), actor=SYSTEM)
    draft = Draft.objects.get(pk=draft.pk)
    with django_assert_num_queries(29):
        release(draft, actor=SYSTEM)


def tried(draft: Draft) -> Callable[[], str]:
    def attempt() -> str:
        try:
            return str(release(draft, actor=SYSTEM).number)
        except IntegrityError as error:
            return str(error.__cause__.diag.constraint_name)  # type: ignore[union-attr]  # psycopg's error is the cause

    return attempt


@pytest.mark.django_db(transaction=True)
def test_two_releases_at_once_are_the_first_and_the_second() -> None:
    plan = Plan()
    drafts = [plan.draft, plan.drafted("Other", a="12:00", b="14:00 other")]
    assert sorted(at_once([tried(draft) for draft in drafts])) == ["1", "2"]
    assert [(number, session) for number, session, *_ in plan.published()] == [
        (1, plan.a),
        (1, plan.b),
        (2, plan.a),
        (2, plan.b),
    ]


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_two_releases_want_one_number(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = Plan()
    drafts = [plan.draft, plan.drafted("Other", a="12:00", b="14:00 other")]
    both_have_read = threading.Barrier(2, timeout=30)

    class Unlocked:
        class objects:  # noqa: N801  # the manager's name
            @staticmethod
            def select_for_update(*, no_key: bool) -> object:
                assert no_key
                return Conference.objects.all()

    def newest(conference: Conference) -> Release | None:
        found = newest_release(conference)
        both_have_read.wait()
        return found

    monkeypatch.setattr(releasing, "Conference", Unlocked)
    monkeypatch.setattr(releasing, "newest_release", newest)
    outcome = at_once([tried(draft) for draft in drafts])
    assert sorted(outcome) == ["1", "release_number_is_unique_in_its_conference"]
