from __future__ import annotations

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from journal.models import Entry
from journal.recording import record, record_all
from notifications.models import Message
from notifications.rules import intake
from notifications.rules.intake import take_in
from registration.domain.signups.signing_up import leave
from registration.models import Registration
from tests.factories import make_registration, make_room
from tests.facts import a_fact
from tests.notifications.places import ACTOR, Stage, make_link, outbox

pytestmark = pytest.mark.django_db


def unhandled() -> int:
    return Entry.objects.filter(handled_at=None).count()


def test_each_entry_makes_one_message_for_its_person() -> None:
    stage = Stage()
    alice, bob, charlie = stage.place(), stage.place(), stage.place()
    assert take_in() == 3
    assert unhandled() == 0
    rows = Message.objects.order_by("pk").values_list(
        "kind", "signup_id", "registration_id", "participant_id", "conference_id", "queue", "state", "attempts"
    )
    assert list(rows) == [
        (kind, one.pk, one.registration_id, one.registration.participant_id, stage.conference.pk, "bulk", "queued", 0)
        for kind, one in (("place_confirmed", alice), ("place_confirmed", bob), ("place_waiting", charlie))
    ]


def test_replayed_entry_makes_nothing_twice() -> None:
    stage = Stage()
    signup = stage.place()
    entry = Entry.objects.get(verb="signup.confirmed")
    there = Message.objects.create(
        conference=stage.conference,
        participant=signup.registration.participant,
        signup=signup,
        kind="place_confirmed",
        dedup_key=f"journal:{entry.pk}",
        journal_entry_id=entry.pk,
    )
    take_in()
    assert Message.objects.get() == there
    assert unhandled() == 0


def test_failure_in_a_batch_leaves_journal_and_outbox_untouched(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage()
    stage.place()
    before = unhandled()

    def fail(*args: object) -> None:
        raise RuntimeError("the power is gone")

    monkeypatch.setattr(intake, "_wake", fail)
    with pytest.raises(RuntimeError, match="the power is gone"):
        take_in()
    assert (unhandled(), Message.objects.count()) == (before, 0)
    monkeypatch.undo()
    take_in()
    assert (unhandled(), outbox()) == (0, [("place_confirmed", "queued")])


@pytest.mark.django_db(transaction=True)
def test_one_takes_in_at_a_time() -> None:
    """Two side by side would put the messages about a place into the outbox in the wrong order."""
    other = connection.copy()
    try:
        with other.cursor() as theirs, transaction.atomic(), connection.cursor() as ours:
            theirs.execute("SELECT pg_advisory_lock(hashtext('notifications.rules.intake'))")
            ours.execute("SET LOCAL lock_timeout = '50ms'")
            with pytest.raises(OperationalError, match="lock timeout"):
                take_in()
    finally:
        other.close()


def test_entries_without_mail_are_handled_too() -> None:
    with transaction.atomic():
        record(a_fact("draft.created", subject_id=1), actor=ACTOR)
        record(a_fact("signup.confirmed", subject_id=999_999, by="self"), actor=ACTOR)
    assert take_in() == 0
    assert unhandled() == 0


def test_batches_follow_each_other_until_nothing_is_left() -> None:
    with transaction.atomic():
        record_all([a_fact("draft.placed", subject_id=number) for number in range(7)], actor=ACTOR)
    take_in(limit=3)
    assert unhandled() == 0


@pytest.mark.parametrize("people", [1, 3])
def test_number_of_queries_does_not_depend_on_the_batch(
    people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    stage = Stage()
    for _ in range(people):
        stage.place()
    # Begin, lock, entries, sign-ups, conferences, queued messages, insert, mark, end.
    with django_assert_num_queries(9):
        take_in()


def test_links_are_urgent_and_name_the_registration_they_confirm() -> None:
    stage = Stage()
    registration = stage.person(state=Registration.State.DRAFT)
    links = [make_link(registration.participant) for _ in range(3)]
    wanted = [("confirm", registration.pk), ("sign_in", None), ("confirm", 999_999)]
    with transaction.atomic():
        for link, (purpose, of) in zip(links, wanted, strict=True):
            record(
                a_fact(
                    "link.requested",
                    conference_id=stage.conference.pk,
                    subject_id=link.pk,
                    purpose=purpose,
                    participant=registration.participant_id,
                    registration=of,
                ),
                actor=ACTOR,
            )
    take_in()
    rows = Message.objects.order_by("pk").values_list("kind", "queue", "magic_link_id", "registration_id")
    assert list(rows) == [
        ("confirm_address", "urgent", links[0].pk, registration.pk),
        ("sign_in", "urgent", links[1].pk, None),
        ("confirm_address", "urgent", links[2].pk, None),
    ]


def test_newer_message_supersedes_an_unsent_older_one_of_the_same_place_only() -> None:
    stage = Stage()
    alice, _bob = stage.place(), stage.place()
    charlie = stage.place()
    take_in()
    leave(alice, actor=ACTOR)
    take_in()
    rows = Message.objects.order_by("journal_entry_id").values_list("signup_id", "kind", "state")
    assert list(rows) == [
        (alice.pk, "place_confirmed", "superseded"),
        (_bob.pk, "place_confirmed", "queued"),
        (charlie.pk, "place_waiting", "superseded"),
        (alice.pk, "place_left", "queued"),
        (charlie.pk, "place_confirmed", "queued"),
    ]


def test_change_is_told_by_the_confirmation_that_has_not_left_yet() -> None:
    stage = Stage()
    stage.place()
    stage.move("11:00")
    stage.move("12:00")
    take_in()
    assert outbox() == [("place_confirmed", "queued")]


def test_sent_message_is_never_superseded() -> None:
    stage = Stage()
    place = stage.place()
    take_in()
    Message.objects.update(state="sent", sent_at=timezone.now())
    leave(place, actor=ACTOR)
    take_in()
    assert outbox() == [("place_confirmed", "sent"), ("place_left", "queued")]


@pytest.mark.parametrize("reason", ["self", "registration"])
def test_leaving_a_waiting_line_makes_no_mail(reason: str) -> None:
    stage = Stage()
    make_room(stage.conference)
    stage.place(), stage.place()
    waiting = stage.place()
    take_in()
    leave(waiting, actor=ACTOR, reason=reason)
    assert take_in() == 0


def test_every_worker_that_is_worth_it_is_woken(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: object
) -> None:
    woken: list[tuple[str, int]] = []
    monkeypatch.setattr(intake, "wake_delivery", lambda queue, workers: woken.append((queue, workers)))
    stage = Stage()
    people = [make_registration(stage.conference) for _ in range(51)]
    with transaction.atomic():
        facts = [
            a_fact("registration.confirmed", conference_id=stage.conference.pk, subject_id=one.pk) for one in people
        ]
        record_all(facts, actor=ACTOR)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # the fixture's type is its own
        take_in()
    assert woken == [("bulk", 2)]
