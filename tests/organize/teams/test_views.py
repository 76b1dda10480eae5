"""The team's page: members and roles, what is asked of members, and that every change stands in the history."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.models import Membership, User
from journal.models import Entry
from tests.factories import make_conference, make_team
from tests.organize.conftest import Desk, member, signed_in

TEAM = "/organize/forum/team/"


def of(user: User) -> Membership:
    return Membership.objects.get(user=user)


def written() -> list[tuple[str, int | None, int | None, str, Any]]:
    rows = Entry.objects.filter(verb__regex="^(member|team)").order_by("pk")
    return [(one.verb, one.conference_id, one.subject_id, one.actor, one.data) for one in rows]


def test_owner_changes_and_takes_roles_and_the_history_says_so(desk: Desk, alice: Client) -> None:
    second = make_conference(team=desk.team)
    changed = alice.post(f"{TEAM}{of(desk.bob).pk}/role/", {"role": "organizer"})
    assert (changed["Location"], of(desk.bob).role) == (TEAM, "organizer")
    again = alice.post(f"{TEAM}{of(desk.bob).pk}/role/", {"role": "organizer"})
    unknown = alice.post(f"{TEAM}{of(desk.bob).pk}/role/", {"role": "king"})
    assert (again.status_code, unknown.status_code) == (302, 422)
    leaving = f"{TEAM}{of(desk.bob).pk}/leave/"
    assert "Remove Bob from the team" in alice.get(leaving).content.decode()
    assert alice.post(leaving)["Location"] == TEAM
    assert not Membership.objects.filter(user=desk.bob).exists()
    who = (desk.bob.pk, f"organizer:{desk.alice.pk}")
    change, gone = (
        {"team": desk.team.pk, "old": "viewer", "new": "organizer"},
        {"team": desk.team.pk, "role": "organizer"},
    )
    assert written() == [
        ("member.role_changed", desk.conference.pk, *who, change),
        ("member.role_changed", second.pk, *who, change),
        ("member.removed", desk.conference.pk, *who, gone),
        ("member.removed", second.pk, *who, gone),
    ]
    history = alice.get("/organize/forum/journal/").content.decode()
    assert f"Role of bob@example.org in the team {desk.team.name}: Viewer → Organizer" in history
    assert f"bob@example.org is in the team {desk.team.name} no more: Organizer" in history


def test_nobody_raises_themselves(desk: Desk, bob: Client, charlie: Client, client: Client) -> None:
    olga = signed_in(member(desk.team, "organizer", "olga"))
    own, theirs = f"{TEAM}{of(desk.bob).pk}/", f"/organize/elsewhere/team/{of(desk.bob).pk}/"
    for who in (bob, olga, charlie, client):
        answers = [who.post(f"{own}role/", {"role": "owner"}), who.post(f"{own}leave/"), who.post(TEAM)]
        assert [one.status_code for one in answers] == ([302] * 3 if who is client else [404] * 3)
    assert [
        charlie.post(f"{theirs}role/", {"role": "owner"}).status_code,
        charlie.post(f"{theirs}leave/").status_code,
    ] == [
        404,
        404,
    ]
    assert (of(desk.bob).role, written()) == ("viewer", [])


def test_the_last_owner_stays(desk: Desk, alice: Client) -> None:
    mine = f"{TEAM}{of(desk.alice).pk}/"
    for answer in (
        alice.post(f"{mine}role/", {"role": "viewer"}),
        alice.post(f"{mine}leave/", follow=True),
    ):
        assert "A team keeps at least one owner." in answer.content.decode()
    assert (of(desk.alice).role, written()) == ("owner", [])
    alice.post(f"{TEAM}{of(desk.bob).pk}/role/", {"role": "owner"})
    assert alice.post(f"{mine}leave/")["Location"] == "/organize/"
    assert alice.get(TEAM).status_code == 404


@pytest.mark.django_db
class TestSecondFactorRule:
    """A team that asks for a second factor: nothing of it is reached without one, by no way."""

    PATHS = ("/organize/forum/", TEAM, "/organize/forum/registrations/", "/organize/forum/sign-ups/TALK/names.csv")

    def test_members_without_one_are_sent_to_set_one_up(self, desk: Desk, alice: Client, bob: Client) -> None:
        desk.conference.is_public = False
        desk.conference.save()
        assert [bob.get(path).status_code for path in (*self.PATHS, "/forum/")] == [200] * 5
        assert alice.post(TEAM, {"second_factor": "on"}).status_code == 302
        rule = {"old": False, "new": True}
        assert written() == [
            ("team.second_factor", desk.conference.pk, desk.team.pk, f"organizer:{desk.alice.pk}", rule)
        ]
        for who in (alice, bob):
            answers = [who.get(path) for path in self.PATHS]
            assert [(one.status_code, one["Location"]) for one in answers] == [
                (302, "/accounts/second-factor-needed/")
            ] * 4
            assert who.post(TEAM, {}).status_code == 302
            assert who.get("/forum/").status_code == 404, "the pages that only the team may see"
            index = who.get("/organize/").content.decode()
            assert ("Forum" in index, "/accounts/second-factor-needed/" in index) == (False, True)
        page = bob.get("/accounts/second-factor-needed/").content.decode()
        assert ("Forum" in page, "/accounts/2fa/totp/activate/" in page) == (True, True)
        Authenticator.objects.create(user=desk.bob, type="recovery_codes", data={})
        assert bob.get(TEAM).status_code == 302, "codes alone are no second factor"
        Authenticator.objects.create(user=desk.bob, type="totp", data={})
        assert [bob.get(path).status_code for path in (*self.PATHS, "/forum/")] == [200] * 5
        assert bob.get("/accounts/second-factor-needed/")["Location"] == "/organize/"

    def test_superusers_are_asked_too(self, desk: Desk) -> None:
        root = member(make_team(), "viewer", "root")
        root.is_superuser = True
        root.save()
        client = signed_in(root)
        assert (client.get(TEAM).status_code, client.get("/admin/").status_code) == (200, 200)
        desk.team.requires_second_factor = True
        desk.team.save()
        assert client.get(TEAM)["Location"] == "/accounts/second-factor-needed/"
        assert client.get("/admin/", follow=True).redirect_chain[-1][0] == "/accounts/second-factor-needed/"
        Authenticator.objects.create(user=root, type="webauthn", data={})
        assert (client.get(TEAM).status_code, client.get("/admin/").status_code) == (200, 200)

    def test_other_teams_and_strangers_are_told_nothing(self, desk: Desk, charlie: Client, client: Client) -> None:
        desk.team.requires_second_factor = True
        desk.team.save()
        assert (charlie.get(TEAM).status_code, charlie.get("/organize/elsewhere/team/").status_code) == (404, 200)
        assert charlie.get("/accounts/second-factor-needed/")["Location"] == "/organize/"
        assert client.get(TEAM)["Location"].startswith("/accounts/login/")
