"""What the overview counts is kept, but never past what would change it."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from i18nfield.strings import LazyI18nString

from journal.actors import SYSTEM
from organize.overview import findings
from organize.overview.findings import ConflictCounts, OverviewFindings
from schedule.domain.editing.absences import close_room
from schedule.domain.timetables.drafts import place
from tests.factories import at, make_session, publish
from tests.organize.conftest import Desk

pytestmark = pytest.mark.django_db
# The draft has one session, in its hours, in a room of its own.
FINE = ConflictCounts(blocking=0, unplaced=0, warnings=0)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    cache.clear()


def counted(desk: Desk) -> tuple[ConflictCounts, int]:
    """What is wrong with the draft, and how many statements it took to know."""
    with CaptureQueriesContext(connection) as asked:
        [counts] = OverviewFindings(desk.conference).conflicts([desk.draft])
    return counts, len(asked)


def test_nothing_is_looked_at_twice(desk: Desk) -> None:
    counts, asked = counted(desk)
    assert (counts, asked) == (FINE, 7)  # the state, the problem (five), the timetable
    assert counted(desk) == (FINE, 1)


def test_what_happens_to_programme_or_timetable_is_looked_at_at_once(desk: Desk) -> None:
    assert counted(desk)[0] == FINE
    other = make_session(desk.conference, code="OTHER")
    place(desk.draft, other, room=desk.hall, start=at(desk.conference, "10:00"), actor=SYSTEM)
    assert counted(desk)[0] == ConflictCounts(blocking=1, unplaced=0, warnings=0)
    times = {"starts_at": at(desk.conference, "09:00"), "ends_at": at(desk.conference, "18:00")}
    close_room(desk.hall, **times, reason="Water", actor=SYSTEM)
    assert counted(desk)[0] == ConflictCounts(blocking=3, unplaced=0, warnings=0)


def test_what_nobody_wrote_down_is_seen_after_a_minute(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sign-ups are no news of the programme, and change what is wrong with it."""
    monkeypatch.setattr(findings, "KEEP_SECONDS", 0)  # as if it had passed
    assert counted(desk)[0] == FINE
    make_session(desk.conference, code="OTHER")
    assert counted(desk)[0] == ConflictCounts(blocking=0, unplaced=1, warnings=0)


def test_what_no_calendar_can_hold_is_kept_with_its_reason(desk: Desk) -> None:
    nameless = make_session(desk.conference, code="NAMELESS", title=LazyI18nString({"en": "\u202e"}))
    publish(desk.conference, [(nameless, desk.hall, at(desk.conference, "10:00"))])
    found = [OverviewFindings(desk.conference).left_out() for _ in range(2)]
    assert found == [[("NAMELESS", "summary: empty")]] * 2
