"""Who may make conferences, and for which teams. The one place that pages and tests ask."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.models import Membership, Team, User
from accounts.queries import has_second_factor


def teams_to_found_for(user: User) -> QuerySet[Team]:
    """The teams this account may make a conference for: those it owns; all of them for a superuser.

    None that asks for a second factor, as long as the account has none.
    """
    mine = Team.objects.filter(~Q(requires_second_factor=True) | has_second_factor(user))
    if not user.is_superuser:
        mine = mine.filter(memberships__user=user, memberships__role=Membership.Role.OWNER)
    return mine.order_by("name", "pk")


def may_found_team(user: User) -> bool:
    """Whether this account may make a team of its own: a superuser, and whoever is there before any team is."""
    return user.is_superuser or not Team.objects.exists()
