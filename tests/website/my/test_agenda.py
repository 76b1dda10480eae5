"""My sessions by the clock: now, next, today, later; what is over; what moved since the last look."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from journal.actors import SYSTEM
from registration.domain.signups.closing import close_lines
from registration.domain.signups.signing_up import sign_up
from registration.models import Registration, SignUp
from schedule.domain.programme.sessions import cancel_session
from tests.factories import at, both, make_session, publish
from tests.fixtures.conferences import Agenda, signed_in
from tests.responses import squeezed

# The question how places get into a calendar, which is asked once.
CALENDAR = "choose-calendar"
PLACE = re.compile(r'<h2 id="([\w-]+)">|<details>|id="session-(\w+)"')


class Days:
    """A to F for Alice, who has a place in each: each one begins so many minutes from now."""

    def __init__(self, agenda: Agenda, alice: Registration) -> None:
        self.agenda, self.alice = agenda, alice
        self.sessions = {"A": agenda.a, "B": agenda.b, "C": agenda.c}
        for code in "DEF":
            self.sessions[code] = make_session(agenda.conference, code=code, title=both(f"Session {code}"))
        first = at(agenda.conference, "09:00")
        self.place({code: first + timedelta(hours=n) for n, code in enumerate(self.sessions)})
        for session in self.sessions.values():
            sign_up(alice, session, actor=SYSTEM)

    def place(self, starts: dict[str, datetime]) -> None:
        room = self.agenda.room
        publish(self.agenda.conference, [(self.sessions[code], room, start) for code, start in starts.items()])

    def page(self) -> str:
        return squeezed(signed_in(self.alice.participant).get("/my/forum/").content.decode())


def order(page: str) -> list[str]:
    """Headings and sessions of one's own, in the order of the page."""
    mine = page[page.index('id="places"') : page.index("<aside")]
    return [found[1] or found[2] or "over" for found in PLACE.finditer(mine)]


@pytest.fixture
def days(agenda: Agenda, alice: Registration) -> Days:
    return Days(agenda, alice)


def test_now_and_next_come_first_and_what_is_over_is_folded_at_the_end(days: Days) -> None:
    now = timezone.now()
    conference = days.agenda.conference
    today = conference.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    conference.starts_on, conference.ends_on = today.date(), today.date() + timedelta(days=3)
    conference.save()
    conference.days.all().delete()
    minutes = {"A": -150, "B": -75, "C": -10, "D": 55}
    starts = {code: now + timedelta(minutes=one) for code, one in minutes.items()}
    days.place({**starts, "E": now + timedelta(days=1, minutes=1), "F": now + timedelta(days=2, minutes=1)})
    page = days.page()
    keys = [f"day-{conference.local(now + timedelta(days=n)):%m%d}" for n in (1, 2)]
    assert order(page) == ["now", "C", "next", "D", keys[0], "E", keys[1], "F", "over", "A", "B", CALENDAR]
    assert "Over: 2 sessions" in page
    assert [f"/my/forum/sessions/{code}/leave/" in page for code in "ABCD"] == [False, False, True, True]


def test_before_the_conference_the_next_one_has_its_day(days: Days) -> None:
    page = days.page()
    assert order(page) == ["next", "A", "day-0601", "B", "C", "D", "E", "F", CALENDAR]
    assert "Next: Monday, 1 June 2037" in page


def test_what_moved_says_from_where_to_where_until_another_look(days: Days) -> None:
    assert "Changed since you last looked" not in days.page()
    conference, room, single = days.agenda.conference, days.agenda.room, days.agenda.single
    first = at(conference, "09:00")
    starts = {code: first + timedelta(hours=n) for n, code in enumerate("ABCDEF")} | {"B": at(conference, "14:30", 1)}
    rooms = {"C": single}
    publish(conference, [(days.sessions[code], rooms.get(code, room), start) for code, start in starts.items()])
    cancel_session(days.sessions["D"], actor=SYSTEM)
    for _again in range(2):
        page = days.page()
        moved = page[page.index('id="moved"') : page.index("</section>", page.index('id="moved"'))]
        assert re.findall(r">(Session \w)</a>: ?(.*?) ?</li>", moved) == [
            ("Session B", f"from Mon 1 June, 10:00–11:00, {room.name} to Tue 2 June, 14:30–15:30, {room.name}"),
            ("Session C", f"from Mon 1 June, 11:00–12:00, {room.name} to Mon 1 June, 11:00–12:00, {single.name}"),
            ("Session D", f"cancelled; it was Mon 1 June, 12:00–13:00, {room.name}"),
        ]
    later = timezone.now() - timedelta(hours=1)
    Registration.objects.update(looked_at=timezone.now() - timedelta(minutes=31), looked_before=later)
    assert "Changed since you last looked" not in days.page()


def test_what_others_hold_is_not_told(days: Days, bob: Registration) -> None:
    client = signed_in(bob.participant)
    client.get("/my/forum/")
    days.place({"A": at(days.agenda.conference, "16:00")})
    assert "Session A" not in re.findall(r'id="moved".*?</section>', client.get("/my/forum/").content.decode(), re.S)
    assert 'id="moved"' not in client.get("/my/forum/").content.decode()


def test_looking_twice_at_once_writes_once(alice: Registration) -> None:
    client = signed_in(alice.participant)
    client.get("/my/forum/")
    alice.refresh_from_db()
    first = alice.looked_at
    client.get("/my/forum/")
    alice.refresh_from_db()
    assert (alice.looked_at, alice.looked_before) == (first, first)


def test_a_line_that_closed_says_so(agenda: Agenda, alice: Registration, bob: Registration) -> None:
    sign_up(bob, agenda.b, actor=SYSTEM)
    sign_up(alice, agenda.b, actor=SYSTEM)
    publish(agenda.conference, [(agenda.b, agenda.single, timezone.now() - timedelta(minutes=5))])
    client = signed_in(alice.participant)
    for _before_and_after in range(2):
        page = squeezed(client.get("/my/forum/").content.decode())
        assert "This session has begun; sign-up is closed." in page
        assert "when a place comes free" not in page.lower()
        close_lines(now=timezone.now())
    assert "The waiting list closed before it was your turn." in page
    assert SignUp.objects.get(registration=alice).line_closed
    assert "/my/forum/sessions/B/leave/" not in page
    page = squeezed(client.get("/forum/sessions/B/").content.decode())
    assert "The waiting list closed before it was your turn." in page
    assert "Join the waiting list" not in page


@pytest.mark.parametrize("minutes", [5, 300])
def test_nothing_of_a_session_that_has_begun_is_offered(
    agenda: Agenda, alice: Registration, client: Client, minutes: int
) -> None:
    """On its page, among those to choose, in the timetable, and by a form that was opened before."""
    before = [signed_in(alice.participant).get(path).content.decode() for path in ("/forum/sessions/A/", "/my/forum/")]
    assert all("Take a place" in page for page in before)
    assert "50 seats left" in client.get("/forum/").content.decode()
    publish(agenda.conference, [(agenda.a, agenda.room, timezone.now() - timedelta(minutes=minutes))])
    mine = signed_in(alice.participant)
    for page in ("/forum/sessions/A/", "/my/forum/", "/forum/"):
        text = mine.get(page).content.decode()
        assert (page, "Take a place" in text, bool(re.search(r"\d seats? left", text))) == (page, False, False)
    said = "This session has begun; sign-up is closed." if minutes == 5 else "This session is over."
    assert said in squeezed(mine.get("/forum/sessions/A/").content.decode())
    done = mine.post("/my/forum/sessions/A/sign-up/", follow=True)
    assert [str(message) for message in done.context["messages"]] == [said]
    api = mine.post("/api/v1/conferences/forum/signups/", {"session": "A"}, content_type="application/json")
    assert (api.status_code, api.json()["errors"][0]["code"]) == (409, "closed")
    assert not SignUp.objects.exists()


def test_an_earlier_closing_is_shown_with_the_zone(agenda: Agenda, alice: Registration) -> None:
    agenda.a.signup_closes_minutes = 60
    agenda.a.save()
    publish(agenda.conference, [(agenda.a, agenda.room, at(agenda.conference, "10:00"))])
    page = squeezed(signed_in(alice.participant).get("/forum/sessions/A/").content.decode())
    assert "Sign-up closes on 1 June 2037, 09:00 (Asia/Seoul)." in page
