"""`python -m tools.pictures`: take the steps of the tutorial in a browser, and keep a picture of each in docs/images.

The two pictures of the README are of the same walk. Needs chromium; takes a minute or two.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from ops.demo.dates import next_september
from ops.embedded import BASE_DIR
from tools.tutorial.colours import pixels_of, small_png
from tools.tutorial.installation import installed
from tools.tutorial.steps import STEPS, take
from tools.tutorial.walking import Walk

IMAGES = BASE_DIR / "docs" / "images"
TUTORIAL = IMAGES / "tutorial"
# Pictures of the README, by the step that shows them.
FOR_README = {"programme": "programme.png", "told": "inbox.png"}
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def main() -> int:
    browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser_path is None:
        print(f"No browser on this machine: looked for {', '.join(BROWSERS)}.", file=sys.stderr)
        return 1
    TUTORIAL.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="plenary-pictures-") as folder, sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=browser_path, args=arguments)
        with installed(Path(folder) / "state") as house:
            first_day = next_september(datetime.now(UTC).date())
            take(Walk(house, browser, Path(folder), first_day, shown=partial(_keep, browser.new_page())))
        browser.close()
    for stale in {path.stem for path in TUTORIAL.glob("*.png")} - set(STEPS):
        (TUTORIAL / f"{stale}.png").unlink()
    return 0


def _keep(reader: Page, step: str, page: Page) -> None:
    picture = small_png(pixels_of(page.screenshot(), reader))
    (TUTORIAL / f"{step}.png").write_bytes(picture)
    print(f"{step}: {len(picture) / 1000:.0f} kB", flush=True)
    if step in FOR_README:
        (IMAGES / FOR_README[step]).write_bytes(small_png(pixels_of(page.screenshot(full_page=True), reader)))


if __name__ == "__main__":
    sys.exit(main())
