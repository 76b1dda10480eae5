"""Deleting what is known of organizers' browsers and of the administration pages, once its time is over."""

from __future__ import annotations

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef


def forget_sessions() -> int:
    """Delete the addresses and names of browsers whose session is over. Returns how many.

    The library for signing in deletes them only where their owner looks at the list.
    """
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    deleted, _kinds = UserSession.objects.filter(~Exists(alive)).delete()
    return int(deleted)  # the library's models have no types


def forget_administration(*, before: datetime) -> int:
    """Delete what was noted of changes in the administration pages before then; the journal has them too. Returns how
    many.
    """
    return LogEntry.objects.filter(action_time__lt=before).delete()[0]
