"""Why not here? What speaks against a place, before anything is moved."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from journal.actors import SYSTEM
from schedule.domain.timetables.drafts import place
from schedule.models import Placement, Unavailability
from tests.factories import at, both, make_room, make_session
from tests.organize.conftest import Desk
from tests.responses import squeezed

THERE = {"day": "2037-06-01", "time": "13:00", "room": "ATTIC"}


def ask(client: Client, desk: Desk, language: str = "en", **changes: str) -> str:
    address = f"/organize/forum/drafts/{desk.draft.pk}/sessions/TALK/"
    response = client.get(address, THERE | changes, headers={"accept-language": language})
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_a_place_that_breaks_no_rule_is_said_to_be_fine_and_offered(desk: Desk, alice: Client) -> None:
    html = ask(alice, desk)
    assert "No rule stands against it." in html
    assert "It costs as much as where the session is now." in html
    assert "Mon 1, 13:00, Attic" in html
    # The form that moves it holds the place that was asked about; nothing was moved.
    assert html.count('<option value="ATTIC" selected>') == 2
    assert html.count('value="13:00"') == 2
    assert Placement.objects.get(draft=desk.draft).room == desk.hall


def test_rules_are_told_in_the_language_of_the_page(desk: Desk, alice: Client) -> None:
    Unavailability.objects.create(
        conference=desk.conference,
        room=desk.attic,
        starts_at=at(desk.conference, "12:00"),
        ends_at=at(desk.conference, "14:00"),
    )
    english, korean = (ask(alice, desk, language=code) for code in ("en", "ko"))
    assert "“Talk” is in Attic, which is closed" in english
    assert "No rule stands against it." not in english
    assert "Talk (한국어)" in korean
    assert "closed" not in korean


def test_only_what_the_session_itself_would_break_is_told(desk: Desk, alice: Client) -> None:
    others = [make_session(desk.conference, code=code, title=both(code.title())) for code in ("ONE", "TWO")]
    for one in others:
        place(desk.draft, one, room=desk.hall, start=at(desk.conference, "15:00"), actor=SYSTEM)
    assert "No rule stands against it." in ask(alice, desk)
    beside = ask(alice, desk, time="15:30", room="HALL")
    assert len(re.findall("Room used twice", beside)) == 2
    assert Placement.objects.filter(draft=desk.draft, start=at(desk.conference, "15:00")).count() == 2


def test_costs_are_told_in_terms_and_in_sum(desk: Desk, alice: Client) -> None:
    desk.talk.expected_attendance = 10
    desk.talk.save()
    make_room(desk.conference, code="BARN", name=both("Barn"), capacity=desk.hall.capacity + 30)
    worse = ask(alice, desk, room="BARN", time="10:00")
    assert "The timetable would be worse by a penalty of 30." in worse
    row = re.search(r"Empty seats</th>(.*?)</tr>", squeezed(worse))
    assert row is not None
    assert re.findall(r">([+\-\d]+)</td>", row[1]) == ["+30", "1", "+30"]
    Placement.objects.filter(draft=desk.draft).update(room=desk.conference.rooms.get(code="BARN"))
    assert "The timetable would be better by a penalty of 30." in ask(alice, desk, room="HALL", time="10:00")


def test_a_session_without_a_time_costs_what_it_adds(desk: Desk, alice: Client) -> None:
    desk.talk.expected_attendance = 10
    desk.talk.save()
    make_session(desk.conference, code="LOST")
    assert "It costs as much as where the session is now." in ask(alice, desk)
    Placement.objects.all().delete()
    html = ask(alice, desk)
    assert "No rule stands against it." in html
    assert f"The timetable would be worse by a penalty of {desk.attic.capacity - 10}." in html


@pytest.mark.parametrize("wrong", [{"room": "NONE"}, {"day": "2031-01-01"}, {"time": "25:00"}])
def test_a_wrong_place_is_named(desk: Desk, alice: Client, wrong: dict[str, str]) -> None:
    html = ask(alice, desk, **wrong)
    assert "There is a problem" in html
    assert f'href="#ask_{next(iter(wrong))}"' in html
    assert "No rule stands against it." not in html


def test_without_a_question_nothing_is_answered(desk: Desk, alice: Client, bob: Client) -> None:
    address = f"/organize/forum/drafts/{desk.draft.pk}/sessions/TALK/"
    html = alice.get(address).content.decode()
    assert "Why not there?" in html
    assert "There is a problem" not in html
    assert "No rule stands" not in html
    assert bob.get(address, THERE).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_a_question_costs_the_same_for_any_number_of_sessions(
    desk: Desk, alice: Client, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        session = make_session(desk.conference, code=f"MORE{number}")
        start = at(desk.conference, "14:00") + timedelta(hours=number)
        place(desk.draft, session, room=desk.hall, start=start, actor=SYSTEM)
    # Browser session, user, conference, membership, draft, session, days, placement, rooms of two forms,
    # the problem (five), weights, the timetable.
    with django_assert_num_queries(17):
        ask(alice, desk)
