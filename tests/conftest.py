"""Fixtures that tests of several apps share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from journal.actors import SYSTEM
from schedule.exchange.readers.importing import import_programme, read_programme
from schedule.models import Conference
from tests.fast import is_fast

pytest_plugins = [
    "tests.fixtures.caching",
    "tests.fixtures.conferences",
    "tests.fixtures.databases",
    "tests.fixtures.emptying",
    "tests.fixtures.mail_server",
    "tests.fixtures.programmes",
]
# How long an example takes says more about what else the machine does than about what is tested.
hypothesis_settings.register_profile("on any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("on any machine")
SAMPLE = Path(__file__).resolve().parent.parent / "schedule" / "exchange" / "samples" / "whrcf2017.json"


def pytest_configure(config: pytest.Config) -> None:
    """A cache of its own for each worker: one that clears it must not clear the others' counts.

    And passwords that are checked at once: what a hash costs, half a second, is Django's affair and tried nowhere.
    Static files are looked for when one is asked for: each browser of a test would list all of them anew.
    """
    worker = getattr(config, "workerinput", {"workerid": "gw0"})["workerid"]
    settings.CACHES["default"]["LOCATION"] = f"{settings.REDIS_URL}?db={int(worker.removeprefix('gw')) + 1}"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.WHITENOISE_AUTOREFRESH = True


def pytest_itemcollected(item: pytest.Item) -> None:
    if is_fast(item):
        item.add_marker(pytest.mark.fast)


@pytest.hookimpl(trylast=True)  # after pytest-django has put tests without a database last
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long first: whoever begins it at the end lets the other workers wait. The browser's tests are one."""
    items.sort(key=lambda item: [item.get_closest_marker(name) is None for name in ("browser", "faults", "slow")])


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A request leaves its language active in the thread that served it; the next test must not inherit it."""
    with translation.override("en"):
        yield


@pytest.fixture
def forum(db: None) -> Conference:
    """The World Human Rights Cities Forum of 2017, imported as an organizer would; public, nothing placed yet."""
    conference = import_programme(read_programme(SAMPLE.read_bytes()), actor=SYSTEM)
    conference.is_public = True
    conference.save(update_fields=["is_public"])
    return conference
