"""The database refuses to break the programme's invariants. Every test goes past the domain functions."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from schedule.models import Conference, Day, Release, ReleasedPlacement, Room, RoomUse, Session
from tests.factories import (
    at,
    make_body,
    make_conference,
    make_person,
    make_release,
    make_room,
    make_session,
    make_theme,
)
from tests.sql import refused, run

ROOM_IS_FREE = "no_room_hosts_two_sessions_at_once"


class House:
    """Rooms a and b, the hall joined from both, the big hall joined from the hall and c, and a lobby for many uses."""

    def __init__(self) -> None:
        self.conference = make_conference()
        self.rooms = {code: make_room(self.conference, code=code) for code in "abc"}
        self.rooms["hall"] = make_room(self.conference, code="hall", parts=[self.rooms["a"], self.rooms["b"]])
        self.rooms["big"] = make_room(self.conference, code="big", parts=[self.rooms["hall"], self.rooms["c"]])
        self.rooms["lobby"] = make_room(self.conference, code="lobby", allows_parallel_use=True)
        self.first, self.second = (make_session(self.conference) for _ in range(2))

    def publish(self, first: str, second: str) -> Release:
        """Release the two sessions, each "09:00 a"."""
        return make_release(self.conference, [self.placed(self.first, first), self.placed(self.second, second)])

    def placed(self, session: Session, words: str) -> tuple[Session, Room, datetime]:
        clock, room = words.split()
        return session, self.rooms[room], at(self.conference, clock)

    def refusal(self, first: str, second: str) -> str:
        with pytest.raises(IntegrityError) as caught, transaction.atomic():
            self.publish(first, second)
        return str(caught.value.__cause__.diag.constraint_name)  # type: ignore[union-attr]  # psycopg's error is the cause


@pytest.fixture
def house(db: None) -> House:
    return House()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("09:00 a", "09:00 a"),
        ("09:00 a", "09:59 a"),
        ("09:00 hall", "09:30 a"),
        ("09:00 b", "08:30 hall"),
        ("09:00 big", "09:00 a"),
        ("09:00 c", "09:00 big"),
        ("09:00 hall", "09:00 big"),
    ],
)
def test_no_room_with_its_parts_hosts_two_sessions_at_once(house: House, first: str, second: str) -> None:
    assert house.refusal(first, second) == ROOM_IS_FREE
    assert not Release.objects.exists()
    later = f"12:00 {second.split()[1]}"
    assert house.publish(first, later).placements.count() == 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("09:00 a", "10:00 a"),
        ("10:00 hall", "09:00 b"),
        ("09:00 a", "09:00 b"),
        ("09:00 hall", "09:00 c"),
        ("09:00 lobby", "09:00 lobby"),
    ],
)
def test_touching_times_other_rooms_and_parallel_use_are_fine(house: House, first: str, second: str) -> None:
    assert house.publish(first, second).placements.count() == 2


def test_joined_rooms_that_share_a_part_exclude_each_other(house: House) -> None:
    house.rooms["other"] = make_room(house.conference, code="other", parts=[house.rooms["b"], house.rooms["c"]])
    assert house.refusal("09:00 hall", "09:00 other") == ROOM_IS_FREE
    assert house.publish("09:00 hall", "10:00 other").number == 1


def test_each_release_has_its_rooms_for_itself(house: House) -> None:
    assert house.publish("09:00 a", "10:00 a").number == 1
    assert house.publish("10:00 hall", "09:00 a").number == 2


def test_the_uses_of_a_room_are_its_own_and_those_of_its_parts(house: House) -> None:
    release = house.publish("09:00 big", "12:00 lobby")
    uses = RoomUse.objects.filter(release=release).order_by("room__code")
    start = at(house.conference, "09:00")
    assert [(one.room.code, one.during.lower, one.during.upper) for one in uses] == [
        (code, start, start + timedelta(hours=1)) for code in ("a", "b", "big", "c", "hall")
    ]


INSERT_RELEASE = """
INSERT INTO schedule_release (conference_id, number, published_at, note, sealed) VALUES (%s, %s, now(), '', false)
"""
INSERT_PLACEMENT = """
INSERT INTO schedule_releasedplacement (release_id, session_id, room_id, "start", "end", title, room_name)
VALUES (%s, %s, %s, now(), now() + interval '1 hour', '', '')
"""
INSERT_USE = """
INSERT INTO schedule_roomuse (placement_id, release_id, room_id, during)
SELECT id, release_id, room_id, tstzrange("start", "end") FROM schedule_releasedplacement WHERE release_id = %s LIMIT 1
"""


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE schedule_release SET number = 7 WHERE id = %s",
        "UPDATE schedule_release SET note = 'other' WHERE id = %s",
        "UPDATE schedule_release SET published_at = now() WHERE id = %s",
        "UPDATE schedule_release SET sealed = false WHERE id = %s",
        "UPDATE schedule_release SET sealed = true WHERE id = %s",
        "DELETE FROM schedule_release WHERE id = %s",
        'UPDATE schedule_releasedplacement SET "end" = "end" + interval \'1 hour\' WHERE release_id = %s',
        "UPDATE schedule_releasedplacement SET title = 'other' WHERE release_id = %s",
        "DELETE FROM schedule_releasedplacement WHERE release_id = %s",
        "UPDATE schedule_roomuse SET during = 'empty' WHERE release_id = %s",
        "DELETE FROM schedule_roomuse WHERE release_id = %s",
        INSERT_USE,
    ],
)
def test_a_release_is_immutable(house: House, statement: str) -> None:
    release = house.publish("09:00 a", "10:00 a")
    assert refused(statement, release.pk) == "release_is_immutable"


def test_nothing_is_added_to_a_sealed_release(house: House) -> None:
    new = make_session(house.conference)
    release = house.publish("09:00 a", "10:00 a")
    assert refused(INSERT_PLACEMENT, release.pk, new.pk, house.rooms["c"].pk) == "release_is_immutable"
    assert ReleasedPlacement.objects.filter(release=release).count() == 2


def test_uses_of_rooms_are_not_written_by_hand_before_the_release_is_sealed_either(house: House) -> None:
    with transaction.atomic():
        release = Release.objects.create(conference=house.conference, number=1)
        ReleasedPlacement.objects.create(
            release=release,
            session=house.first,
            room=house.rooms["a"],
            title="",
            room_name="",
            start=at(house.conference, "09:00"),
            end=at(house.conference, "10:00"),
        )
        for statement in (INSERT_USE, "DELETE FROM schedule_roomuse WHERE release_id = %s"):
            with pytest.raises(IntegrityError) as caught, transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, [release.pk])
            assert caught.value.__cause__.diag.constraint_name == "release_is_immutable"  # type: ignore[union-attr]  # psycopg's error
        release.sealed = True
        release.save(update_fields=["sealed"])
    assert RoomUse.objects.filter(release=release).count() == 1


def test_sealing_changes_nothing_else(house: House) -> None:
    with transaction.atomic():
        release = Release.objects.create(conference=house.conference, number=1)
        statement = "UPDATE schedule_release SET sealed = true, number = 2 WHERE id = %s"
        with pytest.raises(IntegrityError, match="is immutable"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [release.pk])
        release.sealed = True
        release.save(update_fields=["sealed"])
    release.refresh_from_db()
    assert (release.number, release.sealed) == (1, True)


def test_a_release_that_is_not_sealed_is_refused_at_the_commit(house: House) -> None:
    assert refused(INSERT_RELEASE, house.conference.pk, 1) == "release_is_sealed_when_made"
    run(INSERT_RELEASE.replace("false", "true"), house.conference.pk, 1)


def test_release_numbers_are_unique_and_start_at_one(house: House) -> None:
    house.publish("09:00 a", "10:00 a")
    sealed = INSERT_RELEASE.replace("false", "true")
    assert refused(sealed, house.conference.pk, 1) == "release_number_is_unique_in_its_conference"
    assert refused(sealed, house.conference.pk, 0) == "release_numbers_start_at_one"
    run(sealed, house.conference.pk, 2)
    run(sealed, make_conference().pk, 1)


def test_a_session_is_placed_once_in_a_release(house: House) -> None:
    twice = [house.placed(house.first, "09:00 a"), house.placed(house.first, "12:00 a")]
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        make_release(house.conference, twice)
    assert caught.value.__cause__.diag.constraint_name == "session_is_placed_once_in_a_release"  # type: ignore[union-attr]  # psycopg's error
    assert make_release(house.conference, twice[:1]).number == 1


@pytest.mark.parametrize("change", ["code = 'other'", "uid = gen_random_uuid()", "conference_id = {other}"])
def test_the_identity_of_a_session_never_changes(house: House, change: str) -> None:
    statement = f"UPDATE schedule_session SET {change.format(other=make_conference().pk)} WHERE id = %s"
    assert refused(statement, house.first.pk) == "session_identity_never_changes"
    run("UPDATE schedule_session SET code = code, uid = uid, title = 'other' WHERE id = %s", house.first.pk)


def test_the_address_of_a_conference_stays_once_it_is_published(house: House) -> None:
    statement = "UPDATE schedule_conference SET slug = %s WHERE id = %s"
    run(statement, "before", house.conference.pk)
    house.publish("09:00 a", "10:00 a")
    assert refused(statement, "after", house.conference.pk) == "published_address_never_changes"
    run(statement, "before", house.conference.pk)
    run("UPDATE schedule_conference SET theme = 'other' WHERE id = %s", house.conference.pk)


@pytest.mark.parametrize("foreign", ["session", "room"])
def test_a_release_places_sessions_and_rooms_of_its_own_conference(house: House, foreign: str) -> None:
    other = make_conference()
    session, room, start = house.placed(house.first, "09:00 a")
    stranger = (make_session(other), room, start) if foreign == "session" else (session, make_room(other), start)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        make_release(house.conference, [stranger])
    assert caught.value.__cause__.diag.constraint_name == "rows_stay_within_one_conference"  # type: ignore[union-attr]  # psycopg's error
    assert make_release(house.conference, [(session, room, start)]).number == 1


def test_days_of_a_conference_do_not_overlap(db: None) -> None:
    conference = make_conference(days=2)
    change = "UPDATE schedule_day SET closes_at = %s WHERE conference_id = %s AND date = %s"
    second_opens = at(conference, "09:00", day=1)
    late = second_opens + timedelta(minutes=1)
    assert refused(change, late, conference.pk, conference.starts_on) == "days_of_a_conference_do_not_overlap"
    run(change, second_opens, conference.pk, conference.starts_on)
    make_conference(days=2)


def test_a_day_has_one_window_that_ends_after_it_starts(db: None) -> None:
    conference = make_conference(days=1)
    insert_day = "INSERT INTO schedule_day (conference_id, date, opens_at, closes_at) VALUES (%s, %s, %s, %s)"
    opens, closes = at(conference, "19:00"), at(conference, "20:00")
    assert refused(insert_day, conference.pk, conference.starts_on, opens, closes) == "one_window_per_day"
    next_day = conference.starts_on + timedelta(days=1)
    assert refused(insert_day, conference.pk, next_day, closes, opens) == "day_closes_after_it_opens"
    run(insert_day, conference.pk, next_day, opens, closes)
    assert Day.objects.filter(conference=conference).count() == 2


def unavailable(conference: Conference, until: str, **columns: int) -> str:
    """The statement that says so of whatever the columns point to, from now until then."""
    names = "".join(f", {column}" for column in columns)
    keys = "".join(f", {key}" for key in columns.values())
    return f"""
        INSERT INTO schedule_unavailability (conference_id, starts_at, ends_at, reason{names})
        VALUES ({conference.pk}, now(), {until}, ''{keys})
    """


LATER = "now() + interval '1 hour'"


@pytest.mark.parametrize("subjects", [(), ("room", "person"), ("person", "body"), ("room", "person", "body")])
def test_an_unavailability_has_exactly_one_subject(db: None, subjects: tuple[str, ...]) -> None:
    conference = make_conference()
    keys = {
        "room": make_room(conference).pk,
        "person": make_person(conference).pk,
        "body": make_body(conference).pk,
    }
    wrong = unavailable(conference, LATER, **{f"{name}_id": keys[name] for name in subjects})
    assert refused(wrong) == "unavailability_has_exactly_one_subject"
    for name, key in keys.items():
        run(unavailable(conference, LATER, **{f"{name}_id": key}))


def test_an_unavailability_ends_after_it_starts(db: None) -> None:
    conference = make_conference()
    room = make_room(conference)
    assert refused(unavailable(conference, "now()", room_id=room.pk)) == "unavailability_ends_after_it_starts"
    run(unavailable(conference, LATER, room_id=room.pk))


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE schedule_session SET duration_minutes = 0 WHERE id = {session}", "session_lasts_at_least_a_minute"),
        ("UPDATE schedule_session SET signup = 'any' WHERE id = {session}", "session_signup_is_known"),
        ("UPDATE schedule_session SET state = 'lost' WHERE id = {session}", "session_state_is_known"),
        (
            "UPDATE schedule_session SET not_before = now(), not_after = now() WHERE id = {session}",
            "session_window_ends_after_it_starts",
        ),
        ("INSERT INTO schedule_roompart (room_id, part_id) VALUES ({room}, {room})", "room_is_not_its_own_part"),
        (
            "INSERT INTO schedule_sessionorder (earlier_id, later_id) VALUES ({session}, {session})",
            "session_is_not_before_itself",
        ),
        (
            "INSERT INTO schedule_notparallel (first_id, second_id) VALUES ({second}, {session})",
            "not_parallel_pair_is_in_key_order",
        ),
        ("UPDATE schedule_conference SET ends_on = starts_on - 1 WHERE id = {own}", "conference_ends_after_it_starts"),
        ("UPDATE schedule_conference SET slot_minutes = 0 WHERE id = {own}", "conference_grid_is_at_least_a_minute"),
        ("UPDATE schedule_conference SET languages = '{{}}' WHERE id = {own}", "conference_has_a_language"),
    ],
)
def test_what_makes_no_sense_is_refused(db: None, statement: str, constraint: str) -> None:
    own = make_conference()
    session, second = make_session(own), make_session(own)
    keys = {"own": own.pk, "session": session.pk, "second": second.pk, "room": make_room(own).pk}
    assert refused(statement.format(**keys)) == constraint


def test_clean_rows_pass(db: None) -> None:
    session = make_session(make_conference())
    run(
        "UPDATE schedule_session SET not_before = now(), not_after = %s WHERE id = %s",
        timezone.now() + timedelta(hours=2),
        session.pk,
    )
    run("UPDATE schedule_conference SET slot_minutes = 1, ends_on = starts_on WHERE id = %s", session.conference_id)


def test_the_conferences_calendar_entry_follows_its_name_venue_and_days_and_nothing_else(db: None) -> None:
    conference = make_conference()

    def sequence() -> int:
        return Conference.objects.values_list("entry_sequence", flat=True).get(pk=conference.pk)

    run("UPDATE schedule_conference SET capacity = 5, entry_sequence = 99 WHERE id = %s", conference.pk)
    assert sequence() == 0
    for number, change in enumerate(
        ("name = 'Forum'", "venue = 'Hall'", "ends_on = ends_on + 1", "starts_on = starts_on - 1"), 1
    ):
        run(f"UPDATE schedule_conference SET {change} WHERE id = %s", conference.pk)
        assert sequence() == number
    statement = "UPDATE schedule_conference SET uid = gen_random_uuid() WHERE id = %s"
    assert refused(statement, conference.pk) == "calendar_uid_never_changes"


def test_a_theme_stays_in_its_conference(db: None) -> None:
    conference, other = make_conference(), make_conference()
    session, theme = make_session(conference), make_theme(other)
    statement = "UPDATE schedule_session SET theme_id = %s WHERE id = %s"
    assert refused(statement, theme.pk, session.pk) == "rows_stay_within_one_conference"
    moved = "UPDATE schedule_theme SET conference_id = %s WHERE id = %s"
    assert refused(moved, conference.pk, theme.pk) == "rows_keep_their_conference"
