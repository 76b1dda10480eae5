"""Comparing two timetables of a large programme, as the page for organizers does it.

1,000 sessions of 40 rooms on three days, 5,000 people with eight wishes each; a quarter of the sessions is elsewhere in
the second timetable.
"""

from __future__ import annotations

import gzip
import random
import statistics
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from bench.stages import milliseconds, statements
from journal.actors import SYSTEM
from registration.models import Interest, Participant, Registration
from schedule.domain.timetables.copies import copy_draft
from schedule.domain.timetables.drafts import create_draft
from schedule.models import Conference, Placement, Session
from tests.factories import at, make_conference, make_person, make_room, make_session, make_team
from tests.organize.conftest import member, signed_in

NEEDS_DATABASE = True
SESSIONS, ROOMS, DAYS, PEOPLE, WISHES = 1000, 40, 3, 5000, 8
RUNS = 9


def stage() -> tuple[Conference, Client, str]:
    """The conference, its organizer, and the address of the page."""
    luck = random.Random(1)
    team = make_team()
    conference = make_conference(slug="large", days=DAYS, team=team)
    rooms = [make_room(conference, capacity=100 + 10 * number) for number in range(ROOMS)]
    people = [make_person(conference) for _ in range(SESSIONS // 2)]
    sessions: list[Session] = [make_session(conference) for _ in range(SESSIONS)]
    for number, session in enumerate(sessions):
        session.roles.create(person=people[number % len(people)], role="speaker")
    draft = create_draft(conference, name="First", actor=SYSTEM)
    Placement.objects.bulk_create(
        Placement(draft=draft, session=session, room=rooms[number % ROOMS], start=start, end=start + timedelta(hours=1))
        for number, session in enumerate(sessions)
        for day, slot in [divmod(number // ROOMS, 9)]
        for start in [at(conference, f"{9 + slot:02}:00", day=day)]
    )
    second = copy_draft(draft, actor=SYSTEM, name="Second")
    moved = list(second.placements.filter(session__in=luck.sample(sessions, SESSIONS // 4)))
    places = [(one.room, one.start, one.end) for one in moved]
    luck.shuffle(places)
    for one, (room, start, end) in zip(moved, places, strict=True):
        one.room, one.start, one.end = room, start, end
    Placement.objects.bulk_update(moved, ["room", "start", "end"])
    _wishes(conference, sessions, luck)
    alice = signed_in(member(team, "owner", "alice"))
    alice.defaults["HTTP_HOST"] = "localhost"
    return conference, alice, f"/organize/large/programme/compare/?old=draft-{draft.pk}&new=draft-{second.pk}"


def _wishes(conference: Conference, sessions: list[Session], luck: random.Random) -> None:
    participants = Participant.objects.bulk_create(
        Participant(email=f"person-{number}@example.org", language="en") for number in range(PEOPLE)
    )
    registrations = Registration.objects.bulk_create(
        Registration(
            conference=conference,
            participant=one,
            state="accepted",
            consented_at=timezone.now(),
            language="en",
            display_name=f"Person {one.pk}",
        )
        for one in participants
    )
    Interest.objects.bulk_create(
        Interest(registration=one, session=session, rank=rank)
        for one in registrations
        for rank, session in enumerate(luck.sample(sessions, WISHES), start=1)
    )


def run() -> list[dict[str, Any]]:
    _conference, alice, address = stage()
    alice.get(address)
    asked = statements(lambda: alice.get(address))
    answer = alice.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    times = [milliseconds(lambda: alice.get(address)) for _ in range(RUNS)]
    size = round(len(gzip.compress(answer.content)) / 1000)
    return [
        {
            "name": f"comparing, {SESSIONS} sessions",
            "value": round(statistics.median(times)),
            "unit": "ms",
            "budget": 300,
        },
        {"name": "  its queries", "value": asked, "unit": "", "budget": 15},
        {"name": "  compressed", "value": size, "unit": "kB", "budget": 100},
    ]
