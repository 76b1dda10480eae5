"""The archive of everything of a congress: 1,080 sessions, 5,000 registrations (BENCH_PEOPLE) with places and wishes.

Made as a worker makes it, and taken away as its page gives it.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings

from accounts.models import Membership
from bench.exchange.cost import measured
from bench.pages.organizers import congress
from journal.actors import SYSTEM
from schedule.exchange.everything import asking
from schedule.models import Conference
from tests.factories import make_team
from tests.organize.conftest import member

NEEDS_DATABASE = True
# It waits among other work in the background; whoever takes it away waits for a page.
MAKE, TAKE = 30.0, 1.0


def run() -> list[dict[str, Any]]:
    settings.ALLOWED_HOSTS = ["*"]
    conference = congress()
    team = make_team()
    Conference.objects.filter(pk=conference.pk).update(team=team)
    owner = member(team, Membership.Role.OWNER, "olga")
    with measured() as cost:
        asked = asking.ask(conference, user=owner, actor=SYSTEM)
    figures = cost.figures("asking for an archive", worked=TAKE)
    with measured() as cost:
        asking.carry_out(asked.pk)
    figures += cost.figures("making it", worked=MAKE)
    with measured() as cost:
        content = asking.take(asked, actor=SYSTEM)
    figures += cost.figures("taking it away", worked=TAKE)
    size = {"name": "its size", "value": round(len(content) / 1e6, 1), "unit": "MB", "budget": 50}
    return [*figures, size]
