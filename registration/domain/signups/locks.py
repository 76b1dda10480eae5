"""The one order of locks for everything that changes places: seats by key, then registrations.

A transaction that grants places locks the registrations of those in line as well; two of them can meet in opposite
order, which PostgreSQL notices and ends one (deadlock_detected). `journal.retrying` runs that one again.
"""

from __future__ import annotations

from collections.abc import Iterable

from registration.models import Registration, Seats

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
