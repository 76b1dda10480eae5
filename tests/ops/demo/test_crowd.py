from __future__ import annotations

import threading

import pytest
from django.db import connection

from ops.demo.crowd import TOGETHER, at_once
from schedule.models import Conference
from tests.factories import make_conference

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_item_is_worked_on_once_and_several_at_a_time() -> None:
    together = threading.Barrier(TOGETHER, timeout=30)

    def work(number: int) -> int:
        if number < TOGETHER:
            together.wait()
        return number * 2

    assert sorted(at_once(work, range(10))) == [number * 2 for number in range(10)]
    assert at_once(work, []) == []


def test_each_has_a_connection_of_its_own_which_is_closed() -> None:
    make_conference(slug="forum")
    used: list[object] = []

    def work(_number: int) -> str:
        used.append(connection.connection or connection.cursor().connection)
        return Conference.objects.get().slug

    assert at_once(work, range(6)) == ["forum"] * 6
    assert connection.connection not in used
    assert {one.closed for one in used} == {True}  # type: ignore[attr-defined]  # psycopg's own connections


def test_a_failure_is_passed_on() -> None:
    with pytest.raises(ZeroDivisionError):
        at_once(lambda number: 1 // number, [1, 0, 2])
