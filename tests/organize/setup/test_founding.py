"""Making a conference: who may, seven answers, or a copy of an earlier one."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from accounts.models import Membership, Team
from journal.models import Entry
from schedule.models import Conference, Day, Kind, Room
from tests.factories import make_body, make_conference, make_person, make_room, make_theme, make_user
from tests.organize.conftest import Desk, member, signed_in

NEW, COPY = "/organize/conferences/new/", "/organize/conferences/copy/"
ANSWERS = {
    "name": "Second Forum",
    "slug": "second",
    "starts_on": "2038-03-28",
    "ends_on": "2038-03-29",
    "timezone": "Europe/Berlin",
    "languages": "ko, en",
    "venue": "Town hall",
}


def test_seven_answers_make_a_conference(desk: Desk, alice: Client) -> None:
    response = alice.post(NEW, ANSWERS)
    assert (response.status_code, response["Location"]) == (302, "/organize/second/")
    made = Conference.objects.get(slug="second")
    assert (made.team, made.name.data, made.venue.data) == (desk.team, {"ko": "Second Forum"}, {"ko": "Town hall"})
    assert (made.is_public, made.registration_open, made.languages) == (False, False, ["ko", "en"])
    days = [(made.local(day.opens_at).hour, made.local(day.closes_at).hour) for day in made.days.all()]
    assert days == [(9, 18), (9, 18)]
    kinds = {kind.code: kind.name.data for kind in made.kinds.all()}
    assert kinds["workshop"] == {"en": "Workshop", "ko": "워크숍"}
    entry = Entry.objects.get(conference_id=made.pk)
    assert (entry.verb, entry.data, entry.actor) == (
        "conference.edited",
        {"done": "added", "changes": {}},
        f"organizer:{desk.alice.pk}",
    )
    assert alice.get("/organize/second/setup/conference/").status_code == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"slug": "forum"}, "slug"),
        ({"slug": "api"}, "slug"),
        ({"slug": "zwei wörter"}, "slug"),
        ({"ends_on": "2038-03-27"}, "ends_on"),
        ({"ends_on": "2048-03-27"}, "ends_on"),
        ({"timezone": "Mars/Base"}, "timezone"),
        ({"languages": " , "}, "languages"),
        ({"name": "\u200b"}, "name"),
    ],
)
def test_what_a_conference_cannot_be_is_said(desk: Desk, alice: Client, changes: dict[str, str], field: str) -> None:
    response = alice.post(NEW, ANSWERS | changes)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert Conference.objects.count() == 2


def test_a_copy_has_the_frame_and_nothing_of_people(desk: Desk, alice: Client) -> None:
    source = desk.conference
    joined = make_room(source, code="BOTH", parts=[desk.hall, desk.attic])
    make_theme(source, code="peace")
    make_body(source, code="city", contact=make_person(source))
    Conference.objects.filter(pk=source.pk).update(slot_minutes=5, survey_url="https://example.org/2037")
    response = alice.post(COPY, {"earlier": "forum", "name": "Again", "slug": "again", "starts_on": "2038-05-03"})
    assert response["Location"] == "/organize/again/"
    made = Conference.objects.get(slug="again")
    assert (made.starts_on, made.ends_on, made.slot_minutes, made.survey_url) == (
        date(2038, 5, 3),
        date(2038, 5, 4),
        5,
        "",
    )
    assert (made.is_public, made.registration_open, made.name.data) == (False, False, {"en": "Again"})
    assert [room.code for room in made.rooms.all()] == ["HALL", "ATTIC", "BOTH"]
    assert [part.code for part in made.rooms.get(code="BOTH").parts.order_by("code")] == ["ATTIC", "HALL"]
    assert (made.themes.get().code, made.bodies.get().code, made.bodies.get().contact) == ("peace", "city", None)
    assert [made.people.count(), made.sessions.count(), made.releases.count(), made.drafts.count()] == [0] * 4
    assert (joined.parts.count(), Kind.objects.filter(conference=made).count()) == (2, source.kinds.count())


def test_hours_of_a_copy_are_those_of_the_clocks(desk: Desk, alice: Client) -> None:
    """From winter to summer, in Berlin; the night of 27 to 28 March 2027 is an hour shorter."""
    source = desk.conference
    Conference.objects.filter(pk=source.pk).update(timezone="Europe/Berlin")
    source = Conference.objects.get(pk=source.pk)
    day = Day.objects.filter(conference=source).earliest("date")
    assert source.local(day.opens_at).hour != 9  # it was Seoul's
    shown = source.local(day.opens_at).time()
    alice.post(COPY, {"earlier": "forum", "name": "Winter", "slug": "winter", "starts_on": "2037-12-01"})
    copied = Conference.objects.get(slug="winter")
    assert copied.local(copied.days.earliest("date").opens_at).time() == shown


@pytest.mark.parametrize(("zone", "day"), [("America/Los_Angeles", "9999-12-31"), ("Asia/Seoul", "0001-01-01")])
def test_days_that_no_calendar_can_tell_are_refused(desk: Desk, alice: Client, zone: str, day: str) -> None:
    response = alice.post(NEW, ANSWERS | {"timezone": zone, "starts_on": day, "ends_on": day})
    assert (response.status_code, response.context["form"].errors) == (
        422,
        {"starts_on": ["This is too far away."], "ends_on": ["This is too far away."]},
    )
    response = alice.post(COPY, {"earlier": "forum", "name": "Again", "slug": "again", "starts_on": day})
    assert (response.status_code, response.context["form"].errors) == (422, {"starts_on": ["This is too far away."]})
    # Nor does a copy end later than that.
    response = alice.post(COPY, {"earlier": "forum", "name": "Again", "slug": "again", "starts_on": "2198-12-31"})
    assert (response.status_code, response.context["form"].non_field_errors()) == (422, ["This is too far away."])
    assert Conference.objects.count() == 2


def test_hours_of_a_copy_that_the_clocks_jump_over_are_left_out(desk: Desk, alice: Client) -> None:
    """On 28 March 2038 the clocks of Berlin go from 02:00 to 03:00."""
    zone = ZoneInfo("Europe/Berlin")
    source = make_conference(slug="nights", team=desk.team, timezone="Europe/Berlin", days=3)
    source.days.all().delete()
    evening, night, core = (time(20), time(23)), (time(1), time(4)), (time(2, 15), time(2, 45))
    for day, opening, inner in ((1, evening, evening), (2, core, core), (3, night, core)):
        moments = (datetime.combine(date(2037, 6, day), clock, zone) for clock in (*opening, *inner))
        names = ("opens_at", "closes_at", "core_from", "core_until")
        Day.objects.create(conference=source, date=date(2037, 6, day), **dict(zip(names, moments, strict=True)))
    cases = {"2038-03-27": [(27, True), (29, True)], "2038-03-26": [(26, True), (27, True), (28, False)]}
    for starts_on, expected in cases.items():
        slug = f"copy-{starts_on}"
        response = alice.post(COPY, {"earlier": "nights", "name": "Again", "slug": slug, "starts_on": starts_on})
        assert response["Location"] == f"/organize/{slug}/"
        made = Conference.objects.get(slug=slug)
        assert [(day.date.day, day.core_from is not None) for day in made.days.all()] == expected


@pytest.mark.parametrize("path", [NEW, COPY])
def test_owners_alone_make_conferences(desk: Desk, alice: Client, bob: Client, client: Client, path: str) -> None:
    organizer = signed_in(member(desk.team, "organizer", "olga"))
    answers = [one.get(path).status_code for one in (alice, organizer, bob, client)]
    assert answers == [200, 404, 404, 302]
    assert [path in one.get("/organize/").text for one in (alice, organizer, bob)] == [path == NEW, False, False]
    assert bob.post(path, ANSWERS).status_code == 404


def test_nobody_copies_or_fills_what_is_not_theirs(desk: Desk, charlie: Client) -> None:
    data = {"earlier": "forum", "name": "Mine", "slug": "mine", "starts_on": "2038-05-03"}
    assert charlie.post(COPY, data).status_code == 422
    assert charlie.post(NEW, ANSWERS | {"team": str(desk.team.pk)})["Location"] == "/organize/second/"
    assert Conference.objects.get(slug="second").team != desk.team


def test_a_team_that_asks_for_a_second_factor_is_not_offered_without_one(desk: Desk, alice: Client) -> None:
    Team.objects.filter(pk=desk.team.pk).update(requires_second_factor=True)
    assert [alice.get(path).status_code for path in (NEW, COPY)] == [404, 404]


@pytest.mark.django_db
def test_the_first_of_an_installation_gets_a_team_and_nobody_after() -> None:
    first, second = make_user(), make_user()
    response = signed_in(first).post(NEW, ANSWERS)
    made = Conference.objects.get()
    assert response["Location"] == "/organize/second/"
    assert list(Membership.objects.values_list("user", "team", "role")) == [(first.pk, made.team_id, "owner")]
    assert list(Entry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "team.founded", "member.added", "conference.edited",
    ]  # fmt: skip
    assert signed_in(second).get(NEW).status_code == 404


def test_a_superuser_chooses_the_team(desk: Desk) -> None:
    admin = signed_in(make_user(is_superuser=True))
    assert admin.post(NEW, ANSWERS).status_code == 422
    admin.post(NEW, ANSWERS | {"team": str(desk.team.pk)})
    assert Conference.objects.get(slug="second").team == desk.team
    admin.post(NEW, ANSWERS | {"slug": "third", "team": "new"})
    assert str(Conference.objects.get(slug="third").team) == "Second Forum"
    assert Room.objects.filter(conference__slug="third").count() == 0
