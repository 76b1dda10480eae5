"""The programme page of 1,000 sessions: unchanged, from the cache, after a sign-up, for a person, written anew."""

from __future__ import annotations

import statistics
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.test import Client

from bench.stages import milliseconds, programme
from journal.actors import SYSTEM
from journal.recording import record
from registration.domain.signups.signing_up import sign_up
from schedule.facts.edits import SessionEdited
from tests.factories import make_registration

NEEDS_DATABASE = True
DAYS, ROOMS, SLOTS = 4, 25, 10
ROUNDS = 20


def run() -> list[dict[str, Any]]:
    conference = programme("congress", DAYS, ROOMS, SLOTS, releases=1)
    sessions = list(conference.sessions.order_by("pk"))
    headers = {"accept-encoding": "gzip"}
    visitor, person = Client(SERVER_NAME="127.0.0.1"), Client(SERVER_NAME="127.0.0.1")
    registration = make_registration(conference)
    own = person.session
    own["participant"] = str(registration.participant.uid)
    own.save()
    person.cookies["sessionid"] = own.session_key or ""
    visitor.get("/congress/", headers=headers)
    person.get("/congress/")

    def somebody_signs_up() -> None:
        sign_up(make_registration(conference), sessions[0], actor=SYSTEM)

    def after_a_sign_up(client: Client) -> float:
        somebody_signs_up()
        return milliseconds(lambda: client.get("/congress/", headers=headers))

    def anew() -> float:
        with transaction.atomic():
            record(SessionEdited(conference_id=conference.pk, subject_id=sessions[0].pk, changes={}), actor=SYSTEM)
        return milliseconds(lambda: visitor.get("/congress/", headers=headers))

    seats = [after_a_sign_up(visitor) for _ in range(ROUNDS)]
    mine = [after_a_sign_up(person) for _ in range(ROUNDS)]
    response = visitor.get("/congress/", headers=headers)
    kept = [milliseconds(lambda: visitor.get("/congress/", headers=headers)) for _ in range(ROUNDS)]
    unchanged_headers = {**headers, "if-none-match": response["ETag"]}
    unchanged = [milliseconds(lambda: visitor.get("/congress/", headers=unchanged_headers)) for _ in range(ROUNDS)]
    written = [anew() for _ in range(3)]
    cache.clear()
    name = f"programme, {len(sessions):,} sessions"
    figures = [
        (f"{name}: 304", unchanged, 5),
        (f"{name}: from the cache", kept, 60),
        (f"{name}: after somebody's sign-up", seats, 60),
        (f"{name}: a participant's own", mine, None),
        (f"{name}: written anew", written, None),
    ]
    size = round(len(response.content) / 1000)
    return [
        *({"name": n, "value": round(statistics.median(v), 1), "unit": "ms", "budget": b} for n, v, b in figures),
        {"name": "  compressed", "value": size, "unit": "kB", "budget": 150},
    ]
