"""Secret addresses made at the same moment. The control shows that the test can fail."""

from __future__ import annotations

from functools import partial

import pytest

from journal.actors import SYSTEM
from notifications.feeds import my_addresses
from notifications.feeds.my_addresses import MOST_ADDRESSES, TooManyAddresses, make_address
from notifications.models import FeedToken
from registration.models import Registration
from tests.at_once import at_once
from tests.factories import make_conference, make_registration

TRIES = 12
ROUNDS = 5
pytestmark = pytest.mark.django_db(transaction=True)


def try_to_make(registration: Registration, name: str) -> bool:
    try:
        make_address(registration, name=name, actor=SYSTEM)
    except TooManyAddresses:
        return False
    return True


def most_made() -> int:
    """The most addresses that one person got by asking for many at once."""
    most = 0
    for _ in range(ROUNDS):
        alice = make_registration(make_conference())
        made = at_once([partial(try_to_make, alice, f"Device {n}") for n in range(TRIES)])
        assert sum(made) == FeedToken.objects.filter(registration=alice).count()
        most = max(most, sum(made))
    return most


def test_many_at_once_stay_within_the_bound() -> None:
    assert most_made() == MOST_ADDRESSES


def test_control_without_the_lock_there_are_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(my_addresses, "lock_registration", lambda pk: None)
    assert most_made() > MOST_ADDRESSES
