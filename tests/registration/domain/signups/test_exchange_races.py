"""People who let it swap by itself, many at the same moment. The control shows that these tests can fail."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest
from django.db import IntegrityError

from journal.actors import SYSTEM
from registration.domain.signups import signing_up
from registration.domain.signups.signing_up import leave, sign_up
from registration.models import Exchange, Registration, Seats, SignUp
from schedule.models import Session
from tests.at_once import at_once
from tests.factories import at, make_conference, make_registration, make_room, make_session, publish

SEATS, SESSIONS, ROUNDS = 4, 3, 10
pytestmark = pytest.mark.django_db(transaction=True)


class Ring:
    """Full sessions at the same time; everybody in one wants to be in the next."""

    def __init__(self) -> None:
        self.conference = make_conference()
        self.sessions = [make_session(self.conference) for _ in range(SESSIONS)]
        start = at(self.conference, "10:00")
        rooms = [make_room(self.conference, capacity=SEATS) for _ in self.sessions]
        publish(self.conference, [(one, room, start) for one, room in zip(self.sessions, rooms, strict=True)])
        self.people = [make_registration(self.conference) for _ in range(SEATS * SESSIONS)]

    def place(self) -> None:
        SignUp.objects.all().delete()
        for number, person in enumerate(self.people):
            sign_up(person, self.sessions[number % SESSIONS], actor=SYSTEM)

    def rush(self) -> Counter[str]:
        """Everybody asks for the next session at the same moment; how many wait and hold in the end."""
        at_once(
            [partial(wait, person, self.sessions[(number + 1) % SESSIONS]) for number, person in enumerate(self.people)]
        )
        return Counter(SignUp.objects.values_list("state", flat=True))


def wait(person: Registration, session: Session) -> str:
    try:
        return sign_up(person, session, exchange=Exchange.SWAP, actor=SYSTEM).state
    except IntegrityError:
        return "refused by the database"


@pytest.fixture
def ring() -> Ring:
    return Ring()


@pytest.mark.timeout(300)
def test_everybody_gets_what_somebody_else_would_give(ring: Ring) -> None:
    for number in range(3):
        ring.place()
        assert (number, ring.rush()) == (number, Counter(confirmed=len(ring.people), left=len(ring.people)))


def test_control_without_the_locks_exchanges_are_missed(ring: Ring, monkeypatch: pytest.MonkeyPatch) -> None:
    def unlocked(
        registration: Registration, *_sessions: int, swaps: bool = False
    ) -> tuple[dict[int, Seats], Registration]:
        del swaps
        return {row.pk: row for row in Seats.objects.order_by("pk")}, Registration.objects.get(pk=registration.pk)

    monkeypatch.setattr(signing_up, "lock_around", unlocked)
    waiting = 0
    for _ in range(ROUNDS):
        ring.place()
        waiting = ring.rush()["waiting"]
        if waiting:
            break
    assert waiting > 0


def test_leaving_and_swapping_at_once_keeps_every_place_used(ring: Ring) -> None:
    ring.place()
    others = [sign_up(make_registration(ring.conference), one, actor=SYSTEM) for one in ring.sessions]
    leaving = list(SignUp.objects.confirmed().order_by("pk")[:SESSIONS])
    at_once(
        [partial(wait, person, ring.sessions[(number + 1) % SESSIONS]) for number, person in enumerate(ring.people)]
        + [partial(left, one) for one in leaving]
    )
    assert all(one.state == "waiting" for one in others)
    for seats in Seats.objects.filter(conference=ring.conference):
        mine = Counter(SignUp.objects.filter(session=seats.session).values_list("state", flat=True))
        assert (seats.taken, mine["confirmed"]) == (SEATS, SEATS)


def left(signup: SignUp) -> str:
    return leave(signup, actor=SYSTEM).state
