"""How somebody comes in: registered at once, or handed in for the organizers to decide, as their conference has it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from registration import deciding, joining, tokens
from registration.answers import Answers
from registration.locks import lock_registration
from registration.models import MagicLink, Participant, Registration


def use_link(link: MagicLink, token: str, *, now: datetime) -> Participant:
    """Use a link that `joining.link_for` found. Raises `joining.LinkRefused` when it cannot be used.

    At a conference whose organizers decide, a registration that the link would have confirmed awaits their decision.
    """
    if link.registration is not None and link.registration.conference.approves_registrations:
        return _hand_in(token, now=now)
    return joining.redeem(token, now=now)


def take_part(registration: Registration, *, actor: str, now: datetime) -> Registration:
    """Confirm a draft or cancelled registration that has been agreed to, or have the organizers decide about it.

    Raises `joining.ConferenceFull`, or `deciding.DecisionRefused` for one that has been handed in already.
    """
    if registration.conference.approves_registrations:
        return deciding.receive(registration, actor=actor)
    return joining.confirm(registration, actor=actor, now=now)


@transaction.atomic
def _hand_in(token: str, *, now: datetime) -> Participant:
    """As `joining.redeem`, up to what becomes of the registration. Locks the link, then the registration."""
    links = MagicLink.objects.select_for_update(of=("self",)).select_related("participant", "registration__conference")
    link = links.filter(token_hash=tokens.hash_of(token)).first()
    if link is None or not joining.is_usable(link, now=now):
        raise joining.LinkRefused
    participant = link.participant
    if participant.verified_at is None:
        participant.verified_at = now
        participant.save(update_fields=["verified_at"])
    if link.registration is not None:
        _receive(link.registration, link)
    link.used_at, link.answers = now, {}
    link.save(update_fields=["used_at", "answers"])
    return participant


def _receive(named: Registration, link: MagicLink) -> None:
    """Give a registration that is still its owner's the answers that waited in its link, and hand it in."""
    registration = lock_registration(named.pk)
    registration.conference, registration.participant = named.conference, link.participant
    if registration.state not in joining.OPEN_STATES:
        return
    actor = joining.actor_of(registration)
    if link.answers:
        joining.answer(registration, Answers.from_data(link.answers), actor=actor, agreed_at=link.created_at)
    if registration.consented_at is not None:
        deciding.receive(registration, actor=actor)
