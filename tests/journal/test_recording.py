from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from accounts.models import Team
from journal.actors import SYSTEM, Actor
from journal.models import Entry
from journal.recording import OutsideTransaction, record, record_all, record_written
from journal.wakeup import wake
from schedule.facts.programme import RoomResized
from tests.facts import a_fact
from tests.sql import refused, run


def rows() -> list[tuple[str, str, int | None, int | None, dict[str, object]]]:
    return [(one.verb, one.actor, one.conference_id, one.subject_id, one.data) for one in Entry.objects.order_by("pk")]


def resized(**about: Any) -> RoomResized:
    return RoomResized(**({"conference_id": None, "subject_id": 5, "old": 90, "capacity": 80} | about))


def test_an_entry_says_what_happened(db: None) -> None:
    before = timezone.now()
    entry = record(resized(conference_id=3), actor=Actor.organizer(7))
    assert rows() == [("room.resized", "organizer:7", 3, 5, {"old": 90, "capacity": 80})]
    found = Entry.objects.get(pk=entry.pk)
    assert before <= found.at <= timezone.now()
    assert (found.handled_at, found.concerns) == (None, "programme")


def test_many_entries_are_one_insert_in_their_order(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    facts = [a_fact("draft.created", conference_id=1, subject_id=number) for number in range(200)]
    with django_assert_num_queries(1):
        entries = record_all(facts, actor=SYSTEM)
    assert rows() == [("draft.created", "system", 1, number, {}) for number in range(200)]
    assert [one.pk for one in entries] == list(Entry.objects.order_by("pk").values_list("pk", flat=True))


def test_a_row_and_its_entry_are_one_statement(
    db: None,
    django_assert_num_queries: DjangoAssertNumQueries,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    write = "INSERT INTO accounts_team (name) SELECT %s WHERE NOT EXISTS (SELECT FROM accounts_team) RETURNING id"
    fact = resized(conference_id=3, subject_id=None)
    with django_assert_num_queries(1), django_capture_on_commit_callbacks() as callbacks:
        key = record_written(write, ["Gwangju"], fact, actor=Actor.organizer(7))
    assert callbacks == [wake]
    assert list(Team.objects.values_list("pk", "name")) == [(key, "Gwangju")]
    assert rows() == [("room.resized", "organizer:7", 3, key, {"old": 90, "capacity": 80})]
    assert Entry.objects.get().concerns == "programme"
    with django_capture_on_commit_callbacks() as callbacks:
        assert record_written(write, ["Busan"], fact, actor=Actor.organizer(7)) is None
    assert (callbacks, len(rows()), Team.objects.count()) == ([], 1, 1)


def test_no_facts_write_nothing_and_wake_nobody(
    db: None, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        assert record_all([], actor=SYSTEM) == []
    assert (callbacks, rows()) == ([], [])


@pytest.mark.parametrize("verb", ["resized", "room.", "Room.resized", "room.resized.twice", "room resized", ""])
def test_a_verb_reads_thing_dot_verb(db: None, verb: str) -> None:
    with pytest.raises(IntegrityError, match="journal_verb_reads_thing_dot_verb"), transaction.atomic():
        Entry.objects.create(verb=verb, concerns="team", actor=str(SYSTEM))


def test_an_entry_concerns_something_known(db: None) -> None:
    with pytest.raises(IntegrityError, match="journal_concern_is_known"), transaction.atomic():
        Entry.objects.create(verb="room.resized", concerns="nothing", actor=str(SYSTEM))


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_recorded() -> None:
    for attempt in (
        lambda: record(resized(), actor=SYSTEM),
        lambda: record_all([], actor=SYSTEM),
        lambda: record_written("SELECT 5 AS id", [], resized(), actor=SYSTEM),
    ):
        with pytest.raises(OutsideTransaction) as caught:
            attempt()
        assert str(caught.value) == "journal.record() was called outside transaction.atomic()."
    assert rows() == []
    with transaction.atomic():
        record(resized(), actor=SYSTEM)
    assert rows() == [("room.resized", "system", None, 5, {"old": 90, "capacity": 80})]


def test_an_entry_goes_with_the_change_it_tells_of(db: None) -> None:
    with transaction.atomic():
        record(resized(), actor=SYSTEM)
        transaction.set_rollback(True)
    assert rows() == []


def test_a_transaction_wakes_once_however_many_entries_it_writes(
    db: None, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        record(resized(), actor=SYSTEM)
        with transaction.atomic():
            record(a_fact("room.closed"), actor=SYSTEM)
        record_all([a_fact("signup.left"), a_fact("signup.left")], actor=SYSTEM)
    assert callbacks == [wake]


def test_nobody_is_woken_for_what_was_rolled_back(
    db: None, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        with transaction.atomic():
            record(resized(), actor=SYSTEM)
            transaction.set_rollback(True)
        assert rows() == []
    assert callbacks == []


def test_a_change_after_one_that_was_rolled_back_wakes(
    db: None, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        with transaction.atomic():
            record(resized(), actor=SYSTEM)
            transaction.set_rollback(True)
        record(a_fact("room.closed"), actor=SYSTEM)
    assert callbacks == [wake]
    assert [verb for verb, *_ in rows()] == ["room.closed"]


@pytest.mark.parametrize(
    "change",
    [
        "at = now() + interval '1 day'",
        "verb = 'room.other'",
        "actor = 'nobody'",
        "concerns = 'team'",
        "data = '{}'",
        "conference_id = 4",
        "conference_id = NULL",
        "subject_id = 6",
        "id = id + 1000",
        "handled_at = now(), actor = 'nobody'",
    ],
)
def test_an_entry_is_never_rewritten(db: None, change: str) -> None:
    entry = record(resized(conference_id=3), actor=SYSTEM)
    assert refused(f"UPDATE journal_entry SET {change} WHERE id = %s", entry.pk) == "journal_is_append_only"
    run("UPDATE journal_entry SET handled_at = now() WHERE id = %s", entry.pk)


def test_an_entry_is_never_deleted(db: None) -> None:
    entry = record(resized(), actor=SYSTEM)
    assert refused("DELETE FROM journal_entry WHERE id = %s", entry.pk) == "journal_is_append_only"
    run("UPDATE journal_entry SET handled_at = now() WHERE id = %s", entry.pk)
    assert refused("DELETE FROM journal_entry WHERE id = %s", entry.pk) == "journal_is_append_only"
    assert len(rows()) == 1


def test_an_entry_is_marked_as_handled_once(db: None) -> None:
    entry = record(resized(), actor=SYSTEM)
    first = timezone.now()
    run("UPDATE journal_entry SET handled_at = %s WHERE id = %s", first, entry.pk)
    for later in (first + timedelta(hours=1), None):
        statement = "UPDATE journal_entry SET handled_at = %s WHERE id = %s"
        assert refused(statement, later, entry.pk) == "journal_is_append_only"
    assert Entry.objects.get(pk=entry.pk).handled_at == first
