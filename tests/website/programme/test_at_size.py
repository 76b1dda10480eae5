"""What the programme costs to read, and that what is kept of it is never another's."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from journal.actors import SYSTEM
from registration.domain.signups.signing_up import sign_up
from registration.models import Registration
from schedule.models import Conference
from tests.factories import at, both, make_room, make_session, publish
from tests.fixtures.conferences import Agenda, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_kept")]


@pytest.mark.parametrize(("signed", "first", "another"), [(False, 13, 8), (True, 17, 12)])
def test_searches_read_the_sessions_once(
    agenda: Agenda,
    alice: Registration,
    signed: bool,
    first: int,
    another: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    sign_up(alice, agenda.a, actor=SYSTEM)
    client = signed_in(alice.participant) if signed else Client()
    with django_assert_num_queries(first):
        client.get("/forum/?q=Session")
    with django_assert_num_queries(another):
        page = client.get("/forum/?q=Session B").content.decode()
    assert re.findall(r">Session (\w)<", page) == ["B"]


def test_a_search_finds_what_is_released_now(agenda: Agenda) -> None:
    client = Client()
    assert re.findall(r">Session (\w)<", client.get("/forum/?q=Session").content.decode()) == ["A", "B", "C"]
    added = make_session(agenda.conference, code="D", title=both("Session D"))
    publish(agenda.conference, [(added, make_room(agenda.conference), at(agenda.conference, "10:00"))])
    assert re.findall(r">Session (\w)<", client.get("/forum/?q=Session").content.decode()) == ["D"]


def test_the_same_moment_is_written_on_the_clocks_of_the_conference(agenda: Agenda, alice: Registration) -> None:
    """Two times are equal that are the same moment; what is written of them is not."""

    def times() -> tuple[str, list[str]]:
        mine, day = signed_in(alice.participant), "2037-06-01"
        card = re.search(r">Session C<.*?<time[^>]*>(\d\d:\d\d)", mine.get(f"/forum/?day={day}").content.decode(), re.S)
        assert card
        return card[1], re.findall(r"data-local>(\d\d:\d\d)", mine.get("/my/forum/").content.decode())

    assert times() == ("12:00", ["10:00", "10:00", "12:00"])
    Conference.objects.update(timezone="Asia/Tokyo")
    cache.clear()
    assert times() == ("12:00", ["10:00", "10:00", "12:00"])
    Conference.objects.update(timezone="Asia/Bangkok")
    cache.clear()
    assert times() == ("10:00", ["08:00", "08:00", "10:00"])
