"""A room is lost while the organizer has nothing but a phone."""

from __future__ import annotations

import re

from tools.tutorial.walking import ORGANIZER, PARTICIPANT, PASSWORD, SLUG, Walk

# To confirm, that they are registered, that they have a place, and that it is elsewhere.
MAILS = 4


def emergency(walk: Walk) -> None:
    """One link on the overview."""
    phone = walk.person("phone")
    phone.open(f"{walk.house.site}/organize/{SLUG}/")
    phone.fill(login=ORGANIZER, password=PASSWORD)
    phone.press(phone.button("Sign in"))
    phone.heading("What needs attention")
    phone.presses = 0  # signed in, as phones are
    phone.press(phone.link("Emergency…"))
    walk.show(phone)
    phone.press(phone.link("Room lost"))


def room_lost(walk: Walk) -> None:
    """Which one."""
    phone = walk.person("phone")
    walk.show(phone)
    phone.press(phone.button(re.compile(re.escape(walk.room))))


def repair(walk: Walk) -> None:
    """What would move, and who would be told; nothing has happened yet."""
    phone = walk.person("phone")
    phone.heading("Repair of release 1")
    phone.button("Publish at once").wait_for()
    walk.show(phone)
    phone.press(phone.button("Publish at once"))


def published_at_once(walk: Walk) -> None:
    phone = walk.person("phone")
    phone.reads("Release 2 is out. 1 person is told that a place has changed.")
    walk.show(phone)


def told(walk: Walk) -> None:
    """The mail says what was and what is; the calendar entry has moved by itself."""
    dana = walk.person("participant")
    sent = walk.house.mails_to(PARTICIPANT, MAILS)[-1]
    dana.open(f"{walk.house.inbox_site}/mail/{sent.id}/")
    # How mail programs show it is read once it comes into view.
    dana.page.locator("iframe").scroll_into_view_if_needed()
    dana.page.frame_locator("iframe").get_by_role("heading").first.wait_for()
    walk.show(dana)


STEPS = (emergency, room_lost, repair, published_at_once, told)
