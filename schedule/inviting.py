"""Inviting people to take part in a session, and organisations to host one. The mail is the journal's to cause."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from journal.recording import record
from schedule.models import Role, Session, SessionHost


@transaction.atomic
def invite_to_speak(role: Role, *, actor: str) -> Role:
    """Invite the person of a role. Each call is one invitation.

    Raises `ValidationError` when the role has no person, the person no mail address, or the session is cancelled.
    """
    _check_takes_place(role.session)
    if role.person is None:
        raise ValidationError({"person": _("Nobody is named for this role yet.")})
    if not role.person.email:
        raise ValidationError({"person": _("%(name)s has no e-mail address yet.") % {"name": role.person.name}})
    record(
        "role.invited", actor=actor, conference_id=role.session.conference_id, subject_id=role.pk, role=role.role,
        session=role.session_id,
    )  # fmt: skip
    return role


@transaction.atomic
def invite_to_host(host: SessionHost, *, actor: str) -> SessionHost:
    """Invite an organisation to host a session, through its contact. Each call is one invitation.

    Raises `ValidationError` when the organisation has no contact with a mail address, or the session is cancelled.
    """
    _check_takes_place(host.session)
    if host.body.contact is None or not host.body.contact.email:
        message = _("%(name)s has no contact with an e-mail address yet.") % {"name": host.body.name}
        raise ValidationError({"body": message})
    record(
        "host.invited", actor=actor, conference_id=host.session.conference_id, subject_id=host.pk,
        session=host.session_id,
    )  # fmt: skip
    return host


def _check_takes_place(session: Session) -> None:
    if session.state == Session.State.CANCELLED:
        raise ValidationError({"session": _("This session is cancelled.")})
