"""An archive is made in one transaction of its own, which sees one moment and changes nothing."""

from __future__ import annotations

import pytest

from schedule.exchange.everything.packing import pack
from tests.factories import make_conference, make_registration


@pytest.mark.django_db(transaction=True)
def test_it_is_made_outside_of_any_other_transaction() -> None:
    conference = make_conference()
    make_registration(conference)
    told: list[tuple[int, int]] = []
    made = pack(conference, "ko", lambda done, of: told.append((done, of)))
    assert made.rows > 0
    assert [done for done, _of in told] == list(range(len(told)))
