"""What anybody does with the public programme; with scripts and without."""

from __future__ import annotations

import re
from datetime import date

from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.stage import Stage
from tests.e2e.visiting import Visitor
from tests.factories import at, both, make_conference, make_room, make_session, publish

MONDAY = ["Cities and rights", "Water for all", "Tiny workshop"]
TUESDAY = ["Looking back"]


def expect_titles(visitor: Visitor, titles: list[str]) -> None:
    """The sessions the timetable shows, in order; waits for them."""
    expect(visitor.page.locator("#timetable .entry-title")).to_have_text(titles)


def test_days_are_tabs_and_sessions_have_pages(stage: Stage, visitor: Visitor) -> None:
    page = visitor.page
    visitor.open("/forum/")
    expect_titles(visitor, MONDAY)
    expect(page.locator("h2").first).to_have_text("Monday, 1 June 2037")
    tabs = page.get_by_role("navigation", name="Days").get_by_role("link")
    expect(tabs).to_have_count(3)
    tabs.nth(1).click()
    expect(page.locator("h2").first).to_have_text("Tuesday, 2 June 2037")
    expect_titles(visitor, TUESDAY)
    assert page.locator("[aria-current=page][href*=day]").get_attribute("href") == "?day=2037-06-02#days"

    visitor.link("Looking back").click()
    assert (visitor.path, visitor.heading()) == ("/forum/sessions/LATER/", "Looking back")
    facts = page.locator("article header").inner_text()
    assert "Tuesday, 2 June 2037" in facts
    assert "11:00 – 12:00 KST" in facts
    assert "Tue 2, 10:00–11:00, Great hall" in facts
    visitor.open("/forum/changes/")
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.get_by_role("row").last).to_contain_text("Looking back")


def test_filtering_with_scripts_replaces_the_timetable_alone(stage: Stage, visit: Visit) -> None:
    visitor = visit()
    visitor.open("/forum/")
    visitor.page.evaluate("window.stillHere = true")
    visitor.page.get_by_label("Kind").select_option("workshop")
    expect_titles(visitor, ["Water for all", "Tiny workshop"])
    visitor.page.wait_for_url("**/forum/?*kind=workshop*")
    visitor.page.get_by_label("Search").press_sequentially("water")
    expect_titles(visitor, ["Water for all"])
    expect(visitor.page.locator("#timetable").get_by_role("status")).to_have_text("1 session")
    assert visitor.page.evaluate("window.stillHere") is True
    visitor.page.go_back()
    expect_titles(visitor, ["Water for all", "Tiny workshop"])


def test_filtering_without_scripts_takes_the_button(stage: Stage, visit: Visit) -> None:
    visitor = visit(java_script_enabled=False, viewport={"width": 360, "height": 800})
    visitor.open("/forum/")
    visitor.page.get_by_text("Filters").click()
    visitor.page.get_by_label("Kind").select_option("workshop")
    visitor.button("Show").click()
    expect_titles(visitor, ["Water for all", "Tiny workshop"])
    expect(visitor.page.get_by_label("Kind")).to_have_value("workshop")
    visitor.link("Clear the filters").click()
    expect_titles(visitor, MONDAY)


def test_search_looks_through_all_days_and_survives_the_tabs_and_back(stage: Stage, visitor: Visitor) -> None:
    page = visitor.page
    search = page.get_by_label("Search")
    visitor.open("/forum/")
    search.fill("dragons")
    visitor.button("Show").click()
    expect(page.get_by_text("No session matches")).to_be_visible()
    page.locator("#timetable").get_by_role("link", name="Clear the filters").click()
    expect_titles(visitor, MONDAY)
    search.fill("looking")
    visitor.button("Show").click()
    expect_titles(visitor, TUESDAY)
    expect(page.locator("#programme-head")).to_have_text("All days")
    visitor.link("1 June, Mon").click()
    expect_titles(visitor, [])
    expect(search).to_have_value("looking")
    page.go_back()
    expect_titles(visitor, TUESDAY)
    expect(search).to_have_value("looking")


def test_a_change_of_day_keeps_filters_and_shows_the_programme_first(stage: Stage, visit: Visit) -> None:
    visitor = visit(viewport={"width": 360, "height": 640})
    page = visitor.page
    visitor.open("/forum/")
    page.get_by_text("Filters").click()
    page.get_by_label("Kind").select_option("workshop")
    expect_titles(visitor, ["Water for all", "Tiny workshop"])
    page.get_by_role("navigation", name="Days").get_by_role("link").nth(1).click()
    page.wait_for_url("**day=2037-06-02&kind=workshop#days")
    expect(page.get_by_label("Kind")).to_have_value("workshop")
    expect(page.get_by_role("heading", level=1)).not_to_be_in_viewport()
    page.go_back()
    expect_titles(visitor, ["Water for all", "Tiny workshop"])
    expect(page.get_by_label("Kind")).to_have_value("workshop")
    page.go_back()
    expect_titles(visitor, MONDAY)
    expect(page.get_by_label("Kind")).to_have_value("")


def test_the_language_is_switched_and_stays(stage: Stage, visitor: Visitor) -> None:
    page = visitor.page
    visitor.open("/forum/?day=2037-06-02")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    visitor.button("한국어").click()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    assert (visitor.path, visitor.heading()) == ("/forum/?day=2037-06-02", "The Forum (한국어)")
    expect(page.locator("h2").first).to_have_text("2037년 6월 2일 화요일")
    expect_titles(visitor, ["Looking back (한국어)"])
    visitor.link("Looking back (한국어)").click()
    assert visitor.heading() == "Looking back (한국어)"
    expect(page.locator("html")).to_have_attribute("lang", "ko")


def test_the_calendar_link_answers_a_calendar(stage: Stage, visitor: Visitor) -> None:
    visitor.open("/forum/")
    visitor.link("Calendars").click()
    assert visitor.heading() == "Calendars"
    address = visitor.page.get_by_label("Address to copy").input_value()
    answer = visitor.context.request.get(address)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    lines = re.sub(r"\r\n ", "", answer.text()).split("\r\n")
    assert (lines[0], lines[-2]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    titles = sorted(line.partition(":")[2] for line in lines if line.startswith("SUMMARY"))
    assert titles == sorted([*MONDAY, *TUESDAY])


def test_times_of_ones_own_are_offered_from_the_day_on_that_the_clocks_differ(db: None, visit: Visit) -> None:
    """Berlin changes its clocks on the second day; Lagos never does, and has Berlin's time on the first."""
    conference = make_conference(slug="spring", starts_on=date(2038, 3, 27), timezone="Europe/Berlin")
    hall = make_room(conference)
    first, second = (make_session(conference, code=code, title=both(code)) for code in ("ONE", "TWO"))
    publish(conference, [(first, hall, at(conference, "10:00")), (second, hall, at(conference, "10:00", 1))])
    visitor = visit(timezone_id="Africa/Lagos")
    page, switch = visitor.page, visitor.button("Show my own time as well")
    visitor.open("/spring/?day=2038-03-27")
    expect_titles(visitor, ["ONE"])
    expect(switch).to_be_hidden()
    page.get_by_label("Search").press_sequentially("TWO")
    expect_titles(visitor, ["TWO"])
    expect(page.locator(".your-time:visible")).to_have_text([" (your time: 09:00)"])
    switch.click()
    expect(page.locator(".your-time:visible")).to_have_count(0)
    # Whoever wants none gets none with a day that comes later either.
    visitor.open("/spring/?day=2038-03-27")
    page.get_by_label("Search").press_sequentially("TWO")
    expect_titles(visitor, ["TWO"])
    expect(switch).to_be_visible()
    expect(page.locator(".your-time:visible")).to_have_count(0)
