"""A room is lost while people are on their way: a phone, four presses, five where something has to give way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from registration.models import SignUp
from schedule.domain.searches import searches as runs
from schedule.domain.timetables.queries import newest_release
from schedule.models import Release, SolverRun, Unavailability
from tests.e2e.conftest import Visit
from tests.e2e.stage import Stage
from tests.e2e.visiting import Visitor
from tests.factories import at
from tests.schedule.domain.emergencies.repairing import carried_out

PHONE = {"width": 360, "height": 740}


class Presses:
    """Counts them, and sees to it that nothing has to be scrolled sideways or is too small for a thumb."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.count = visitor, 0

    def on(self, what: Locator) -> None:
        box = what.bounding_box()
        assert box is not None
        assert (box["x"] >= 0, box["x"] + box["width"] <= PHONE["width"], box["height"] >= 24) == (True, True, True)
        self.count += 1
        what.click()


@pytest.fixture
def presses(stage: Stage, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> Presses:
    monkeypatch.setattr(runs, "wake_for_repair", lambda run_id: None)
    visitor = visit(viewport=PHONE, reduced_motion="reduce")
    visitor.sign_in_as(stage.organizer())
    visitor.open("/organize/forum/")
    return Presses(visitor)


def lose(presses: Presses, room: str) -> None:
    """Up to the repair, which is then found."""
    visitor = presses.visitor
    presses.on(visitor.link("Emergency…"))
    presses.on(visitor.link("Room lost"))
    presses.on(visitor.page.get_by_role("button", name=room))
    assert visitor.heading() == "Repair of release 2"
    expect(visitor.page.get_by_role("status")).to_contain_text("Looking for the timetable that moves least.")
    carried_out(SolverRun.objects.latest("pk"))


def test_a_lost_room_is_repaired_published_and_told_with_four_presses(
    stage: Stage, presses: Presses, mails_to: Callable[[str], list[str]]
) -> None:
    stage.conflicting_draft()
    before = len(mails_to("bob@example.org"))
    lose(presses, "Booth")
    main = presses.visitor.page.locator("main")
    expect(main).to_contain_text("1 session moves. It is proved that fewer changes do not suffice.")
    expect(main).to_contain_text("1 person holds a place in what changes and will be told.")
    assert (Release.objects.count(), Unavailability.objects.count()) == (2, 0)
    presses.on(presses.visitor.button("Publish at once"))
    expect(main).to_contain_text("Release 3 is out. 1 person is told that a place has changed.")
    assert presses.count == 4
    made = newest_release(stage.conference)
    assert made is not None
    assert made.placements.get(session=stage.full).room == stage.small
    assert len(mails_to("bob@example.org")) == before + 1
    assert len(mails_to("alice@example.org")) == 0


def test_where_something_has_to_give_way_it_is_a_button(stage: Stage, presses: Presses) -> None:
    stage.open.fixed_start, stage.open.expected_attendance = at(stage.conference, "10:00"), 40
    stage.open.save()
    signup = stage.sign_up(stage.alice, "open")
    lose(presses, "Great hall")
    page = presses.visitor.page
    expect(page.locator("main")).to_contain_text("No timetable keeps every rule. Choose what gives way.")
    presses.on(page.get_by_role("button", name="Cancel “Cities and rights”."))
    carried_out(SolverRun.objects.latest("pk"))
    expect(page.locator("main")).to_contain_text("“Cities and rights” does not take place.")
    page.get_by_role("group").get_by_text("1 person").first.click()
    expect(page.locator("main")).to_contain_text("Alice: Cities and rights")
    presses.on(presses.visitor.button("Publish at once"))
    expect(page.locator("main")).to_contain_text("This is published")
    assert presses.count == 5
    signup.refresh_from_db()
    assert (signup.state, Unavailability.objects.get().room) == (SignUp.State.LEFT, stage.hall)
