"""How many registrations and mails are in each state, for the overview's figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, TextField, Value

from notifications.models import Message
from registration.models import Registration
from schedule.models import Conference


@dataclass(frozen=True)
class StateCounts:
    """Every state is named, also with none."""

    registrations: dict[str, int]
    messages: dict[str, int]


def state_counts(conference: Conference) -> StateCounts:
    """One query for both."""
    found = StateCounts(
        {str(state): 0 for state in Registration.State.values}, {str(state): 0 for state in Message.State.values}
    )
    registrations = _counted(Registration.objects.for_conference(conference), "registration")
    messages = _counted(Message.objects.for_conference(conference), "message")
    for what, state, count in registrations.union(messages, all=True):
        (found.registrations if what == "registration" else found.messages)[state] = count
    return found


def _counted(rows: QuerySet[Any], what: str) -> QuerySet[Any, tuple[str, str, int]]:
    # In groups by state alone: what is counted has no order of its own.
    named = rows.order_by().annotate(what=Value(what, output_field=TextField()))
    found: QuerySet[Any, tuple[str, str, int]] = named.values_list("what", "state").annotate(Count("pk"))
    return found
