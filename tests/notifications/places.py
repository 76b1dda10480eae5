"""People with places, made through the domain functions, and what they were mailed."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

from django.utils import timezone

from journal.actors import SYSTEM
from notifications.feeds.personal_feeds import create_feed
from notifications.models import FeedToken, Message
from notifications.rules.mail_rules import KINDS
from registration.domain.registrations import tokens
from registration.domain.signups.signing_up import sign_up
from registration.models import MagicLink, Participant, Registration, SignUp
from schedule.models import Room
from tests.factories import at, make_conference, make_registration, make_room, make_session, publish

ACTOR = SYSTEM


class Stage:
    """A conference with one session in a room of two seats, and a second, bigger room."""

    def __init__(self, **fields: Any) -> None:
        self.conference = make_conference(**fields)
        self.room = make_room(self.conference, capacity=2)
        self.other_room = make_room(self.conference, capacity=100)
        self.session = make_session(self.conference)
        self.move("10:00", self.room)

    def move(self, clock: str, room: Room | None = None) -> None:
        """Publish the session at another time or in another room."""
        publish(self.conference, [(self.session, room or self.room, at(self.conference, clock))])

    def person(self, **fields: Any) -> Registration:
        return make_registration(self.conference, **fields)

    def place(self, registration: Registration | None = None, **fields: Any) -> SignUp:
        """A place in the session, confirmed while there is room."""
        return sign_up(registration or self.person(**fields), self.session, actor=ACTOR)


_devices = itertools.count(1)


def make_feed(registration: Registration, **settings: Any) -> FeedToken:
    """The secret address of another device."""
    given: dict[str, Any] = {"name": f"Device {next(_devices)}", "actor": ACTOR} | settings
    return create_feed(registration, **given)


def make_link(participant: Participant, **fields: Any) -> MagicLink:
    link = MagicLink(participant=participant, expires_at=timezone.now() + timedelta(minutes=30))
    for name, value in fields.items():
        setattr(link, name, value)
    link.token_hash = tokens.hash_of(tokens.token_for(tokens.TokenPurpose.MAGIC_LINK, link.uid))
    link.save()
    return link


def outbox() -> list[tuple[str, str]]:
    """Kind and state of every message, the oldest first."""
    assert set(Message.objects.values_list("kind", flat=True)) <= set(KINDS)
    return list(Message.objects.order_by("journal_entry_id").values_list("kind", "state"))
