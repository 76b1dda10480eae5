"""Registering for a conference, proving the address, and giving the registration back.

Whoever knows an address may start a registration for it; nobody but its owner finishes one. What was typed waits in
the link that is mailed there (`MagicLink.answers`) and reaches the registration when the link is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journal.recording import SYSTEM, record
from registration.answers import Answers, wished_sessions
from registration.locks import lock_registration, retried
from registration.models import Interest, MagicLink, Participant, Registration
from registration.signing_up import leave_all
from registration.tokens import Purpose as TokenPurpose
from registration.tokens import hash_of, token_for
from schedule.models import Conference, Session

SIGN_IN_VALID_FOR = timedelta(minutes=30)
CONFIRM_VALID_FOR = timedelta(hours=48)
State = Registration.State
# From these a person may take part by their own decision; the others are the organizers' to change.
OPEN_STATES = (State.DRAFT, State.CANCELLED)


class LinkPurpose(StrEnum):
    """Why a link is mailed; names the message."""

    CONFIRM = "confirm"
    SIGN_IN = "sign_in"


class LinkRefused(Exception):
    """The link is unknown, was used, or has run out."""


class ConferenceFull(Exception):
    """The conference has as many registrations as it takes. The answers are kept."""

    message = _("The conference is full. Your answers are kept; try again when a place has come free.")


def participant_with(email: str) -> Participant | None:
    """The participant with this address, however it is capitalised. One query."""
    found: Participant | None = (
        Participant.objects.alias(lower=Lower("email")).filter(lower=Lower_value(email)).first()
    )
    return found


def Lower_value(email: str) -> str:  # noqa: N802  # replaced below
    return email.strip().lower()


def begin(conference: Conference, *, email: str, language: str) -> Registration:
    """The registration of this address for this conference: the one there is, or a new, empty draft."""
    with transaction.atomic():
        participant = _participant(email, language)
        registration, _created = Registration.objects.get_or_create(
            conference=conference, participant=participant, defaults={"language": language}
        )
    return registration
