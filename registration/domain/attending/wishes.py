"""Turning wishes into places, dearest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from journal.actors import Actor
from registration.domain.signups.refusals import SignUpRefused
from registration.domain.signups.signing_up import sign_up
from registration.models import Registration, SignUp
from schedule.models import Session


@dataclass(frozen=True)
class WishOutcome:
    """What became of one wish: a sign-up (confirmed or waiting), or why not."""

    session: Session
    signup: SignUp | None = None
    refusal: SignUpRefused | None = None


def sign_up_wishes(registration: Registration, *, actor: Actor, now: datetime | None = None) -> list[WishOutcome]:
    """Sign a registration up for its wishes in order of rank, passing over what clashes with a dearer one.

    Each wish is a transaction of its own, so that nobody else waits for the whole list. Wishes that are held or
    waited for already stay as they are; those whose sign-up has closed are left out.
    """
    now = now or timezone.now()
    outcomes = []
    wishes = registration.interests.exclude(session__seats__closes_at__lte=now)
    for interest in wishes.select_related("session").order_by("rank"):
        try:
            signup = sign_up(registration, interest.session, exchange=None, actor=actor, now=now)
        except SignUpRefused as refusal:
            outcomes.append(WishOutcome(interest.session, refusal=refusal))
        else:
            outcomes.append(WishOutcome(interest.session, signup=signup))
    return outcomes
