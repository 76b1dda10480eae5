"""What an organizer does, and what a stranger gets."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from notifications.rules.intake import take_in
from schedule.domain.searches import searches as runs
from schedule.models import Draft
from tests.e2e.conftest import Visit
from tests.e2e.stage import PASSWORD, Stage
from tests.e2e.visiting import Visitor

PAGES = [
    "/organize/forum/",
    "/organize/forum/programme/",
    "/organize/forum/programme/compare/",
    "/organize/forum/searches/",
    "/organize/forum/conflicts/",
    "/organize/forum/sign-ups/",
    "/organize/forum/sign-ups/FULL/",
    "/organize/forum/outbox/",
    "/organize/forum/journal/",
]


def test_an_organizer_signs_in_and_sees_what_needs_attention(stage: Stage, visitor: Visitor) -> None:
    page = visitor.page
    stage.organizer()
    stage.conflicting_draft()
    take_in()
    visitor.open("/organize/forum/")
    assert visitor.heading() == "Sign in to organize"
    page.get_by_label("Email").fill("olga@example.org")
    page.get_by_label("Password", exact=True).fill("not the password at all")
    visitor.button("Sign in").click()
    expect(page.locator(".error-summary")).to_be_visible()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    visitor.button("Sign in").click()
    assert (visitor.path, visitor.heading()) == ("/organize/forum/", "What needs attention")
    sub_nav = page.locator(".sub-nav")

    sub_nav.get_by_role("link", name="Conflicts", exact=True).click()
    assert visitor.heading() == "Conflicts"
    page.get_by_label("Timetable").select_option(label="Draft “Work”")
    if not visitor.scripts:
        visitor.button("Show").click()
    page.wait_for_url("**of=draft-*")
    expect(page.locator("main")).to_contain_text("Great hall")
    expect(page.locator("main")).to_contain_text("Water for all")

    sub_nav.get_by_role("link", name="Sign-ups", exact=True).click()
    row = page.get_by_role("row", name="Tiny workshop")
    expect(row.get_by_role("cell").last).to_have_text("Full")
    page.get_by_role("rowheader").get_by_role("link", name="Tiny workshop").click()
    expect(page.locator("main")).to_contain_text("Bob")

    sub_nav.get_by_role("link", name="Outbox", exact=True).click()
    expect(page.get_by_role("row", name="bob@example.org")).to_contain_text("Not sent yet")
    page.get_by_role("rowheader").get_by_role("link").first.click()
    expect(page.locator("main")).to_contain_text("Tiny workshop")


def test_whoever_is_not_of_the_team_learns_nothing(stage: Stage, visit: Visit) -> None:
    take_in()
    zoe, alice, nobody = visit(), visit(), visit()
    zoe.sign_in_as(stage.stranger())
    alice.sign_in_as(stage.alice)
    refused, asked = (404, "There is no such page"), (200, "Sign in to organize")
    for visitor, expected in ((zoe, refused), (alice, asked), (nobody, asked)):
        for path in PAGES:
            status = visitor.open(path).status
            assert (path, status, visitor.heading()) == (path, *expected)
            body = visitor.page.locator("body").inner_text()
            assert ("bob@example.org" in body, "Tiny workshop" in body) == (False, False)


def test_an_organizer_asks_why_not_compares_and_repairs(
    stage: Stage, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "wake", lambda run_id: None)
    page = visitor.page
    visitor.sign_in_as(stage.organizer())
    stage.conflicting_draft()
    visitor.open("/organize/forum/programme/")
    page.get_by_role("rowheader").get_by_role("link", name="Work").click()
    page.get_by_role("link", name="Move… Water for all").click()
    asking = page.get_by_role("region", name="Why not there?")
    asking.get_by_label("Room").select_option(label="Small room (8 seats)")
    visitor.button("What speaks against it?").click()
    expect(page.locator("main")).to_contain_text("No rule stands against it.")
    asking.get_by_label("Room").select_option(label="Great hall (50 seats)")
    visitor.button("What speaks against it?").click()
    expect(page.locator("main")).to_contain_text("Room used twice")
    visitor.link("Leave it").click()

    visitor.link("Compare…").click()
    assert visitor.heading() == "Compare timetables"
    expect(page.get_by_role("row", name="Water for all")).to_contain_text("room")
    expect(page.get_by_role("row", name="Tiny workshop")).to_contain_text("only in the first")

    visitor.open(f"/organize/forum/conflicts/?of=draft-{Draft.objects.get(name='Work').pk}")
    visitor.button("Repair with the fewest changes").click()
    assert visitor.heading() == "Repair with the fewest changes"
    expect(page.locator("main")).to_contain_text("waiting to begin")
