"""Roles in teams, and what a team asks of its members. Every change leaves its fact in the same transaction.

A fact about a team stands in the history of each of its conferences, and once without one where it has none.
Whoever gives or takes a role names themselves as `giver`: nobody gives or takes what they do not have, and so nobody
raises themselves. None is the installation's own administration.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.facts import RoleChanged, RoleGiven, RoleTaken, SecondFactorRuleChanged, TeamFounded
from accounts.models import Grant, Membership, Team, User
from accounts.rights import MATRIX, Rights, RoleName, rights_by
from journal.actors import Actor
from journal.facts import Fact
from journal.recording import record, record_all
from journal.retrying import retried

LAST_OWNER = _("A team keeps at least one owner.")
NOT_YOURS_TO_GIVE = _("Nobody gives or takes rights that they do not have themselves.")


class TeamChangeRefused(Exception):
    """Why a role stays as it is; says so in a sentence."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)


@dataclass(frozen=True)
class Granted:
    """Rights as they are stored: a role, the areas chosen by hand, and the themes they are narrowed to."""

    role: str
    sees: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    themes: tuple[str, ...] | None = None

    @classmethod
    def of(cls, row: Grant) -> Granted:
        themes = None if row.themes is None else tuple(row.themes)
        return cls(row.role, tuple(row.sees), tuple(row.changes), themes)

    @property
    def rights(self) -> Rights:
        return rights_by(self.role, sees=self.sees, changes=self.changes, themes=self.themes)

    def put(self, row: Grant) -> None:
        """Write it into a row's fields, which are `FIELDS`."""
        row.role, row.sees, row.changes = self.role, list(self.sees), list(self.changes)
        row.themes = None if self.themes is None else list(self.themes)

    def codes(self) -> tuple[str, ...]:
        """What was chosen besides the role, as facts keep it."""
        chosen = [f"change:{one}" for one in self.changes]
        chosen += [f"see:{one}" for one in self.sees if one not in self.changes]
        return (*chosen, *(f"theme:{one}" for one in self.themes or ()))


FIELDS = ("role", "sees", "changes", "themes")


def rights_in(team: Team, user: User) -> Rights | None:
    """What this account may do in the team; None where it is not in it. A superuser is an owner everywhere."""
    if user.is_superuser:
        return MATRIX[RoleName.OWNER]
    membership = Membership.objects.filter(team=team, user=user).first()
    return membership.rights if membership else None


@retried
@transaction.atomic
def found_team(name: str, owner: User, *, actor: Actor) -> Team:
    """Make a team with its first owner."""
    team = Team.objects.create(name=name)
    tell_founded(team, actor=actor)
    give_role(team, owner, RoleName.OWNER, actor=actor)
    return team


@retried
@transaction.atomic
def give_role(team: Team, user: User, role: str | Granted, *, actor: Actor, giver: User | None = None) -> Membership:
    """Take somebody into a team. Raises IntegrityError where they are in it, or where there is no such role, and
    `TeamChangeRefused` where it is not the giver's to give.
    """
    locked, granted = lock(team), _granted(role)
    check_giver(locked, giver, granted.rights)
    made = Membership(team=team, user=user)
    granted.put(made)
    made.save()
    given = RoleGiven(conference_id=None, subject_id=user.pk, team=team.pk, role=granted.role, rights=granted.codes())
    tell(team, given, actor)
    return made


@retried
@transaction.atomic
def change_role(membership: Membership, role: str | Granted, *, actor: Actor, giver: User | None = None) -> Membership:
    """Give a member other rights; those they have already change nothing.

    Raises `TeamChangeRefused` for the last owner, and where it is not the giver's to give or take.
    """
    team, granted = lock(membership.team), _granted(role)
    membership.refresh_from_db(fields=FIELDS)
    old = Granted.of(membership)
    check_giver(team, giver, old.rights, granted.rights)
    if old == granted:
        return membership
    _check_owners(team, membership, granted.role)
    granted.put(membership)
    membership.save(update_fields=FIELDS)
    changed = RoleChanged(
        conference_id=None,
        subject_id=membership.user_id,
        team=team.pk,
        old=old.role,
        new=granted.role,
        was=old.codes(),
        rights=granted.codes(),
    )
    tell(team, changed, actor)
    return membership


@retried
@transaction.atomic
def take_role(membership: Membership, *, actor: Actor, giver: User | None = None) -> None:
    """Take a member out of their team. Raises `TeamChangeRefused` for the last owner, and where it is not the giver's
    to take.
    """
    team = lock(membership.team)
    membership.refresh_from_db(fields=FIELDS)
    old = Granted.of(membership)
    check_giver(team, giver, old.rights)
    _check_owners(team, membership, "")
    user = membership.user_id
    membership.delete()
    tell(
        team,
        RoleTaken(conference_id=None, subject_id=user, team=team.pk, role=old.role, rights=old.codes()),
        actor,
    )


@retried
@transaction.atomic
def set_second_factor_rule(team: Team, *, wanted: bool, actor: Actor) -> Team:
    """Ask the members of a team for a second factor, or do so no more. What is so already is not written."""
    stored = lock(team)
    if stored.requires_second_factor != wanted:
        Team.objects.filter(pk=team.pk).update(requires_second_factor=wanted)
        tell(
            team,
            SecondFactorRuleChanged(
                conference_id=None, subject_id=team.pk, old=stored.requires_second_factor, new=wanted
            ),
            actor,
        )
    team.requires_second_factor = wanted
    return team


def tell_founded(team: Team, *, actor: Actor) -> None:
    """Write down that there is a new team; in the transaction that makes it."""
    record(TeamFounded(conference_id=None, subject_id=team.pk), actor=actor)


def lock(team: Team) -> Team:
    """Whoever changes a team takes turns, so that of two owners who leave at once one stays."""
    return Team.objects.select_for_update().get(pk=team.pk)


def check_giver(team: Team, giver: User | None, *touched: Rights) -> None:
    """Raises `TeamChangeRefused` unless the giver, as the locked team has them now, has all the rights they touch."""
    if giver is None:
        return
    own = rights_in(team, giver)
    if own is None or not own.may_change("team") or not all(own.cover(one) for one in touched):
        raise TeamChangeRefused(NOT_YOURS_TO_GIVE)


def tell(team: Team, fact: Fact, actor: Actor) -> None:
    """Write a fact about a team into the history of each of its conferences."""
    conferences: Iterable[int | None] = list(team.conferences.order_by("pk").values_list("pk", flat=True)) or [None]
    record_all([replace(fact, conference_id=one) for one in conferences], actor=actor)


def _granted(role: str | Granted) -> Granted:
    return role if isinstance(role, Granted) else Granted(role)


def _check_owners(team: Team, membership: Membership, role: str) -> None:
    """An owner whose account is closed can let nobody in or out, so it is none."""
    owner = RoleName.OWNER
    others = team.memberships.filter(role=owner, user__is_active=True).exclude(pk=membership.pk)
    if membership.role == owner != role and not others.exists():
        raise TeamChangeRefused(LAST_OWNER)
