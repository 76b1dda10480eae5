from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import OperationalError, connection, transaction
from psycopg import errors
from pytest_django import DjangoAssertNumQueries

from journal.retrying import TRIES, retried
from registration.domain.signups.locks import lock_place, lock_registration, lock_seats
from registration.models import Registration, Seats
from tests.at_once import at_once
from tests.factories import make_session
from tests.fixtures.conferences import Small

pytestmark = pytest.mark.django_db(transaction=True)


def deadlock() -> OperationalError:
    error = OperationalError("deadlock detected")
    error.__cause__ = errors.DeadlockDetected("deadlock detected")
    return error


class Work:
    """Fails with each of `errors` in turn, then returns how often it was tried."""

    def __init__(self, *failures: OperationalError) -> None:
        self.failures = list(failures)
        self.tries = 0

    def __call__(self) -> int:
        self.tries += 1
        if self.failures:
            raise self.failures.pop(0)
        return self.tries

    __name__ = "work"


@pytest.mark.parametrize("times", [0, 1, TRIES - 1])
def test_an_operation_ended_by_a_deadlock_is_run_again(times: int) -> None:
    work = Work(*[deadlock() for _ in range(times)])
    assert retried(work)() == times + 1


def test_it_is_given_up_after_five_tries() -> None:
    work = Work(*[deadlock() for _ in range(TRIES)])
    with pytest.raises(OperationalError, match="deadlock detected"):
        retried(work)()
    assert work.tries == TRIES == 5


def test_another_failure_is_passed_on_at_once() -> None:
    work = Work(OperationalError("the server has gone"))
    with pytest.raises(OperationalError, match="the server has gone"):
        retried(work)()
    assert work.tries == 1


def test_inside_a_transaction_only_its_owner_can_start_over() -> None:
    work = Work(deadlock())
    with pytest.raises(OperationalError, match="deadlock detected"), transaction.atomic():
        retried(work)()
    assert work.tries == 1


def test_arguments_and_the_result_pass_through() -> None:
    @retried
    def joined(first: str, *, second: str) -> str:
        """Both."""
        return first + second

    assert joined("a", second="b") == "ab"
    assert (joined.__name__, joined.__doc__) == ("joined", "Both.")


def test_two_that_lock_in_opposite_order_both_get_through(small: Small) -> None:
    """A real deadlock: PostgreSQL ends one of the two, which is run again and succeeds."""
    first, second = sorted([small.morning.pk, small.noon.pk])
    both_hold_one = threading.Barrier(2, timeout=30)
    tries: list[int] = []

    def locking(one: int, other: int) -> Callable[[], str]:
        waited: list[bool] = []

        @retried
        @transaction.atomic
        def lock() -> str:
            tries.append(one)
            lock_seats([one])
            if not waited:
                waited.append(True)
                both_hold_one.wait()
            lock_seats([other])
            return "done"

        return lock

    assert at_once([locking(first, second), locking(second, first)]) == ["done", "done"]
    # The one that was ended begins anew; it may overtake the other once more and be ended again.
    assert 2 < len(tries) < TRIES + 2


def test_seats_are_locked_in_order_of_their_key(
    small: Small, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    keys = [small.noon.pk, small.morning.pk, small.parallel.pk, small.noon.pk]
    with transaction.atomic(), django_assert_num_queries(1):
        rows = lock_seats(keys)
    assert list(rows) == sorted(set(keys))
    assert {key: row.session_id for key, row in rows.items()} == {key: key for key in keys}
    with transaction.atomic():
        assert lock_seats([]) == {}


def is_locked(model: type[Seats] | type[Registration], key: int) -> bool:
    """Whether another connection would have to wait for the row."""

    def look() -> bool:
        with transaction.atomic():
            rows = model.objects.select_for_update(skip_locked=True).filter(pk=key)
            return not list(rows)

    (found,) = at_once([look])
    return found


def test_locks_last_until_the_end_of_the_transaction(small: Small) -> None:
    (alice, bob) = small.people(2)
    with transaction.atomic():
        lock_seats([small.morning.pk])
        assert lock_registration(alice.pk) == alice
        assert [is_locked(Seats, one.pk) for one in (small.morning, small.noon)] == [True, False]
        assert [is_locked(Registration, one.pk) for one in (alice, bob)] == [True, False]
    assert not is_locked(Seats, small.morning.pk)
    assert not is_locked(Registration, alice.pk)


def test_a_place_is_locked_in_one_query_with_what_holds_now(
    small: Small, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    (alice, bob) = small.people(2)
    Registration.objects.filter(pk=alice.pk).update(state=Registration.State.CANCELLED)
    with transaction.atomic():
        with django_assert_num_queries(1):
            seats = lock_place(small.morning.pk, alice)
        assert seats == Seats.objects.get(pk=small.morning.pk)
        assert alice.state == Registration.State.CANCELLED
        assert [is_locked(Seats, one.pk) for one in (small.morning, small.noon)] == [True, False]
        assert [is_locked(Registration, one.pk) for one in (alice, bob)] == [True, False]


def test_a_session_without_seats_has_no_place_to_lock(small: Small) -> None:
    (alice,) = small.people(1)
    unplaced = make_session(small.conference)
    with transaction.atomic():
        assert lock_place(unplaced.pk, alice) is None
        assert not is_locked(Registration, alice.pk)


def test_a_lock_needs_a_transaction(small: Small) -> None:
    assert not connection.in_atomic_block
    with pytest.raises(transaction.TransactionManagementError):
        lock_seats([small.morning.pk])
