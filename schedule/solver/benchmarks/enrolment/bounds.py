"""What can be said about an instance without search."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

import numpy as np

from .instance import EnrolmentInstance, EnrolmentKind


def impossible(instance: EnrolmentInstance) -> str | None:
    """A reason why no complete timetable exists, if one shows at a glance."""
    for what, table in (("room", instance.suitable), ("slot", instance.available)):
        without = np.flatnonzero(~table.any(axis=1))
        if len(without):
            return f"event {without[0]} has no suitable {what}"
    if instance.events > instance.rooms * instance.slots:
        return f"{instance.events} events do not fit into {instance.rooms} rooms in {instance.slots} slots"
    order = TopologicalSorter({event: [] for event in range(instance.events)})
    for earlier, later in instance.precedences:
        order.add(later, earlier)
    try:
        order.prepare()
    except CycleError as error:
        return "events must come before one another in a circle: " + ", ".join(map(str, error.args[1]))
    return None


def lower_bound(instance: EnrolmentInstance) -> int:
    """A cost that no complete timetable goes below.

    ITC: whoever attends one event has a day with a single event; and what does not fit into the other slots must go
    into last slots, at best the events with the fewest attendees. Preferences: events that can only be in one slot.
    """
    if instance.kind is EnrolmentKind.PREFERENCES:
        fixed = np.where(instance.available.sum(axis=1) == 1, instance.available.argmax(axis=1), -1)
        same = (fixed[:, None] == fixed[None, :]) & (fixed >= 0)[:, None]
        return int(np.triu(instance.together * same, 1).sum())
    last = np.arange(instance.slots) % instance.slots_per_day == instance.slots_per_day - 1
    only_last = ~instance.available[:, ~last].any(axis=1)
    spare = instance.events - int((~last).sum()) * instance.rooms - int(only_last.sum())
    cheapest = np.sort(instance.size[~only_last])[: max(0, spare)]
    singles = int((instance.attendance.sum(axis=1) == 1).sum())
    return singles + int(instance.size[only_last].sum()) + int(cheapest.sum())
