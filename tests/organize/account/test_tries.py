"""Wrong passwords and codes: their own source waits, nobody else is shut out, and they are counted without cache."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from organize.account import tries
from organize.account.tries import HOUR, Secret
from registration.domain.registrations.limits import Limit
from registration.models import Tally
from tests.organize.account.people import WRONG, attempt, make_alice

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits of a second are tried, and no machine is too slow for that: time passes where a test says so."""
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)


def wrong(times: int, **where: str) -> list[int]:
    return [attempt(Client(), password=WRONG, **where) for _ in range(times)]


def later(seconds: float) -> None:
    for tally in Tally.objects.all():
        tally.starts_at -= timedelta(seconds=seconds)
        tally.save()


def test_whoever_guesses_waits_longer_each_time_and_nobody_else_does() -> None:
    make_alice()
    make_alice(email="bob@example.org")
    assert wrong(14) == [200] * 5 + [429] * 9
    answer = Client().post(
        "/accounts/login/", {"login": "alice@example.org", "password": WRONG}, REMOTE_ADDR="192.0.2.1"
    )
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (429, "1", "private, no-store")
    assert "Wait 1 second" in answer.content.decode()
    assert attempt(Client(), email="bob@example.org") == 302
    assert attempt(Client(), ip="198.51.100.7") == 302
    later(1)
    assert wrong(2) == [200, 429]
    later(1)
    assert attempt(Client()) == 429
    later(1)
    assert attempt(Client()) == 302
    assert wrong(6) == [200] * 5 + [429]


def test_nobody_waits_longer_than_a_quarter_of_an_hour() -> None:
    make_alice()
    wrong(5)
    Tally.objects.update(count=60)
    later(14 * 60)
    assert attempt(Client()) == 429
    later(61)
    assert attempt(Client()) == 302


def test_wrong_passwords_from_everywhere_do_not_shut_out_a_known_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    few = replace(tries.COUNTS[Secret.PASSWORD], account=Limit("few", 3, HOUR))
    monkeypatch.setitem(tries.COUNTS, Secret.PASSWORD, few)
    make_alice()
    mine = Client()
    assert attempt(mine) == 302
    mine.post("/accounts/logout/")
    assert [attempt(Client(), password=WRONG, ip=f"203.0.113.{n}") for n in range(5)] == [200] * 3 + [429] * 2
    assert attempt(Client(), ip="198.51.100.7") == 429
    assert attempt(mine) == 302


def test_a_browser_is_known_for_its_own_accounts_only() -> None:
    make_alice()
    make_alice(email="mallory@example.org")
    hers = Client()
    assert attempt(hers, email="mallory@example.org") == 302
    hers.post("/accounts/logout/")
    assert [attempt(hers, password=WRONG) for _ in range(6)] == [200] * 5 + [429]
    assert wrong(1) == [429], "the same network without the cookie"
    hers.cookies["organizers_browser"] = "forged"
    assert attempt(hers, password=WRONG) == 429


def test_limits_go_by_no_header_that_a_client_can_write(settings: Settings) -> None:
    make_alice()
    forged = {"x-forwarded-for": "203.0.113.9", "host": "127.0.0.1"}
    for n in range(6):
        fields = {"login": "alice@example.org", "password": WRONG}
        status = Client().post("/accounts/login/", fields, REMOTE_ADDR="192.0.2.1", headers=forged).status_code
        assert status == (200 if n < 5 else 429)
    assert wrong(1) == [429]
    settings.BEHIND_PROXY = True
    # What the proxy saw comes last; what stands before it is the client's own word.
    answers = [
        Client()
        .post(
            "/accounts/login/",
            {"login": "alice@example.org", "password": WRONG},
            REMOTE_ADDR="10.0.0.1",
            headers={"x-forwarded-for": f"203.0.113.{n}, 198.51.100.7"},
        )
        .status_code
        for n in range(6)
    ]
    assert answers == [200] * 5 + [429]


def test_signing_in_needs_no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    make_alice()

    def away(*_args: object, **_options: object) -> None:
        raise ConnectionError("Redis is away")

    monkeypatch.setattr("redis.connection.ConnectionPool.get_connection", away)
    assert wrong(6) == [200] * 5 + [429]
    assert attempt(Client(), ip="198.51.100.7") == 302
    assert Client().post("/accounts/password/reset/", {"email": "alice@example.org"}).status_code == 302


def test_unknown_addresses_wait_like_known_ones() -> None:
    assert wrong(6, email="nobody@example.org") == [200] * 5 + [429]
    assert Tally.objects.filter(starts_at__gt=timezone.now() + timedelta(seconds=1)).count() == 0
