"""On paper, and in the system's own colours: what the screen does with grounds and buttons is not there."""

from __future__ import annotations

from typing import Any

import pytest

from schedule.domain.published.identities import person_identity
from tests.e2e.conftest import Visit
from tests.e2e.stage import Stage

# What somebody could press or type into, and what leads elsewhere on the site: none of it does anything on paper.
PRESSED = """() => [...document.querySelectorAll(
    "nav, button, input, select, textarea, .button, summary, [data-local-switch]")]
  .filter((one) => one.checkVisibility({visibilityProperty: true}) && one.getClientRects().length)
  .map((one) => one.outerHTML.slice(0, 90))"""
COLOURS = """() => {
  const style = getComputedStyle(document.body), root = getComputedStyle(document.documentElement);
  return {ink: style.color, paper: style.backgroundColor, root: root.backgroundColor};
}"""
TORN = """() => [...document.querySelectorAll(".entry, .item-list > li, tr")]
  .filter((one) => one.getClientRects().length && getComputedStyle(one).breakInside !== "avoid")
  .map((one) => one.outerHTML.slice(0, 90))"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_has_ink_on_white_and_nothing_to_press(visit: Visit, stage: Stage, scheme: Any) -> None:
    speaker = stage.conference.people.get()
    stage.open.roles.create(person=speaker, role="speaker")
    stage.sign_up(stage.alice, "open")
    public = [
        "/forum/",
        "/forum/?day=all",
        "/forum/sessions/OPEN/",
        f"/forum/speakers/{person_identity(stage.conference, speaker.code)}/",
    ]
    alice = visit()
    alice.sign_in_as(stage.alice)
    found = {}
    for path in [*public, "/my/forum/"]:
        alice.page.emulate_media(media="screen", color_scheme=scheme)
        alice.open(path)
        alice.page.emulate_media(media="print", color_scheme=scheme)
        colours = alice.page.evaluate(COLOURS)
        is_white = colours["paper"] in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
        is_dark = sum(map(int, colours["ink"].removeprefix("rgb(").removesuffix(")").split(","))) < 200
        said = [alice.page.evaluate(PRESSED), alice.page.evaluate(TORN), [] if is_white and is_dark else colours]
        found[path] = [one for one in said if one]
    assert found == {path: [] for path in found}


LOST = """() => [...document.querySelectorAll("[aria-current], .badge, .notice, .entry, [aria-pressed]")]
  .filter((one) => one.getClientRects().length && !one.innerText.trim() && !one.getAttribute("aria-label")
    && !one.querySelector("svg, [aria-label], .visually-hidden"))
  .map((one) => one.outerHTML.slice(0, 90))"""
SAME = """() => {
  const style = (one) => {
    const said = getComputedStyle(one);
    return [said.borderBlockEndColor, said.borderBlockEndWidth, said.fontWeight, said.outlineStyle,
      said.textDecorationLine, said.backgroundColor].join();
  };
  return [...document.querySelectorAll("[aria-current]:not(.breadcrumbs *)")]
    .filter((one) => one.getClientRects().length)
    .filter((one) => [...one.parentElement.parentElement.querySelectorAll(one.localName)]
      .some((other) => !other.hasAttribute("aria-current") && style(other) === style(one)))
    .map((one) => one.outerHTML.slice(0, 90));
}"""
FOCUS = """(one) => {
  const said = getComputedStyle(one);
  return said.outlineStyle !== "none" && parseFloat(said.outlineWidth) >= 1;
}"""


def test_in_the_systems_own_colours_states_are_told_and_focus_is_seen(visit: Visit, stage: Stage) -> None:
    stage.sign_up(stage.alice, "open")
    alice = visit(forced_colors="active")
    alice.sign_in_as(stage.alice)
    found = {}
    for path in ["/forum/", "/forum/sessions/OPEN/", "/forum/sessions/FULL/", "/my/forum/", "/forum/calendars/"]:
        alice.open(path)
        unseen = []
        for _press in range(25):
            alice.page.keyboard.press("Tab")
            focused = alice.page.locator(":focus")
            if focused.count() and not focused.evaluate(FOCUS):
                unseen.append(focused.evaluate("(one) => one.outerHTML.slice(0, 90)"))
        found[path] = [one for one in (alice.page.evaluate(LOST), alice.page.evaluate(SAME), unseen) if one]
    assert found == {path: [] for path in found}
