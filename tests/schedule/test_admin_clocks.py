"""The administration takes and shows times on the clocks of the conference they are of, and says so."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from schedule.models import Conference, Unavailability
from tests.factories import make_conference, make_person, make_room, make_session, make_user, publish
from tests.schedule.administration import fields, without_lines

pytestmark = pytest.mark.django_db
NIGHT = date(2027, 10, 30)


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(
        make_user(password=None, is_staff=True, is_superuser=True),
        "allauth.account.auth_backends.AuthenticationBackend",
    )
    return client


@pytest.fixture
def congress() -> Conference:
    return make_conference(slug="congress", timezone="Europe/Berlin", starts_on=NIGHT)


def away(conference: Conference, start: str, end: str, **more: str) -> dict[str, object]:
    person = conference.people.first() or make_person(conference, code="ada")
    return {"conference": conference.pk, "person": person.pk, "starts_at": start, "ends_at": end, **more}


def test_an_absence_is_kept_and_shown_as_it_was_typed(admin: Client, congress: Conference) -> None:
    path = "/admin/schedule/unavailability/add/"
    blank = admin.get(path).content.decode()

    made = admin.post(path, away(congress, "2027-10-30T09:00", "2027-10-30T12:00"))

    assert made.status_code == 302
    row = Unavailability.objects.get()
    assert (row.starts_at, row.ends_at) == (
        datetime(2027, 10, 30, 7, tzinfo=UTC),
        datetime(2027, 10, 30, 10, tzinfo=UTC),
    )
    assert ("On the clocks of the conference." in blank, "clocks of UTC." in blank) == (True, True)
    page = admin.get(f"/admin/schedule/unavailability/{row.pk}/change/").content.decode()
    assert 'value="2027-10-30T09:00"' in page
    assert "On the clocks of Europe/Berlin." in page
    assert "2027-10-30 09:00 (Europe/Berlin)" in admin.get("/admin/schedule/unavailability/").content.decode()
    assert "2027-10-30 09:00" in admin.get(f"/admin/schedule/unavailability/{row.pk}/delete/").content.decode()


@pytest.mark.parametrize(
    ("start", "more", "refusal"),
    [
        ("2027-03-28T02:30", {}, "they jump from 02:00 to 03:00"),
        ("2027-10-31T02:30", {}, "show 02:30 twice"),
        ("2027-10-31T02:30", {"starts_at_offset": "+01:00"}, ""),
    ],
)
def test_times_that_come_twice_or_never(
    admin: Client, congress: Conference, start: str, more: dict[str, str], refusal: str
) -> None:
    sent = away(congress, start, "2027-10-31T12:00", **more)

    response = admin.post("/admin/schedule/unavailability/add/", sent)

    kept = [one.starts_at for one in Unavailability.objects.all()]
    if refusal:
        assert (response.status_code, refusal in response.content.decode(), kept) == (200, True, [])
    else:
        assert (response.status_code, kept) == (302, [datetime(2027, 10, 31, 1, 30, tzinfo=UTC)])


def test_opening_hours_and_wishes_are_on_the_same_clocks(admin: Client, congress: Conference) -> None:
    path = f"/admin/schedule/conference/{congress.pk}/change/"
    day = congress.days.earliest("date")
    lines = {"days-TOTAL_FORMS": 1, "days-INITIAL_FORMS": 1, "days-0-id": day.pk, "days-0-conference": congress.pk}
    hours = {"date": "2027-10-30", "opens_at": "2027-10-30T18:00", "closes_at": "2027-10-31T04:00"}
    sent = fields(admin, path) | lines | {f"days-0-{name}": value for name, value in hours.items()}
    assert admin.post(path, sent).status_code == 302
    day.refresh_from_db()
    assert (day.opens_at, day.closes_at) == (
        datetime(2027, 10, 30, 16, tzinfo=UTC),
        datetime(2027, 10, 31, 3, tzinfo=UTC),
    )
    session = make_session(congress, code="A")
    path = f"/admin/schedule/session/{session.pk}/change/"
    sent = fields(admin, path) | without_lines(admin, path) | {"not_before": "2027-10-30T20:00"}
    assert admin.post(path, sent).status_code == 302
    session.refresh_from_db()
    assert session.not_before == datetime(2027, 10, 30, 18, tzinfo=UTC)


def test_a_new_conference_opens_on_its_own_clocks(admin: Client) -> None:
    path = "/admin/schedule/conference/add/"
    sent = fields(admin, path) | {
        "slug": "new", "name_0": "New", "timezone": "Asia/Kathmandu", "languages": "en",
        "starts_on": "2037-06-01", "ends_on": "2037-06-01", "days-TOTAL_FORMS": 1, "days-0-date": "2037-06-01",
        "days-0-opens_at": "2037-06-01T09:00", "days-0-closes_at": "2037-06-01T18:00",
    }  # fmt: skip

    response = admin.post(path, sent)

    assert response.status_code == 302, response.context["errors"]
    assert Conference.objects.get().days.get().opens_at == datetime(2037, 6, 1, 3, 15, tzinfo=UTC)


def test_what_is_only_read_is_on_them_too(admin: Client, congress: Conference) -> None:
    room, session = make_room(congress), make_session(congress, code="A")
    release = publish(congress, [(session, room, datetime(2027, 10, 30, 7, 15, tzinfo=UTC))])

    page = admin.get(f"/admin/schedule/release/{release.pk}/change/").content.decode()

    assert ("9:15 a.m." in page, "clocks of Europe/Berlin." in page) == (True, True)
