"""The database refuses to break the invariants, whatever Python does. Every test goes past the domain functions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from journal.actors import SYSTEM
from registration.models import Seats, SignUp
from schedule.domain.programme import rooms
from schedule.domain.programme import sessions as editing
from tests.factories import make_conference, make_registration, make_room, make_session, publish
from tests.fixtures.conferences import Small
from tests.sql import refused, run

INSERT = """
INSERT INTO registration_signup
    (uid, registration_id, session_id, state, queued_at, created_at, exclusive, title, sequence, changed_at)
VALUES (gen_random_uuid(), %s, %s, %s, now(), now(), true, '', 0, now())
"""


def test_confirmed_signups_never_exceed_the_capacity(small: Small) -> None:
    people = small.people(3)
    for person in people[:2]:
        run(INSERT, person.pk, small.morning.pk, "confirmed")
    assert refused(INSERT, people[2].pk, small.morning.pk, "confirmed") == "signups_never_exceed_capacity"
    run(INSERT, people[2].pk, small.morning.pk, "waiting")


def test_a_waiting_signup_cannot_be_confirmed_past_the_capacity(small: Small) -> None:
    *_, last = (small.sign_up(person, "morning") for person in small.people(3))
    statement = "UPDATE registration_signup SET state = 'confirmed' WHERE id = %s"
    assert refused(statement, last.pk) == "signups_never_exceed_capacity"


def test_no_confirmed_signup_without_seats_on_offer(small: Small) -> None:
    (alice,) = small.people(1)
    unpublished = make_session(small.conference)
    assert refused(INSERT, alice.pk, unpublished.pk, "confirmed") == "confirmed_signup_has_a_time"


@pytest.mark.parametrize(
    ("statement", "which"),
    [
        ("UPDATE schedule_room SET capacity = 1 WHERE id = %s", "two"),
        ("UPDATE schedule_room SET capacity = 100 WHERE id = %s", "two"),
        ("UPDATE schedule_session SET capacity_cap = 1 WHERE id = %s", "morning"),
        ("UPDATE schedule_session SET held_seats = 1 WHERE id = %s", "morning"),
        ("UPDATE schedule_session SET state = 'cancelled' WHERE id = %s", "morning"),
        ("UPDATE registration_seats SET capacity = 50 WHERE session_id = %s", "morning"),
    ],
)
def test_capacity_cannot_drift_from_cap_room_and_held_seats(small: Small, statement: str, which: str) -> None:
    assert refused(statement, getattr(small, which).pk) == "capacity_follows_cap_room_and_held_seats"


def test_taken_places_are_counted_not_set(small: Small) -> None:
    (alice,) = small.people(1)
    small.sign_up(alice, "morning")
    statement = "UPDATE registration_seats SET taken = 0 WHERE session_id = %s"
    assert refused(statement, small.morning.pk) == "taken_places_are_counted"


def test_nobody_is_confirmed_in_two_places_at_once(small: Small) -> None:
    (alice,) = small.people(1)
    run(INSERT, alice.pk, small.morning.pk, "confirmed")
    assert refused(INSERT, alice.pk, small.parallel.pk, "confirmed") == "nobody_is_confirmed_in_two_places_at_once"
    run(INSERT, alice.pk, small.noon.pk, "confirmed")


def test_a_time_of_somebodys_own_invention_is_replaced_by_the_published_one(small: Small) -> None:
    (alice,) = small.people(1)
    run(INSERT, alice.pk, small.morning.pk, "confirmed")
    run(INSERT, alice.pk, small.parallel.pk, "left")
    run("UPDATE registration_signup SET during = 'empty' WHERE registration_id = %s", alice.pk)
    statement = (
        "UPDATE registration_signup SET state = 'confirmed', during = 'empty', exclusive = false WHERE session_id = %s"
    )
    assert refused(statement, small.parallel.pk) == "nobody_is_confirmed_in_two_places_at_once"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE registration_signup SET state = 'left' WHERE id = %s",
        "DELETE FROM registration_signup WHERE id = %s",
        """DELETE FROM registration_signup gone USING registration_signup one
        WHERE one.id = %s AND gone.registration_id = one.registration_id""",
    ],
)
def test_a_free_place_never_passes_over_those_who_wait(small: Small, statement: str) -> None:
    alice, _bob, charlie = (small.sign_up(person, "morning") for person in small.people(3))
    assert refused(statement, alice.pk) == "free_place_goes_to_the_first_waiting"
    run("UPDATE registration_signup SET state = 'left' WHERE id = %s", charlie.pk)
    run(statement, alice.pk)


def test_nobody_waits_while_there_is_a_place(small: Small) -> None:
    (alice,) = small.people(1)
    assert refused(INSERT, alice.pk, small.morning.pk, "waiting") == "free_place_goes_to_the_first_waiting"


def test_whoever_has_a_place_elsewhere_is_not_passed_over(small: Small) -> None:
    people = small.people(3)
    first, _second, third = (small.sign_up(person, "morning") for person in people)
    small.sign_up(people[2], "parallel")
    statement = "UPDATE registration_signup SET state = 'left' WHERE id = %s"
    assert refused(statement, first.pk) == "free_place_goes_to_the_first_waiting"
    assert SignUp.objects.get(pk=third.pk).state == "waiting"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [first.pk])
        offer = "UPDATE registration_signup SET state = 'offered', offered_until = now() WHERE id = %s"
        cursor.execute(offer, [third.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


OFFER = "UPDATE registration_signup SET state = 'offered', offered_until = now() WHERE id = %s"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE registration_signup SET state = 'left' WHERE id = %s",
        "DELETE FROM registration_signup WHERE id = %s",
        """UPDATE registration_seats SET exclusive = false WHERE session_id = (
        SELECT session_id FROM registration_signup WHERE id = %s); UPDATE registration_signup SET title = title""",
    ],
)
def test_an_offer_ends_with_what_is_in_its_way(small: Small, statement: str) -> None:
    (alice,) = small.people(1)
    parallel, noon = small.sign_up(alice, "parallel"), small.sign_up(alice, "noon")
    assert refused(OFFER, noon.pk) == "offer_ends_with_its_cause"
    run("UPDATE registration_signup SET state = 'left' WHERE id = %s", parallel.pk)
    morning = small.sign_up(alice, "morning")
    run(OFFER, parallel.pk)
    assert refused(statement, morning.pk) == "offer_ends_with_its_cause"
    run("UPDATE registration_signup SET state = 'left', offered_until = NULL WHERE id = %s", parallel.pk)
    run(statement, morning.pk)


def test_what_a_sign_up_stood_as_goes_with_the_state(small: Small) -> None:
    (alice,) = small.people(1)
    morning = small.sign_up(alice, "morning")
    editing.change_cap(small.morning, places=0, actor=SYSTEM)
    for state, stood in (("left", "confirmed"), ("waiting", "confirmed"), ("left", "offered")):
        SignUp.objects.filter(pk=morning.pk).update(state=state, stood_as=stood)
        assert SignUp.objects.values_list("stood_as", flat=True).get(pk=morning.pk) == stood
    editing.change_cap(small.morning, places=None, actor=SYSTEM)
    morning.refresh_from_db()
    assert (morning.state, morning.stood_as) == ("confirmed", "")


@pytest.mark.parametrize("column", ["uid = gen_random_uuid()", "session_id = %(noon)s"])
def test_a_calendar_uid_never_changes(small: Small, column: str) -> None:
    (alice,) = small.people(1)
    signup = small.sign_up(alice, "morning")
    statement = f"UPDATE registration_signup SET {column % {'noon': small.noon.pk}} WHERE id = %s"
    assert refused(statement, signup.pk) == "calendar_uid_never_changes"


def test_the_sequence_rises_by_one_with_a_change_and_by_nothing_else(small: Small) -> None:
    (alice,) = small.people(1)
    signup = small.sign_up(alice, "morning")
    for change, expected in (
        ("sequence = 99", 0),
        ("queued_at = now()", 0),
        ("state = 'left'", 1),
        ("state = 'left', sequence = 0", 1),
        ("state = 'confirmed'", 2),
    ):
        run(f"UPDATE registration_signup SET {change} WHERE id = %s", signup.pk)
        signup.refresh_from_db()
        assert (change, signup.sequence) == (change, expected)


def test_other_names_of_room_and_venue_raise_the_sequence_of_the_places_there(small: Small) -> None:
    (alice,) = small.people(1)
    signup = small.sign_up(alice, "morning")
    rename = """
        WITH renamed AS (UPDATE schedule_room SET name = %(name)s WHERE id = %(room)s)
        UPDATE registration_seats SET room_name = %(name)s WHERE session_id = %(session)s
    """
    names = {"room": small.two.pk, "session": small.morning.pk}
    for name in ("Aula", "Aula", '{"en": "Aula", "ko": "강당"}'):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(rename, names | {"name": name})
            cursor.execute(
                "UPDATE registration_signup SET room_name = 'mine', venue = 'mine' WHERE id = %s", [signup.pk]
            )
        signup.refresh_from_db()
        assert (signup.room_name, signup.venue) == (name, "")
    assert signup.sequence == 2


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("UPDATE schedule_room SET name = 'Aula' WHERE id = %s", "two"),
        ("UPDATE schedule_conference SET venue = 'Hall' WHERE id = %s", "conference"),
        ("UPDATE registration_seats SET room_name = 'Aula' WHERE session_id = %s", "morning"),
        ("UPDATE registration_seats SET venue = 'Hall' WHERE session_id = %s", "morning"),
    ],
)
def test_nothing_is_renamed_without_the_places_there(small: Small, statement: str, table: str) -> None:
    assert refused(statement, getattr(small, table).pk) == "places_follow_names_of_room_and_venue"
    run("UPDATE schedule_room SET name = 'Aula' WHERE id = %s", make_room(small.conference).pk)


def test_the_time_of_the_last_change_moves_with_the_sequence_only(small: Small) -> None:
    (alice,) = small.people(1)
    signup = small.sign_up(alice, "morning")
    before = signup.changed_at
    run("UPDATE registration_signup SET changed_at = now() + interval '1 day' WHERE id = %s", signup.pk)
    signup.refresh_from_db()
    assert signup.changed_at == before


def test_signups_and_interests_stay_within_one_conference(small: Small) -> None:
    stranger = make_registration(make_conference())
    assert refused(INSERT, stranger.pk, small.morning.pk, "waiting") == "rows_stay_within_one_conference"
    wish = "INSERT INTO registration_interest (registration_id, session_id, rank) VALUES (%s, %s, 1)"
    assert refused(wish, stranger.pk, small.morning.pk) == "rows_stay_within_one_conference"


def test_a_registration_never_moves_to_another_conference(small: Small) -> None:
    (alice,) = small.people(1)
    small.sign_up(alice, "morning")
    statement = "UPDATE registration_registration SET conference_id = %s WHERE id = %s"
    assert refused(statement, make_conference().pk, alice.pk) == "rows_keep_their_conference"
    run(statement, small.conference.pk, alice.pk)


def test_one_person_has_one_registration_and_one_place_in_a_session(small: Small) -> None:
    (alice,) = small.people(1)
    small.sign_up(alice, "morning")
    assert refused(INSERT, alice.pk, small.morning.pk, "left") == "one_signup_per_registration_and_session"
    copy = "UPDATE registration_registration SET state = 'accepted', consented_at = NULL WHERE id = %s"
    assert refused(copy, alice.pk) == "registration_is_accepted_only_with_consent"


def test_only_an_offer_has_a_deadline(small: Small) -> None:
    (alice,) = small.people(1)
    signup = small.sign_up(alice, "morning")
    statement = "UPDATE registration_signup SET offered_until = %s WHERE id = %s"
    assert refused(statement, timezone.now(), signup.pk) == "only_an_offered_place_has_a_deadline"


def test_seats_start_with_nobody(small: Small) -> None:
    new = make_session(small.conference)
    statement = (
        "INSERT INTO registration_seats (session_id, conference_id, title, exclusive, capacity, taken) "
        "VALUES (%s, %s, '', true, 0, 1)"
    )
    assert refused(statement, new.pk, small.conference.pk) == "taken_places_are_counted"
    assert not Seats.objects.filter(session=new).exists()


# --- invariant 10 --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "which"),
    [
        ("UPDATE schedule_session SET signup_closes_minutes = 5 WHERE id = %s", "morning"),
        ("UPDATE schedule_conference SET signup_closes_minutes = 5 WHERE id = %s", "conference"),
        ("UPDATE registration_seats SET closes_at = lower(during) + interval '1h' WHERE session_id = %s", "morning"),
        ("UPDATE registration_seats SET closes_at = lower(during) - interval '1h' WHERE session_id = %s", "morning"),
    ],
)
def test_closing_cannot_drift_from_start_session_and_conference(small: Small, statement: str, which: str) -> None:
    assert refused(statement, getattr(small, which).pk) == "sign_up_closes_by_its_start"


def _begun(small: Small) -> None:
    publish(small.conference, [(small.morning, small.two, timezone.now() - timedelta(minutes=5))])


@pytest.mark.parametrize("state", ["confirmed", "waiting"])
def test_nothing_is_given_once_a_session_has_begun(small: Small, state: str) -> None:
    (late,) = small.people(1)
    _begun(small)
    assert refused(INSERT, late.pk, small.morning.pk, state) == "nothing_is_given_after_its_time"
    run(INSERT, late.pk, small.morning.pk, "left")
    again = "UPDATE registration_signup SET state = 'confirmed' WHERE registration_id = %s"
    assert refused(again, late.pk) == "nothing_is_given_after_its_time"
    run("UPDATE registration_signup SET state = 'confirmed', by_hand = true WHERE registration_id = %s", late.pk)


@pytest.mark.parametrize(("minutes", "answer"), [(5, None), (90, "nothing_is_given_after_its_time")])
def test_who_had_a_place_may_have_it_back_until_the_session_is_over(
    small: Small, minutes: int, answer: str | None
) -> None:
    (alice,) = small.people(1)
    signup = small.sign_up(alice, "morning")
    publish(small.conference, [(small.morning, small.two, timezone.now() - timedelta(minutes=minutes))])
    run("UPDATE registration_signup SET state = 'left', stood_as = 'confirmed' WHERE id = %s", signup.pk)
    statement = "UPDATE registration_signup SET state = 'confirmed' WHERE id = %s"
    if answer:
        assert refused(statement, signup.pk) == answer
    else:
        run(statement, signup.pk)


def test_who_waits_is_not_confirmed_once_a_session_has_begun(small: Small) -> None:
    *_, last = (small.sign_up(person, "morning") for person in small.people(3))
    _begun(small)
    rooms.resize_room(small.two, capacity=9, actor=SYSTEM)
    statement = "UPDATE registration_signup SET state = 'confirmed' WHERE id = %s"
    assert refused(statement, last.pk) == "nothing_is_given_after_its_time"


def test_an_offer_never_stands_past_the_start(small: Small) -> None:
    (alice,) = small.people(1)
    small.sign_up(alice, "parallel")
    run(INSERT, alice.pk, small.morning.pk, "left")
    signup = SignUp.objects.get(session=small.morning)
    run("UPDATE registration_signup SET state = 'offered', offered_until = '2099-01-01' WHERE id = %s", signup.pk)
    signup.refresh_from_db()
    assert signup.offered_until == signup.during.lower


def test_marks_go_with_the_state_they_are_about(small: Small) -> None:
    (alice,) = small.people(1)
    signup = small.sign_up(alice, "morning")
    run("UPDATE registration_signup SET by_hand = true, line_closed = true WHERE id = %s", signup.pk)
    signup.refresh_from_db()
    assert (signup.by_hand, signup.line_closed) == (True, False)
    run("UPDATE registration_signup SET state = 'left', line_closed = true WHERE id = %s", signup.pk)
    signup.refresh_from_db()
    assert (signup.by_hand, signup.line_closed) == (False, True)
    run("UPDATE registration_signup SET state = 'confirmed' WHERE id = %s", signup.pk)
    signup.refresh_from_db()
    assert (signup.by_hand, signup.line_closed) == (False, False)
