"""How fast the journal becomes mails with a calendar part, and how fast calendars are served."""

from __future__ import annotations

import multiprocessing
import os
import statistics
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import timezone

from bench.mails.delivery_worker import work
from bench.stages import mail_server
from journal.actors import SYSTEM
from journal.recording import record_all
from notifications.feeds import limits
from notifications.feeds.personal_feeds import create_feed, feed_url
from notifications.models import Message
from notifications.rules.intake import take_in
from registration.domain.signups.seats_follow import follow
from registration.facts import PlaceConfirmed
from registration.models import Participant, Registration, SignUp
from schedule.models import Conference
from tests.factories import at, make_conference, make_release, make_room, make_session

NEEDS_DATABASE = True
PEOPLE, SESSIONS, WORKERS = 300, 10, 2
MESSAGES = PEOPLE * SESSIONS
PROGRAMME = 400
ROUNDS = 30


def confirmed_people() -> None:
    """PEOPLE who have a place in each of SESSIONS sessions, with a journal entry for each place."""
    conference = make_conference(days=2)
    room = make_room(conference, capacity=PEOPLE)
    sessions = [make_session(conference) for _ in range(SESSIONS)]
    now = timezone.now()
    with transaction.atomic():
        times = [at(conference, f"{9 + number % 8:02}:00", day=number // 8) for number in range(SESSIONS)]
        release = make_release(conference, [(one, room, start) for one, start in zip(sessions, times, strict=True)])
        follow(conference, actor=SYSTEM, now=now, release=release)
        people = Participant.objects.bulk_create(
            Participant(email=f"person-{number}@example.org", language=("en", "ko")[number % 2])
            for number in range(PEOPLE)
        )
        registrations = Registration.objects.bulk_create(
            Registration(
                conference=conference,
                participant=person,
                state="accepted",
                consented_at=now,
                language=person.language,
                display_name=f"사람 Person {person.pk}",
            )
            for person in people
        )
        signups = SignUp.objects.bulk_create(
            SignUp(registration=one, session=session, state="confirmed")
            for one in registrations
            for session in sessions
        )
        facts = [
            PlaceConfirmed(
                conference_id=conference.pk,
                subject_id=one.pk,
                session=one.session_id,
                registration=one.registration_id,
                by="self",
            )
            for one in signups
        ]
        record_all(facts, actor=SYSTEM)


def delivery_rate() -> tuple[float, float]:
    """Mails a second from two processes, composing included; and milliseconds of their processor time for a mail."""
    spawn = multiprocessing.get_context("spawn")
    with mail_server(expecting=MESSAGES) as port:
        os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
        ready = spawn.Barrier(WORKERS + 1)
        spent = spawn.Value("d", 0.0)
        workers = [spawn.Process(target=work, args=(ready, spent)) for _ in range(WORKERS)]
        for worker in workers:
            worker.start()
        ready.wait(60)
        began = time.perf_counter()
        for worker in workers:
            worker.join(300)
        seconds = time.perf_counter() - began
    unsent = Message.objects.exclude(state="sent", calendar_method="REQUEST").count()
    if unsent or any(worker.exitcode for worker in workers):
        raise RuntimeError(f"{unsent} messages were not sent")
    return MESSAGES / seconds, spent.value / MESSAGES * 1000


def median_ms(call: Callable[[], object]) -> float:
    seconds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - began)
    return round(statistics.median(seconds) * 1000, 1)


def big_programme() -> Conference:
    """PROGRAMME sessions in four releases; each turns the hours of one day, so a quarter of the sessions moves."""
    conference = make_conference(days=4)
    rooms = [make_room(conference) for _ in range(14)]
    sessions = [make_session(conference) for _ in range(PROGRAMME)]

    def start(number: int, turned: int) -> datetime:
        day, hour = divmod(number // len(rooms), 8)
        return at(conference, f"{9 + (hour + (day < turned)) % 8:02}:00", day=day)

    for turned in range(4):
        make_release(
            conference,
            [(one, rooms[number % len(rooms)], start(number, turned)) for number, one in enumerate(sessions)],
        )
    return conference


def calendars() -> list[dict[str, Any]]:
    limits.FETCHES = 1_000_000
    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    registration = Registration.objects.all()[0]
    personal = feed_url(create_feed(registration, name="bench", actor=SYSTEM)).removeprefix(settings.SITE_URL)
    public = f"/{big_programme().slug}/schedule.ics"

    def cold(path: str) -> object:
        cache.clear()
        return client.get(path)

    tags = {path: client.get(path)["ETag"] for path in (personal, public)}

    def again(path: str) -> object:
        response = client.get(path, headers={"If-None-Match": tags[path]})
        assert response.status_code == 304
        return response

    measured = (
        (f"personal feed, {SESSIONS} places", 20, lambda: client.get(personal)),
        ("personal feed, unchanged (304)", 5, lambda: again(personal)),
        (f"schedule.ics, {PROGRAMME} sessions, cold", 200, lambda: cold(public)),
        ("schedule.ics, unchanged (304)", 5, lambda: again(public)),
    )
    return [{"name": name, "value": median_ms(call), "unit": "ms", "budget": budget} for name, budget, call in measured]


def run() -> list[dict[str, Any]]:
    confirmed_people()
    began = time.perf_counter()
    made = take_in()
    if made != MESSAGES:
        raise RuntimeError(f"{made} messages for {MESSAGES} entries")
    taking = made / (time.perf_counter() - began)
    rate, processor = delivery_rate()
    return [
        {"name": "journal entries taken in", "value": round(taking), "unit": "/s", "budget": None},
        {"name": f"mails with a calendar part, {WORKERS} workers", "value": round(rate), "unit": "/s", "budget": 150},
        {"name": "processor time of a worker for one mail", "value": round(processor, 1), "unit": "ms", "budget": None},
        *calendars(),
    ]
