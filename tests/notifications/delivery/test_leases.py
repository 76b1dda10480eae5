"""Claiming asks on indexes alone, whatever the database believes about how many messages there are."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from notifications.delivery import leases
from notifications.delivery.retry_schedule import CUT_OFFS
from notifications.rules.together import WAIT

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("statement", "subplans"), [(leases._CLAIM, 5), (leases._JOIN, 1)])
def test_older_messages_are_looked_up_by_whose_they_are(statement: str, subplans: int) -> None:
    now = timezone.now()
    values: dict[str, Any] = {
        "queue": "bulk",
        "now": now,
        "soon": now + WAIT,
        "until": now + leases.LEASE,
        "never": now + timedelta(days=1),
        "cut_offs": CUT_OFFS,
        "limit": 50,
        "ids": list(range(50)),
    }
    with connection.cursor() as cursor:
        # What a burst of thousands looks like to a planner that has not counted them: nothing is worth going through.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {statement}", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    asked = re.findall(
        r"Scan.* on notifications_message older(?:_\d)?\b[^\n]*\n\s+(?:Index|Recheck) Cond: ([^\n]+)", plan
    )
    assert len(asked) == len(re.findall(r"on notifications_message older", plan)) == subplans
    assert [one for one in asked if not re.search(r"(signup|person|registration)_id = ", one)] == []
    assert [
        line for line in plan.splitlines() if "Anti Join" in line or ("IS NULL" in line and "Index Cond" in line)
    ] == []
