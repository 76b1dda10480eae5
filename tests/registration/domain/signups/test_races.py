"""Many people at once, on real connections. The controls show that these tests can fail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from django.db import IntegrityError, connection

from journal.actors import SYSTEM
from registration.domain.signups import locks, signing_up
from registration.domain.signups.signing_up import leave, sign_up
from registration.models import Registration, Seats, SignUp
from schedule.domain.programme import rooms as room_changes
from schedule.domain.programme import sessions as editing
from schedule.models import Session
from tests.at_once import at_once
from tests.factories import at, make_conference, make_registration, make_room, make_session, publish

PEOPLE = 64
ROUNDS = 6
# Without the lock it goes wrong in most rounds, and by chance may not in one.
TRIES = 20
pytestmark = pytest.mark.django_db(transaction=True)


class Crowd:
    """A session with one place, and people who all want it."""

    def __init__(self) -> None:
        conference = make_conference()
        self.session = make_session(conference)
        self.room = make_room(conference, capacity=1)
        publish(conference, [(self.session, self.room, at(conference, "09:00"))])
        self.people = [make_registration(conference) for _ in range(PEOPLE)]

    def clear(self) -> None:
        SignUp.objects.all().delete()

    def rush(self) -> Counter[str]:
        """Everybody signs up at the same moment; how it ended for how many."""
        return Counter(at_once([partial(try_to_sign_up, person, self.session) for person in self.people]))


def try_to_sign_up(person: Registration, session: Session) -> str:
    try:
        return sign_up(person, session, actor=SYSTEM).state
    except IntegrityError:
        return "refused by the database"


@pytest.fixture
def crowd() -> Crowd:
    return Crowd()


@pytest.fixture
def lock_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same reads, without FOR UPDATE."""

    def unlocked(session_id: int, _registration: Registration) -> Seats | None:
        return Seats.objects.filter(session_id=session_id).first()

    monkeypatch.setattr(signing_up, "lock_place", unlocked)
    assert locks.lock_place is not unlocked


@pytest.fixture
def database_trusting() -> Iterator[None]:
    """The database without its check of the number of places."""
    name, condition = "signups_never_exceed_capacity", "CHECK (taken <= capacity)"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE registration_seats DROP CONSTRAINT {name}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM registration_signup")
        cursor.execute(f"ALTER TABLE registration_seats ADD CONSTRAINT {name} {condition}")


@pytest.mark.timeout(300)
def test_64_want_the_last_place_and_exactly_one_gets_it(crowd: Crowd) -> None:
    for number in range(ROUNDS):
        assert (number, crowd.rush()) == (number, Counter(confirmed=1, waiting=PEOPLE - 1))
        crowd.clear()


@pytest.mark.usefixtures("lock_off")
def test_control_without_the_lock_people_meet_errors(crowd: Crowd) -> None:
    """The database still keeps the number of places; but people would see failures instead of a waiting line."""
    outcome: Counter[str] = Counter()
    for _ in range(TRIES):
        outcome = crowd.rush()
        assert outcome["confirmed"] == 1
        if outcome["refused by the database"]:
            break
        crowd.clear()
    assert outcome["refused by the database"] > 0


@pytest.mark.usefixtures("lock_off", "database_trusting")
def test_control_without_lock_and_database_the_session_is_oversold(crowd: Crowd) -> None:
    confirmed = 0
    for _ in range(TRIES):
        confirmed = crowd.rush()["confirmed"]
        if confirmed > 1:
            break
        crowd.clear()
    assert confirmed > 1


def test_leaving_signing_up_and_changing_the_cap_at_once_keep_every_place_used() -> None:
    conference = make_conference()
    first, second = (make_session(conference, capacity_cap=5) for _ in range(2))
    rooms = [make_room(conference, capacity=8) for _ in range(2)]
    publish(conference, [(first, rooms[0], at(conference, "09:00")), (second, rooms[1], at(conference, "09:30"))])
    people = [make_registration(conference) for _ in range(24)]
    signups = [sign_up(person, first if number % 2 else second, actor=SYSTEM) for number, person in enumerate(people)]

    def leaving(signup: SignUp) -> Callable[[], str]:
        return lambda: leave(signup, actor=SYSTEM).state

    def capping(session: Session, places: int) -> Callable[[], str]:
        return lambda: str(editing.change_cap(session, places=places, actor=SYSTEM).capacity_cap)

    at_once(
        [leaving(one) for one in signups[:12]]
        + [capping(first, 3), capping(second, 7), capping(first, 6), capping(second, 4)]
        + [lambda: room_changes.resize_room(rooms[0], capacity=4, actor=SYSTEM).code]
    )
    for seats in Seats.objects.filter(conference=conference):
        mine = Counter(SignUp.objects.filter(session=seats.session).values_list("state", flat=True))
        assert seats.taken == mine["confirmed"]
        assert seats.taken == min(seats.capacity, mine["confirmed"] + mine["waiting"])
