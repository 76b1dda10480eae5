"""Sign-ups over HTTP, many at once, against a real server; and what one release of 400 sessions costs."""

from __future__ import annotations

import http.client
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.stages import web_server
from journal.actors import SYSTEM
from registration.domain.registrations.access import SESSION_KEY
from registration.domain.signups.signing_up import sign_up
from registration.models import Seats, SignUp
from schedule.domain.timetables.drafts import create_draft, place
from schedule.domain.timetables.releasing import release
from schedule.models import Conference, Session
from tests.factories import at, make_conference, make_registration, make_room, make_session, publish

NEEDS_DATABASE = True
AT_ONCE = 32
PEOPLE, SESSIONS, PLACES = 640, 6, 300
PROGRAMME, AFFECTED = 400, 350


def crowd() -> tuple[Conference, list[Session], list[str]]:
    """Sessions one after another with PLACES places each, and PEOPLE signed in; gives their session cookies."""
    conference = make_conference(slug="crowd")
    room = make_room(conference, capacity=PLACES)
    sessions = [make_session(conference) for _ in range(SESSIONS)]
    publish(conference, [(one, room, at(conference, f"{9 + hour:02}:00")) for hour, one in enumerate(sessions)])
    cookies = []
    for _ in range(PEOPLE):
        store = SessionStore()
        store[SESSION_KEY] = str(make_registration(conference).participant.uid)
        store.create()
        cookies.append(str(store.session_key))
    return conference, sessions, cookies


def sign_up_over_http(port: int, path: str, cookie: str) -> tuple[int, float]:
    """The answer's status and its milliseconds. Everybody comes with a connection of their own, as browsers do."""
    token = "a" * 32  # the double-submit check compares cookie and header
    headers = {
        "Cookie": f"sessionid={cookie}; csrftoken={token}",
        "X-CSRFToken": token,
        "Content-Length": "0",
        "Referer": f"http://127.0.0.1:{port}/",
    }
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", path, headers=headers)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status, (time.perf_counter() - began) * 1000


def rush() -> list[dict[str, Any]]:
    conference, sessions, cookies = crowd()
    paths = [f"/my/{conference.slug}/sessions/{one.code}/sign-up/" for one in sessions]
    with web_server() as port, ThreadPoolExecutor(AT_ONCE) as pool:
        began = time.perf_counter()
        # Everybody wants the first session, then everybody the second: each rush is for the same places.
        jobs = [(port, path, cookie) for path in paths for cookie in cookies]
        answers = list(pool.map(lambda job: sign_up_over_http(*job), jobs))
        seconds = time.perf_counter() - began
    if {status for status, _ in answers} != {302}:
        raise RuntimeError(f"answers: {sorted({status for status, _ in answers})}")
    taken = list(Seats.objects.values_list("taken", flat=True))
    if taken != [PLACES] * SESSIONS or SignUp.objects.count() != PEOPLE * SESSIONS:
        raise RuntimeError(f"taken {taken}, sign-ups {SignUp.objects.count()}")
    times = sorted(milliseconds for _, milliseconds in answers)
    return [
        {
            "name": f"sign-ups over HTTP, {AT_ONCE} at once",
            "value": round(len(times) / seconds),
            "unit": "/s",
            "budget": 150,
        },
        {"name": "  median of one", "value": round(statistics.median(times), 1), "unit": "ms", "budget": None},
        {"name": "  99 of 100 within", "value": round(times[len(times) * 99 // 100], 1), "unit": "ms", "budget": 400},
    ]


def big_release() -> list[dict[str, Any]]:
    """A second release in which AFFECTED people's places move to another time."""
    conference = make_conference(days=5)
    rooms = [make_room(conference, capacity=AFFECTED) for _ in range(12)]
    sessions = [make_session(conference) for _ in range(PROGRAMME)]
    draft = create_draft(conference, name="first", actor=SYSTEM)
    for number, session in enumerate(sessions):
        day, slot = divmod(number // len(rooms), 8)
        start = at(conference, f"{9 + slot:02}:00", day=day)
        place(draft, session, room=rooms[number % len(rooms)], start=start, actor=SYSTEM)
    release(draft, actor=SYSTEM)
    for _ in range(AFFECTED):
        sign_up(make_registration(conference), sessions[0], actor=SYSTEM)
    place(draft, sessions[0], room=rooms[-1], start=at(conference, "17:00", day=4), actor=SYSTEM)
    with CaptureQueriesContext(connection) as queries:
        began = time.perf_counter()
        release(draft, actor=SYSTEM)
        seconds = time.perf_counter() - began
    name = f"release, {PROGRAMME} sessions, {AFFECTED} people affected"
    return [
        {"name": name, "value": round(seconds * 1000), "unit": "ms", "budget": 1000},
        {"name": "  its queries", "value": len(queries), "unit": "", "budget": 100},
    ]


def run() -> list[dict[str, Any]]:
    return [*rush(), *big_release()]
