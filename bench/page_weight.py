"""What a phone loads for a first page of the forum, in English and in Korean: all of it, as the server sends it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from typing import Any

from django.utils import timezone
from playwright.sync_api import Browser, sync_playwright

from bench.stages import web_server
from journal.actors import SYSTEM
from ops import embedded
from ops.demo.dates import moved_to, next_september
from ops.demo.forum_texts import publish_forum_texts
from ops.demo.steps import SAMPLE
from schedule.exchange.readers.importing import import_programme, read_programme
from schedule.models import Conference, Session
from tests.factories import publish

NEEDS_DATABASE = True
# Kilobytes, each with 1,000 bytes.
BUDGETS = {"en": 150, "ko": 300}
CHROMIUM = ("chromium-headless-shell", "chromium", "google-chrome")


def run() -> list[dict[str, Any]]:
    conference = forum()
    code = conference.sessions.taking_signups().order_by("code").values_list("code", flat=True)[0]
    pages = {"programme": f"/{conference.slug}/", "session": f"/{conference.slug}/sessions/{code}/"}
    os.environ["DATABASE_URL"], os.environ["REDIS_URL"] = embedded.database_url(), embedded.redis_url()
    os.environ["SECRET_KEY"] = "for the benchmark alone, and long enough to be taken for one"  # no secret
    files = embedded.BASE_DIR / "staticfiles"
    is_there = files.exists()
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput"],
        cwd=embedded.BASE_DIR,
        check=True,
        stdout=sys.stderr,
    )
    try:
        with web_server() as port, sync_playwright() as playwright:
            found = next(filter(None, map(shutil.which, CHROMIUM)), None)
            browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
            return [
                {
                    "name": f"{name} page on a phone, nothing kept, {language}",
                    "value": round(loaded(browser, f"http://127.0.0.1:{port}{path}", language) / 1000, 1),
                    "unit": "kB",
                    "budget": budget,
                }
                for language, budget in BUDGETS.items()
                for name, path in pages.items()
            ]
    finally:
        if not is_there:
            shutil.rmtree(files)


def forum() -> Conference:
    """The real programme, one session after another in every room, on days to come: what is over is lighter."""
    programme = moved_to(json.loads(SAMPLE.read_bytes()), next_september(timezone.localdate()))
    conference = import_programme(read_programme(programme), team=None, actor=SYSTEM)
    publish_forum_texts(conference)
    conference.is_public = conference.registration_open = True
    conference.save(update_fields=["is_public", "registration_open"])
    rooms = [room for room in conference.rooms.order_by("position") if not room.parts.exists()]
    free = {room.pk: day.opens_at for day in conference.days.all()[1:2] for room in rooms}
    placed = []
    for number, session in enumerate(Session.objects.for_conference(conference).order_by("code")):
        room = rooms[number % len(rooms)]
        placed.append((session, room, free[room.pk]))
        free[room.pk] += timedelta(minutes=session.duration_minutes)
    publish(conference, placed)
    return conference


def loaded(browser: Browser, address: str, language: str) -> int:
    """Bytes that come over the line, with headers, until the page is at rest."""
    context = browser.new_context(viewport={"width": 360, "height": 780}, locale=language, is_mobile=True)
    page = context.new_page()
    line = context.new_cdp_session(page)
    sizes: list[int] = []
    line.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    line.send("Network.enable")
    page.goto(address, wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    context.close()
    return sum(sizes)
