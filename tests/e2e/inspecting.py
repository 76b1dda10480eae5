"""Looking at pages: clean for axe in light and dark, nothing too wide on the narrowest phone, in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.conftest import Visit
from tests.e2e.visiting import Visitor

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Mails are shown in frames that may run no scripts: axe cannot be in them, and its knocking would fill the console.
RULES = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"], "iframes": False}
# What makes the page scroll sideways: nothing, when it does not; otherwise the innermost elements that are too wide.
TOO_WIDE = """() => {
  if (document.scrollingElement.scrollWidth <= innerWidth) return [];
  const out = [...document.body.querySelectorAll("*")].filter(
    (element) => element.getBoundingClientRect().left + element.scrollWidth > innerWidth);
  const innermost = out.filter((element) => !out.some((other) => other !== element && element.contains(other)));
  return [`${document.scrollingElement.scrollWidth} px`, ...innermost.map((element) => element.outerHTML.slice(0, 99))];
}"""
# Colours fade into each other; on the way there is not enough contrast.
SETTLED = "() => Promise.all(document.getAnimations().map((animation) => animation.finished))"
_RUN = "(options) => axe.run(document, options).then((result) => result.violations)"
HEIGHT = 800
SUBMIT = "main form button[type=submit]"


class Look(NamedTuple):
    width: int
    scheme: Literal["light", "dark"]


# The phone is as narrow as WCAG 1.4.10 asks pages to be.
DESKTOP, PHONE = Look(1280, "light"), Look(320, "dark")
# By language. Where only words differ, nothing new is to be found by axe: they may be too long, and that is all.
LOOKS: Mapping[str, Sequence[Look]] = {"en-GB": (DESKTOP, PHONE), "ko-KR": ()}
# Organizers have many more pages: each language with one look, so that both are seen, and light and dark.
ORGANIZERS_LOOKS: Mapping[str, Sequence[Look]] = {"en-GB": (DESKTOP,), "ko-KR": (PHONE,)}


class Inspection:
    """Opens pages and notes what is wrong with them."""

    def __init__(self, visitor: Visitor, looks: Sequence[Look]) -> None:
        # Once for the browser: to send it to each page takes as long as what it does there.
        visitor.context.add_init_script(Axe().axe_script)
        self.visitor = visitor
        self.looks = looks
        self.found: list[str] = []
        self.seen: list[str] = []

    def see(self, path: str, status: int = 200) -> None:
        assert (path, self.visitor.open(path).status) == (path, status)
        self.here()

    def here(self, state: str = "") -> None:
        """Look at the page as it now is."""
        page = self.visitor.page
        name = f"{self.visitor.path} {state}".strip()
        self.seen.append(name)
        page.wait_for_load_state("load")
        for look in self.looks:
            page.set_viewport_size({"width": look.width, "height": HEIGHT})
            page.emulate_media(color_scheme=look.scheme)
            page.evaluate(SETTLED)
            for violation in self._violations():
                self.found += [
                    f"{name}: {look}: {violation['id']}: {node['html'][:160]}" for node in violation["nodes"]
                ]
        wide: list[str] = page.evaluate(TOO_WIDE)
        self.found += [f"{name}: wider than {PHONE.width} px: {html}" for html in wide]

    def _violations(self) -> list[dict[str, Any]]:
        """What axe finds. It reads the style sheets as such on the first page alone: all have the same ones."""
        options = RULES | {"preload": len(self.seen) == 1}
        found: list[dict[str, Any]] = self.visitor.page.evaluate(_RUN, options)
        return found

    def submit(self, state: str = "") -> None:
        """Send the form of the page, and look at what comes."""
        self.visitor.page.locator(SUBMIT).first.click()
        self.here(state)


def looking(visit: Visit, locale: str, looks: Mapping[str, Sequence[Look]]) -> Inspection:
    """The browser is a phone before and after each page has been looked at."""
    viewport = {"width": PHONE.width, "height": HEIGHT}
    return Inspection(visit(viewport=viewport, locale=locale, reduced_motion="reduce"), looks[locale])


@pytest.fixture(params=LOOKS)
def inspection(request: pytest.FixtureRequest, visit: Visit) -> Inspection:
    """In one language."""
    return looking(visit, request.param, LOOKS)


@pytest.fixture(params=ORGANIZERS_LOOKS)
def organizing(request: pytest.FixtureRequest, visit: Visit) -> Inspection:
    """Of organizers' pages, in one language."""
    return looking(visit, request.param, ORGANIZERS_LOOKS)
