"""Inviting people into a team: by a link mailed to an address, which proves it, runs out, and lets in one account once.

Whoever has an account with the address signs in and accepts; for whoever has none the link makes it.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.domain.teams import Granted, TeamChangeRefused, check_giver, give_role, lock, tell
from accounts.facts import AccountMade, InvitationAccepted, InvitationLinkAsked, InvitationWithdrawn, MemberInvited
from accounts.models import Membership, Team, TeamInvitation, User
from journal.actors import Actor
from journal.recording import record
from journal.retrying import retried

VALID_FOR = timedelta(days=7)
IS_MEMBER = _("This organizer is in the team already.")
_SIGNER = "plenary.team-invitation"


class InvitationRefused(Exception):
    """The link is unknown, was used, was withdrawn, has run out, is for another address, or whoever sent it may not any
    more.
    """


def key_of(invitation: TeamInvitation) -> str:
    """What stands in the link: nothing of it is stored, and it can be made again."""
    return Signer(salt=_SIGNER).sign(invitation.uid.hex)


@retried
@transaction.atomic
def invite(
    team: Team, email: str, granted: Granted, *, language: str, giver: User, actor: Actor, now: datetime
) -> TeamInvitation:
    """Mail a link into the team. Who was invited already gets a new one, with these rights; the earlier works no more.

    Raises `TeamChangeRefused` for a member, and where the rights are not the giver's to give.
    """
    team, email = lock(team), email.strip().lower()
    check_giver(team, giver, granted.rights)
    if Membership.objects.filter(team=team, user__email__iexact=email).exists():
        raise TeamChangeRefused(IS_MEMBER)
    row = _open(team).filter(email=email).first()
    if row is None:
        row = TeamInvitation(team=team, email=email)
    else:
        check_giver(team, giver, row.rights)
    granted.put(row)
    row.language = language
    return _mailed(row, giver=giver, actor=actor, now=now)


@retried
@transaction.atomic
def invite_again(invitation: TeamInvitation, *, giver: User, actor: Actor, now: datetime) -> TeamInvitation:
    """Mail a new link to somebody who was invited and has not come; the earlier works no more.

    Raises `InvitationRefused` where it is settled, and `TeamChangeRefused` where its rights are not the giver's.
    """
    team = lock(invitation.team)
    row = _open(team).filter(pk=invitation.pk).first()
    if row is None:
        raise InvitationRefused
    check_giver(team, giver, row.rights)
    return _mailed(row, giver=giver, actor=actor, now=now)


@retried
@transaction.atomic
def withdraw(invitation: TeamInvitation, *, giver: User, actor: Actor, now: datetime) -> None:
    """Let a link work no more. Raises as `invite_again`."""
    team = lock(invitation.team)
    check_giver(team, giver, invitation.rights)
    if not _open(team).filter(pk=invitation.pk).update(withdrawn_at=now):
        raise InvitationRefused
    tell(team, InvitationWithdrawn(conference_id=None, subject_id=invitation.pk, team=team.pk), actor)


def invitation_for(key: str, *, now: datetime) -> TeamInvitation:
    """The open invitation that this link belongs to, of somebody who may still invite like this. Two queries.

    Raises `InvitationRefused`.
    """
    try:
        uid = Signer(salt=_SIGNER).unsign(key)
    except BadSignature as forged:
        raise InvitationRefused from forged
    found = TeamInvitation.objects.filter(uid=uid).select_related("team", "invited_by").first()
    if found is None or not found.is_open(now):
        raise InvitationRefused
    _check_inviter(found.team, found)
    return found


def account_of(invitation: TeamInvitation) -> User | None:
    """The account with the invited address, active or not. One query."""
    return User.objects.alias(key=Lower("email")).filter(key=invitation.email.lower()).first()


@retried
@transaction.atomic
def accept(user: User, key: str, *, now: datetime) -> Membership:
    """Take the account with the invited address into the team. Of two that use a link at once, one is refused.

    Raises `InvitationRefused`, also for an account with another address: a forwarded link lets nobody else in.
    """
    invitation = invitation_for(key, now=now)
    if not user.is_active or user.email.lower() != invitation.email.lower():
        raise InvitationRefused
    return _let_in(user, invitation, now)


def accept_with_new_account(key: str, *, name: str, password: str, now: datetime) -> User:
    """Make the account of somebody who has none, and take it into the team.

    Raises `InvitationRefused`, also where the address has an account by now: that one's password is not ours to set.
    """
    try:
        return _accept_with_new_account(key, name, password, now)
    except IntegrityError as taken:  # made meanwhile
        raise InvitationRefused from taken


@retried
@transaction.atomic
def _accept_with_new_account(key: str, name: str, password: str, now: datetime) -> User:
    invitation = invitation_for(key, now=now)
    if account_of(invitation) is not None:
        raise InvitationRefused
    user = User.objects.create_user(invitation.email, password, name=name, language=invitation.language)
    record(AccountMade(conference_id=None, subject_id=user.pk), actor=Actor.organizer(user.pk))
    _let_in(user, invitation, now)
    return user


def forget_invitations(*, before: datetime) -> int:
    """Delete invitations whose link ran out before then, used or not. Returns how many."""
    deleted, _kinds = TeamInvitation.objects.filter(expires_at__lte=before).delete()
    return deleted


def _open(team: Team) -> models.QuerySet[TeamInvitation]:
    return TeamInvitation.objects.filter(team=team, accepted_at=None, withdrawn_at=None)


def _mailed(row: TeamInvitation, *, giver: User, actor: Actor, now: datetime) -> TeamInvitation:
    again = row.pk is not None
    row.uid, row.asked_at, row.expires_at, row.invited_by = uuid.uuid4(), now, now + VALID_FOR, giver
    row.save()
    invited = MemberInvited(
        conference_id=None,
        subject_id=row.pk,
        team=row.team_id,
        role=row.role,
        rights=Granted.of(row).codes(),
        again=again,
    )
    tell(row.team, invited, actor)
    record(InvitationLinkAsked(conference_id=None, subject_id=row.pk), actor=actor)
    return row


def _let_in(user: User, invitation: TeamInvitation, now: datetime) -> Membership:
    """Settle the invitation by compare-and-set, then give the role. The team is locked first, as everywhere."""
    team, actor = lock(invitation.team), Actor.organizer(user.pk)
    _check_inviter(team, invitation)
    settled = _open(team).filter(pk=invitation.pk, uid=invitation.uid, expires_at__gt=now)
    if not settled.update(accepted_at=now):
        raise InvitationRefused
    accepted = InvitationAccepted(conference_id=None, subject_id=invitation.pk, team=team.pk, account=user.pk)
    tell(team, accepted, actor)
    there = Membership.objects.filter(team=team, user=user).first()  # taken in meanwhile, by another way
    return there or give_role(team, user, Granted.of(invitation), actor=actor)


def _check_inviter(team: Team, invitation: TeamInvitation) -> None:
    """Whoever invited must still have what they give: one who was taken out of the team leaves no way back into it.

    Raises `InvitationRefused`.
    """
    inviter = invitation.invited_by
    if inviter is None or not inviter.is_active:
        raise InvitationRefused
    try:
        check_giver(team, inviter, Granted.of(invitation).rights)
    except TeamChangeRefused as lost:
        raise InvitationRefused from lost
