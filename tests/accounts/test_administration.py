"""Accounts and teams in the administration: a superuser proves to be one, and every change leaves its fact."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.models import Membership, Team, User
from journal.models import Entry
from tests.factories import make_conference, make_team, make_user
from tests.organize.account.people import PASSWORD, attempt, prove, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("addresses")]
NEW = "another long enough password"


@pytest.fixture
def root() -> User:
    return make_user(email="root@example.org", is_superuser=True)


@pytest.fixture
def client(root: User) -> Client:
    client = Client()
    assert attempt(client, email="root@example.org") == 302
    return client


def facts() -> list[tuple[str, int | None, int | None, dict[str, Any]]]:
    return [(one.verb, one.conference_id, one.subject_id, one.data) for one in Entry.objects.order_by("pk")]


def team_form(rows: list[dict[str, object]], initial: int, **fields: object) -> dict[str, object]:
    data: dict[str, object] = {
        "name": "Forum",
        "memberships-TOTAL_FORMS": len(rows),
        "memberships-INITIAL_FORMS": initial,
    }
    for number, row in enumerate(rows):
        data |= {f"memberships-{number}-{name}": value for name, value in row.items()}
    return data | fields


def test_borrowed_session_of_a_superuser_changes_no_account(client: Client, root: User) -> None:
    bob, team = make_user(), make_team()
    for path in (
        "/admin/accounts/user/",
        "/admin/accounts/user/add/",
        f"/admin/accounts/user/{root.pk}/change/",
        f"/admin/accounts/user/{bob.pk}/password/",
        f"/admin/accounts/team/{team.pk}/change/",
        "/admin/accounts/team/add/",
    ):
        for answer in (client.get(path), client.post(path, {"password1": NEW, "password2": NEW})):
            assert (path, answer.status_code) == (path, 302)
            assert answer["Location"].startswith("/accounts/reauthenticate/?next=")
    prove(client)
    assert client.get(f"/admin/accounts/user/{bob.pk}/change/").status_code == 200
    assert client.get("/admin/password_change/")["Location"] == "/accounts/password/change/"
    assert client.get(f"/admin/accounts/user/{bob.pk}/delete/").status_code == 403
    assert client.get(f"/admin/accounts/team/{team.pk}/delete/").status_code == 403


def test_roles_given_changed_and_taken_are_facts_of_every_conference(client: Client, root: User) -> None:
    team = Team.objects.create(name="Forum")
    conferences = [make_conference(team=team).pk for _ in range(2)]
    anna, bea, carl = (make_user(email=f"{name}@example.org", password=None) for name in ("anna", "bea", "carl"))
    prove(client)
    page = f"/admin/accounts/team/{team.pk}/change/"
    given = [{"user": anna.pk, "role": "owner"}, {"user": bea.pk, "role": "viewer"}]
    assert client.post(page, team_form(given, 0)).status_code == 302
    rows = {one.user_id: one.pk for one in Membership.objects.all()}
    changed = [
        {"id": rows[anna.pk], "team": team.pk, "user": anna.pk, "role": "owner"},
        {"id": rows[bea.pk], "team": team.pk, "user": bea.pk, "role": "organizer"},
    ]
    assert client.post(page, team_form(changed, 2, requires_second_factor="on"))["Location"] == "/admin/accounts/team/"
    Authenticator.objects.create(user=root, type="webauthn", data={})
    swapped = [
        changed[0] | {"DELETE": "on"},
        changed[1] | {"user": carl.pk, "role": "owner"},
    ]
    assert client.post(page, team_form(swapped, 2, requires_second_factor="on")).status_code == 302
    assert list(Membership.objects.values_list("user", "role")) == [(carl.pk, "owner")]
    one = {"team": team.pk}
    expected: list[tuple[str, int, dict[str, Any]]] = [
        ("member.added", anna.pk, one | {"role": "owner"}),
        ("member.added", bea.pk, one | {"role": "viewer"}),
        ("team.second_factor", team.pk, {"old": False, "new": True}),
        ("member.role_changed", bea.pk, one | {"old": "viewer", "new": "organizer"}),
        ("member.added", carl.pk, one | {"role": "owner"}),
        ("member.removed", bea.pk, one | {"role": "organizer"}),
        ("member.removed", anna.pk, one | {"role": "owner"}),
    ]
    assert facts() == [(verb, pk, subject, data) for verb, subject, data in expected for pk in conferences]
    assert set(Entry.objects.values_list("actor", flat=True)) == {f"organizer:{root.pk}"}


def test_the_last_owner_stays(client: Client) -> None:
    anna = make_user(password=None)
    team = Team.objects.create(name="Forum")
    row = team.memberships.create(user=anna, role="owner")
    prove(client)
    form = team_form([{"id": row.pk, "team": team.pk, "user": anna.pk, "role": "viewer"}], 1)
    answer = client.post(f"/admin/accounts/team/{team.pk}/change/", form, follow=True)
    assert "A team keeps at least one owner." in answer.content.decode()
    assert (Membership.objects.get().role, facts()) == ("owner", [])


def test_rights_address_and_password_are_facts_and_their_owner_is_told(client: Client) -> None:
    bob = make_user(email="bob@example.org", name="Bob")
    prove(client)
    page = f"/admin/accounts/user/{bob.pk}/"
    fields = {"name": "Bob", "language": "", "is_active": "on"}
    assert (
        client.post(f"{page}change/", fields | {"email": "Bob@Elsewhere.example", "is_superuser": "on"}).status_code
        == 302
    )
    bob.refresh_from_db()
    assert (bob.email, bob.is_superuser, bob.check_password(PASSWORD)) == ("bob@elsewhere.example", True, True)
    assert (
        client.post(f"{page}password/", {"password1": NEW, "password2": "x", "usable_password": "true"}).status_code
        == 200
    )
    assert (
        client.post(f"{page}password/", {"password1": NEW, "password2": NEW, "usable_password": "true"}).status_code
        == 302
    )
    Authenticator.objects.create(user=bob, type="totp", data={})
    chosen = {"action": "remove_second_factors", "_selected_action": [bob.pk]}
    said = client.post("/admin/accounts/user/", chosen, follow=True).content.decode()
    assert "1 account has no second factor now." in said
    change = bob.address_changes.get()
    assert facts() == [
        ("address.changed", None, change.pk, {"account": bob.pk}),
        ("account.right_changed", None, bob.pk, {"right": "is_superuser", "old": False, "new": True}),
        ("password.changed", None, bob.pk, {}),
        ("second_factor.removed", None, bob.pk, {"factor": "totp"}),
    ]
    assert [(to, text.splitlines()[2]) for to, _, text in told()] == [
        ("bob@example.org", "Your e-mail address was changed. This address belongs to the account no more."),
        ("bob@elsewhere.example", "Your password was changed."),
        ("bob@elsewhere.example", "A second factor was removed."),
    ]
