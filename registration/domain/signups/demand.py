"""The demand the scheduler serves: ranked wishes, and places already taken."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import BigIntegerField, F, IntegerField, QuerySet, Value

from registration.models import Interest, Registration, Seats, SignUp
from schedule.models import Conference
from schedule.ports.demand import Demand
from schedule.solver.problem import Attendee

HELD_WEIGHT = 8
LEAST_WEIGHT = 1
DEAREST_WEIGHT = 5


def weight_of(rank: int) -> int:
    """Rank 1 weighs 5, rank 5 and later 1. A place already held (8) outweighs any wish."""
    return max(LEAST_WEIGHT, DEAREST_WEIGHT + 1 - rank)


# Where a wish has its rank, which is 1 or more.
_HELD = 0


def demand_for(conference: Conference) -> Demand:
    """Wishes and held places of everybody who takes part in the conference. One query."""
    wanted: dict[int, dict[str, int]] = defaultdict(dict)
    taken: dict[str, int] = {}
    for registration, code, number in _rows(conference):
        if registration is None:
            taken[code] = number
        else:
            weight = HELD_WEIGHT if number == _HELD else weight_of(number)
            mine = wanted[registration]
            mine[code] = max(weight, mine.get(code, 0))
    attendees = tuple(
        Attendee(tuple(sorted(wishes.items(), key=lambda wish: (-wish[1], wish[0]))))
        for _, wishes in sorted(wanted.items())
    )
    return Demand(attendees=attendees, taken=taken)


def _rows(conference: Conference) -> QuerySet[Any, tuple[int | None, str, int]]:
    """(registration, session's code, rank of the wish or _HELD), and (None, code, places taken) of each session."""
    active = {"registration__conference": conference, "registration__state__in": Registration.ACTIVE}
    wishes = Interest.objects.filter(**active).annotate(who=F("registration_id"), number=F("rank"))
    held = SignUp.objects.for_conference(conference).holding()
    held = held.annotate(who=F("registration_id"), number=Value(_HELD, output_field=IntegerField()))
    seats = Seats.objects.filter(conference=conference)
    seats = seats.annotate(who=Value(None, output_field=BigIntegerField()), number=F("taken"))
    first, *others = (rows.order_by().values_list("who", "session__code", "number") for rows in (wishes, held, seats))
    return first.union(*others, all=True)
