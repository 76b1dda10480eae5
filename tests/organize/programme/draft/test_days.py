"""A long draft is shown by days."""

from __future__ import annotations

from datetime import timedelta

import pytest

from journal.actors import SYSTEM
from organize.programme.draft import days
from organize.programme.draft.days import DraftListing
from schedule.domain.timetables.drafts import create_draft
from schedule.models import Draft, Placement
from tests.factories import at, make_conference, make_room, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Draft:
    """Two sessions on the first day, one on the second, one nowhere."""
    conference = make_conference(days=2)
    room = make_room(conference)
    made = create_draft(conference, name="Work", actor=SYSTEM)
    for code, clock, day in (("LATE", "11:00", 0), ("EARLY", "09:00", 0), ("NEXT", "09:00", 1)):
        start = at(conference, clock, day=day)
        session = make_session(conference, code=code)
        Placement.objects.create(draft=made, session=session, room=room, start=start, end=start + timedelta(hours=1))
    make_session(conference, code="NOWHERE")
    return made


def shown(listing: DraftListing) -> tuple[list[str], list[str], list[tuple[int, bool]]]:
    """The sessions with a time, those without, and the days with how many there are and whether they are shown."""
    placed = [one.session.code for one in listing.placements]
    return placed, [one.code for one in listing.unplaced], [(day.sessions, day.is_chosen) for day in listing.days]


def test_a_short_draft_is_shown_whole(draft: Draft) -> None:
    whole: tuple[list[str], list[str], list[tuple[int, bool]]] = (["EARLY", "LATE", "NEXT"], ["NOWHERE"], [])
    assert [shown(DraftListing(draft, asked)) for asked in ("", "2037-06-02", "nonsense")] == [whole] * 3


def test_a_long_draft_is_shown_by_days(draft: Draft, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(days, "MOST_ROWS", 2)
    monkeypatch.setattr(days, "PER_PAGE", 2)
    first, second, every = DraftListing(draft, "").days
    first_day = (["EARLY", "LATE"], ["NOWHERE"], [(2, True), (1, False), (3, False)])
    assert [shown(DraftListing(draft, asked)) for asked in ("", first.key, "nonsense")] == [first_day] * 3
    assert shown(DraftListing(draft, second.key)) == (["NEXT"], ["NOWHERE"], [(2, False), (1, True), (3, False)])
    pages = [DraftListing(draft, every.key, page) for page in ("", "2", "nonsense", "99")]
    assert [shown(one)[0] for one in pages] == [["EARLY", "LATE"], ["NEXT"], ["EARLY", "LATE"], ["NEXT"]]
    assert [one.query for one in (*pages[:1], DraftListing(draft, second.key))] == ["day=all&", f"day={second.key}&"]


def test_a_draft_without_any_placement_has_no_days(draft: Draft, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(days, "MOST_ROWS", 0)
    Placement.objects.all().delete()
    assert shown(DraftListing(draft, ""))[2] == []
