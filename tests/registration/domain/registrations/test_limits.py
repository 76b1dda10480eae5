from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import RequestFactory, override_settings
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from registration.domain.registrations.limits import (
    LINKS_PER_ADDRESS,
    LONGEST_WINDOW,
    Delay,
    Limit,
    MailPace,
    allowed,
    forget_tallies,
    forget_waiting,
    network_of,
    take_back,
    turn,
    waits,
)
from registration.models import Tally
from tests.at_once import at_once

pytestmark = pytest.mark.django_db
THREE = Limit("test", 3, timedelta(hours=1))


def test_tries_beyond_the_limit_are_refused_until_the_window_has_passed() -> None:
    now = timezone.now()
    assert [allowed(THREE, "a", now=now) for _ in range(4)] == [True, True, True, False]
    assert allowed(THREE, "a", now=now + timedelta(minutes=59)) is False
    assert allowed(THREE, "a", now=now + timedelta(hours=1)) is True


def test_each_source_and_each_kind_is_counted_alone() -> None:
    now = timezone.now()
    for _ in range(4):
        allowed(THREE, "a", now=now)
    assert allowed(THREE, "b", now=now) is True
    assert allowed(Limit("other", 3, timedelta(hours=1)), "a", now=now) is True


def test_one_try_is_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        allowed(THREE, "a", now=timezone.now())


def test_no_source_can_be_read_from_a_tally() -> None:
    waits(LINKS_PER_ADDRESS, "alice@example.org", now=timezone.now())
    (tally,) = Tally.objects.all()
    assert len(tally.key) == 64
    assert "alice" not in tally.key


def test_old_tallies_are_forgotten() -> None:
    now = timezone.now()
    allowed(THREE, "old", now=now - LONGEST_WINDOW)
    allowed(THREE, "new", now=now - LONGEST_WINDOW + timedelta(seconds=1))
    assert forget_tallies(now=now) == 1
    assert Tally.objects.count() == 1


@pytest.mark.parametrize(
    ("behind_proxy", "peer", "forwarded", "network"),
    [
        (False, "192.0.2.1", "203.0.113.9", "192.0.2.1"),
        (True, "10.0.0.1", "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        (True, "10.0.0.1", "", "10.0.0.1"),
        (False, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        (False, "::ffff:192.0.2.1", "", "192.0.2.1"),
        (True, "10.0.0.1", "not an address", "unknown"),
        (True, "10.0.0.1", "198.51.100.7:1, 203.0.113.9:50000", "203.0.113.9"),
        (True, "10.0.0.1", "[2001:db8:1:2:3:4:5:6]:443", "2001:db8:1:2::/64"),
        (True, "10.0.0.1", "[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
        (True, "10.0.0.1", "203.0.113.9:50000:1", "unknown"),
    ],
)
def test_the_network_is_what_no_client_can_write(behind_proxy: bool, peer: str, forwarded: str, network: str) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers={"x-forwarded-for": forwarded} if forwarded else {})
    with override_settings(BEHIND_PROXY=behind_proxy):
        assert network_of(request) == network


SLOW = Delay("slow", 2, timedelta(seconds=5))


def seconds(at: datetime, source: str = "a") -> float:
    return waits(SLOW, source, now=at).total_seconds()


def test_each_try_after_the_free_ones_waits_twice_as_long() -> None:
    now = timezone.now()
    assert [seconds(now) for _ in range(4)] == [0, 0, 1, 1], "a try that waits is not counted"
    assert [seconds(now + timedelta(seconds=one)) for one in (0.5, 1, 2, 3, 6)] == [1, 0, 1, 0, 1]
    assert [seconds(now + timedelta(seconds=one)) for one in (7, 8, 12)] == [0, 4, 0], "at most five seconds"
    assert seconds(now, "b") == 0
    assert [seconds(now + timedelta(days=2)) for _ in range(3)] == [0, 0, 1]
    forget_waiting(SLOW, "a")
    assert [seconds(now) for _ in range(3)] == [0, 0, 1]


TURNS = MailPace("turns", 2, timedelta(seconds=10), timedelta(seconds=30))


def turns(at: datetime, number: int, source: str = "a") -> list[float | None]:
    found = [turn(TURNS, source, now=at) for _ in range(number)]
    return [one.total_seconds() if one is not None else None for one in found]


def test_what_a_network_asks_for_leaves_in_turn_and_none_waits_for_ever() -> None:
    now = timezone.now()
    assert turns(now, 7) == [0, 0, 10, 20, 30, None, None]
    assert turns(now, 1, "b") == [0], "another network waits for nobody here"
    assert turns(now + timedelta(seconds=10), 2) == [30, None], "one had its turn; those refused took none"
    assert turns(now + timedelta(seconds=60), 4) == [0, 0, 10, 20]


def test_a_turn_is_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        turn(TURNS, "a", now=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_each_has_a_turn_of_its_own() -> None:
    now = timezone.now()
    found = at_once([lambda: turn(TURNS, "a", now=now)] * 6)
    assert sorted(one.total_seconds() for one in found if one is not None) == [0, 0, 10, 20, 30]


def test_a_try_is_taken_back() -> None:
    now = timezone.now()
    assert [allowed(THREE, "a", now=now) for _ in range(3)] == [True] * 3
    take_back(THREE, "a")
    assert [allowed(THREE, "a", now=now) for _ in range(2)] == [True, False]
    take_back(THREE, "nobody")
    assert Tally.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_tries_at_once_only_the_free_ones_are_made() -> None:
    now = timezone.now()
    found = at_once([lambda: waits(SLOW, "a", now=now)] * 8)
    assert sorted(found)[:3] == [timedelta(), timedelta(), timedelta(seconds=1)]
