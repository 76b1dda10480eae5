"""A shortcut of the tests' own leads where the long way leads."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from journal.actors import SYSTEM
from journal.models import Entry
from registration.models import Seats
from schedule.models import Conference
from schedule.ports.follow import follow
from tests import factories as f


def seats_of(conference: Conference) -> list[Any]:
    return list(Seats.objects.filter(conference=conference).order_by("session_id").values())


@pytest.mark.django_db
@pytest.mark.parametrize("overlap", ["off", "refuse"])
def test_seats_are_offered_as_the_product_offers_them(overlap: str) -> None:
    """Placed, moved, taken out, closed to the public, cancelled, and never placed at all."""
    conference = f.make_conference(overlap_rule=overlap, venue=f.both("Town hall"))
    room, small = f.make_room(conference), f.make_room(conference, capacity=3)
    kind, online = f.make_kind(conference), "https://online.example.org/"
    states: tuple[dict[str, Any], ...] = (
        {},
        {},
        {"signup": "invitation"},
        {"state": "cancelled"},
        {"online_url": online},
        {},
    )
    sessions = [f.make_session(conference, kind=kind, **fields) for fields in states]
    for placed in (sessions[:5], sessions[1:4]):
        rooms = [small, room, room, small, room]
        hours = [f.at(conference, f"{9 + number:02}:00") for number in range(5)]
        release = f.publish(conference, list(zip(placed, rooms, hours, strict=False)))
        made = seats_of(conference)
        assert len(made) == len(sessions)
        Seats.objects.filter(conference=conference).delete()
        follow(conference, actor=SYSTEM, now=timezone.now(), release=release)
        assert seats_of(conference) == made
    assert not Entry.objects.exists()
