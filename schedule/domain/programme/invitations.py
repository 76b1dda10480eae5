"""Inviting people to take part in a session, and organisations to host one, and taking their answers.

The mail is the journal's to cause.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from journal.actors import SYSTEM, Actor
from journal.facts import Fact
from journal.recording import record
from journal.retrying import retried
from schedule.domain.timetables.queries import newest_release
from schedule.facts.invitations import (
    HostAccepted,
    HostDeclined,
    HostInvited,
    SpeakerAccepted,
    SpeakerDeclined,
    SpeakerInvited,
)
from schedule.models import Invitation, Person, ReleasedPlacement, Role, Session, SessionHost
from values.presses import SAME_PRESS

Answer = Invitation.Answer


@retried
@transaction.atomic
def invite_to_speak(role: Role, *, actor: Actor, again: bool = False) -> Invitation:
    """Invite the person of a role. Each call that is not refused is one mail.

    Raises `ValidationError` when the role has no person, the person no mail address, or the session is cancelled or
    over; when they were invited before, unless `again`; and when they have answered. Locks the session.
    """
    session = _lock(role.session)
    if role.person is None:
        raise ValidationError({"person": _("Nobody is named for this role yet.")})
    if not role.person.email:
        raise ValidationError({"person": _("%(name)s has no e-mail address yet.") % {"name": role.person.name}})
    invitation = _invite(session, role.person, {"role": role}, again=again)
    record(_asked(role, invitation), actor=actor)
    return invitation


@retried
@transaction.atomic
def ask_again(role: Role, *, since: datetime) -> bool:
    """Ask the person of a role once more, whatever they have answered, because their calendar declined the session.

    Not where they were asked, or have answered, since they were told where it is, at `since`; says whether they are
    asked. Raises `ValidationError` when the session is cancelled. Locks the session.
    """
    session = _lock(role.session)
    if role.person is None or not role.person.email:
        return False
    now = timezone.now()
    invitation, new = Invitation.objects.get_or_create(
        person=role.person, role=role, defaults={"session": session, "invited_at": now}
    )
    if not new:
        if max(filter(None, (invitation.invited_at, invitation.answered_at))) > since:
            return False
        invitation.invited_at = now
        invitation.save(update_fields=["invited_at"])
    record(_asked(role, invitation), actor=SYSTEM)
    return True


def _asked(role: Role, invitation: Invitation) -> SpeakerInvited:
    return SpeakerInvited(
        conference_id=invitation.session.conference_id,
        subject_id=role.pk,
        role=role.role,
        session=invitation.session_id,
        invitation=str(invitation.uid),
    )


@retried
@transaction.atomic
def invite_to_host(host: SessionHost, *, actor: Actor, again: bool = False) -> Invitation:
    """Invite an organisation to host a session, through its contact. Each call that is not refused is one mail.

    Raises `ValidationError` when the organisation has no contact with a mail address, or the session is cancelled or
    over; when the contact was invited before, unless `again`; and when they have answered. Locks the session.
    """
    session = _lock(host.session)
    contact = host.body.contact
    if contact is None or not contact.email:
        message = _("%(name)s has no contact with an e-mail address yet.") % {"name": host.body.name}
        raise ValidationError({"body": message})
    invitation = _invite(session, contact, {"host": host}, again=again)
    fact = HostInvited(
        conference_id=session.conference_id,
        subject_id=host.pk,
        session=session.pk,
        invitation=str(invitation.uid),
    )
    record(fact, actor=actor)
    return invitation


def _lock(session: Session) -> Session:
    """One change of a session's invitations at a time. Raises `ValidationError` for one that is cancelled or over."""
    locked = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
    if locked.state == Session.State.CANCELLED:
        raise ValidationError({"session": _("This session is cancelled.")})
    if ReleasedPlacement.objects.filter(
        release=newest_release(session.conference), session=locked, end__lte=timezone.now()
    ).exists():
        raise ValidationError({"session": _("This session is over.")})
    return locked


def _invite(session: Session, person: Person, place: Mapping[str, Any], *, again: bool) -> Invitation:
    """The invitation of this person to this role or host, new or renewed."""
    now = timezone.now()
    invitation, new = Invitation.objects.get_or_create(
        person=person, **place, defaults={"session": session, "invited_at": now}
    )
    if new:
        return invitation
    if invitation.answer:
        raise ValidationError({"person": _("%(name)s has answered already.") % {"name": person.name}})
    if not again:
        raise ValidationError({"person": _("%(name)s was invited already.") % {"name": person.name}})
    if invitation.invited_at > now - SAME_PRESS:
        message = _("The invitation of %(name)s is on its way; another can follow in a minute.")
        raise ValidationError({"person": message % {"name": person.name}})
    invitation.invited_at = now
    invitation.save(update_fields=["invited_at"])
    return invitation


@retried
@transaction.atomic
def answer_invitation(invitation: Invitation, answer: str, *, now: datetime) -> Invitation:
    """Take the word of whoever was invited; they may change it later. The same answer twice writes nothing.

    Nothing else follows from it: who appears in the programme stays the organizers' to decide. Raises
    `ValidationError` when the session is cancelled or over, or somebody else has taken the role since. Locks it.
    """
    session = _lock(invitation.session)
    current = Invitation.objects.current().filter(pk=invitation.pk).first()
    if current is None:
        raise ValidationError({"person": _("Somebody else is asked now.")})
    if current.answer == answer:
        return current
    current.answer, current.answered_at = Answer(answer), now
    current.save(update_fields=["answer", "answered_at"])
    said = _said(current, session)
    record(said, actor=Actor.person(current.person_id))
    return current


def _said(invitation: Invitation, session: Session) -> Fact:
    says_yes, about = invitation.answer == Answer.YES, {"conference_id": session.conference_id, "session": session.pk}
    if invitation.role_id is not None:
        return (SpeakerAccepted if says_yes else SpeakerDeclined)(subject_id=invitation.role_id, **about)
    return (HostAccepted if says_yes else HostDeclined)(subject_id=invitation.host_id, **about)
