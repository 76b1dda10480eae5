"""Two timetables side by side."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from journal.actors import SYSTEM
from registration.models import Interest
from schedule.domain.timetables.drafts import create_draft, place
from schedule.models import Draft
from tests.factories import at, both, make_conference, make_registration, make_session
from tests.organize.conftest import Desk

ADDRESS = "/organize/forum/programme/compare/"


def shown(client: Client, query: str = "") -> str:
    return " ".join(client.get(f"{ADDRESS}?{query}").content.decode().split())


def rows(html: str) -> list[list[str]]:
    body = html[html.index("<tbody>") : html.index("</tbody>")] if "<tbody>" in html else ""
    cells = (re.findall(r"<t[hd].*?</t[hd]>", row) for row in body.split("</tr>"))
    return [[" ".join(re.sub(r"<[^>]+>", "", cell).split()) for cell in row] for row in cells if row]


def test_what_differs_between_two_drafts_is_told_session_by_session(desk: Desk, alice: Client) -> None:
    first, second = desk.draft, create_draft(desk.conference, name="Other", actor=SYSTEM)
    sessions = {
        code: make_session(desk.conference, code=code, title=both(code.title())) for code in ("ONE", "TWO", "SAME")
    }
    for draft, code, room, clock in (
        (first, "ONE", desk.hall, "11:00"),
        (first, "TWO", desk.hall, "12:00"),
        (first, "SAME", desk.hall, "14:00"),
        (second, "ONE", desk.attic, "13:00"),
        (second, "SAME", desk.hall, "14:00"),
    ):
        place(draft, sessions[code], room=room, start=at(desk.conference, clock), actor=SYSTEM)
    place(second, desk.talk, room=desk.attic, start=at(desk.conference, "10:00"), actor=SYSTEM)
    for _ in range(2):
        Interest.objects.create(registration=make_registration(desk.conference), session=sessions["ONE"], rank=1)
    html = shown(alice, f"old=draft-{first.pk}&new=draft-{second.pk}")
    assert rows(html) == [
        ["Talk TALK", "Mon 1, 10:00–11:00, Hall", "Mon 1, 10:00–11:00, Attic", "room", "0"],
        ["Two TWO", "Mon 1, 12:00–13:00, Hall", "Without a time", "only in the first", "0"],
        ["One ONE", "Mon 1, 11:00–12:00, Hall", "Mon 1, 13:00–14:00, Attic", "time and room", "2"],
    ]
    for sentence in (
        "3 sessions differ.",
        "1 is at another time.",
        "2 are in another room.",
        "1 is only in the first.",
    ):
        assert sentence in html
    turned = shown(alice, f"old=draft-{second.pk}&new=draft-{first.pk}")
    assert "1 is only in the second." in turned


def test_without_a_choice_the_newest_draft_is_compared_with_what_is_published(desk: Desk, alice: Client) -> None:
    html = shown(alice)
    assert rows(html) == [["Talk TALK", "Mon 1, 09:00–10:00, Hall", "Mon 1, 10:00–11:00, Hall", "time", "0"]]
    assert '<option value="release-1" selected>' in html
    assert f'<option value="draft-{desk.draft.pk}" selected>' in html


def test_a_timetable_that_is_gone_is_said_and_not_replaced(desk: Desk, alice: Client) -> None:
    for query in (f"old=draft-0&new=draft-{desk.draft.pk}", "new=draft-0"):
        html = shown(alice, query)
        assert "There is no timetable “draft-0” (any more). Choose another." in html
        assert (rows(html), " selected" in html) == ([], query.startswith("old"))
    assert "(any more)" not in shown(alice)


def test_what_is_published_has_a_name_that_stays(desk: Desk, alice: Client) -> None:
    html = shown(alice, f"old=published&new=draft-{desk.draft.pk}")
    assert rows(html) == [["Talk TALK", "Mon 1, 09:00–10:00, Hall", "Mon 1, 10:00–11:00, Hall", "time", "0"]]
    other = make_conference(slug="unpublished", name=both("Unpublished"), team=desk.team)
    draft = create_draft(other, name="First", actor=SYSTEM)
    answer = alice.get(f"/organize/unpublished/programme/compare/?old=published&new=draft-{draft.pk}")
    assert "Nothing is published yet." in answer.content.decode()


def test_the_same_is_not_compared_with_itself(desk: Desk, alice: Client) -> None:
    assert "Choose two that are not the same." in shown(alice, "old=release-1&new=release-1")
    twin = desk.new_draft("Twin")
    assert "They have the same times and rooms." in shown(alice, f"old=draft-{twin.pk}&new=draft-{desk.draft.pk}")


def test_it_takes_two(desk: Desk, alice: Client, charlie: Client) -> None:
    Draft.objects.all().delete()
    assert "Nothing to compare yet" in shown(alice)
    assert charlie.get(ADDRESS).status_code == 404


def test_a_draft_of_another_conference_is_not_shown(desk: Desk, alice: Client) -> None:
    foreign = Draft.objects.create(conference=desk.elsewhere, name="Secret plan")
    assert "Secret plan" not in shown(alice, f"old=draft-{foreign.pk}&new=draft-{desk.draft.pk}")


@pytest.mark.parametrize("count", [1, 3])
def test_comparing_costs_the_same_for_any_number_of_sessions(
    desk: Desk, alice: Client, count: int, django_assert_num_queries: Any
) -> None:
    desk.add_sessions(count)
    other = create_draft(desk.conference, name="Other", actor=SYSTEM)
    with django_assert_num_queries(9):  # browser session, user, conference, membership, drafts, release, two, wishes
        html = shown(alice, f"old=draft-{other.pk}&new=draft-{desk.draft.pk}")
    assert len(rows(html)) == 1 + count
