"""`python -m tools.looks FOLDER`: a picture of every organizers' page, to be looked at: wide and on a phone.

The pages are those of the conference that the tutorial makes, one of each kind, found along the links of its overview.
Wide in English and light, on a phone in Korean and dark. Prints how large each is, and what sticks out at the side.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from ops.demo.dates import next_september
from tools.pictures import BROWSERS
from tools.tutorial.installation import Installation, installed
from tools.tutorial.steps import take
from tools.tutorial.walking import PHONE, SLUG, Walk

LONGEST = 6000
_KEYS = re.compile(
    r"(?<=/)(?:\d+|[0-9a-f-]{36}|(?<=sessions/)(?!new)[^/]+|(?<=sign-ups/)[^/]+|(?<=wordings/)[^/]+/[^/]+)(?=/)"
)
_OUT = """() => [...document.querySelectorAll("main *")].filter(
  (one) => one.getBoundingClientRect().right > innerWidth + 1).slice(0, 3).map((one) => one.outerHTML.slice(0, 90))"""


def main(folder: Path) -> None:
    """Take the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    path = next(filter(None, map(shutil.which, BROWSERS)))
    with tempfile.TemporaryDirectory(prefix="plenary-looks-") as state, sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        with installed(Path(state) / "state") as house:
            day = next_september(datetime.now(UTC).date())
            walk = Walk(house, browser, Path(state), day, shown=lambda _step, _page: None)
            take(walk)
            desk = walk.person("organizer").context
            phone = _phone(browser, desk)
            for number, address in enumerate(pages(desk, house)):
                name = f"{number:02}-{re.sub(r'[^a-z0-9]+', '-', address.partition(SLUG)[2]).strip('-') or 'home'}"
                _take(desk, house.site + address, folder / f"{name}-wide.png")
                _take(phone, house.site + address, folder / f"{name}-phone.png")
        browser.close()


def pages(context: BrowserContext, house: Installation) -> Iterator[str]:
    """One page of each kind, in the order in which links lead to them."""
    page = context.new_page()
    waiting, seen = [f"/organize/{SLUG}/"], set[str]()
    while waiting:
        address = waiting.pop(0)
        kind = _KEYS.sub("…", address.partition("?")[0])
        if kind in seen or re.search(r"\.\w+$", kind):
            continue
        seen.add(kind)
        answer = page.goto(house.site + address)
        if answer is None or not answer.ok:
            continue
        yield address
        links: list[str] = page.evaluate("[...document.links].map((link) => link.pathname + link.search)")
        waiting += [link for link in links if link.startswith("/organize/") and "language" not in link]


def _phone(browser: Browser, desk: BrowserContext) -> BrowserContext:
    """The same organizer, with a phone that is dark and speaks Korean."""
    state = desk.storage_state()
    state["cookies"] = [one for one in state["cookies"] if one["name"] != "language"]
    return browser.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]},
        locale="ko-KR",
        timezone_id="Asia/Seoul",
        color_scheme="dark",
        storage_state=state,
    )


def _take(context: BrowserContext, address: str, file: Path) -> None:
    page = context.new_page()
    page.goto(address)
    width, height = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    size = page.viewport_size or {"width": 0}
    out = page.evaluate(_OUT) if width > size["width"] else []
    print(file.stem, width, height, *out, sep="\t", flush=True)
    page.screenshot(path=file, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": min(height, LONGEST)})
    page.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
