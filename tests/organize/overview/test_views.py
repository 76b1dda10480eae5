"""The overview of a conference."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from organize.overview import views
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
    desk.add_sessions(more)
    cache.clear()
    alice.get(HOME)
    with CaptureQueriesContext(connection) as asked:
        alice.get(HOME)
    assert len(asked) == 14
