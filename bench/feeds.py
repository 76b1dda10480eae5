"""Calendars and schedule files as readers fetch them: written anew, kept, unchanged, and many a second over HTTP."""

from __future__ import annotations

import http.client
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client

from bench.stages import milliseconds, programme, web_server
from journal.actors import SYSTEM
from journal.recording import record
from notifications.calendars.events import REMEMBERED_EVENTS
from notifications.feeds.personal_feeds import create_feed, feed_url
from registration.domain.signups.signing_up import sign_up
from tests.factories import at, make_conference, make_registration, make_room, make_session, publish
from tests.facts import a_fact
from website.files import views
from website.files.last_made import LastMade

NEEDS_DATABASE = True
DAYS, ROOMS, SLOTS = 4, 25, 10
RELEASES, ROUNDS = 5, 20
EXPORTED = 400
PLACES, READERS, FETCHES, AT_ONCE = 12, 100, 40, 16


def _median(work: Callable[[], object], prepare: Callable[[], object] = lambda: None, rounds: int = ROUNDS) -> float:
    found = []
    for _ in range(rounds):
        prepare()
        found.append(milliseconds(work))
    return round(statistics.median(found), 1)


def public_calendar(client: Client) -> list[dict[str, Any]]:
    """The calendar of a thousand sessions."""
    conference = programme("congress", DAYS, ROOMS, SLOTS, RELEASES)
    path = f"/{conference.slug}/schedule.ics"
    session_id = conference.sessions.values_list("pk", flat=True).first()

    def change_one() -> None:
        with transaction.atomic():
            record(a_fact("session.renamed", conference_id=conference.pk, subject_id=session_id), actor=SYSTEM)

    def forget() -> None:
        """Nothing is kept: not for all processes, and not in this one."""
        cache.clear()
        REMEMBERED_EVENTS.clear()

    client.get(path)
    anew = _median(lambda: client.get(path), forget, rounds=5)
    again = _median(lambda: client.get(path), change_one, rounds=5)
    response = client.get(path)
    unchanged = {"if-none-match": response["ETag"]}
    name = f"calendar of {DAYS * ROOMS * SLOTS:,} sessions in {RELEASES} releases"
    nothing = _median(lambda: client.get(path, headers=unchanged))
    return [
        {"name": f"{name}: written, nothing kept", "value": anew, "unit": "ms", "budget": 450},
        {"name": f"{name}: written, all but one entry kept", "value": again, "unit": "ms", "budget": 100},
        {"name": f"{name}: kept", "value": _median(lambda: client.get(path)), "unit": "ms", "budget": 20},
        {"name": f"{name}: 304", "value": nothing, "unit": "ms", "budget": 5},
        {"name": "  its size", "value": round(len(response.content) / 1000), "unit": "kB", "budget": 900},
    ]


def schedule_files(client: Client) -> list[dict[str, Any]]:
    """schedule.json, .xml and .ics of 400 sessions."""
    slug = programme("files", DAYS, EXPORTED // (DAYS * SLOTS), SLOTS, 2).slug

    def forget() -> None:
        """Nothing is kept: not for all processes, and not in this one."""
        cache.clear()
        REMEMBERED_EVENTS.clear()
        views.LAST_MADE = LastMade()

    figures = []
    for extension in ("json", "xml", "ics"):
        path = f"/{slug}/schedule.{extension}?lang=en"
        forget()
        queries: list[str] = []

        def counting(execute: Any, sql: str, *rest: Any, said: list[str] = queries) -> Any:
            said.append(sql)
            return execute(sql, *rest)

        with connection.execute_wrapper(counting):
            response = client.get(path)
        bodies = {response.content}
        for _ in range(3):
            forget()
            bodies.add(client.get(path).content)
        unchanged = {"if-none-match": response["ETag"]}

        def fetch(path: str = path, headers: dict[str, str] | None = None) -> None:
            client.get(path, headers=headers)

        def again(path: str = path, headers: dict[str, str] = unchanged) -> None:
            fetch(path, headers)

        name = f"schedule.{extension} of {EXPORTED} sessions"
        figures += [
            {"name": f"{name}: written anew", "value": _median(fetch, forget, rounds=5), "unit": "ms", "budget": 200},
            {"name": f"{name}: 304", "value": _median(again), "unit": "ms", "budget": 5},
            {"name": "  its queries", "value": len(queries), "unit": "", "budget": 10},
            {"name": "  different bytes for one state", "value": len(bodies) - 1, "unit": "", "budget": 0},
        ]
    return figures


def personal_calendars(client: Client) -> tuple[list[str], list[dict[str, Any]]]:
    """The addresses of many people with a dozen places each, and what one of them takes."""
    conference = make_conference(slug="readers", days=2)
    room = make_room(conference, capacity=READERS)
    sessions = [make_session(conference) for _ in range(PLACES)]
    half = PLACES // 2
    publish(
        conference,
        [
            (one, room, at(conference, f"{9 + number % half:02}:00", day=number // half))
            for number, one in enumerate(sessions)
        ],
    )
    paths = []
    for _ in range(READERS):
        registration = make_registration(conference)
        for session in sessions:
            sign_up(registration, session, actor=SYSTEM)
        token = create_feed(registration, name="Phone", alarm_minutes=15, with_conference=True, actor=SYSTEM)
        paths.append(feed_url(token).removeprefix(settings.SITE_URL))
    unchanged = {"if-none-match": client.get(paths[0])["ETag"]}
    nothing = _median(lambda: client.get(paths[0], headers=unchanged))
    name = f"personal calendar of {PLACES} places"
    # The first has been fetched as often as one reader may.
    return paths[1:], [
        {"name": f"{name}: written", "value": _median(lambda: client.get(paths[0])), "unit": "ms", "budget": 20},
        {"name": f"{name}: 304", "value": nothing, "unit": "ms", "budget": 5},
    ]


def _read(port: int, path: str, *, ask_again: bool) -> list[int]:
    """One reader on one connection: what FETCHES fetches answered."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers: dict[str, str] = {}
    statuses = []
    for _ in range(FETCHES):
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        response.read()
        statuses.append(response.status)
        if ask_again:
            headers = {"If-None-Match": response.headers["ETag"]}
    connection.close()
    return statuses


def over_http(paths: list[str]) -> list[dict[str, Any]]:
    """Readers of personal calendars against a server with two processes, which share the cores with the readers."""
    figures = []
    with web_server() as port:
        _read(port, "/readers/schedule.ics", ask_again=True)
        for name, wanted, ask_again in (
            ("personal calendars over HTTP, unchanged", paths, True),
            ("public calendars over HTTP, kept", ["/readers/schedule.ics"] * READERS, False),
        ):
            with ThreadPoolExecutor(AT_ONCE) as pool:
                began = time.perf_counter()
                jobs = [pool.submit(_read, port, path, ask_again=ask_again) for path in wanted]
                statuses = [status for job in jobs for status in job.result()]
                rate = round(len(statuses) / (time.perf_counter() - began))
            if set(statuses) != ({200, 304} if ask_again else {200}):
                raise RuntimeError(f"answers: {sorted(set(statuses))}")
            figures.append({"name": f"{name}, {AT_ONCE} at once", "value": rate, "unit": "/s", "budget": 400})
    return figures


def run() -> list[dict[str, Any]]:
    client = Client(SERVER_NAME="127.0.0.1")
    figures = [*public_calendar(client), *schedule_files(client)]
    paths, personal = personal_calendars(client)
    return [*figures, *personal, *over_http(paths)]
