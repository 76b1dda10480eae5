"""Hundreds of conflicts: how many of each kind, then the worst first, narrowed and by pages."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from journal.actors import SYSTEM
from organize.programme.filters import conflicts
from schedule.domain.timetables.drafts import place, unplace
from schedule.domain.timetables.lifecycle import archive_draft
from schedule.models import Day, Unavailability
from tests.factories import at, both, make_session, publish
from tests.organize.conftest import Desk
from tests.responses import squeezed

ADDRESS = "/organize/forum/conflicts/"


@pytest.fixture
def crowded(desk: Desk) -> Desk:
    """In the draft two pairs share a room, one each day, the second in the attic; two sessions have no time."""
    rows = (
        ("ONE", desk.hall, "10:30", 0),
        ("TWO", desk.attic, "11:00", 1),
        ("THREE", desk.attic, "11:30", 1),
        ("FOUR", desk.attic, "16:00", 0),
    )
    for code, room, clock, day in rows:
        session = make_session(desk.conference, code=code, title=both(code.title()))
        place(desk.draft, session, room=room, start=at(desk.conference, clock, day=day), actor=SYSTEM)
    for code in ("LOST", "MISSING"):
        make_session(desk.conference, code=code, title=both(code.title()))
    Unavailability.objects.create(
        conference=desk.conference,
        room=desk.attic,
        starts_at=at(desk.conference, "16:00"),
        ends_at=at(desk.conference, "18:00"),
    )
    return desk


def shown(client: Client, desk: Desk, query: str = "") -> str:
    return squeezed(client.get(f"{ADDRESS}?of=draft-{desk.draft.pk}&{query}").content.decode())


def counts(html: str) -> list[tuple[str, str]]:
    """Each kind with how many there are of it."""
    listed = re.search(r'<ul class="counts" aria-label="Conflicts by kind">(.*?)</ul>', html)
    return re.findall(r'kind=(\w+)"[^>]*>.*?<span class="number">(\d+)</span>', listed[1] if listed else "")


def about(html: str) -> list[list[str]]:
    """The sessions of each conflict that is listed."""
    listed = html[html.index('<ul class="item-list attention">') :] if "item-list attention" in html else ""
    rows = re.findall(r'<p class="small muted">.*?(?=<p class="small muted">|</main>|$)', listed)
    return [re.findall(r'<span class="code muted">(\w+)</span>', row) for row in rows]


HALL, ATTIC, CLOSED = ["ONE", "TALK"], ["THREE", "TWO"], ["FOUR"]
LOST, MISSING = ["LOST"], ["MISSING"]


@pytest.mark.parametrize(
    ("query", "listed", "counted"),
    [
        ("", [HALL, CLOSED, ATTIC, LOST, MISSING], ["room_double_use 2", "room_closed 1", "unplaced 2"]),
        ("level=warn", [LOST, MISSING], ["room_double_use 2", "room_closed 1", "unplaced 2"]),
        ("kind=room_double_use", [HALL, ATTIC], ["room_double_use 2", "room_closed 1", "unplaced 2"]),
        ("day=2037-06-02", [ATTIC], ["room_double_use 1"]),
        ("room=ATTIC", [CLOSED, ATTIC], ["room_closed 1", "room_double_use 1"]),
        ("room=ATTIC&day=2037-06-01&kind=room_closed", [CLOSED], ["room_closed 1"]),
        ("room=ATTIC&day=2037-06-01&level=warn", [], ["room_closed 1"]),
        ("day=x&room=NONE", [HALL, CLOSED, ATTIC, LOST, MISSING], ["room_double_use 2", "room_closed 1", "unplaced 2"]),
    ],
)  # fmt: skip
def test_the_list_is_narrowed_and_its_kinds_counted(
    crowded: Desk, alice: Client, query: str, listed: list[list[str]], counted: list[str]
) -> None:
    html = shown(alice, crowded, query)
    assert [sorted(codes) for codes in about(html)] == listed
    assert [" ".join(pair) for pair in counts(html)] == counted
    assert ("No conflict of this kind." in html) == (not listed)


def test_a_day_reaches_past_midnight(crowded: Desk, alice: Client) -> None:
    Day.objects.filter(date="2037-06-01").update(closes_at=at(crowded.conference, "02:00", day=1))
    for code in ("LOST", "MISSING"):
        session = crowded.conference.sessions.get(code=code)
        start = at(crowded.conference, "00:30", day=1)
        place(crowded.draft, session, room=crowded.hall, start=start, actor=SYSTEM)
    assert [
        ["LOST", "MISSING"] in map(sorted, about(shown(alice, crowded, f"day=2037-06-0{day}"))) for day in (1, 2)
    ] == [
        True,
        False,
    ]


def test_pages_keep_what_was_asked(crowded: Desk, alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conflicts, "PER_PAGE", 2)
    pages = [shown(alice, crowded, f"room=ATTIC&day=&page={page}") for page in ("1", "2", "x")]
    assert [[sorted(codes) for codes in about(html)] for html in pages] == [[CLOSED, ATTIC]] * 3
    first = shown(alice, crowded, "level=block").replace("&amp;", "&")
    assert f'href="?of=draft-{crowded.draft.pk}&level=block&page=2"' in first
    assert '<h2 id="level-block">Must be solved before a release<span class="muted number">3</span>' in first


def test_what_another_timetable_has_too_is_left_out(crowded: Desk, alice: Client) -> None:
    publish(crowded.conference, [(crowded.talk, crowded.hall, at(crowded.conference, "09:00"))])
    other = crowded.new_draft("Other")
    place(
        other,
        crowded.conference.sessions.get(code="ONE"),
        room=crowded.hall,
        start=at(crowded.conference, "10:00"),
        actor=SYSTEM,
    )
    html = shown(alice, crowded, f"without=draft-{other.pk}")
    assert [sorted(codes) for codes in about(html)] == [CLOSED, ATTIC]
    # An older release too, and a draft put aside; nothing is mended there.
    archive_draft(other, actor=SYSTEM)
    assert [sorted(codes) for codes in about(shown(alice, crowded, f"without=draft-{other.pk}"))] == [CLOSED, ATTIC]
    old = squeezed(alice.get(f"{ADDRESS}?of=draft-{other.pk}").content.decode())
    assert ("Draft “Other”, checked at" in old, "Fix<span" in old, "/repair" in old) == (True, False, False)
    assert "Not in: “draft-0” is not there, so it narrows nothing." in shown(alice, crowded, "without=draft-0")


def test_publishing_says_how_many_and_shows_the_worst(
    crowded: Desk, alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conflicts, "WORST", 2)
    path = f"/organize/forum/drafts/{crowded.draft.pk}/publish/"
    html = squeezed(alice.get(path).content.decode())
    assert "Must be solved: 3. Worth a look: 2." in html
    assert [" ".join(pair) for pair in counts(html)] == ["room_double_use 2", "room_closed 1", "unplaced 2"]
    assert [sorted(codes) for codes in about(html.partition("See all 5 conflicts")[0])] == [HALL, CLOSED]
    assert f'href="{ADDRESS}?of=draft-{crowded.draft.pk}&">See all 5 conflicts' in html.replace("&amp;", "&")
    for code in ("ONE", "TWO", "FOUR"):
        unplace(crowded.draft, crowded.conference.sessions.get(code=code), actor=SYSTEM)
    assert "Must be solved: 0. Worth a look: 5." in squeezed(alice.get(path).content.decode())


def test_comparing_leads_to_the_conflicts_of_one_alone(
    crowded: Desk, alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conflicts, "WORST", 1)
    html = squeezed(alice.get("/organize/forum/programme/compare/").content.decode()).replace("&amp;", "&")
    query, _of_the_release = re.findall(rf'href="{ADDRESS}\?([^"]+)">See all \d+ conflicts', html)
    assert query == f"of=draft-{crowded.draft.pk}&without=release-1&"
    alone = squeezed(alice.get(f"{ADDRESS}?{query}").content.decode())
    assert [sorted(codes) for codes in about(alone)] == [HALL, CLOSED, ATTIC]
