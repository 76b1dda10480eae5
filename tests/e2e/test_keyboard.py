"""The programme page with the keyboard alone."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.stage import Stage
from tests.e2e.visiting import Visitor

# What a keyboard must reach: marked with its number, so that the order can be compared.
MARK = """() => [...document.querySelectorAll("a[href], button, input, select, summary, textarea")]
  .filter((element) => element.checkVisibility({ visibilityProperty: true }) && element.type !== "hidden")
  .map((element, number) => { element.dataset.number = number; return number; })"""
# The focus may be drawn around the whole card of a session.
FOCUSED = """() => {
  const element = document.activeElement;
  const drawn = [element, element.closest(".entry")].filter(Boolean).map((one) => getComputedStyle(one));
  const box = element.getBoundingClientRect();
  return {
    number: Number(element.dataset.number ?? -1),
    name: element.outerHTML.slice(0, 120),
    outlined: drawn.some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2),
    onScreen: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""


def test_the_skip_link_leads_to_the_content(stage: Stage, visitor: Visitor) -> None:
    page = visitor.page
    visitor.open("/forum/")
    page.keyboard.press("Tab")
    skip = visitor.link("Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("main").get_by_role("link").first).to_be_focused()


def test_everything_on_the_programme_is_reached_in_order_with_visible_focus(stage: Stage, visit: Visit) -> None:
    visitor = visit()
    visitor.open("/forum/?kind=workshop")
    numbers: list[int] = visitor.page.evaluate(MARK)
    reached: list[dict[str, Any]] = []
    for _ in numbers:
        visitor.page.keyboard.press("Tab")
        reached.append(visitor.page.evaluate(FOCUSED))
    assert [one["number"] for one in reached] == numbers
    assert [one["name"] for one in reached if not (one["outlined"] and one["onScreen"])] == []


def test_filters_are_set_with_the_keyboard(stage: Stage, visit: Visit) -> None:
    visitor = visit()
    visitor.open("/forum/")
    visitor.page.get_by_label("Search").focus()
    visitor.page.keyboard.press("Tab")
    expect(visitor.button("Show")).to_be_focused()
    visitor.page.keyboard.press("Tab")
    expect(visitor.page.get_by_label("Kind")).to_be_focused()
    visitor.page.keyboard.type("Work")
    expect(visitor.page.locator("#timetable .entry-title")).to_have_text(["Water for all", "Tiny workshop"])
    expect(visitor.page.get_by_label("Kind")).to_be_focused()
