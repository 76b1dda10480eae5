"""Organizers: accounts by address, teams, and what a member of which team reaches. Alice and Bob work in one team."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Team, User
from schedule.models import Conference, Draft, Session
from tests.factories import make_conference, make_session, make_team, make_user
from tests.sql import refused

Role = Membership.Role


class Office:
    """Alice owns and Bob reads the team of two conferences; Charlie owns another team with one; one has no team."""

    def __init__(self) -> None:
        self.alice, self.bob, self.charlie, self.dora = (
            make_user(email=f"{name}@example.org", password=None) for name in ("alice", "bob", "charlie", "dora")
        )
        self.team, self.other = make_team(name="Forum"), make_team(name="Elsewhere")
        for team, user, role in (
            (self.team, self.alice, Role.OWNER),
            (self.team, self.bob, Role.VIEWER),
            (self.other, self.charlie, Role.OWNER),
        ):
            Membership.objects.create(team=team, user=user, role=role)
        self.mine = [self.conference(team=self.team, is_public=public) for public in (True, False)]
        self.theirs = self.conference(team=self.other)
        self.nobodys = self.conference(team=None)

    def conference(self, **fields: Any) -> Conference:
        conference = make_conference(**fields)
        make_session(conference)
        Draft.objects.create(conference=conference, name="Draft")
        return conference


@pytest.fixture
def office(db: None) -> Office:
    return Office()


def reach(user: User) -> dict[str, set[int]]:
    """The conferences a user reaches, directly and by their sessions and drafts."""
    return {
        "conferences": set(Conference.objects.for_user(user).values_list("pk", flat=True)),
        "sessions": set(Session.objects.for_user(user).values_list("conference", flat=True)),
        "drafts": set(Draft.objects.for_user(user).values_list("conference", flat=True)),
    }


@pytest.mark.parametrize(
    ("who", "which"),
    [
        ("alice", lambda office: office.mine),
        ("bob", lambda office: office.mine),
        ("charlie", lambda office: [office.theirs]),
        ("dora", lambda office: []),
    ],
)
def test_a_member_reaches_what_belongs_to_the_team(
    office: Office, who: str, which: Callable[[Office], list[Conference]]
) -> None:
    expected = {conference.pk for conference in which(office)}
    assert reach(getattr(office, who)) == {"conferences": expected, "sessions": expected, "drafts": expected}


def test_a_superuser_reaches_everything(office: Office) -> None:
    root = User.objects.create_superuser("root@example.org", "correct horse battery staple")
    everything = {one.pk for one in (*office.mine, office.theirs, office.nobodys)}
    assert reach(root) == {"conferences": everything, "sessions": everything, "drafts": everything}


def test_a_member_of_two_teams_reaches_both_once(office: Office) -> None:
    Membership.objects.create(team=office.other, user=office.alice)
    found = [one.pk for one in Conference.objects.for_user(office.alice)]
    assert sorted(found) == sorted(one.pk for one in (*office.mine, office.theirs))


def test_who_leaves_the_team_reaches_nothing_any_more(office: Office) -> None:
    Membership.objects.filter(user=office.bob).delete()
    assert reach(office.bob) == {"conferences": set(), "sessions": set(), "drafts": set()}
    assert len(reach(office.alice)["conferences"]) == 2


def test_roles_are_known_and_membership_is_given_once(office: Office) -> None:
    update = "UPDATE accounts_membership SET role = 'king' WHERE user_id = %s"
    assert refused(update, office.bob.pk) == "membership_role_is_known"
    columns, values = "team_id, user_id, role, sees, changes, daily_digest", "%s, %s, 'owner', '{}', '{}', true"
    again = f"INSERT INTO accounts_membership ({columns}) VALUES ({values})"
    assert refused(again, office.team.pk, office.bob.pk) == "one_membership_per_team_and_user"


def test_a_team_with_a_conference_stays(office: Office) -> None:
    with pytest.raises(ProtectedError):
        office.team.delete()
    empty = make_team()
    empty.delete()
    assert {team.pk for team in Team.objects.all()} == {office.team.pk, office.other.pk}


def test_an_address_is_kept_in_small_letters(db: None) -> None:
    user = User.objects.create_user("Alice.Kim@Example.ORG", "correct horse battery staple")
    assert user.email == "alice.kim@example.org"
    assert user.check_password("correct horse battery staple")
    assert (user.is_staff, user.is_superuser, user.is_active) == (False, False, True)
    assert (str(user), str(User(email="a@example.org", name="Alice"))) == ("alice.kim@example.org", "Alice")


def test_an_address_has_one_account_whatever_its_letters(db: None) -> None:
    make_user(email="alice@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("ALICE@example.org")
    insert = (
        "INSERT INTO accounts_user (email, password, name, language, is_staff, is_active, is_superuser, date_joined) "
        "VALUES (%s, '', '', '', false, true, false, now())"
    )
    assert refused(insert, "Alice@Example.org") == "one_account_per_email"
    with pytest.raises(ValidationError) as caught:
        User(email="ALICE@example.org", password="x").full_clean()
    assert "This address has an account." in caught.value.messages
    assert User.objects.count() == 1


def test_without_a_password_nobody_signs_in(db: None) -> None:
    user = User.objects.create_user("alice@example.org")
    assert not user.has_usable_password()
    assert not Client().login(email="alice@example.org", password="")


def test_an_organizer_signs_in_with_any_letters_of_the_address(db: None) -> None:
    make_user(email="alice@example.org")
    answer = Client().post(
        reverse("account_login"), {"login": "Alice@Example.org", "password": "correct horse battery staple"}
    )
    assert answer.status_code == 302
    wrong = Client().post(reverse("account_login"), {"login": "alice@example.org", "password": "wrong"})
    assert wrong.status_code == 200
    assert not wrong.wsgi_request.user.is_authenticated


def test_nobody_makes_an_account_by_themselves(db: None) -> None:
    secret = "correct horse battery staple"
    fields = {"email": "eve@example.org", "password1": secret, "password2": secret}
    client = Client()
    assert "account/signup_closed.html" in [one.name for one in client.get(reverse("account_signup")).templates]
    answer = client.post(reverse("account_signup"), fields)
    assert "account/signup_closed.html" in [one.name for one in answer.templates]
    assert not User.objects.exists()
