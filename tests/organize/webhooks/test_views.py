"""The organizers' pages: what they show, refuse and do. Who may open them is in organize/test_gates.py."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from journal.actors import SYSTEM, Actor
from journal.models import Entry
from notifications.models import WebhookDelivery, WebhookSubscription, WebhookTry
from notifications.webhooks import editing
from notifications.webhooks.editing import MOST_PER_CONFERENCE, subscribe
from notifications.webhooks.signing import secret_of
from schedule.models import Conference
from tests.factories import make_conference, make_team
from tests.organize.conftest import member, signed_in

pytestmark = pytest.mark.django_db
URL = "https://hooks.example.org/plenary"
PAGES = "/organize/forum/webhooks/"


@pytest.fixture
def conference(db: None) -> Conference:
    return make_conference(slug="forum", team=make_team())


@pytest.fixture
def alice(conference: Conference) -> Client:
    assert conference.team
    return signed_in(member(conference.team, "owner", "alice"))


@pytest.fixture
def bob(conference: Conference) -> Client:
    assert conference.team
    return signed_in(member(conference.team, "viewer", "bob"))


@pytest.fixture
def webhook(conference: Conference) -> WebhookSubscription:
    return subscribe(
        conference, name="Site", url=URL, verbs=["room.closed"], actor=Actor.organizer(1), now=timezone.now()
    )


def delivery(webhook: WebhookSubscription, state: str, **fields: object) -> WebhookDelivery:
    times = {"delivered_at": timezone.now()} if state == "delivered" else {}
    return WebhookDelivery.objects.create(
        subscription=webhook, verb="room.closed", body='{"type":"room.closed"}', state=state, **(times | fields)
    )


def verbs() -> list[str]:
    return list(Entry.objects.filter(verb__startswith="webhook.").order_by("id").values_list("verb", flat=True))


def test_webhook_is_made(conference: Conference, alice: Client) -> None:
    response = alice.post(f"{PAGES}new/", {"name": "Site", "url": URL, "verbs": ["room.closed", "session.renamed"]})
    made = WebhookSubscription.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"{PAGES}{made.uid}/")
    assert (made.conference, made.name, made.url) == (conference, "Site", URL)
    assert made.verbs == ["room.closed", "session.renamed"]
    assert verbs() == ["webhook.created"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"url": "http://hooks.example.org/"}, "The address must start with https://."),
        ({"url": "https://127.0.0.1/"}, "The address leads into a private network."),
        ({"url": "javascript:alert(1)"}, "The address must start with https://."),
        ({"verbs": []}, "Fill this in."),
        ({"verbs": ["link.requested"]}, "“link.requested” is not on the list. Choose something that is."),
        ({"name": ""}, "Fill this in."),
    ],
)
def test_bad_input_is_refused_and_kept(
    conference: Conference, alice: Client, settings: object, changed: dict[str, object], said: str
) -> None:
    settings.WEBHOOKS_LOCAL = False  # type: ignore[attr-defined]  # the fixture of pytest-django
    given = {"name": "Our site", "url": URL, "verbs": ["room.closed"]} | changed
    response = alice.post(f"{PAGES}new/", given)
    assert (response.status_code, said in response.text) == (422, True)
    assert all(str(given[name]) in response.text for name in ("name", "url"))
    assert WebhookSubscription.objects.count() == 0


def test_there_are_only_so_many(webhook: WebhookSubscription, alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_PER_CONFERENCE == 20
    monkeypatch.setattr(editing, "MOST_PER_CONFERENCE", 1)
    response = alice.post(f"{PAGES}new/", {"name": "Second", "url": URL, "verbs": ["room.closed"]})
    assert (response.status_code, "Delete one that is not needed." in response.text) == (422, True)
    assert WebhookSubscription.objects.count() == 1


def test_secret_is_for_those_who_may_change(webhook: WebhookSubscription, alice: Client, bob: Client) -> None:
    secret = secret_of(webhook.uid, 1)
    seen = [one.get(f"{PAGES}{webhook.uid}/").text.count(secret) for one in (alice, bob)]
    assert seen == [1, 0]
    assert alice.get(f"{PAGES}{webhook.uid}/")["Cache-Control"] == "private, no-store"
    alice.post(f"{PAGES}{webhook.uid}/rotate/")
    page = alice.get(f"{PAGES}{webhook.uid}/").text
    assert [page.count(secret_of(webhook.uid, number)) for number in (1, 2, 3)] == [1, 1, 0]


def test_buttons_do_what_they_say(webhook: WebhookSubscription, alice: Client) -> None:
    seen = []
    for action in ("test", "pause", "resume", "rotate"):
        response = alice.post(f"{PAGES}{webhook.uid}/{action}/")
        assert response["Location"] == f"{PAGES}{webhook.uid}/"
        webhook.refresh_from_db()
        seen.append((webhook.state, webhook.secret_number, webhook.deliveries.count()))
    assert seen == [("active", 1, 1), ("paused", 1, 1), ("active", 1, 1), ("active", 2, 1)]
    assert verbs()[1:] == ["webhook.tested", "webhook.paused", "webhook.resumed", "webhook.secret_rotated"]


def test_webhook_is_changed(webhook: WebhookSubscription, alice: Client) -> None:
    page = alice.get(f"{PAGES}{webhook.uid}/edit/").text
    assert re.findall(r'value="([a-z_.]+)"[^>]* checked', page) == ["room.closed"]
    alice.post(f"{PAGES}{webhook.uid}/edit/", {"name": "New", "url": URL + "/2", "verbs": ["room.resized"]})
    webhook.refresh_from_db()
    assert (webhook.name, webhook.url, webhook.verbs) == ("New", URL + "/2", ["room.resized"])


def test_deleting_asks_first(webhook: WebhookSubscription, alice: Client) -> None:
    delivery(webhook, "queued")
    page = alice.get(f"{PAGES}{webhook.uid}/delete/")
    assert ("“Site”?" in page.text, "1 event on its way is dropped." in page.text) == (True, True)
    assert WebhookSubscription.objects.count() == 1
    assert alice.post(f"{PAGES}{webhook.uid}/delete/")["Location"] == PAGES
    assert (WebhookSubscription.objects.count(), verbs()[1:]) == (0, ["webhook.deleted"])


def test_delivery_shows_request_answer_and_duration(webhook: WebhookSubscription, bob: Client) -> None:
    one = delivery(webhook, "failed")
    WebhookTry.objects.create(
        delivery=one, at=timezone.now(), url=URL, status=503, answer="<b>busy</b>", milliseconds=1234
    )
    page = bob.get(f"{PAGES}deliveries/{one.uid}/").text
    assert "&lt;b&gt;busy&lt;/b&gt;" in page
    assert [text in page for text in (f"msg_{one.uid.hex}", "503", "1234 ms", "Send again", "webhook-signature")] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_one_is_sent_again(webhook: WebhookSubscription, alice: Client) -> None:
    one, other = delivery(webhook, "delivered"), delivery(webhook, "failed")
    page = alice.get(f"{PAGES}deliveries/{one.uid}/").text
    assert f"{PAGES}deliveries/{one.uid}/again/" in page
    alice.post(f"{PAGES}deliveries/{one.uid}/again/")
    states = [WebhookDelivery.objects.get(pk=row.pk).state for row in (one, other)]
    assert states == ["queued", "failed"]


@pytest.mark.parametrize(
    ("which", "since", "until", "again"),
    [
        ("failed", "", "", [1, 3]),
        ("all", "", "", [0, 1, 2, 3]),
        ("failed", "2037-06-01T10:00", "", [3]),
        ("all", "2037-06-01T08:00", "2037-06-01T11:00", [1, 2]),
        ("failed", "2038-01-01T00:00", "", []),
    ],
)
def test_range_is_sent_again(  # times are on the clocks of Seoul
    webhook: WebhookSubscription, alice: Client, which: str, since: str, until: str, again: list[int]
) -> None:
    start = webhook.conference.local(timezone.now()).replace(2037, 6, 1, 7, 0)
    rows = [
        delivery(webhook, state, created_at=start + timedelta(hours=hours))
        for state, hours in (("delivered", 0), ("failed", 2), ("delivered", 3), ("failed", 5), ("queued", 3))
    ]
    elsewhere = delivery(
        subscribe(webhook.conference, name="x", url=URL, verbs=["room.closed"], actor=SYSTEM, now=timezone.now()),
        "failed",
    )
    alice.post(f"{PAGES}{webhook.uid}/again/", {"which": which, "since": since, "until": until})
    changed = [n for n, row in enumerate(rows[:4]) if WebhookDelivery.objects.get(pk=row.pk).state == "queued"]
    elsewhere.refresh_from_db()
    assert (changed, elsewhere.state) == (again, "failed")


def test_range_that_ends_before_it_starts_is_refused(webhook: WebhookSubscription, alice: Client) -> None:
    given = {"which": "all", "since": "2037-06-01T10:00", "until": "2037-06-01T09:00"}
    response = alice.post(f"{PAGES}{webhook.uid}/again/", given)
    assert (response.status_code, "The end must be after the start." in response.text) == (422, True)


def test_switched_off_webhook_stands_on_the_overview(webhook: WebhookSubscription, alice: Client) -> None:
    link = f"{PAGES}{webhook.uid}/"
    before = alice.get("/organize/forum/").text.count(link)
    WebhookSubscription.objects.update(state="disabled")
    after = alice.get("/organize/forum/").text
    # That it was made is among the latest changes, which lead to it too.
    assert (before, after.count(link), "The webhook “Site” is switched off" in after) == (1, 2, True)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("page", "number"), [("", 5), ("{webhook}/", 7), ("deliveries/{delivery}/", 6)])
def test_number_of_queries_does_not_grow(
    webhook: WebhookSubscription, alice: Client, count: int, page: str, number: int
) -> None:
    for n in range(count):
        one = delivery(webhook, "failed")
        WebhookTry.objects.create(delivery=one, at=timezone.now(), url=URL, status=500, milliseconds=n)
        WebhookTry.objects.create(delivery=one, at=timezone.now(), url=URL, status=500, milliseconds=n)
        subscribe(webhook.conference, name="x", url=URL, verbs=["room.closed"], actor=SYSTEM, now=timezone.now())
    path = PAGES + page.format(webhook=webhook.uid, delivery=one.uid)
    with CaptureQueriesContext(connection) as queries:
        assert alice.get(path).status_code == 200
    assert len(queries) == number
