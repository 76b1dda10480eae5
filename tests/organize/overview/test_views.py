"""The overview of a conference."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from journal.actors import SYSTEM
from organize.overview import views
from organize.overview.attention import LOOKS
from schedule.domain.editing.absences import close_room
from schedule.models import Release, ReleasedPlacement
from tests.factories import at, make_session, publish
from tests.organize.conftest import Desk, signed_in

pytestmark = pytest.mark.django_db
HOME = "/organize/forum/"


def shown(client: Client) -> list[str]:
    return [row["code"] for row in client.get(HOME).context["programme"]]


def test_the_next_sessions_are_shown_and_no_others(desk: Desk, alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "NEXT", 2)
    desk.add_sessions(3)
    codes = list(
        ReleasedPlacement.objects.filter(release=Release.objects.latest("number"))
        .order_by("start", "session__code")
        .values_list("session__code", flat=True)
    )
    assert (len(codes), shown(alice)) == (4, codes[:2])


def test_what_is_over_is_shown_no_more(desk: Desk, alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    later = make_session(desk.conference, code="LATER")
    rows = [(desk.talk, desk.hall, at(desk.conference, "09:00")), (later, desk.hall, at(desk.conference, "11:00"))]
    publish(desk.conference, rows)
    now = timezone.now()
    assert shown(alice) == ["TALK", "LATER"]
    passed = at(desk.conference, "10:30") - now
    monkeypatch.setattr(timezone, "now", lambda: now + passed)
    assert shown(signed_in(desk.alice)) == ["LATER"]
    monkeypatch.setattr(timezone, "now", lambda: now + passed + timedelta(days=1))
    html = signed_in(desk.alice).get(HOME).content.decode()
    assert ("All sessions of the release are over." in html, "Later" in html) == (True, False)


@pytest.mark.parametrize("more", [1, 3])
def test_number_of_queries(desk: Desk, alice: Client, more: int) -> None:
    """The overview costs the same before anybody has looked and afterwards, and each look its own."""
    desk.add_sessions(more)
    cache.clear()

    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            alice.get(path)
        return len(asked)

    alice.get(HOME)
    before = cost(HOME)
    looks = {what: [cost(f"{HOME}look/{what}/") for _ in range(2)] for what in LOOKS}
    # The problem is read anew in a transaction, but what was found is kept.
    assert looks == {"conflicts": [14, 7], "calendars": [14, 7], "print": [13, 7]}
    assert (before, cost(HOME)) == (14, 14)


def test_the_overview_says_what_is_known_and_leads_to_the_looks_that_nobody_has_taken(
    desk: Desk, alice: Client
) -> None:
    cache.clear()
    close_room(
        desk.hall,
        starts_at=at(desk.conference, "09:00"),
        ends_at=at(desk.conference, "18:00"),
        reason="Water",
        actor=SYSTEM,
    )

    def told() -> tuple[list[str], list[str]]:
        context = alice.get(HOME).context
        return [item.title for item in context["attention"]], [what for what, _look in context["looks"]]

    hints, looks = told()
    assert looks == ["conflicts", "calendars", "print"]
    for what in looks:
        assert f'hx-get="{HOME}look/{what}/"' in alice.get(HOME).content.decode()
    taken = alice.get(f"{HOME}look/conflicts/")
    assert [item.text for item in taken.context["attention"]] == ["Draft “Work”", "Release 1"]
    assert told() == (["1 conflict must be solved"] * 2 + hints, ["calendars", "print"])
    for what, fine in (("calendars", "Calendars can hold every session."), ("print", "Every text can be printed.")):
        assert fine in alice.get(f"{HOME}look/{what}/").content.decode()
    assert told() == (["1 conflict must be solved"] * 2 + hints, [])
    assert alice.get(f"{HOME}look/nothing/").status_code == 404
