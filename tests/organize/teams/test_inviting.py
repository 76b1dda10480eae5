"""Invitations into a team: from the owner's form through the mail to the account, and how links fail."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.domain.invitations import accept, key_of
from accounts.domain.teams import Granted
from accounts.models import Membership, TeamInvitation, User
from journal.models import Entry
from notifications.delivery.superseding import is_pointless
from notifications.mails.render_input import gather
from notifications.mails.rendering import compose
from notifications.models import Message
from notifications.rules.intake import take_in
from tests.factories import make_theme, make_user
from tests.organize.conftest import Desk, member, signed_in
from tests.responses import mail_text

TEAM = "/organize/forum/team/"
PASSWORD = "correct horse battery staple"  # a test's own
NEW = {"name": "Nora", "password": PASSWORD, "again": PASSWORD}
LATER = {"csrfmiddlewaretoken": "of a page that is opened later"}
SAID = {"email": "Nora@example.org", "language": "en", "role": "editor"}


def link_of(invitation: TeamInvitation) -> str:
    return f"/accounts/invitation/{key_of(invitation)}/"


def mailed() -> list[str]:
    """The links that were mailed, from the bytes of the mails that are due."""
    take_in()
    links = []
    for given in gather(list(Message.objects.filter(kind="team_invitation").values_list("pk", flat=True))):
        if not is_pointless(given, timezone.now()):
            mail = compose([given], timezone.now())
            links += re.findall(r"https://forum\.example\.org(/accounts/invitation/\S+)", mail_text(mail.message))
    return links


def verbs() -> list[str]:
    return list(Entry.objects.filter(verb__regex="^(member|account)").order_by("pk").values_list("verb", flat=True))


@pytest.fixture
def invited(desk: Desk, alice: Client) -> str:
    """The link that Nora was mailed, who is to edit the programme."""
    assert alice.post(f"{TEAM}invite/", SAID)["Location"] == TEAM
    [link] = mailed()
    return link


def test_somebody_without_an_account_comes_in_by_the_mailed_link(desk: Desk, invited: str, client: Client) -> None:
    message = Message.objects.get(kind="team_invitation")
    [given] = gather([message.pk])
    mail = compose([given], timezone.now())
    assert (mail.recipient, str(mail.message["Subject"])) == (
        "nora@example.org",
        "You are invited into a team of organizers",
    )
    text = mail_text(mail.message)
    assert f"Alice invites you into the team “{desk.team.name}”" in text
    assert "Your role: Programme editor." in text
    page = client.get(invited).content.decode()
    assert ("nora@example.org" in page, "Programme editor" in page, User.objects.filter(name="Nora").exists()) == (
        True,
        True,
        False,
    )
    weak = client.post(invited, NEW | {"password": "nora", "again": "nora"})
    other = client.post(invited, NEW | {"again": "something else"})
    assert (weak.status_code, other.status_code, verbs()) == (422, 422, ["member.invited", "member.link_asked"])
    assert client.post(invited, NEW)["Location"] == "/organize/"
    nora = User.objects.get(email="nora@example.org")
    assert (nora.name, nora.check_password(PASSWORD), nora.is_staff, nora.is_superuser) == ("Nora", True, False, False)
    assert Granted.of(nora.memberships.get()) == Granted("editor")
    assert client.get("/organize/forum/programme/").status_code == 200, "signed in"
    assert verbs() == [
        "member.invited", "member.link_asked", "account.made", "member.invitation_accepted", "member.added",
    ]  # fmt: skip
    assert Client().get(invited).status_code == 404, "it works once"
    assert Client().post(invited, NEW).status_code == 404
    history = signed_in(desk.alice).get("/organize/forum/journal/").content.decode()
    assert f"nora@example.org is invited into the team {desk.team.name}: Programme editor" in history


def test_somebody_with_an_account_signs_in_and_accepts(
    desk: Desk, invited: str, charlie: Client, client: Client
) -> None:
    nora = make_user(email="nora@example.org", password=None)
    stranger = client.get(invited).content.decode()
    assert f"/accounts/login/?next={invited.replace(':', '%3A')}" in stranger
    assert client.post(invited, NEW).status_code == 403, "an account's password is not set by a link"
    assert "you are signed in as charlie@example.org" in charlie.get(invited).content.decode()
    assert charlie.post(invited).status_code == 403, "a forwarded link lets nobody else in"
    assert not Membership.objects.filter(team=desk.team).exclude(user__in=[desk.alice, desk.bob]).exists()
    own = signed_in(nora)
    assert own.get(invited).status_code == 200
    assert Membership.objects.filter(user=nora).count() == 0, "looking at it does nothing"
    assert own.post(invited)["Location"] == "/organize/"
    assert [one.role for one in Membership.objects.filter(user=nora)] == ["editor"]
    assert own.post(invited).status_code == 404
    assert own.get(TEAM).status_code == 200


def test_a_link_ends_when_it_is_withdrawn_sent_again_or_old(
    desk: Desk, invited: str, alice: Client, client: Client
) -> None:
    row = TeamInvitation.objects.get()
    assert alice.post(f"{TEAM}invited/{row.pk}/again/")["Location"] == TEAM
    [second] = mailed()
    assert (second != invited, client.get(invited).status_code, client.get(second).status_code) == (True, 404, 200)
    TeamInvitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert (client.get(second).status_code, client.post(second, NEW).status_code, mailed()) == (404, 404, [])
    page = alice.get(TEAM).content.decode()
    assert ("nora@example.org" in page, "has run out" in page) == (True, True)
    assert alice.post(f"{TEAM}invite/", SAID | {"role": "viewer"}).status_code == 302
    [third] = mailed()
    assert (TeamInvitation.objects.get().role, client.get(third).status_code) == ("viewer", 200)
    assert alice.post(f"{TEAM}invited/{row.pk}/withdraw/").status_code == 302
    assert (client.get(third).status_code, client.post(third, NEW).status_code, mailed()) == (404, 404, [])
    assert (
        "This invitation was settled meanwhile."
        in alice.post(f"{TEAM}invited/{row.pk}/again/", LATER, follow=True).content.decode()
    )
    assert (verbs()[-1], User.objects.filter(email="nora@example.org").exists()) == ("member.uninvited", False)
    assert client.get("/accounts/invitation/forged:signature-that-is-long-enough/").status_code == 404


@pytest.mark.parametrize("lost", ["out of the team", "less to give", "no account"])
def test_a_link_of_somebody_who_may_invite_no_more_lets_nobody_in(
    desk: Desk, invited: str, client: Client, lost: str
) -> None:
    member(desk.team, "owner", "dora")
    alices = Membership.objects.get(team=desk.team, user=desk.alice)
    if lost == "out of the team":
        alices.delete()
    elif lost == "less to give":
        Membership.objects.filter(pk=alices.pk).update(role="viewer")
    else:
        User.objects.filter(pk=desk.alice.pk).update(is_active=False)
    # Nobody thinks of a password for a link that will not open.
    assert [client.get(invited).status_code, client.post(invited, NEW).status_code] == [404, 404]
    assert not User.objects.filter(email="nora@example.org").exists()
    Membership.objects.update_or_create(team=desk.team, user=desk.alice, defaults={"role": "owner"})
    User.objects.filter(pk=desk.alice.pk).update(is_active=True)
    assert client.post(invited, NEW)["Location"] == "/organize/"


def test_nobody_is_invited_to_more_than_the_inviter_has(desk: Desk) -> None:
    make_theme(desk.conference, code="water")
    tom = member(desk.team, "viewer", "tom")
    chosen = {"role": "custom", "sees": ["team", "mails"], "changes": ["team"]}
    Membership.objects.filter(user=tom).update(**chosen)
    client = signed_in(tom)
    page = client.get(f"{TEAM}invite/").content.decode()
    assert re.findall(r'name="role" value="(\w+)"', page) == ["custom"]
    for role in ("owner", "organizer", "viewer"):
        assert client.post(f"{TEAM}invite/", SAID | {"role": role}).status_code == 422
    by_hand = SAID | {"role": "custom"}
    assert client.post(f"{TEAM}invite/", by_hand).status_code == 422, "nothing is chosen"
    assert client.post(f"{TEAM}invite/", by_hand | {"area_mails": "2"}).status_code == 422
    assert client.post(f"{TEAM}invite/", by_hand | {"area_mails": "1", "some_themes": "water"}).status_code == 302
    assert Granted.of(TeamInvitation.objects.get()) == Granted("custom", ("mails",), (), ("water",))
    owner = desk.team.invitations.create(email="o@example.org", role="owner", expires_at=timezone.now())
    for act in ("again", "withdraw"):
        answer = client.post(f"{TEAM}invited/{owner.pk}/{act}/", follow=True).content.decode()
        assert "Nobody gives or takes rights that they do not have themselves." in answer
    assert desk.team.invitations.filter(pk=owner.pk, withdrawn_at=None, asked_at=owner.asked_at).exists()


def test_members_are_not_invited_and_other_teams_reach_nothing(
    desk: Desk, alice: Client, charlie: Client, invited: str
) -> None:
    again = alice.post(f"{TEAM}invite/", SAID | {"email": "BOB@example.org"})
    assert (again.status_code, "is in the team already" in again.content.decode()) == (422, True)
    row = TeamInvitation.objects.get()
    for path in (TEAM, "/organize/elsewhere/team/"):
        answers = [charlie.post(f"{path}invited/{row.pk}/{act}/").status_code for act in ("again", "withdraw")]
        assert answers == [404, 404]
    assert (row.is_open(timezone.now()), len(mailed())) == (True, 1)


def test_invitations_are_bounded(desk: Desk, alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("organize.teams.inviting.allowed", lambda *_args, **_options: False)
    assert alice.post(f"{TEAM}invite/", SAID).status_code == 429
    assert TeamInvitation.objects.count() == 0


def test_who_came_in_meanwhile_keeps_the_role_they_have(desk: Desk, invited: str) -> None:
    nora = make_user(email="nora@example.org", password=None)
    desk.team.memberships.create(user=nora, role="viewer")
    there = accept(nora, invited.split("/")[3], now=timezone.now())
    assert (there.role, TeamInvitation.objects.get().accepted_at is None) == ("viewer", False)


def test_a_link_that_is_pressed_twice_on_one_page_leads_on(invited: str) -> None:
    typed = NEW | {"csrfmiddlewaretoken": "of one page"}
    browsers = [Client(), Client()]
    assert [one.post(invited, typed)["Location"] for one in browsers] == ["/organize/"] * 2
    # Nobody is signed in by it a second time, and on another page the link was used.
    assert ["_auth_user_id" in one.session for one in browsers] == [True, False]
    assert Client().post(invited, NEW | {"csrfmiddlewaretoken": "of another"}).status_code == 404
