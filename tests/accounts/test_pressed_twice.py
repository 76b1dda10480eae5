"""The administration's buttons pressed twice: it is done once, and nobody is told that it was there already."""

from __future__ import annotations

from functools import partial

import pytest
from django.apps import apps
from django.db.models import Model
from django.test import Client

from accounts.models import Membership, Team, User
from journal.models import Entry, Press
from schedule.models import Conference, Person, Session
from tests.at_once import at_once
from tests.factories import make_conference, make_kind, make_room, make_session, make_user
from tests.organize.account.people import prove
from tests.schedule.administration import fields, without_lines

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGE = {"csrfmiddlewaretoken": "of one page"}
NAME = {"name_0": "Other", "name_1": ""}


@pytest.fixture
def root(db: None) -> User:
    return make_user(email="root@example.org", is_superuser=True)


@pytest.fixture
def client(root: User) -> Client:
    client = Client()
    client.force_login(root, BACKEND)
    return client


@pytest.fixture
def conference(db: None) -> Conference:
    return make_conference(slug="forum")


# Each row that is added here, and what says that it is another.
ADDED = {
    "kind": {"code": "other", "color": "#000000", **NAME},
    "theme": {"code": "other", **NAME},
    "body": {"code": "OTHER", **NAME},
    "room": {"code": "OTHER", "capacity": "5", **NAME},
    "person": {"code": "OTHER", **NAME},
}


@pytest.mark.parametrize("name", sorted(ADDED))
def test_a_row_that_is_added_twice_is_one(client: Client, conference: Conference, name: str) -> None:
    model: type[Model] = apps.get_model("schedule", name)
    path, before = f"/admin/schedule/{name}/add/", model._default_manager.count()
    sent = fields(client, path) | ADDED[name] | {"conference": conference.pk} | without_lines(client, path) | PAGE
    answers = [client.post(path, sent) for _ in range(2)]
    assert [(one.status_code, one.headers.get("Location")) for one in answers] == [
        (302, f"/admin/schedule/{name}/")
    ] * 2
    assert (model._default_manager.count() - before, Entry.objects.filter(verb=f"{name}.edited").count()) == (1, 1)


def test_a_change_that_is_saved_twice_is_told_once(client: Client, conference: Conference) -> None:
    room = make_room(conference, code="HALL")
    path = f"/admin/schedule/room/{room.pk}/change/"
    sent = fields(client, path) | {"capacity": "7"} | without_lines(client, path) | PAGE
    assert [client.post(path, sent).status_code for _ in range(2)] == [302, 302]
    assert Entry.objects.filter(verb="room.resized").count() == 1


def test_a_row_that_is_deleted_twice_leads_on_twice(client: Client, conference: Conference) -> None:
    kind = make_kind(conference, code="other")
    path = f"/admin/schedule/kind/{kind.pk}/delete/"
    answers = [client.post(path, {"post": "yes"} | PAGE) for _ in range(2)]
    assert [(one.status_code, one.headers["Location"]) for one in answers] == [(302, "/admin/schedule/kind/")] * 2


def test_an_action_of_a_list_is_done_once(client: Client, conference: Conference) -> None:
    session = make_session(conference, code="TALK")
    sent = {"action": "cancel", "_selected_action": [session.pk]} | PAGE
    assert [client.post("/admin/schedule/session/", sent).status_code for _ in range(2)] == [302, 302]
    assert Session.objects.get().state == "cancelled"
    assert Entry.objects.filter(verb="session.cancelled").count() == 1


@pytest.mark.usefixtures("addresses")
def test_accounts_and_teams_are_made_once_and_told(root: User, client: Client) -> None:
    prove(client)
    account = {"email": "new@example.org", "usable_password": "false"} | PAGE
    assert [client.post("/admin/accounts/user/add/", account).status_code for _ in range(2)] == [302, 302]
    made = User.objects.get(email="new@example.org")
    lines = {"memberships-TOTAL_FORMS": 1, "memberships-INITIAL_FORMS": 0}
    owner = {"memberships-0-user": root.pk, "memberships-0-role": "owner"}
    alone = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    for team in (lines | owner, alone):
        sent = {"name": "Forum"} | team | PAGE
        assert [client.post("/admin/accounts/team/add/", sent).status_code for _ in range(2)] == [302, 302]
    first, second = Team.objects.order_by("pk")
    assert list(Membership.objects.values_list("team", "user")) == [(first.pk, root.pk)]
    assert list(Entry.objects.order_by("pk").values_list("verb", "subject_id")) == [
        ("account.made", made.pk),
        ("team.founded", first.pk),
        ("member.added", root.pk),
        ("team.founded", second.pk),
    ]


def test_what_is_refused_is_no_press(client: Client, conference: Conference) -> None:
    path = "/admin/schedule/person/add/"
    sent = fields(client, path) | {"conference": conference.pk, "code": "ADA", "name_0": ""} | PAGE
    assert [client.post(path, sent).status_code for _ in range(2)] == [200, 200]
    assert (Person.objects.count(), Press.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_pressed_four_times_at_once_it_is_one() -> None:
    root, conference = make_user(email="root@example.org", is_superuser=True), make_conference(slug="forum")
    clients = [Client() for _ in range(4)]
    for one in clients:
        one.force_login(root, BACKEND)
    path = "/admin/schedule/person/add/"
    sent = fields(clients[0], path) | ADDED["person"] | {"conference": conference.pk} | PAGE
    answers = at_once([partial(one.post, path, sent) for one in clients])
    assert [one.status_code for one in answers] == [302] * 4
    assert (Person.objects.count(), Entry.objects.filter(verb="person.edited").count()) == (1, 1)
