"""The demand the scheduler serves: ranked wishes, and places already taken."""

from __future__ import annotations

from collections import defaultdict

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


def demand_for(conference: Conference) -> Demand:
    """Wishes and held places of everybody who takes part in the conference. Three queries."""
    wanted: dict[int, dict[str, int]] = defaultdict(dict)
    wishes = Interest.objects.filter(
        registration__conference=conference, registration__state__in=Registration.ACTIVE
    ).values_list("registration_id", "session__code", "rank")
    for registration, code, rank in wishes:
        wanted[registration][code] = weight_of(rank)
    held = SignUp.objects.for_conference(conference).holding().values_list("registration_id", "session__code")
    for registration, code in held:
        wanted[registration][code] = HELD_WEIGHT
    attendees = tuple(
        Attendee(tuple(sorted(wishes.items(), key=lambda wish: (-wish[1], wish[0]))))
        for _, wishes in sorted(wanted.items())
    )
    taken = dict(Seats.objects.filter(conference=conference).values_list("session__code", "taken"))
    return Demand(attendees=attendees, taken=taken)
