"""The administration pages: places follow, the journal knows, and the sign-in form has a second factor."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db.models import Model
from django.test import Client

from journal.actors import SYSTEM
from journal.models import Entry
from registration.domain.signups.signing_up import sign_up
from registration.models import Seats, SignUp
from schedule.models import Conference, NotParallel, Room, Session, SessionGroup
from tests.factories import (
    at,
    make_body,
    make_conference,
    make_kind,
    make_person,
    make_registration,
    make_room,
    make_session,
    make_user,
    publish,
)
from tests.schedule.administration import fields

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(
        make_user(password=None, is_staff=True, is_superuser=True),
        "allauth.account.auth_backends.AuthenticationBackend",
    )
    return client


@pytest.fixture
def conference() -> Conference:
    made = make_conference(slug="forum")
    room = make_room(made, code="HALL", capacity=5)
    publish(made, [(make_session(made, code="A"), room, at(made, "09:00"))])
    return made


def test_smaller_room_takes_places_back(admin: Client, conference: Conference) -> None:
    room = Room.objects.get()
    session = conference.sessions.get()
    people = [sign_up(make_registration(conference), session, actor=SYSTEM) for _ in range(3)]
    path = f"/admin/schedule/room/{room.pk}/change/"
    assert admin.post(path, fields(admin, path) | {"capacity": 2}).status_code == 302
    seats = Seats.objects.get(session=session)
    assert (seats.capacity, seats.taken) == (2, 2)
    for one in people:
        one.refresh_from_db()
    assert [one.state for one in people] == ["confirmed", "confirmed", "waiting"]
    assert Entry.objects.filter(verb="room.resized").count() == 1


def test_names_of_room_and_venue_are_told_to_those_who_have_a_place(admin: Client, conference: Conference) -> None:
    signup = sign_up(make_registration(conference), conference.sessions.get(), actor=SYSTEM)
    path = f"/admin/schedule/room/{Room.objects.get().pk}/change/"
    assert admin.post(path, fields(admin, path) | {"name_0": "Aula", "capacity": 4}).status_code == 302
    path = f"/admin/schedule/conference/{conference.pk}/change/"
    without_days = {"days-TOTAL_FORMS": 0, "days-INITIAL_FORMS": 0}
    sent = fields(admin, path) | {"venue_0": "Town hall", "overlap_rule": "warn"} | without_days
    assert admin.post(path, sent).status_code == 302
    room, signup = Room.objects.get(), SignUp.objects.get(pk=signup.pk)
    assert (room.name.localize("en"), room.capacity, signup.sequence) == ("Aula", 4, 2)
    assert ("Aula" in signup.room_name, "Town hall" in signup.venue) == (True, True)
    told = Entry.objects.filter(verb="signup.changed", subject_id=signup.pk).order_by("pk")
    assert [entry.data["changed"] for entry in told] == [["room_name"], ["venue"]]
    assert [seats.exclusive for seats in Seats.objects.all()] == [False]


def test_session_cap_follows_and_identity_stays(admin: Client, conference: Conference) -> None:
    session = conference.sessions.get()
    path = f"/admin/schedule/session/{session.pk}/change/"
    sent = fields(admin, path) | {"capacity_cap": 1, "code": "OTHER", "state": "cancelled"}
    assert admin.post(path, sent).status_code == 302
    session = Session.objects.get()
    assert (session.code, session.state, session.capacity_cap, Seats.objects.get().capacity) == ("A", "accepted", 1, 1)
    assert sorted(Entry.objects.filter(verb__startswith="session.").values_list("verb", flat=True)) == [
        "session.cap_changed",
    ]


def preferring(session: Session, **line: object) -> dict[str, object]:
    """One new line among a session's preferred rooms and times."""
    start = {"preferences-TOTAL_FORMS": 1, "preferences-0-session": session.pk}
    return start | {f"preferences-0-{name}": value for name, value in line.items()}


def test_a_session_is_given_the_rooms_and_times_it_prefers(admin: Client, conference: Conference) -> None:
    session, room = conference.sessions.get(), conference.rooms.get()
    path = f"/admin/schedule/session/{session.pk}/change/"
    assert admin.post(path, fields(admin, path) | preferring(session, room=room.pk)).status_code == 302
    assert [one.room for one in session.preferences.all()] == [room]
    assert Entry.objects.filter(verb="session.edited", subject_id=session.pk).count() == 1


def test_a_preference_that_is_neither_or_elsewhere_is_refused_in_words(admin: Client, conference: Conference) -> None:
    session, room = conference.sessions.get(), conference.rooms.get()
    foreign = make_room(make_conference(slug="elsewhere"), code="ATTIC")
    path = f"/admin/schedule/session/{session.pk}/change/"
    day = {"starts_at": "2037-06-01T10:00", "ends_at": "2037-06-01T12:00"}
    for line, refusal in (
        ({"room": room.pk} | day, "Give a room, or both ends of a time; use another line for the other."),
        (day | {"ends_at": "2037-06-01T09:00"}, "The preferred time must end after it starts."),
        ({"room": foreign.pk}, f"“{foreign}” belongs to another conference."),
    ):
        response = admin.post(path, fields(admin, path) | preferring(session, **line))
        assert response.status_code == 200
        assert refusal in response.content.decode()
    assert session.preferences.count() == 0


def test_sessions_are_grouped(admin: Client, conference: Conference) -> None:
    first, second = conference.sessions.get(), make_session(conference, code="B")
    foreign = make_session(make_conference(slug="elsewhere"), code="THEIRS")
    path = "/admin/schedule/sessiongroup/add/"
    given = {"conference": conference.pk, "same": "room"}
    for chosen, refusal in (
        ([first], "A group has two sessions or more."),
        ([first, foreign], f"“{foreign}” belongs to another conference."),
    ):
        response = admin.post(path, given | {"sessions": [session.pk for session in chosen]})
        assert response.status_code == 200
        assert refusal in response.content.decode()
    assert not SessionGroup.objects.exists()
    assert admin.post(path, given | {"sessions": [first.pk, second.pk]}).status_code == 302
    group = conference.session_groups.get()
    assert (group.same, set(group.sessions.all())) == ("room", {first, second})
    assert Entry.objects.filter(verb="group.edited").count() == 1
    assert f"{first}, {second}" in admin.get("/admin/schedule/sessiongroup/").content.decode()


def test_groups_that_cannot_be_kept_together_are_refused(admin: Client, conference: Conference) -> None:
    first, second, third = conference.sessions.get(), *(make_session(conference, code=code) for code in "BC")
    for same, members in (("time", [first, second]), ("time", [second, third])):
        conference.session_groups.create(same=same).sessions.set(members)
    path, given = "/admin/schedule/sessiongroup/add/", {"conference": conference.pk, "same": "room"}
    page = admin.post(path, given | {"sessions": [first.pk, third.pk]}).content.decode()
    assert f"“{first}”, “{third}” would have to start at the same time in the same room." in page
    assert conference.session_groups.count() == 2
    make_room(conference, code="LOBBY", allows_parallel_use=True)
    assert admin.post(path, given | {"sessions": [first.pk, third.pk]}).status_code == 302
    # What cannot be kept already stands in the way of no other group, nor of its own mending.
    conference.rooms.filter(code="LOBBY").delete()
    fourth = make_session(conference, code="D")
    assert admin.post(path, given | {"same": "time", "sessions": [third.pk, fourth.pk]}).status_code == 302
    group = conference.session_groups.get(same="room")
    change = f"/admin/schedule/sessiongroup/{group.pk}/change/"
    assert admin.post(change, given | {"sessions": [first.pk, third.pk]}).status_code == 200
    assert admin.post(change, given | {"same": "time", "sessions": [first.pk, third.pk]}).status_code == 302


def test_sessions_are_kept_apart_in_either_order(admin: Client, conference: Conference) -> None:
    first, second, third = conference.sessions.get(), *(make_session(conference, code=code) for code in "BC")
    foreign = make_session(make_conference(slug="elsewhere"), code="THEIRS")
    path = "/admin/schedule/notparallel/add/"
    for one, other in ((first, second), (third, first)):
        assert admin.post(path, {"first": one.pk, "second": other.pk}).status_code == 302
    for one, other, refusal in (
        (second, first, "There is already one"),
        (first, first, "Choose another session: this one is named already."),
        (first, foreign, f"“{foreign}” belongs to another conference."),
    ):
        response = admin.post(path, {"first": one.pk, "second": other.pk})
        assert response.status_code == 200
        assert refusal in response.content.decode()
    pairs = set(NotParallel.objects.values_list("first", "second"))
    assert pairs == {(first.pk, second.pk), (first.pk, third.pk)}
    entries = Entry.objects.filter(verb="pair.edited")
    assert [entry.conference_id for entry in entries] == [conference.pk, conference.pk]


@pytest.mark.parametrize("inline", ["host_links", "roles", "order_before"])
def test_what_a_session_names_is_of_its_conference(admin: Client, conference: Conference, inline: str) -> None:
    session, theirs = conference.sessions.get(), make_conference(slug="elsewhere")
    make = {"host_links": make_body, "roles": make_person, "order_before": make_session}[inline]
    name = {"host_links": "body", "roles": "person", "order_before": "earlier"}[inline]
    path = f"/admin/schedule/session/{session.pk}/change/"
    link = {"host_links": "session", "roles": "session", "order_before": "later"}[inline]
    others = {"role": "speaker", "mode": "in-person", "position": 0} if inline != "order_before" else {}

    def choosing(chosen: Model) -> dict[str, object]:
        line = {name: chosen.pk, link: session.pk, **others}
        start = fields(admin, path) | {f"{inline}-TOTAL_FORMS": 1}
        return start | {f"{inline}-0-{key}": value for key, value in line.items()}

    foreign = make(theirs)
    response = admin.post(path, choosing(foreign))
    assert response.status_code == 200
    assert f"“{foreign}” belongs to another conference." in response.content.decode()
    assert admin.post(path, choosing(make(conference))).status_code == 302
    assert getattr(session, inline).count() == 1


@pytest.mark.parametrize("name", ["kind", "theme", "fixed_room"])
def test_what_a_session_is_of_its_conference(admin: Client, conference: Conference, name: str) -> None:
    session, theirs = conference.sessions.get(), make_conference(slug="elsewhere")
    makers: dict[str, Callable[[], Model]] = {
        "kind": lambda: make_kind(theirs, code="lecture"),
        "theme": lambda: theirs.themes.create(code="peace", name="Peace"),
        "fixed_room": lambda: make_room(theirs, code="ATTIC"),
    }
    foreign = makers[name]()
    path = f"/admin/schedule/session/{session.pk}/change/"
    response = admin.post(path, fields(admin, path) | {name: foreign.pk})
    assert response.status_code == 200
    assert f"“{foreign}” belongs to another conference." in response.content.decode()


def test_releases_are_only_looked_at(admin: Client, conference: Conference) -> None:
    release = conference.releases.get()
    assert admin.get(f"/admin/schedule/release/{release.pk}/change/").status_code == 200
    assert admin.post(f"/admin/schedule/release/{release.pk}/delete/", {"post": "yes"}).status_code == 403
    assert admin.get("/admin/schedule/release/add/").status_code == 403


def test_administration_is_entered_by_the_sign_in_with_a_second_factor(client: Client) -> None:
    response = client.get("/admin/login/?next=/admin/")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")
