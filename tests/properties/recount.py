"""What must hold of sign-ups after each step of a life, recounted by a model that knows nothing of the code under test.

Everything is read with three statements and compared in memory: asking the database row by row was half of what a step
cost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from journal.models import Entry
from registration.models import Seats, SignUp
from schedule.models import Conference

STATE_AFTER = {
    "signup.confirmed": "confirmed",
    "signup.waiting": "waiting",
    "signup.offered": "offered",
    "signup.left": "left",
    "signup.expired": "left",
    "signup.displaced": "waiting",
}


@dataclass(frozen=True)
class Seen:
    """Rows as they are after a step: all sign-ups there are, the seats of the conference, and the entries of its life;
    of these the `new` ones are what the step has written.
    """

    signups: list[SignUp]
    seats: dict[int, Seats]
    entries: list[Entry]
    new: list[Entry]

    def of(self, session: int, *states: str) -> list[SignUp]:
        """The sign-ups of a session in these states, the first in line first."""
        return sorted((one for one in self.signups if one.session_id == session and one.state in states), key=in_line)

    def in_the_way(self, of: SignUp) -> list[SignUp]:
        """What the same person holds at the same time, the very sign-up included where it is confirmed."""
        return [
            one
            for one in self.signups
            if one.registration_id == of.registration_id and one.state == "confirmed" and overlap(one, of)
        ]


def look(conference: Conference, *, since: int, looked: int) -> Seen:
    """Everything, with the entries since `since`; those after `looked` are new. Three statements."""
    entries = list(Entry.objects.filter(pk__gt=since).order_by("pk"))
    seats = {one.session_id: one for one in Seats.objects.filter(conference=conference)}
    return Seen(list(SignUp.objects.order_by("pk")), seats, entries, [one for one in entries if one.pk > looked])


def in_line(one: SignUp) -> tuple[object, int]:
    return one.queued_at, one.pk


def overlap(one: SignUp, other: SignUp) -> bool:
    """Whether they are at the same time. Nothing is at the same time as what has none."""
    return bool(
        one.during and other.during and one.during.lower < other.during.upper and other.during.lower < one.during.upper
    )


def places_are_kept(seen: Seen) -> None:
    for session, seats in seen.seats.items():
        held = len(seen.of(session, "confirmed", "offered"))
        assert (held, held <= seats.capacity) == (seats.taken, True)


def nobody_is_in_two_places(seen: Seen) -> None:
    for one in seen.signups:
        if one.state == "confirmed":
            assert one.during
            assert seen.in_the_way(one) == [one]


def nobody_waits_where_a_place_is_free(seen: Seen) -> None:
    for session, seats in seen.seats.items():
        assert seats.taken >= seats.capacity or not seen.of(session, "waiting")


def nobody_is_asked_without_a_cause(seen: Seen) -> None:
    for one in seen.signups:
        assert one.state != "offered" or seen.in_the_way(one)


def nobody_is_overtaken(seen: Seen) -> None:
    """Whoever's turn has come in this step came before all who still wait for that session, but for those who
    exchanged (nothing came free for those before them), and for those who came into the line in this step.
    """
    came, since = set(), set()
    for entry in seen.new:
        if (entry.verb, entry.data.get("by")) == ("signup.confirmed", "promotion"):
            came.add(entry.subject_id)
        if (entry.verb, entry.data.get("reason")) == ("signup.offered", "turn"):
            came.add(entry.subject_id)
        if entry.verb in ("signup.waiting", "signup.displaced"):
            since.add(entry.subject_id)
    for one in seen.signups:
        if one.pk in came:
            waiting = seen.of(one.session_id, "waiting")
            assert [other for other in waiting if in_line(other) < in_line(one) and other.pk not in since] == []


def no_exchange_is_left_undone(seen: Seen) -> None:
    """Nobody holds, and would give up by itself, what another holds and would give up for it, in any round."""
    gives: dict[int, set[int]] = {}
    for one in seen.signups:
        if one.state == "waiting" and one.exchange == "swap":
            for held in seen.in_the_way(one):
                gives.setdefault(held.session_id, set()).add(one.session_id)
    while stuck := {pk for pk, wanted in gives.items() if not wanted & gives.keys()}:
        gives = {pk: wanted for pk, wanted in gives.items() if pk not in stuck}
    assert gives == {}


def times_follow_the_seats(seen: Seen) -> None:
    for one in seen.signups:
        if one.state != "left":
            seats = seen.seats[one.session_id]
            assert (one.during, one.room_id) == (seats.during, seats.room_id)


def every_state_follows_from_the_journal(seen: Seen) -> None:
    told: dict[int | None, str] = {}
    for subject, state in _told(seen.entries):
        assert told.get(subject) != state
        told[subject] = state
    assert told == {one.pk: one.state for one in seen.signups}


def _told(entries: Iterable[Entry]) -> Iterator[tuple[int | None, str]]:
    return ((entry.subject_id, STATE_AFTER[entry.verb]) for entry in entries if entry.verb in STATE_AFTER)


RULES = (
    places_are_kept,
    nobody_is_in_two_places,
    nobody_waits_where_a_place_is_free,
    nobody_is_asked_without_a_cause,
    nobody_is_overtaken,
    no_exchange_is_left_undone,
    times_follow_the_seats,
    every_state_follows_from_the_journal,
)
