"""Every page that organizers reach by links, and its other states, at the size of a congress: time, statements, weight.

1,080 sessions in 40 rooms on 3 days, 5,000 people (BENCH_PEOPLE) with four places and five wishes each, 600 speakers,
a draft, two releases. Pages are found as an organizer finds them: from the first one, along the links, one page of each
kind; then what one comes to by asking: searched, filtered, a further page, two drafts compared, an emergency.
"""

from __future__ import annotations

import gzip
import os
import random
import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from time import process_time
from typing import Any

from django.conf import settings
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve

from accounts.models import Membership
from bench.stages import milliseconds, programme, registered
from journal.actors import SYSTEM
from registration.models import Interest, SignUp
from schedule.domain.timetables.copies import copy_draft
from schedule.domain.timetables.drafts import create_draft
from schedule.models import Conference, Draft, Person, Placement, Release, Role, Session, SolverRun
from tests.factories import at, both, make_team, make_user

NEEDS_DATABASE = True
PEOPLE = int(os.environ.get("BENCH_PEOPLE", "5000"))
DAYS, ROOMS, SLOTS = 3, 40, 9
SPEAKERS, PLACES, WISHES = 600, 4, 5
# Design: every page of the organizers within these.
MILLISECONDS, STATEMENTS, KILOBYTES = 300, 15, 100
ROUNDS = 5
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LINK = re.compile(rb'href="(/organize/[^"#]*)"')


@dataclass(frozen=True)
class PageCost:
    """What one page costs: milliseconds, those of this process, statements, kilobytes packed; and its address."""

    name: str
    path: str
    milliseconds: float
    worked: float
    statements: int
    kilobytes: float

    @property
    def is_within(self) -> bool:
        """Whether it keeps all three budgets."""
        return self.milliseconds <= MILLISECONDS and self.statements <= STATEMENTS and self.kilobytes <= KILOBYTES


def congress() -> Conference:
    """The conference, full."""
    conference = programme("congress", DAYS, ROOMS, SLOTS, 2)
    sessions = list(conference.sessions.order_by("pk"))
    _speakers(conference, sessions)
    _people(conference)
    draft = create_draft(conference, name="Next", actor=SYSTEM)
    newest = Release.objects.filter(conference=conference).latest("number")
    Placement.objects.bulk_create(
        Placement(draft=draft, session_id=one.session_id, room_id=one.room_id, start=one.start, end=one.end)
        for one in newest.placements.all()
    )
    _second(draft)
    return conference


def _second(draft: Draft) -> None:
    """A copy of the draft with a quarter of the sessions elsewhere."""
    dice = random.Random(1)  # the same each time; nobody's secret
    copy = copy_draft(draft, actor=SYSTEM, name="Second")
    rows = list(copy.placements.all())
    moved = dice.sample(rows, len(rows) // 4)
    places = [(one.room_id, one.start, one.end) for one in moved]
    dice.shuffle(places)
    for one, (room, start, end) in zip(moved, places, strict=True):
        one.room_id, one.start, one.end = room, start, end
    Placement.objects.bulk_update(moved, ["room", "start", "end"], batch_size=200)


def states(conference: Conference) -> dict[str, str]:
    """What one comes to by asking, by name; addresses after the conference's own."""
    new, old = conference.drafts.order_by("-pk")[:2]
    step = {"do": "room_lost", "whom": conference.rooms.all()[0].code}
    hours = {"starts_at": at(conference, "09:00").isoformat(), "ends_at": at(conference, "18:00").isoformat()}
    lost = SolverRun.objects.create(
        conference=conference,
        purpose="emergency",
        release=Release.objects.filter(conference=conference).latest("number"),
        actor=str(SYSTEM),
        state="done",
        assumed=[step | hours],
    )
    return {
        "registrations, searched": "registrations/?q=Person",
        "registrations, filtered": "registrations/?state=accepted",
        "registrations, page 2": "registrations/?page=2",
        "sessions, page 2": "sessions/?page=2",
        "sessions to set up, searched": "setup/sessions/?q=77",
        "sessions to set up, page 2": "setup/sessions/?page=2",
        "people, page 2": "setup/people/?page=2",
        "outbox, page 2": "outbox/?page=2",
        "journal, page 2": "journal/?page=2",
        "draft, all days": f"drafts/{old.pk}/?day=all",
        "conflicts of a draft": f"conflicts/?of=draft-{new.pk}",
        "conflicts, filtered": f"conflicts/?of=draft-{new.pk}&level=warn",
        "two drafts compared": f"programme/compare/?old=draft-{old.pk}&new=draft-{new.pk}",
        "what people get": f"programme/compare/people/?old=draft-{old.pk}&new=draft-{new.pk}",
        "publish, with changes": f"drafts/{new.pk}/publish/",
        "emergency, open": f"emergency/repairs/{lost.pk}/",
    }


def _speakers(conference: Conference, sessions: Sequence[Session]) -> None:
    people = Person.objects.bulk_create(
        Person(conference=conference, code=f"P{number}", name=both(f"Speaker {number}")) for number in range(SPEAKERS)
    )
    Role.objects.bulk_create(
        Role(session=session, person=people[number % SPEAKERS], role="speaker")
        for number, session in enumerate(sessions)
    )


def _people(conference: Conference) -> None:
    dice = random.Random(1)  # the same people each time; nobody's secret
    registrations = registered(conference, PEOPLE)
    newest = Release.objects.filter(conference=conference).latest("number")
    at_once: dict[Any, list[int]] = {}
    for start, session in newest.placements.values_list("start", "session_id"):
        at_once.setdefault(start, []).append(session)
    slots, published = list(at_once.values()), list(chain.from_iterable(at_once.values()))
    chosen = [
        (one, [dice.choice(slot) for slot in dice.sample(slots, PLACES)], dice.sample(published, WISHES))
        for one in registrations
    ]
    SignUp.objects.bulk_create(
        (SignUp(registration=one, session_id=key, state="confirmed") for one, places, _ in chosen for key in places),
        batch_size=500,
    )
    Interest.objects.bulk_create(
        (
            Interest(registration=one, session_id=key, rank=rank)
            for one, _, wishes in chosen
            for rank, key in enumerate(wishes, start=1)
        ),
        batch_size=1000,
    )


def organizer(conference: Conference) -> Client:
    """A browser in which an owner of its team is signed in."""
    user = make_user(password=None)
    conference.team = make_team()
    conference.save(update_fields=["team"])
    Membership.objects.create(team=conference.team, user=user, role="owner")
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user, BACKEND)
    return client


def costs(client: Client, start: str) -> Iterator[PageCost]:
    """One page of each kind, in the order in which links lead to them."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        path = waiting.pop(0)
        try:
            name = str(resolve(path.split("?")[0]).view_name)
        except Resolver404:
            raise RuntimeError(f"a link leads nowhere: {path}") from None
        if name in seen:
            continue
        seen.add(name)
        response = client.get(path)
        if response.status_code != 200:
            continue
        yield cost_of(client, name, path)
        waiting += [link.decode().replace("&amp;", "&") for link in LINK.findall(response.getvalue())]


def cost_of(client: Client, name: str, path: str) -> PageCost:
    """What a page costs that has been opened before. Raises RuntimeError for what is none."""
    response = client.get(path)
    if response.status_code != 200:
        raise RuntimeError(f"{path} answered {response.status_code}")
    reset_queries()  # the log has a bound, and building the conference has filled it
    with CaptureQueriesContext(connection) as statements:
        client.get(path)
    asked = len(statements)  # now: the next request empties the log
    took, worked = [], []
    for _ in range(ROUNDS):
        began = process_time()
        took.append(milliseconds(partial(client.get, path)))
        worked.append((process_time() - began) * 1000)
    weight = len(gzip.compress(response.getvalue(), 6)) / 1000
    return PageCost(name, path, statistics.median(took), statistics.median(worked), asked, weight)


def measured() -> list[PageCost]:
    """The cost of every page, from the overview on, and of its states."""
    settings.ALLOWED_HOSTS = ["*"]
    conference = congress()
    asked = states(conference)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client, start = organizer(conference), f"/organize/{conference.slug}/"
    return [*costs(client, start), *(cost_of(client, name, start + path) for name, path in asked.items())]


def run() -> list[dict[str, Any]]:
    pages = measured()
    figures = [
        {
            "name": f"{len(pages)} pages of organizers: beyond a budget",
            "value": sum(not page.is_within for page in pages),
            "unit": "",
            "budget": 0,
        }
    ]
    # The worst of each, and whatever else is beyond its budget.
    for unit, budget, values in (
        ("ms", MILLISECONDS, {page.name: round(page.milliseconds) for page in pages}),
        ("SQL", STATEMENTS, {page.name: page.statements for page in pages}),
        ("kB", KILOBYTES, {page.name: round(page.kilobytes) for page in pages}),
    ):
        worst = sorted(values.items(), key=lambda pair: -pair[1])
        figures += [
            {"name": f"  {name}", "value": value, "unit": unit, "budget": budget}
            for place, (name, value) in enumerate(worst)
            if place == 0 or value > budget
        ]
    # On a machine that does other things as well this says more than what passed meanwhile.
    hardest = sorted(pages, key=lambda page: -page.worked)[:5]
    figures += [
        {"name": f"  {page.name}: of the processor", "value": round(page.worked), "unit": "ms", "budget": None}
        for page in hardest
    ]
    return figures
