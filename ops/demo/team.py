"""Who works on the demonstration's forum. Nobody is a superuser: what they do is what organizers can do."""

from __future__ import annotations

from accounts.domain.teams import give_role
from accounts.models import Membership, Team, User
from journal.actors import SYSTEM

EDITOR, DESK, VIEWER = "editor@example.org", "desk@example.org", "viewer@example.org"


def make_team(name: str, *, owner: str, password: str) -> Team:
    """The team with its owner, an editor of the programme, the desk and a viewer, who sign in with one password.

    Whoever is there already keeps their account and role.
    """
    team, _ = Team.objects.get_or_create(name=name)
    for email, called, role in (
        (owner, "Organizer", Membership.Role.OWNER),
        (EDITOR, "Programme editor", Membership.Role.EDITOR),
        (DESK, "Desk", Membership.Role.DESK),
        (VIEWER, "Viewer", Membership.Role.VIEWER),
    ):
        user = User.objects.filter(email=email).first() or User.objects.create_user(email, password, name=called)
        if not Membership.objects.filter(team=team, user=user).exists():
            give_role(team, user, role, actor=SYSTEM)
    return team
