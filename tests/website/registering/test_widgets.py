"""Wishes among a thousand sessions: a day at a time, and every field taken."""

from __future__ import annotations

import re

import pytest
from pytest_django import DjangoAssertNumQueries

from journal.actors import SYSTEM
from registration.domain.registrations.registering import set_interests
from registration.models import Registration
from tests.factories import at, both, make_room, make_session, publish
from tests.fixtures.conferences import Agenda, signed_in
from website.registering import widgets

DAY = re.compile(
    r'<details class="wish-day"( open)?><summary>(.*?)\s*<span class="muted">\s*(\d+) sessions?|value="(\w)"\s+id'
)


@pytest.fixture
def many(agenda: Agenda, monkeypatch: pytest.MonkeyPatch) -> Agenda:
    """A, B and C on the first day, D on the second. Four are many."""
    monkeypatch.setattr(widgets, "MANY", 3)
    room, d = agenda.room, make_session(agenda.conference, code="D", title=both("Session D"))
    ten, noon, next_day = (at(agenda.conference, *when) for when in (("10:00", 0), ("12:00", 0), ("10:00", 1)))
    other = make_room(agenda.conference)
    publish(
        agenda.conference, [(agenda.a, room, ten), (agenda.b, other, ten), (agenda.c, room, noon), (d, room, next_day)]
    )
    return agenda


def listed(page: str) -> list[tuple[str, ...] | str]:
    return [found[4] or (found[2], found[3], "open" if found[1] else "") for found in DAY.finditer(page)]


@pytest.mark.parametrize(("wished", "opened"), [("", "10"), ("A", "10"), ("D", "01"), ("BD", "11")])
def test_days_with_a_wish_are_open_or_else_the_first(
    many: Agenda, alice: Registration, wished: str, opened: str
) -> None:
    set_interests(alice, list(many.conference.sessions.filter(code__in=wished)), actor=SYSTEM)
    first, second = ("open" if one == "1" else "" for one in opened)
    assert listed(signed_in(alice.participant).get("/my/forum/wishes/").content.decode()) == [
        ("Monday, 1 June 2037", "3", first),
        *"ABC",
        ("Tuesday, 2 June 2037", "1", second),
        "D",
    ]


def test_few_are_one_list(many: Agenda, alice: Registration, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(widgets, "MANY", 4)
    assert listed(signed_in(alice.participant).get("/my/forum/wishes/").content.decode()) == [*"ABCD"]


def test_what_is_wrong_stands_in_an_open_day_as_it_was_typed(many: Agenda, alice: Registration) -> None:
    answer = signed_in(alice.participant).post("/my/forum/wishes/", {"wishes-rank-D": "zz"})
    page = answer.content.decode()
    assert (answer.status_code, listed(page)[4]) == (422, ("Tuesday, 2 June 2037", "1", "open"))
    assert 'value="zz"' in page


def test_a_rank_field_for_each_of_many_sessions_is_taken(agenda: Agenda, alice: Registration) -> None:
    """Browsers send every field, also the empty ones."""
    fields = {f"wishes-rank-S{number}": "" for number in range(1_500)} | {"wishes-rank-B": "1"}
    assert signed_in(alice.participant).post("/my/forum/wishes/", fields)["Location"] == "/my/forum/"
    assert list(alice.interests.values_list("session__code", flat=True)) == ["B"]


@pytest.mark.parametrize("number", [1, 3])
def test_rows_cost_no_statements(
    agenda: Agenda, alice: Registration, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        make_session(agenda.conference)
    client = signed_in(alice.participant)
    with django_assert_num_queries(5):  # browser session, registration, whether it is over, wishes, sessions
        client.get("/my/forum/wishes/")


def test_rows_are_written_for_their_reader(agenda: Agenda, alice: Registration, bob: Registration) -> None:
    """What is alike is written once; a wish, a rank and a language are nobody else's."""
    set_interests(alice, [agenda.b], actor=SYSTEM)
    hers, his = (signed_in(one.participant) for one in (alice, bob))
    ticked = re.compile(r'value="(\w)"\s+id="id_wishes_\d" checked')
    pages = [client.get("/my/forum/wishes/").content.decode() for client in (hers, his, hers)]
    assert [ticked.findall(page) for page in pages] == [["B"], [], ["B"]]
    his.cookies["django_language"] = "ko"
    assert "Session B (한국어)" in his.get("/my/forum/wishes/").content.decode()
    assert "한국어)" not in hers.get("/my/forum/wishes/").content.decode()
