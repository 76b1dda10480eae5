"""The pages of a participant, and those on which people search and register, at the size of a congress.

The conference of `bench.pages.organizers`: 1,080 sessions on 3 days, 5,000 people (BENCH_PEOPLE). The participant has
four places and five wishes; the sessions are all still to come, so that every page has as much to show as it ever will.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from bench.pages.organizers import PageCost, congress, cost_of
from registration.models import Registration
from schedule.models import Conference
from tests.fixtures.conferences import signed_in

NEEDS_DATABASE = True
# For all of them, as for the pages of organizers: milliseconds of the processor, statements, kilobytes packed.
MILLISECONDS, STATEMENTS, KILOBYTES = 300, 15, 100
ABOUT = {"display_name": "New", "email": "new@example.org", "country": "KR", "language": "en"}


def pages(conference: Conference) -> dict[str, tuple[Client, str]]:
    """Who opens what, by name."""
    registration = Registration.objects.filter(conference=conference).order_by("pk")[0]
    mine, visitor, registers = signed_in(registration.participant), Client(), Client()
    mine.cookies["django_language"] = "en"
    registers.post(f"/{conference.slug}/register/", ABOUT)
    held = registration.signups.order_by("pk").values_list("session__code", flat=True)[0]
    free = conference.sessions.exclude(signups__registration=registration).order_by("pk")[0].code
    day = conference.ends_on.isoformat()
    public, my = f"/{conference.slug}/", f"/my/{conference.slug}/"
    return {
        "my sessions": (mine, my),
        "my sessions, the last day": (mine, f"{my}?day={day}"),
        "wishes": (mine, f"{my}wishes/"),
        "details": (mine, f"{my}details/"),
        "my calendar": (mine, f"{my}calendar/"),
        "leave a session": (mine, f"{my}sessions/{held}/leave/"),
        "register, needs and wishes": (registers, f"{public}register/needs/"),
        "a session, with a place": (mine, f"{public}sessions/{held}/"),
        "a session, without one": (mine, f"{public}sessions/{free}/"),
        "search, a participant's": (mine, f"{public}?q=77"),
        "search, a visitor's": (visitor, f"{public}?q=77"),
        "search that finds everything": (mine, f"{public}?q=Session"),
        "search with a slip": (visitor, f"{public}?q=Sesion"),
        "calendars": (visitor, f"{public}calendars/"),
    }


def measured() -> list[PageCost]:
    """What each of them costs, opened again."""
    settings.ALLOWED_HOSTS = ["*"]
    conference = congress()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [cost_of(client, name, path) for name, (client, path) in pages(conference).items()]


def run() -> list[dict[str, Any]]:
    return [
        {"name": f"{page.name}{part}", "value": value, "unit": unit, "budget": budget}
        for page in measured()
        for part, value, unit, budget in (
            (": of the processor", round(page.worked), "ms", MILLISECONDS),
            (", statements", page.statements, "SQL", STATEMENTS),
            (", packed", round(page.kilobytes), "kB", KILOBYTES),
        )
    ]
