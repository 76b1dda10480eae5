"""What organizers see of the outbox, and trying again."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from journal.models import Entry
from notifications.models import Message
from notifications.rules.intake import take_in
from organize.mail.queries import OutboxFilter, outbox_counts, outbox_rows
from tests.factories import make_user
from tests.notifications.places import Stage
from tests.present import present

pytestmark = pytest.mark.django_db


def outbox_of(people: int) -> Stage:
    stage = Stage()
    for _ in range(people):
        stage.place()
    take_in()
    return stage


def test_counts_name_every_state_and_no_other_conference() -> None:
    stage = outbox_of(3)
    outbox_of(1)
    Message.objects.filter(kind="place_waiting").update(state="failed")
    counts = outbox_counts(stage.conference)
    assert list(counts) == Message.State.values
    assert {state: count for state, count in counts.items() if count} == {"queued": 2, "failed": 1}


def test_rows_are_the_newest_first_and_can_be_narrowed() -> None:
    stage = outbox_of(3)
    outbox_of(1)
    kinds = [row.kind for row in outbox_rows(stage.conference)]
    assert kinds == ["place_waiting", "place_confirmed", "place_confirmed"]
    assert [row.kind for row in outbox_rows(stage.conference, OutboxFilter(kind="place_waiting"))] == ["place_waiting"]
    Message.objects.filter(kind="place_waiting").update(state="failed")
    assert [row.kind for row in outbox_rows(stage.conference, OutboxFilter(state="failed"))] == ["place_waiting"]
    assert list(outbox_rows(stage.conference, OutboxFilter(state="no such state"))) == []


@pytest.mark.parametrize("people", [1, 3])
def test_rows_cost_one_query(people: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    stage = outbox_of(people)
    with django_assert_num_queries(1):
        shown = [
            (present(row.participant).email, present(row.signup).session.title) for row in outbox_rows(stage.conference)
        ]
    assert len(shown) == people


@pytest.fixture
def admin() -> Client:
    client = Client()
    user = make_user(is_staff=True)
    User.objects.filter(pk=user.pk).update(is_superuser=True)
    client.force_login(User.objects.get(pk=user.pk))
    return client


def test_administration_shows_messages_and_changes_none(admin: Client) -> None:
    outbox_of(1)
    message = Message.objects.get()
    page = admin.get(f"/admin/notifications/message/{message.pk}/change/")
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    before = Message.objects.values().get()
    assert admin.post(f"/admin/notifications/message/{message.pk}/change/", {"state": "sent"}).status_code == 403
    assert admin.post(f"/admin/notifications/message/{message.pk}/delete/", {"post": "yes"}).status_code == 403
    assert admin.get("/admin/notifications/message/add/").status_code == 403
    assert Message.objects.values().get() == before


def test_administration_tries_failed_messages_again(admin: Client) -> None:
    outbox_of(2)
    failed, queued = Message.objects.order_by("pk")
    Message.objects.filter(pk=failed.pk).update(state="failed", attempts=6)
    chosen = {"action": "try_again", "_selected_action": [failed.pk, queued.pk]}
    page = admin.post("/admin/notifications/message/", chosen, follow=True)
    said = [str(message) for message in page.context["messages"]]
    assert said == [
        f"{queued.pk}: Only a message that has failed can be tried again.",
        "1 message is due again.",
    ]
    failed.refresh_from_db()
    assert (failed.state, failed.attempts) == ("queued", 0)
    user = User.objects.get()
    assert list(Entry.objects.filter(verb="message.retried").values_list("actor", "subject_id", "conference_id")) == [
        (f"organizer:{user.pk}", failed.pk, failed.conference_id)
    ]
