"""What people want to attend, as far as the programme may know it.

The programme never imports the registration: `settings.SCHEDULE_DEMAND` names a callable that takes a conference and
returns a `Demand`, so a programme can be planned, tested and measured without any registration.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from schedule.models import Conference
from schedule.solver.problem import Attendee


@dataclass(frozen=True)
class Demand:
    """Wishes of each (nameless) attendee, and how many places are taken in each session, by session code."""

    attendees: tuple[Attendee, ...] = ()
    taken: Mapping[str, int] = field(default_factory=dict)


def demand_of(conference: Conference) -> Demand:
    """Ask the declared callable."""
    ask = cast("Callable[[Conference], Demand]", import_string(settings.SCHEDULE_DEMAND))
    return ask(conference)
