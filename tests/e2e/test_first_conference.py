"""From an empty installation to a lost room, as the tutorial has it: with what an organizer has, and nothing else.

Real servers, workers and mails; no superuser, no administration and no shell on the way.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser

from ops.demo.dates import next_september
from ops.inbox.store import StoredMail
from tools.tutorial.installation import installed
from tools.tutorial.losing_a_room import MAILS
from tools.tutorial.steps import STEPS, take
from tools.tutorial.walking import PARTICIPANT, Walk

# A phone, while people are on their way.
MOST_PRESSES = 5
# Pages that an organizer comes to, at least; fewer would mean that the links were not looked at.
MANY_PAGES = 25


def entry_of(mail: StoredMail) -> dict[str, str]:
    """The calendar entry that a mail brings, as it is written there."""
    [entry] = Calendar.from_ical(mail.text("text/calendar")).walk("VEVENT")
    names = ("UID", "SEQUENCE", "DTSTART", "DTEND", "LOCATION")
    written = {name: entry[name].to_ical() for name in names}
    return {name: one.decode() if isinstance(one, bytes) else str(one) for name, one in written.items()}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_whole_way_from_an_empty_installation(chromium: Browser, tmp_path: Path) -> None:
    shown: list[str] = []
    with installed(tmp_path / "state", tell=lambda said: None) as house:
        walk = Walk(
            house,
            chromium,
            tmp_path,
            next_september(datetime.now(UTC).date()),
            shown=lambda step, page: shown.append(step),
        )
        take(walk)
        organizer, phone = walk.people["organizer"], walk.people["phone"]
        organizer.press(organizer.link("Overview"))
        overview = organizer.page.locator("main").inner_text()
        mails = house.mails_to(PARTICIPANT, MAILS)
        for person in walk.people.values():
            person.context.close()
    assert shown == list(STEPS)
    assert [complaint for person in walk.people.values() for complaint in person.complaints] == []
    assert "Until people can come" not in overview  # every line of the checklist is done
    assert phone.presses <= MOST_PRESSES
    # The participant is told, and their calendar moves: the same entry at the same time in another room.
    _, _, granted, moved = mails
    before, after = entry_of(granted), entry_of(moved)
    assert [before[name] == after[name] for name in ("UID", "DTSTART", "DTEND")] == [True] * 3
    assert int(after["SEQUENCE"]) == int(before["SEQUENCE"]) + 1
    assert walk.room in before["LOCATION"]
    assert walk.room not in after["LOCATION"]
    # Nobody needs the administration, and nothing on the way leads to it.
    pages = {path: links for person in walk.people.values() for path, links in person.seen.items()}
    assert len(pages) >= MANY_PAGES
    assert {path: links for path, links in pages.items() if re.search(r"/admin\b", " ".join([path, *links]))} == {}
