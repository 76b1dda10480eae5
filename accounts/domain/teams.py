"""Roles in teams, and what a team asks of its members. Every change leaves its fact in the same transaction.

A fact about a team stands in the history of each of its conferences, and once without one where it has none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.facts import RoleChanged, RoleGiven, RoleTaken, SecondFactorRuleChanged
from accounts.models import Membership, Team, User
from journal.actors import Actor
from journal.facts import Fact
from journal.recording import record_all
from journal.retrying import retried


class TeamChangeRefused(Exception):
    """Why a role stays as it is; `message` is a sentence."""

    def __init__(self) -> None:
        super().__init__(self.message)

    message = _("A team keeps at least one owner.")


@retried
@transaction.atomic
def found_team(name: str, owner: User, *, actor: Actor) -> Team:
    """Make a team with its first owner."""
    team = Team.objects.create(name=name)
    give_role(team, owner, Membership.Role.OWNER, actor=actor)
    return team


@retried
@transaction.atomic
def give_role(team: Team, user: User, role: str, *, actor: Actor) -> Membership:
    """Take somebody into a team. Raises IntegrityError where they are in it, or where there is no such role."""
    _lock(team)
    made = Membership.objects.create(team=team, user=user, role=role)
    _tell(team, RoleGiven(conference_id=None, subject_id=user.pk, team=team.pk, role=role), actor)
    return made


@retried
@transaction.atomic
def change_role(membership: Membership, role: str, *, actor: Actor) -> Membership:
    """Give a member another role; one they have already changes nothing.

    Raises `TeamChangeRefused` for the last owner.
    """
    team = _lock(membership.team)
    membership.refresh_from_db(fields=["role"])
    if membership.role == role:
        return membership
    old, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    _check_owners(team, old)
    changed = RoleChanged(conference_id=None, subject_id=membership.user_id, team=team.pk, old=old, new=role)
    _tell(team, changed, actor)
    return membership


@retried
@transaction.atomic
def take_role(membership: Membership, *, actor: Actor) -> None:
    """Take a member out of their team. Raises `TeamChangeRefused` for the last owner."""
    team = _lock(membership.team)
    membership.refresh_from_db(fields=["role"])
    user, role = membership.user_id, membership.role
    membership.delete()
    _check_owners(team, role)
    _tell(team, RoleTaken(conference_id=None, subject_id=user, team=team.pk, role=role), actor)


@retried
@transaction.atomic
def set_second_factor_rule(team: Team, *, wanted: bool, actor: Actor) -> Team:
    """Ask the members of a team for a second factor, or do so no more. What is so already is not written."""
    stored = _lock(team)
    if stored.requires_second_factor != wanted:
        Team.objects.filter(pk=team.pk).update(requires_second_factor=wanted)
        _tell(
            team,
            SecondFactorRuleChanged(
                conference_id=None, subject_id=team.pk, old=stored.requires_second_factor, new=wanted
            ),
            actor,
        )
    team.requires_second_factor = wanted
    return team


def _lock(team: Team) -> Team:
    """Whoever changes a team takes turns, so that of two owners who leave at once one stays."""
    return Team.objects.select_for_update().get(pk=team.pk)


def _check_owners(team: Team, was: str) -> None:
    if was == Membership.Role.OWNER and not team.memberships.filter(role=Membership.Role.OWNER).exists():
        raise TeamChangeRefused


def _tell(team: Team, fact: Fact, actor: Actor) -> None:
    conferences: Iterable[int | None] = list(team.conferences.order_by("pk").values_list("pk", flat=True)) or [None]
    record_all([replace(fact, conference_id=one) for one in conferences], actor=actor)
