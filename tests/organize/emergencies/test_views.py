"""The pages of an emergency: what can be chosen, what would happen to whom, and what a press does."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from journal.actors import SYSTEM
from organize.emergencies.choices import usual_times
from registration.domain.signups.signing_up import sign_up
from registration.models import SignUp
from schedule.domain.searches import searches as runs
from schedule.domain.timetables.queries import newest_release
from schedule.models import Day, Draft, Release, SolverRun, Unavailability
from tests.factories import at, both, make_person, make_registration, make_room, make_session, publish
from tests.organize.conftest import Desk, member, signed_in
from tests.responses import squeezed
from tests.schedule.domain.emergencies.repairing import carried_out

pytestmark = pytest.mark.django_db
ADDRESS = "/organize/forum/emergency/"


@pytest.fixture(autouse=True)
def _asleep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "wake_for_repair", lambda run_id: None)


def shown(client: Client, path: str = "") -> str:
    return squeezed(client.get(f"{ADDRESS}{path}").content.decode())


def asked(client: Client, kind: str, **data: str) -> SolverRun:
    response = client.post(f"{ADDRESS}{kind}/", data)
    run = SolverRun.objects.earliest("-pk")
    assert response.headers.get("Location") == f"{ADDRESS}repairs/{run.pk}/", response.content.decode()
    return run


def times(desk: Desk, since: str = "09:00", until: str = "18:00", *, day: int = 1) -> dict[str, str]:
    """On the conference's clocks, as a browser sends them."""
    return {
        name: timezone.localtime(moment, desk.conference.zone).strftime("%Y-%m-%dT%H:%M")
        for name, moment in (
            ("starts_at", at(desk.conference, since)),
            ("ends_at", at(desk.conference, until, day=day)),
        )
    }


def test_a_lost_room_is_published_with_four_presses(desk: Desk, alice: Client) -> None:
    holder, stranger = (make_registration(desk.conference, display_name=name) for name in ("Ada", "Bo"))
    signup = sign_up(holder, desk.talk, actor=SYSTEM)
    assert f'href="{ADDRESS}"' in alice.get("/organize/forum/").content.decode()
    assert f'href="{ADDRESS}room/"' in shown(alice)
    choose = shown(alice, "room/")
    assert 'name="whom" value="HALL"' in choose
    assert "Talk" in choose
    run = asked(alice, "room", whom="HALL", **times(desk))
    busy = shown(alice, f"repairs/{run.pk}/")
    assert "Looking for the timetable that moves least." in busy
    assert f'hx-get="{ADDRESS}repairs/{run.pk}/part/"' in busy
    carried_out(run)
    found = alice.get(f"{ADDRESS}repairs/{run.pk}/part/")
    assert found.status_code == 286
    html = squeezed(found.content.decode())
    for piece in ("1 session moves.", "It is proved that fewer changes do not suffice.", "Mon 1, 09:00–10:00", "Attic"):
        assert piece in html
    assert "1 person holds a place in what changes and will be told." in html
    assert stranger.display_name not in html
    assert (Release.objects.count(), Unavailability.objects.count()) == (1, 0)
    published = alice.post(f"{ADDRESS}repairs/{run.pk}/", follow=True).content.decode()
    assert "This is published, and everybody concerned is being told." in published
    assert "Release 2 is out. 1 person is told that a place has changed." in published
    made = newest_release(desk.conference)
    assert made is not None
    assert made.placements.get().room == desk.attic
    assert desk.draft.placements.get().room == desk.hall, "an experiment stays where it is"
    signup.refresh_from_db()
    assert signup.state == SignUp.State.CONFIRMED
    again = alice.post(f"{ADDRESS}repairs/{run.pk}/", follow=True)
    assert again.status_code == 200
    assert Release.objects.count() == 2


def test_who_loses_a_place_stands_beside_the_button(desk: Desk, alice: Client) -> None:
    holder = make_registration(desk.conference, display_name="Ada Loser")
    sign_up(holder, desk.talk, actor=SYSTEM)
    run = carried_out(asked(alice, "session", whom="TALK"))
    html = shown(alice, f"repairs/{run.pk}/")
    assert "Nothing has to move." in html
    # The journal tells it as what it is, and leads whoever may decide about it to its page.
    told = squeezed(alice.get("/organize/forum/journal/").content.decode())
    for piece in ("Repair found (sessions that move: 0)", "Repair of what is published asked for"):
        assert piece in told
    assert f'href="{ADDRESS}repairs/{run.pk}/"' in told
    viewer = signed_in(member(desk.team, "viewer", "vera"))
    assert f"repairs/{run.pk}/" not in viewer.get("/organize/forum/journal/").content.decode()
    assert "“Talk” does not take place." in html
    assert "Ada Loser: Talk" in html
    assert "1 person holds a place" in html
    alice.post(f"{ADDRESS}repairs/{run.pk}/")
    desk.talk.refresh_from_db()
    assert (desk.talk.state, Release.objects.count()) == ("cancelled", 1)


def test_without_a_repair_the_ways_out_are_buttons(desk: Desk, alice: Client) -> None:
    desk.attic.delete()
    days = Day.objects.filter(conference=desk.conference)
    days.filter(date=desk.conference.ends_on).delete()
    days.update(closes_at=at(desk.conference, "10:00"))
    step = {**times(desk, day=0), "whom": "HALL"}
    run = carried_out(asked(alice, "room", **step))
    html = shown(alice, f"repairs/{run.pk}/")
    assert "No timetable keeps every rule. Choose what gives way." in html
    ways = dict(re.findall(r'name="way" value="(\d+)">(.+?)</button>', squeezed(html)))
    number = next(number for number, text in ways.items() if "Cancel “Talk”." in text)
    assert not [text for text in ways.values() if "closed" in text or "Hall" in text]
    for wrong in ("99", "x", "-1", "1" * 40):
        assert alice.post(f"{ADDRESS}repairs/{run.pk}/another/", {"way": wrong}).status_code == 404
    response = alice.post(f"{ADDRESS}repairs/{run.pk}/another/", {"way": number})
    other = carried_out(SolverRun.objects.latest("pk"))
    html = squeezed(alice.get(response["Location"]).content.decode())
    assert "Hall cannot be used from Mon 1, 09:00" in html
    assert "“Talk” does not take place." in html
    alice.post(f"{ADDRESS}repairs/{other.pk}/")
    assert (Unavailability.objects.count(), Release.objects.count()) == (1, 1)
    assert SolverRun.objects.get(pk=run.pk).settled_at is None


def test_what_starts_later_starts_so_many_minutes_later_or_at_a_time(desk: Desk, alice: Client) -> None:
    assert 'name="minutes" value="30"' in shown(alice, "later/")
    by_minutes = asked(alice, "later", whom="TALK", minutes="45")
    exactly = asked(alice, "later", whom="TALK", minutes="30", start="2037-06-01T11:20")
    starts = [datetime.fromisoformat(run.assumed[0]["start"]) for run in (by_minutes, exactly)]
    assert starts == [at(desk.conference, "09:45"), at(desk.conference, "11:20")]
    run = carried_out(by_minutes)
    alice.post(f"{ADDRESS}repairs/{run.pk}/")
    made = newest_release(desk.conference)
    assert made is not None
    assert made.placements.get().start == starts[0]
    refused = alice.post(f"{ADDRESS}later/", {"whom": "TALK", "minutes": "30", "start": "2020-01-01T11:20"})
    assert (refused.status_code, "This time is over already." in refused.content.decode()) == (422, True)


def test_a_missing_speaker_can_be_done_without(desk: Desk, alice: Client) -> None:
    ada = make_person(desk.conference, code="ada", name=both("Ada Speaker"))
    desk.talk.roles.create(person=ada, role="speaker")
    make_person(desk.conference, name=both("Nobody Here"))
    choose = shown(alice, "person/")
    assert ("Ada Speaker" in choose, "Nobody Here" in choose) == (True, False)
    run = carried_out(asked(alice, "person", whom="ada", **times(desk)))
    html = shown(alice, f"repairs/{run.pk}/")
    assert "Hold “Talk” without Ada Speaker." in html


def test_only_what_is_published_and_still_to_come_can_be_chosen(desk: Desk, alice: Client) -> None:
    make_session(desk.conference, code="SECRET", title=both("Not published"))
    gone = make_session(desk.conference, code="GONE", title=both("Cancelled talk"), state="cancelled")
    publish(
        desk.conference,
        [(desk.talk, desk.hall, at(desk.conference, "09:00")), (gone, desk.attic, at(desk.conference, "09:00"))],
    )
    for kind in ("session", "later"):
        html = shown(alice, f"{kind}/")
        assert re.findall(r'name="whom" value="(\w+)"', html) == ["TALK"]
        refused = alice.post(f"{ADDRESS}{kind}/", {"whom": "SECRET", "minutes": "30"})
        assert refused.status_code == 422
        assert "This is not on the list" in refused.content.decode()
    assert alice.get(f"{ADDRESS}flood/").status_code == 404
    assert not SolverRun.objects.exists()


def test_what_was_published_meanwhile_is_said_and_can_be_looked_at_again(desk: Desk, alice: Client) -> None:
    run = carried_out(asked(alice, "room", whom="HALL", **times(desk)))
    publish(desk.conference, [(desk.talk, desk.hall, at(desk.conference, "13:00"))])
    html = shown(alice, f"repairs/{run.pk}/")
    assert "Another release was published meanwhile." in html
    assert "Publish at once" not in html
    assert alice.post(f"{ADDRESS}repairs/{run.pk}/").status_code == 409
    assert (Release.objects.count(), Unavailability.objects.count()) == (2, 0)
    alice.post(f"{ADDRESS}repairs/{run.pk}/another/")
    again = SolverRun.objects.latest("pk")
    assert (again.release, again.assumed) == (newest_release(desk.conference), run.assumed)


def test_a_room_that_was_closed_before_is_repaired_from_what_is_published(desk: Desk, alice: Client) -> None:
    alice.post(
        "/organize/forum/programme/close-room/",
        {**times(desk), "room": "HALL", "reason": "water"},
    )
    page = squeezed(alice.get("/organize/forum/conflicts/").content.decode())
    assert '<option value="release-1" selected>' in page
    assert "Repair what is published" in page
    response = alice.post(ADDRESS)
    run = carried_out(SolverRun.objects.get())
    assert response["Location"] == f"{ADDRESS}repairs/{run.pk}/"
    kept = alice.post(f"{ADDRESS}repairs/{run.pk}/keep/")
    draft = Draft.objects.get(name="Release 1, repaired")
    assert kept["Location"] == f"/organize/forum/drafts/{draft.pk}/"
    assert (draft.placements.get().room, Release.objects.count()) == (desk.attic, 1)


def test_before_the_first_release_there_is_no_emergency(desk: Desk, charlie: Client) -> None:
    html = squeezed(charlie.get("/organize/elsewhere/emergency/").content.decode())
    assert "Nothing is published yet" in html
    assert "Room lost" not in html
    charlie.post("/organize/elsewhere/emergency/")
    assert not SolverRun.objects.exists()


def test_times_begin_with_now_and_end_with_the_day(desk: Desk) -> None:
    def usual(clock: str, day: int = 0) -> list[str]:
        found = usual_times(desk.conference, now=at(desk.conference, clock, day=day))
        return [f"{timezone.localtime(one, desk.conference.zone):%d %H:%M}" for one in found]

    assert usual("08:00") == ["01 09:00", "01 18:00"]
    assert usual("13:20") == ["01 13:20", "01 18:00"]
    assert usual("19:00") == ["02 09:00", "02 18:00"]
    assert usual("19:00", day=1) == ["02 19:00", "02 20:00"]


@pytest.mark.parametrize("more", [0, 2])
def test_the_pages_cost_the_same_for_any_number_of_sessions(
    desk: Desk, alice: Client, more: int, django_assert_num_queries: Any
) -> None:
    desk.add_sessions(more)
    for number in range(more + 1):
        make_room(desk.conference)
        person = make_person(desk.conference, code=f"p{number}")
        for session in desk.conference.sessions.all():
            session.roles.create(person=person, role="speaker")
    run = SolverRun.objects.create(
        conference=desk.conference, purpose="emergency", release=newest_release(desk.conference), state="running"
    )
    for path, queries in (
        ("", 6),
        ("room/", 8),
        ("session/", 7),
        ("later/", 7),
        ("person/", 8),
        (f"repairs/{run.pk}/", 8),
    ):
        with django_assert_num_queries(queries):
            shown(alice, path)
