"""Telling whoever keeps the sign-ups that the programme has changed, inside the transaction that changed it.

`settings.SCHEDULE_FOLLOW` names a callable `follow(conference, *, actor, now, release)`; it gives places that became
free to those who wait, in the same transaction (invariant 4), and returns what that meant for people.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from journal.actors import Actor
from schedule.models import Conference, Release


class Consequences(Protocol):
    """What a change of the programme did to sign-ups. `affected` counts people whose place changed."""

    @property
    def affected(self) -> int: ...


class Follow(Protocol):
    def __call__(
        self, conference: Conference, *, actor: Actor, now: datetime, release: Release | None = None
    ) -> Consequences: ...


def follow(conference: Conference, *, actor: Actor, now: datetime, release: Release | None = None) -> Consequences:
    """Let sign-ups follow the programme as it now stands. Call as the last step of a change, in its transaction."""
    return cast("Follow", import_string(settings.SCHEDULE_FOLLOW))(conference, actor=actor, now=now, release=release)
