"""The one order of locks for everything that changes places: seats by key, then registrations.

Where somebody waits who lets it swap by itself, one place that comes free can move many others: then all seats of the
conference are locked, and places change one transaction at a time. A transaction that grants places locks the
registrations of those in line as well; two of them can meet in opposite order, which PostgreSQL notices and ends one
(deadlock_detected). `journal.retrying` runs that one again.
"""

from __future__ import annotations

from collections.abc import Iterable

from registration.models import Registration, Seats, SignUp

# Rows are locked in the order in which the clauses name them.
_LOCK_PLACE = """
SELECT seats.*, registration.state AS registration_state
FROM registration_seats seats, registration_registration registration
WHERE seats.session_id = %s AND registration.id = %s
FOR UPDATE OF seats FOR NO KEY UPDATE OF registration
"""


def lock_seats(session_ids: Iterable[int]) -> dict[int, Seats]:
    """Lock the seats of these sessions for the rest of the transaction, in order of their key."""
    rows = Seats.objects.select_for_update().filter(session_id__in=set(session_ids)).order_by("session_id")
    return {row.session_id: row for row in rows}


def lock_conference(conference_id: int) -> dict[int, Seats]:
    """Lock all seats of a conference, in order of their key: nobody's places change but by this transaction."""
    rows = Seats.objects.select_for_update().filter(conference_id=conference_id).order_by("session_id")
    return {row.session_id: row for row in rows}


def has_swaps(conference_id: int) -> bool:
    """Whether somebody waits in this conference who lets it swap by itself. One query, answered by an index."""
    return SignUp.objects.waiting_to_swap().filter(registration__conference_id=conference_id).exists()


def lock_place(session_id: int, registration: Registration) -> Seats | None:
    """Lock the seats of one session and then the registration, in one statement: the many who want the same session
    wait for each other only as long as that. `registration.state` is read anew. None where there are no such seats.
    """
    for seats in Seats.objects.raw(_LOCK_PLACE, [session_id, registration.pk]):
        registration.state = vars(seats)["registration_state"]
        return seats
    return None


def lock_registration(pk: int) -> Registration:
    """Lock one registration; call after `lock_seats`."""
    return Registration.objects.select_for_update(no_key=True).get(pk=pk)


def lock_around(
    registration: Registration, *session_ids: int, swaps: bool = False
) -> tuple[dict[int, Seats], Registration]:
    """Lock what a change of this person's places may move, then the registration, which is read anew.

    The seats of these sessions and of all they hold or wait for; or all of the conference, where somebody lets it swap
    by itself, or is about to (`swaps`). A sign-up committed between the look and the lock is locked afterwards, against
    the usual order; `retried` takes care of the rare deadlock that can cause.
    """
    conference_id = registration.conference_id
    if swaps or has_swaps(conference_id):
        return lock_conference(conference_id), lock_registration(registration.pk)
    live = SignUp.objects.filter(registration_id=registration.pk).exclude(state=SignUp.State.LEFT)
    mine = live.values_list("session_id", flat=True)
    seats = lock_seats([*session_ids, *mine])
    locked = lock_registration(registration.pk)
    seats |= lock_seats(set(mine.all()) - seats.keys())
    if has_swaps(conference_id):
        seats = lock_conference(conference_id)
    return seats, locked
