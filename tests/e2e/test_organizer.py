"""What an organizer does, and what a stranger gets."""

from __future__ import annotations

from playwright.sync_api import expect

from notifications.intake import take_in
from tests.e2e.conftest import Visit
from tests.e2e.stage import PASSWORD, Stage
from tests.e2e.visiting import Visitor

PAGES = [
    "/organize/forum/",
    "/organize/forum/programme/",
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

    sub_nav.get_by_role("link", name="Conflicts").click()
    assert visitor.heading() == "Conflicts"
    page.get_by_label("Timetable").select_option(label="Draft “Work”")
    if not visitor.scripts:
        visitor.button("Show").click()
    page.wait_for_url("**of=draft-*")
    expect(page.locator("main")).to_contain_text("Great hall")
    expect(page.locator("main")).to_contain_text("Water for all")

    sub_nav.get_by_role("link", name="Sign-ups").click()
    row = page.get_by_role("row", name="Tiny workshop")
    expect(row.get_by_role("cell").last).to_have_text("Full")
    page.get_by_role("rowheader").get_by_role("link", name="Tiny workshop").click()
    expect(page.locator("main")).to_contain_text("Bob")

    sub_nav.get_by_role("link", name="Outbox").click()
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
