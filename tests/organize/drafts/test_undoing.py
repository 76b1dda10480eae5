"""Undoing and redoing on the pages, and who is told what."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from journal.actors import Actor
from schedule.domain.timetables.drafts import place
from schedule.models import DraftStep, Placement
from tests.factories import at
from tests.organize.conftest import Desk, member, signed_in


@pytest.fixture
def bobby(desk: Desk) -> Client:
    """A second editor."""
    return signed_in(member(desk.team, "owner", "bobby"))


def move(client: Client, desk: Desk, clock: str, version: int) -> int:
    """The status of the answer."""
    data = {"day": "2037-06-01", "time": clock, "room": "HALL", "version": version}
    return client.post(f"/organize/forum/drafts/{desk.draft.pk}/sessions/TALK/", data).status_code


def now(desk: Desk) -> str:
    return f"{desk.conference.local(Placement.objects.get(draft=desk.draft).start):%H:%M}"


def page(client: Client, desk: Desk, name: str = "") -> str:
    return " ".join(client.get(f"/organize/forum/drafts/{desk.draft.pk}/{name}").content.decode().split())


def turns(html: str) -> list[tuple[str, str]]:
    """The buttons of a page: (undo or redo, the key of the step)."""
    found = []
    for form in re.findall(r"<form.*?</form>", html):
        turn, step = (re.search(rf'name="{name}" value="(\w+)"', form) for name in ("turn", "step"))
        if turn and step:
            found.append((turn[1], step[1]))
    return found


def press(client: Client, desk: Desk, turn: tuple[str, str]) -> tuple[int, str]:
    answer = client.post(f"/organize/forum/drafts/{desk.draft.pk}/history/", {"turn": turn[0], "step": turn[1]})
    return answer.status_code, " ".join(answer.content.decode().split())


def test_what_one_did_is_undone_and_made_again_by_buttons(desk: Desk, alice: Client) -> None:
    assert turns(page(alice, desk)) == []
    assert move(alice, desk, "13:00", 0) == 302
    html = page(alice, desk)
    ((kind, step),) = turns(html)
    assert (kind, "Undo: “Talk” moved" in html) == ("undo", True)
    assert press(alice, desk, ("undo", step))[0] == 302
    assert (now(desk), turns(page(alice, desk))) == ("10:00", [("redo", step)])
    assert press(alice, desk, ("redo", step))[0] == 302
    assert (now(desk), turns(page(alice, desk))) == ("13:00", [("undo", step)])


def test_the_undo_of_one_leaves_what_another_did(desk: Desk, alice: Client, bobby: Client) -> None:
    assert move(alice, desk, "13:00", 0) == 302
    ((kind, step),) = turns(page(alice, desk))
    assert move(bobby, desk, "15:00", 1) == 302
    status, html = press(alice, desk, (kind, step))
    assert (status, now(desk)) == (409, "15:00")
    assert "“Talk” was changed since, and that stands. Nothing was done. It was changed by: Bobby." in html
    # Nobody presses another's button.
    ((_undo, other),) = turns(page(bobby, desk))
    assert (press(alice, desk, ("undo", other))[0], now(desk)) == (409, "15:00")
    assert press(bobby, desk, ("undo", other))[0] == 302
    assert press(alice, desk, (kind, step))[0] == 302
    assert now(desk) == "10:00"


@pytest.mark.parametrize(
    "posted", [{}, {"turn": "undo"}, {"turn": "undo", "step": "x"}, {"turn": "turn", "step": "1"}, {"step": 10**30}]
)
def test_what_no_page_has_sent_undoes_nothing(desk: Desk, alice: Client, posted: dict[str, object]) -> None:
    assert move(alice, desk, "13:00", 0) == 302
    assert alice.post(f"/organize/forum/drafts/{desk.draft.pk}/history/", posted).status_code == 409
    assert now(desk) == "13:00"


def test_the_history_says_who_moved_what_from_where_to_where(desk: Desk, alice: Client, bob: Client) -> None:
    place(
        desk.draft, desk.talk, room=desk.attic, start=at(desk.conference, "14:00"), actor=Actor.organizer(desk.bob.pk)
    )
    assert move(alice, desk, "13:00", 1) == 302
    html = page(alice, desk, "history/")
    cells = [
        " ".join(re.sub(r"<[^>]+>", " ", cell).split())
        for cell in re.findall(r"<t[hd][ >].*?</t[hd]>", html[html.index("<tbody>") :])
    ]
    assert [cells[n : n + 2] for n in (0, 4)] == [
        ["“Talk” moved Mon 1, 14:00–15:00 , Attic → to Mon 1, 13:00–14:00 , Hall", "You"],
        ["“Talk” moved Mon 1, 10:00–11:00 , Hall → to Mon 1, 14:00–15:00 , Attic", "Bob"],
    ]
    assert [kind for kind, _step in turns(html)] == ["undo"]
    assert turns(page(bob, desk, "history/")) == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_history_costs_the_same_for_one_and_three_changes(desk: Desk, alice: Client, count: int) -> None:
    for number in range(count):
        start = at(desk.conference, f"{11 + number}:00")
        place(desk.draft, desk.talk, room=desk.hall, start=start, actor=Actor.organizer(desk.alice.pk))
    with CaptureQueriesContext(connection) as queries:
        html = page(alice, desk, "history/")
    # Browser session, user, conference, membership, draft, how many, the steps, their moves, who they are.
    assert (len(queries), html.count('name="step"'), DraftStep.objects.count()) == (9, count, count)
