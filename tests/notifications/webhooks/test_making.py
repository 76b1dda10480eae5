"""From the journal to deliveries: each entry once for each subscription that wants it, whatever happens beside it."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from journal.actors import SYSTEM, Actor
from journal.models import Entry
from journal.recording import record
from notifications.models import WebhookDelivery, WebhookSubscription
from notifications.webhooks import making
from notifications.webhooks.editing import pause, resume
from notifications.webhooks.making import CLOCKS_DIFFER_SECONDS, make_deliveries
from schedule.models import Conference
from tests.at_once import at_once
from tests.factories import make_conference
from tests.facts import a_fact
from tests.notifications.webhooks.conftest import Subscribe


def happen(conference: Conference, *verbs: str) -> list[int]:
    with transaction.atomic():
        return [record(a_fact(verb, conference_id=conference.pk), actor=SYSTEM).pk for verb in verbs]


def rows() -> list[tuple[int, int | None]]:
    return list(WebhookDelivery.objects.order_by("id").values_list("subscription_id", "journal_entry_id"))


@pytest.mark.django_db
def test_entry_makes_one_delivery_for_each_that_wants_it(conference: Conference, subscribed: Subscribe) -> None:
    happen(conference, "room.closed")  # before anybody wanted to know
    first, second = subscribed(), subscribed(verbs=["room.closed"])
    elsewhere = subscribed(conference=make_conference())
    closed, renamed, _ = happen(conference, "room.closed", "session.renamed", "room.resized")
    other = happen(elsewhere.conference, "room.closed")[0]
    expected = [(first.pk, closed), (second.pk, closed), (first.pk, renamed), (elsewhere.pk, other)]
    assert (make_deliveries(), rows()) == (4, expected)
    assert (make_deliveries(), rows()) == (0, expected)


@pytest.mark.django_db
def test_batches_come_to_an_end(conference: Conference, subscribed: Subscribe) -> None:
    subscribed()
    happen(conference, *["room.closed"] * 7)
    assert make_deliveries(limit=3) == 7


@pytest.mark.django_db
def test_position_follows_at_a_distance(conference: Conference, subscribed: Subscribe) -> None:
    subscription = subscribed()
    old, new = happen(conference, "room.closed", "room.closed")
    late = timezone.now() - timedelta(seconds=CLOCKS_DIFFER_SECONDS + 5)
    WebhookSubscription.objects.update(since=late)
    with connection.cursor() as cursor:  # the journal refuses changes
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE journal_entry SET at = %s WHERE id = %s", [late, old])
        cursor.execute("SET LOCAL session_replication_role = origin")
    make_deliveries()
    subscription.refresh_from_db()
    assert subscription.position == old
    assert [entry for _, entry in rows()] == [old, new]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("careful", [True, False])
def test_entry_that_commits_late_is_told(
    conference: Conference, subscribed: Subscribe, careful: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its key is smaller than one told before it appeared. The control looks at the clock only and loses it."""
    if not careful:
        monkeypatch.setattr(making, "_SETTLED", making._SETTLED.replace("min(xact_start)", "%(now)s"))
    subscription = subscribed()
    begun, go_on = threading.Event(), threading.Event()
    keys: list[int] = []

    def slow() -> None:
        try:
            with transaction.atomic():
                keys.extend(happen(conference, "room.closed"))
                begun.set()
                assert go_on.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert begun.wait(20)
    [quick] = happen(conference, "session.renamed")
    # Two hours later by our clock: only the transaction that is still open holds the position back.
    assert make_deliveries(now=timezone.now() + timedelta(hours=2)) == 1
    subscription.refresh_from_db()
    assert (subscription.position < min(keys)) == careful
    go_on.set()
    thread.join()
    assert make_deliveries() == careful
    assert rows() == [(subscription.pk, quick), (subscription.pk, keys[0])][: 1 + careful]


@pytest.mark.django_db(transaction=True)
def test_at_once_nothing_is_told_twice(conference: Conference, subscribed: Subscribe) -> None:
    subscribed()
    keys = happen(conference, *["room.closed"] * 40)
    made = at_once([lambda: make_deliveries(limit=10)] * 4)
    make_deliveries()
    assert (max(made) > 0, sorted(entry for _, entry in rows() if entry)) == (True, keys)


@pytest.mark.django_db
def test_crash_between_rows_and_position_loses_and_doubles_nothing(
    conference: Conference, subscribed: Subscribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribed()
    keys = happen(conference, "room.closed")
    write = making._write

    def dying(*args: object) -> None:
        write(*args)  # type: ignore[arg-type]  # as they came
        raise InterruptedError

    with monkeypatch.context() as patch:
        patch.setattr(making, "_write", dying)
        with pytest.raises(InterruptedError):
            make_deliveries()
    assert rows() == []
    make_deliveries()
    assert [entry for _, entry in rows()] == keys


@pytest.mark.django_db
def test_what_happens_during_a_pause_is_told_after_it(conference: Conference, subscribed: Subscribe) -> None:
    subscription = subscribed()
    assert pause(subscription, actor=Actor.organizer(1))
    keys = happen(conference, "room.closed")
    assert (make_deliveries(), rows()) == (0, [])
    assert resume(subscription, actor=Actor.organizer(1))
    assert (make_deliveries(), rows()) == (1, [(subscription.pk, keys[0])])


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_number_of_queries_does_not_grow(
    conference: Conference, subscribed: Subscribe, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        subscribed()
    happen(conference, *["room.closed"] * count)
    with django_assert_num_queries(9):  # with two for the savepoint
        assert make_deliveries() == count * count


@pytest.mark.django_db
def test_without_subscriptions_the_journal_is_not_read(
    conference: Conference, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    happen(conference, "room.closed")
    with django_assert_num_queries(3):  # with two for the savepoint
        assert make_deliveries() == 0
    assert Entry.objects.count() == 1
