"""Periodic work on registrations."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from registration.domain import conference_line
from registration.domain.privacy import retention
from registration.domain.signups import closing, signing_up


@shared_task
def expire_offers() -> None:
    """End offers whose time has run out; their places go on."""
    signing_up.expire_offers(now=timezone.now())


@shared_task
def close_lines() -> None:
    """End waiting lines whose time is over, those of sessions and those of conferences."""
    now = timezone.now()
    closing.close_lines(now=now)
    conference_line.settle_lines(now=now)


@shared_task
def forget() -> None:
    """Delete what has run out."""
    retention.forget(now=timezone.now())
