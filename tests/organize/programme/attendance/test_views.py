"""What people get from two timetables: beside each other when they are compared, and before one is published."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from journal.actors import SYSTEM
from registration.models import Interest
from schedule.domain.timetables.drafts import place
from tests.factories import at, both, make_registration, make_session, publish
from tests.organize.conftest import Desk

ADDRESS = "/organize/forum/programme/compare/people"
FIRST = "Can attend all of their first three wishes"


def wishing(desk: Desk) -> None:
    """One person wishes for Talk and Lab: published one after the other, at the same time in the draft."""
    lab = make_session(desk.conference, code="LAB", title=both("Lab"))
    publish(
        desk.conference,
        [(desk.talk, desk.hall, at(desk.conference, "09:00")), (lab, desk.attic, at(desk.conference, "13:00"))],
    )
    place(desk.draft, lab, room=desk.attic, start=at(desk.conference, "10:30"), actor=SYSTEM)
    person = make_registration(desk.conference)
    for rank, session in enumerate((desk.talk, lab), start=1):
        Interest.objects.create(registration=person, session=session, rank=rank)


def query(desk: Desk, **changes: str) -> dict[str, str]:
    return {"old": "published", "new": f"draft-{desk.draft.pk}"} | changes


def row(html: str, name: str) -> list[str]:
    found = re.search(rf"{name}</th>(.*?)</tr>", html, re.DOTALL)
    assert found is not None
    return [" ".join(cell.split()) for cell in re.findall(r">([^<]+)</td>", found[1])]


def test_what_people_get_from_each_stands_side_by_side_with_a_bound(desk: Desk, alice: Client) -> None:
    wishing(desk)
    html = alice.get(f"{ADDRESS}/", query(desk)).content.decode()
    assert row(html, FIRST) == ["1 (100.0 %)", "0 (0.0 %)"]
    assert "No timetable can give more than 100.0 % all of their first three wishes." in html
    found = alice.get(f"{ADDRESS}.json", query(desk)).json()["attendance"]
    assert [found[one]["first_wishes"] for one in ("old", "new")] == [1, 0]
    assert found["most_first_wishes"] == 1
    comparing = alice.get("/organize/forum/programme/compare/", query(desk)).content.decode()
    assert f'href="{ADDRESS}/?old=release-2&amp;new=draft-{desk.draft.pk}"' in comparing


def test_nobody_attends_what_has_no_time(desk: Desk, alice: Client) -> None:
    wishing(desk)
    bare = desk.new_draft("Bare")
    found = alice.get(f"{ADDRESS}.json", query(desk, new=f"draft-{bare.pk}")).json()["attendance"]
    assert (found["new"]["first_wishes"], found["new"]["worst_attended"], found["new"]["worst_wished"]) == (0, 1, 2)


def test_who_publishes_is_told_what_people_get_then(desk: Desk, alice: Client) -> None:
    address = f"/organize/forum/drafts/{desk.draft.pk}/publish/"
    assert FIRST not in alice.get(address).content.decode(), "nobody wishes for anything"
    wishing(desk)
    assert row(alice.get(address).content.decode(), FIRST) == ["1 (100.0 %)", "0 (0.0 %)"]


def test_without_wishes_there_is_nothing_to_tell(desk: Desk, alice: Client) -> None:
    assert "Nobody has wished for a session yet." in alice.get(f"{ADDRESS}/", query(desk)).content.decode()
    assert alice.get(f"{ADDRESS}.json", query(desk)).json() == {"attendance": None}


@pytest.mark.parametrize(
    "wrong", [{"old": ""}, {"new": "draft-99999"}, {"new": "draft-x"}, {"new": "release-7"}, {"new": "thing-1"}]
)
def test_what_is_not_there_is_not_compared(desk: Desk, alice: Client, wrong: dict[str, str]) -> None:
    for kind in ("/", ".json"):
        assert alice.get(ADDRESS + kind, query(desk, **wrong)).status_code == 404


def test_another_conferences_draft_is_not_there(desk: Desk, charlie: Client) -> None:
    address = "/organize/elsewhere/programme/compare/people/"
    assert charlie.get(address, query(desk, old=f"draft-{desk.draft.pk}")).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_comparing_costs_the_same_for_any_number_of_people(
    desk: Desk, alice: Client, count: int, django_assert_num_queries: Any
) -> None:
    for _ in range(count):
        Interest.objects.create(registration=make_registration(desk.conference), session=desk.talk, rank=1)
    # Browser session, user, conference, membership, the release, the draft, the problem (five), two timetables.
    with django_assert_num_queries(13):
        alice.get(f"{ADDRESS}/", query(desk))
