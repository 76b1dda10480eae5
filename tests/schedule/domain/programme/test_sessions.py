from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from journal.actors import SYSTEM, Actor
from journal.models import Entry
from registration.domain.signups.signing_up import sign_up
from registration.models import Seats, SignUp
from schedule.domain.editing import absences
from schedule.domain.programme import rooms
from schedule.domain.programme import sessions as editing
from schedule.models import Conference, Room, Session, Unavailability
from tests.factories import at, make_conference, make_registration, make_room, make_session, publish


class Stage:
    """A published session in a room with three seats: two people have places, nobody waits."""

    def __init__(self) -> None:
        self.conference = make_conference()
        self.room = make_room(self.conference, capacity=3)
        self.session = make_session(self.conference)
        self.start = at(self.conference, "09:00")
        publish(self.conference, [(self.session, self.room, self.start)])
        people = [make_registration(self.conference) for _ in range(2)]
        self.signups = [sign_up(person, self.session, actor=SYSTEM) for person in people]
        self.last = Entry.objects.order_by("-pk")[0].pk

    def told(self) -> list[tuple[str, str, int | None, dict[str, Any]]]:
        """What the journal has taken in since the set-up."""
        rows = Entry.objects.filter(pk__gt=self.last).order_by("pk")
        assert {row.conference_id for row in rows} <= {self.conference.pk}
        return [(row.verb, row.actor, row.subject_id, row.data) for row in rows]

    def verbs(self) -> list[tuple[str, int | None]]:
        return [(verb, subject) for verb, _, subject, _ in self.told()]

    def states(self) -> list[str]:
        return list(SignUp.objects.filter(session=self.session).order_by("pk").values_list("state", flat=True))

    def capacity(self) -> int:
        return Seats.objects.get(session=self.session).capacity

    def snapshot(self) -> list[Any]:
        """Every value that a change could have touched."""
        return [
            list(model.objects.order_by("pk").values())
            for model in (Session, type(self.room), Seats, SignUp, Unavailability, Entry)
        ]


@pytest.fixture
def stage(db: None) -> Stage:
    return Stage()


def test_a_session_gets_another_title(stage: Stage) -> None:
    title, before = {"en": "New title", "ko": "새 제목"}, stage.session.title.data
    made = editing.rename_session(stage.session, title=title, actor=Actor.organizer(7))
    assert Session.objects.get(pk=stage.session.pk).title.data == made.title.data == title
    first, *others = stage.told()
    assert first == ("session.renamed", "organizer:7", stage.session.pk, {"old": before, "new": title})
    assert [(verb, actor, subject, data["changed"]) for verb, actor, subject, data in others] == [
        ("signup.changed", "organizer:7", signup.pk, ["title"]) for signup in stage.signups
    ]


def test_a_cancelled_session_has_nobody_in_it(stage: Stage) -> None:
    made = editing.cancel_session(stage.session, actor=Actor.organizer(7))
    assert (made.state, stage.states(), stage.capacity()) == ("cancelled", ["left", "left"], 0)
    assert stage.verbs() == [
        ("session.cancelled", stage.session.pk),
        ("signup.left", stage.signups[0].pk),
        ("signup.left", stage.signups[1].pk),
    ]


def test_a_session_that_takes_place_after_all_has_its_people_again(stage: Stage) -> None:
    before = stage.capacity()
    editing.cancel_session(stage.session, actor=Actor.organizer(7))
    made = editing.reinstate_session(stage.session, actor=Actor.organizer(7))
    assert (made.state, stage.states(), stage.capacity()) == ("accepted", ["confirmed", "confirmed"], before)
    again = [("signup.confirmed", signup.pk) for signup in stage.signups]
    assert stage.verbs()[3:] == [("session.reinstated", stage.session.pk), *again]


def test_a_new_online_address_is_told_but_kept_out_of_the_journal(stage: Stage) -> None:
    url = "https://meet.example.org/room?pwd=secret"
    made = editing.change_online_address(stage.session, url=f" {url} ", actor=Actor.organizer(7))
    assert made.online_url == url
    first, *others = stage.told()
    assert first == ("session.online_changed", "organizer:7", stage.session.pk, {})
    assert [(verb, subject, data["changed"], data["old"]["online"]) for verb, _actor, subject, data in others] == [
        ("signup.changed", signup.pk, ["online"], "") for signup in stage.signups
    ]
    assert list(SignUp.objects.order_by("pk").values_list("online_url", "sequence")) == [(url, 1)] * 2
    editing.change_online_address(stage.session, url=url, actor=Actor.organizer(7))
    assert list(SignUp.objects.values_list("sequence", flat=True)) == [1, 1]
    assert "secret" not in str(list(Entry.objects.values()))


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://x.example/\r\nX:1", "https://a b", "meet", "ftp://x.example/"]
)
def test_what_is_no_web_address_is_refused_by_the_form_and_by_the_database(stage: Stage, url: str) -> None:
    with pytest.raises(ValidationError) as refused:
        editing.change_online_address(stage.session, url=url, actor=Actor.organizer(7))
    assert "online_url" in refused.value.message_dict
    if not url.startswith("https://a"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Session.objects.filter(pk=stage.session.pk).update(online_url=f"{url} ")
    assert Session.objects.get(pk=stage.session.pk).online_url == ""


def test_a_smaller_cap_sends_the_last_back_to_the_line_and_none_brings_them_in(stage: Stage) -> None:
    made = editing.change_cap(stage.session, places=1, actor=Actor.organizer(7))
    assert (made.capacity_cap, stage.states(), stage.capacity()) == (1, ["confirmed", "waiting"], 1)
    assert stage.verbs() == [("session.cap_changed", stage.session.pk), ("signup.displaced", stage.signups[1].pk)]
    made = editing.change_cap(stage.session, places=None, actor=Actor.organizer(7))
    assert (made.capacity_cap, stage.states(), stage.capacity()) == (None, ["confirmed", "confirmed"], 3)
    assert stage.verbs()[2:] == [("session.cap_changed", stage.session.pk), ("signup.confirmed", stage.signups[1].pk)]


def test_held_seats_are_not_given(stage: Stage) -> None:
    made = editing.hold_seats(stage.session, seats=2, actor=Actor.organizer(7))
    assert (made.held_seats, stage.states(), stage.capacity()) == (2, ["confirmed", "waiting"], 1)
    assert stage.verbs() == [("session.seats_held", stage.session.pk), ("signup.displaced", stage.signups[1].pk)]


def test_more_held_seats_than_the_room_has_leave_none(stage: Stage) -> None:
    editing.hold_seats(stage.session, seats=99, actor=Actor.organizer(7))
    assert (stage.states(), stage.capacity()) == (["waiting", "waiting"], 0)


def test_a_room_that_is_smaller_than_it_was_said(stage: Stage) -> None:
    made = rooms.resize_room(stage.room, capacity=1, actor=Actor.organizer(7))
    assert (made.capacity, stage.states(), stage.capacity()) == (1, ["confirmed", "waiting"], 1)
    assert stage.told()[0] == ("room.resized", "organizer:7", stage.room.pk, {"old": 3, "capacity": 1})
    assert stage.verbs()[1:] == [("signup.displaced", stage.signups[1].pk)]


def test_a_room_gets_another_name(stage: Stage) -> None:
    before = stage.room.name.data
    elsewhere = make_session(stage.conference)
    other = make_room(stage.conference)
    publish(stage.conference, [(stage.session, stage.room, stage.start), (elsewhere, other, stage.start)])
    stage.last = Entry.objects.order_by("-pk")[0].pk
    name = {"en": "Aula", "ko": "강당"}
    made = rooms.rename_room(stage.room, name=name, actor=Actor.organizer(7))
    assert Room.objects.get(pk=stage.room.pk).name.data == made.name.data == name
    first, *others = stage.told()
    data = {"old": before, "new": name, "sessions": [stage.session.pk]}
    assert first == ("room.renamed", "organizer:7", stage.room.pk, data)
    assert [(verb, subject, data["changed"], data["old"]["room_name"]) for verb, _actor, subject, data in others] == [
        ("signup.changed", signup.pk, ["room_name"], before) for signup in stage.signups
    ]
    assert list(SignUp.objects.values_list("sequence", flat=True)) == [1, 1]
    rooms.rename_room(stage.room, name=name | {"de": ""}, actor=Actor.organizer(7))
    assert len(stage.told()) == 3


@pytest.mark.parametrize("name", ["Aula", "101", '"Blue"', "{room}"])
def test_a_name_that_is_the_same_in_all_languages_is_copied_as_it_stands(stage: Stage, name: str) -> None:
    rooms.rename_room(stage.room, name=name, actor=Actor.organizer(7))
    rooms.change_venue(stage.conference, venue=name, actor=Actor.organizer(7))
    stored = Room.objects.annotate(text=Cast("name", TextField())).get(pk=stage.room.pk).text
    assert set(Seats.objects.values_list("room_name", "venue")) == {(stored, stored)}
    assert set(SignUp.objects.values_list("room_name", "venue", "sequence")) == {(stored, stored, 2)}


def test_a_conference_is_in_another_place(stage: Stage) -> None:
    venue = {"en": "Town hall", "ko": "시청"}
    made = rooms.change_venue(stage.conference, venue=venue, actor=Actor.organizer(7))
    assert Conference.objects.get(pk=made.pk).venue.data == made.venue.data == venue
    first, *others = stage.told()
    assert first == ("conference.venue_changed", "organizer:7", stage.conference.pk, {"old": "", "new": venue})
    assert [(verb, subject, data["changed"], data["old"]["venue"]) for verb, _actor, subject, data in others] == [
        ("signup.changed", signup.pk, ["venue"], "") for signup in stage.signups
    ]
    rooms.change_venue(stage.conference, venue=venue, actor=Actor.organizer(7))
    assert len(stage.told()) == 3


def test_another_room_is_no_other_name(stage: Stage) -> None:
    other = make_room(stage.conference, capacity=3)
    publish(stage.conference, [(stage.session, other, stage.start)])
    assert [data["changed"] for verb, _, _, data in stage.told() if verb == "signup.changed"] == [["room"], ["room"]]
    assert list(SignUp.objects.values_list("sequence", flat=True)) == [1, 1]


@pytest.mark.parametrize("reason", ["Water damage", {"en": "Water damage", "ko": "누수"}])
def test_a_closed_room_is_noted_and_published_times_stay(stage: Stage, reason: str | dict[str, str]) -> None:
    ends = at(stage.conference, "12:00")
    made = absences.close_room(stage.room, starts_at=stage.start, ends_at=ends, actor=Actor.organizer(7), reason=reason)
    found = Unavailability.objects.get(pk=made.pk)
    assert (found.room, found.person, found.body, found.conference) == (stage.room, None, None, stage.conference)
    assert (found.starts_at, found.ends_at) == (stage.start, ends)
    with translation.override("en"):
        assert str(found.reason) == "Water damage"
    assert stage.told() == [
        (
            "room.closed",
            "organizer:7",
            stage.room.pk,
            {"starts_at": stage.start.isoformat(), "ends_at": ends.isoformat()},
        ),
    ]
    assert stage.states() == ["confirmed", "confirmed"]


REFUSED: dict[str, tuple[Callable[[Stage], object], dict[str, list[str]]]] = {
    "no title": (
        lambda stage: editing.rename_session(stage.session, title={"en": " ", "ko": ""}, actor=SYSTEM),
        {"title": ["A session needs a title."]},
    ),
    "no language": (
        lambda stage: editing.rename_session(stage.session, title={}, actor=SYSTEM),
        {"title": ["A session needs a title."]},
    ),
    "a room without a name": (
        lambda stage: rooms.rename_room(stage.room, name={"en": " ", "ko": ""}, actor=SYSTEM),
        {"name": ["A room needs a name."]},
    ),
    "a cap below zero": (
        lambda stage: editing.change_cap(stage.session, places=-1, actor=SYSTEM),
        {"capacity_cap": ["At least 0, please."]},
    ),
    "held seats below zero": (
        lambda stage: editing.hold_seats(stage.session, seats=-1, actor=SYSTEM),
        {"held_seats": ["At least 0, please."]},
    ),
    "a room below zero": (
        lambda stage: rooms.resize_room(stage.room, capacity=-1, actor=SYSTEM),
        {"capacity": ["At least 0, please."]},
    ),
    "closed for no time": (
        lambda stage: absences.close_room(stage.room, starts_at=stage.start, ends_at=stage.start, actor=SYSTEM),
        {"ends_at": ["The end must be after the start."]},
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_valid_changes_nothing(stage: Stage, what: str) -> None:
    attempt, messages = REFUSED[what]
    before = stage.snapshot()
    with translation.override("en"), pytest.raises(ValidationError) as caught:
        attempt(stage)
    assert caught.value.message_dict == messages
    assert stage.snapshot() == before


def test_a_failure_while_following_leaves_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("follow broke")

    monkeypatch.setattr(editing, "follow", broken)
    monkeypatch.setattr(rooms, "follow", broken)
    before = stage.snapshot()
    for attempt in (
        lambda: editing.rename_session(stage.session, title={"en": "Other"}, actor=SYSTEM),
        lambda: editing.cancel_session(stage.session, actor=SYSTEM),
        lambda: editing.change_cap(stage.session, places=1, actor=SYSTEM),
        lambda: editing.hold_seats(stage.session, seats=1, actor=SYSTEM),
        lambda: rooms.resize_room(stage.room, capacity=1, actor=SYSTEM),
    ):
        with pytest.raises(RuntimeError, match="follow broke"):
            attempt()
    assert stage.snapshot() == before


def test_what_another_editor_wrote_in_between_is_kept(stage: Stage) -> None:
    Session.objects.filter(pk=stage.session.pk).update(expected_attendance=77)
    editing.change_cap(stage.session, places=2, actor=SYSTEM)
    found = Session.objects.get(pk=stage.session.pk)
    assert (found.expected_attendance, found.capacity_cap) == (77, 2)


@pytest.mark.parametrize("sessions", [1, 3])
def test_a_change_costs_the_same_in_a_programme_of_one_and_of_three(
    db: None, sessions: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    conference = make_conference()
    room = make_room(conference)
    all_of_them = [make_session(conference) for _ in range(sessions)]
    publish(conference, [(one, room, at(conference, f"{9 + hour:02}:00")) for hour, one in enumerate(all_of_them)])
    with django_assert_num_queries(38):
        editing.change_cap(all_of_them[0], places=5, actor=SYSTEM)
