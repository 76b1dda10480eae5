"""What somebody who takes part does: registers by mail, and takes places."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tools.tutorial.walking import PARTICIPANT, SLUG, Walk
from tools.tutorial.workbook import TAKEN as CODE

# What the workbook has on the first morning.
TAKEN = "Asian Human Rights Cities"
_LINK = re.compile(r"http://\S+/my/link/\S+")


def programme(walk: Walk) -> None:
    """What everybody sees."""
    dana = walk.person("participant")
    dana.open(f"{walk.house.site}/{SLUG}/")
    walk.show(dana, dana.page.locator("main h2").first)
    dana.press(dana.link("Register", within="main"))


def register(walk: Walk) -> None:
    """Three short steps: who they are, what they need and wish for, and a look at it."""
    dana = walk.person("participant")
    dana.fill(display_name="Dana", email=PARTICIPANT)
    dana.page.locator("[name='country']").select_option("KR")
    walk.show(dana)
    dana.press(dana.button("Continue"))
    dana.heading("What you need, what you wish")
    dana.page.get_by_label(TAKEN).first.check()
    dana.press(dana.button("Continue"))
    dana.press(dana.button("Register and send me the link"))
    dana.heading("Look into your mail")


def mail(walk: Walk) -> None:
    """The link in the mail proves that the address is theirs."""
    dana = walk.person("participant")
    [sent] = walk.house.mails_to(PARTICIPANT, 1)
    dana.open(f"{walk.house.inbox_site}/mail/{sent.id}/")
    walk.show(dana)
    dana.open(_LINK.findall(sent.text("text/plain"))[0])
    dana.heading("Confirm your registration")
    for box in dana.page.locator("main input[type=checkbox]").all():
        box.check()
    dana.press(dana.button("Confirm my registration"))


def my_sessions(walk: Walk) -> None:
    """Wishes become places with one press each."""
    dana = walk.person("participant")
    dana.heading("My sessions")
    mine = dana.page.locator(f"#session-{CODE}")
    mine.get_by_role("button", name=re.compile("^Take a place")).click()
    expect(mine.get_by_role("link", name=re.compile("^Leave"))).to_be_visible()
    walk.show(dana)
    walk.room = mine.locator(".agenda-what .muted").first.inner_text().rpartition("·")[2].strip()


STEPS = (programme, register, mail, my_sessions)
