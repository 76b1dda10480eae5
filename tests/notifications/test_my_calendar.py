"""The page of a participant's calendar addresses."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from journal.models import Entry
from notifications.feeds import create_feed, feed_url
from notifications.models import FeedToken
from notifications.my_calendar import MAX_ADDRESSES
from registration.access import SESSION_KEY
from registration.models import Registration
from tests.notifications.calendars.factories import unfolded
from tests.notifications.places import ACTOR, Stage
from tests.notifications.test_feeds import events

pytestmark = pytest.mark.django_db


def signed_in(registration: Registration, **options: bool) -> Client:
    client = Client(**options)
    session = client.session
    session[SESSION_KEY] = str(registration.participant.uid)
    session.save()
    return client


def test_addresses_are_made_shown_and_withdrawn() -> None:
    stage = Stage()
    alice = stage.person()
    client, path = signed_in(alice), f"/my/{stage.conference.slug}/calendar/"
    assert client.get(path).context["addresses"] == []
    assert FeedToken.objects.count() == 0
    assert client.post(path, {"make": "1"})["Location"] == path
    token = FeedToken.objects.get()
    page = client.get(path)
    [shown] = page.context["addresses"]
    assert shown["url"] == feed_url(token)
    assert shown["webcal"] == feed_url(token).replace("https:", "webcal:")
    assert feed_url(token) in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    client.post(path, {"withdraw": str(token.uid)})
    assert client.get(path).context["addresses"] == []
    assert list(Entry.objects.filter(verb__startswith="feed.").values_list("verb", "actor")) == [
        ("feed.created", f"participant:{alice.uid}"), ("feed.revoked", f"participant:{alice.uid}"),
    ]  # fmt: skip


def test_nobody_reaches_anothers_addresses() -> None:
    stage, elsewhere = Stage(), Stage()
    alice, charlie = stage.person(), elsewhere.person()
    bob = stage.person()
    token = create_feed(alice, actor=ACTOR)
    path = f"/my/{stage.conference.slug}/calendar/"
    assert Client().get(path)["Location"] == f"/my/sign-in/?next=%2Fmy%2F{stage.conference.slug}%2Fcalendar%2F"
    assert signed_in(charlie).get(path).status_code == 404
    assert signed_in(charlie).get(path.rstrip("/") + ".ics").status_code == 404
    assert signed_in(bob).get(path).context["addresses"] == []
    assert signed_in(bob).post(path, {"withdraw": str(token.uid)}).status_code == 404
    assert signed_in(bob).post(path, {"withdraw": "no identifier"}).status_code == 404
    assert FeedToken.objects.filter(revoked_at=None).count() == 1


def test_form_of_another_site_changes_nothing() -> None:
    stage = Stage()
    client = signed_in(stage.person(), enforce_csrf_checks=True)
    assert client.post(f"/my/{stage.conference.slug}/calendar/", {"make": "1"}).status_code == 403
    assert FeedToken.objects.count() == 0


def test_number_of_addresses_is_bounded() -> None:
    stage = Stage()
    client, path = signed_in(stage.person()), f"/my/{stage.conference.slug}/calendar/"
    for _ in range(MAX_ADDRESSES + 1):
        client.post(path, {"make": "1"})
    assert FeedToken.objects.count() == MAX_ADDRESSES
    assert client.get(path).context["more"] is False


def test_file_holds_my_places_and_asks_for_no_updates() -> None:
    stage = Stage()
    mine, _other = stage.place(), stage.place()
    response = signed_in(mine.registration).get(f"/my/{stage.conference.slug}/calendar.ics")
    lines = unfolded(response.content)
    assert events(lines, "UID", "STATUS") == [(f"{mine.uid}@forum.example.org", "CONFIRMED")]
    assert [line for line in lines if line.startswith(("METHOD", "REFRESH", "SOURCE", "X-PUBLISHED"))] == []
    assert response["Content-Disposition"] == f'attachment; filename="{stage.conference.slug}.ics"'
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("addresses", [1, 3])
def test_number_of_queries(addresses: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    stage = Stage()
    alice = stage.person()
    for _ in range(addresses):
        create_feed(alice, actor=ACTOR)
    client = signed_in(alice)
    # Session, registration, addresses.
    with django_assert_num_queries(3):
        client.get(f"/my/{stage.conference.slug}/calendar/")
