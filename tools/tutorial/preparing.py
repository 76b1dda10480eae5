"""From an empty installation to a published timetable: what the organizer does at a desk."""

from __future__ import annotations

import re
from datetime import timedelta

from tools.tutorial.walking import ORGANIZER, PASSWORD, SLUG, Walk
from tools.tutorial.workbook import fill_in, forum

NAME, NAME_KO = "World Human Rights Cities Forum", "세계인권도시포럼"
NOTICE = "We keep your name and address to hold the forum, and delete both a year later."
NOTICE_KO = "포럼을 열기 위해 이름과 주소를 보관하고, 1년 뒤에 지웁니다."
QUESTIONS = "forum@example.org"
SEARCH_SECONDS = 5
# Rooms that are joined from others; a table has no column for it.
JOINED = {
    "Convention Hall 2+3": ("Convention Hall 2", "Convention Hall 3"),
    "Room 209+210": ("Room 209", "Room 210"),
    "Room 212+213": ("Room 212", "Room 213"),
    "Room 305+306": ("Room 305", "Room 306"),
}


def first_account(walk: Walk) -> None:
    """The link that the server has printed makes the first account, and the team that it owns."""
    olga = walk.person("organizer")
    olga.open(walk.house.setup_link)
    olga.fill(name="Olga", email=ORGANIZER, password=PASSWORD, again=PASSWORD, team="Human Rights Cities")
    walk.show(olga)
    olga.press(olga.button("Set up"))
    olga.heading("My conferences")


def new_conference(walk: Walk) -> None:
    """Seven answers."""
    olga = walk.person("organizer")
    olga.press(olga.link("New conference"))
    olga.fill(
        name=NAME,
        slug=SLUG,
        starts_on=walk.first_day.isoformat(),
        ends_on=(walk.first_day + timedelta(days=3)).isoformat(),
        languages="en, ko",
        venue="Kimdaejung Convention Center, Gwangju",
    )
    olga.page.locator("[name='timezone']").select_option("Asia/Seoul")
    walk.show(olga)
    olga.press(olga.button("Make the conference"))


def what_is_missing(walk: Walk) -> None:
    """The overview says what there is to do, and each line leads to where it is done."""
    olga = walk.person("organizer")
    olga.heading("What needs attention")
    walk.show(olga)


def names_and_hours(walk: Walk) -> None:
    """What the conference is called in its other language, how long its days are, and whom people may ask."""
    olga = walk.person("organizer")
    olga.press(olga.link("There is an address for questions"))
    olga.fill(name_ko=NAME_KO, contact_email=QUESTIONS)
    closes = olga.page.get_by_label("Closes", exact=False)
    for number, hour in enumerate(("21:00", "18:30", "18:30", "13:00")):
        closes.nth(number).fill(hour)
    walk.show(olga, olga.page.get_by_role("heading", name="Days and hours"))
    olga.press(olga.button("Save"))
    olga.reads("Saved")


def template(walk: Walk) -> None:
    """The table to fill in comes with the headings that are understood, in the conference's languages."""
    olga = walk.person("organizer")
    olga.press(olga.link("Import", within="main"))
    with olga.page.expect_download() as asked:
        olga.link("Template (XLSX)").click()
    table = walk.folder / asked.value.suggested_filename
    asked.value.save_as(table)
    fill_in(table, forum(walk.first_day))
    walk.show(olga)
    olga.page.locator("[name='file']").set_input_files(table)
    olga.press(olga.button("Upload and look"))


def columns(walk: Walk) -> None:
    """What each column holds is recognised; here it can be said otherwise."""
    olga = walk.person("organizer")
    olga.heading("How to read the file")
    walk.show(olga)
    olga.press(olga.button("Show what would change"))


def preview(walk: Walk) -> None:
    """Nothing has happened yet: this is what would."""
    olga = walk.person("organizer")
    olga.heading("What would change")
    walk.show(olga)
    olga.press(olga.button(re.compile("^Import all ")))


def imported(walk: Walk) -> None:
    olga = walk.person("organizer")
    olga.heading("Imported")
    walk.show(olga)


def joined_rooms(walk: Walk) -> None:
    """Rooms that are joined from others: while one is in use, its parts are."""
    olga = walk.person("organizer")
    for joined, parts in JOINED.items():
        olga.press(olga.link("Rooms", within="main"))
        olga.press(olga.link(joined))
        for part in parts:
            olga.page.get_by_label(part, exact=True).check()
        if joined == next(iter(JOINED)):
            walk.show(olga, olga.page.get_by_role("heading", name="How it is used"))
        olga.press(olga.button("Save"))
        olga.reads("Saved")


def privacy_notice(walk: Walk) -> None:
    """Nobody can register before they can read what is done with what they say."""
    olga = walk.person("organizer")
    olga.press(olga.link("Overview"))
    olga.press(olga.link("There is a privacy notice"))
    olga.fill(body_en=NOTICE, body_ko=NOTICE_KO)
    walk.show(olga)
    olga.press(olga.button("Publish"))
    olga.heading("Texts of the conference")


def scheduler(walk: Walk) -> None:
    """A time and a room for every session."""
    olga = walk.person("organizer")
    olga.press(olga.link("Scheduler"))
    olga.fill(seconds=str(SEARCH_SECONDS))
    walk.show(olga)
    olga.press(olga.button("Search for a timetable"))


def search(walk: Walk) -> None:
    """How far it is can be watched; what it finds is a draft."""
    olga = walk.person("organizer")
    olga.link("Open the draft").wait_for()
    walk.show(olga)
    olga.press(olga.link("Open the draft"))


def publish(walk: Walk) -> None:
    """What is published is a release."""
    olga = walk.person("organizer")
    olga.press(olga.link("Publish…"))
    walk.show(olga)
    olga.press(olga.button(re.compile("^Publish .* now$")))
    olga.heading("Release 1")


def make_public(walk: Walk) -> None:
    """From here on everybody can read the programme."""
    olga = walk.person("organizer")
    olga.press(olga.link("Overview"))
    olga.press(olga.link("The conference is public"))
    olga.page.locator("[name='is_public']").check()
    walk.show(olga, olga.page.locator("[name='timezone']"))
    olga.press(olga.button("Save"))
    olga.reads("Saved")


def open_registration(walk: Walk) -> None:
    """At once, or between two times."""
    olga = walk.person("organizer")
    olga.press(olga.link("Overview"))
    olga.press(olga.link("Registration is open"))
    olga.page.get_by_label("Open, between the two times below").check()
    walk.show(olga)
    olga.press(olga.button("Save"))
    olga.heading("Registrations")


STEPS = (
    first_account,
    new_conference,
    what_is_missing,
    names_and_hours,
    template,
    columns,
    preview,
    imported,
    joined_rooms,
    privacy_notice,
    scheduler,
    search,
    publish,
    make_public,
    open_registration,
)
