"""Goals that organizers understand, as weights of the soft terms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from schedule.solver.problem import Weights

DECIDES = 1000
"""The weight of what a goal is about, where it is rare; no weight can be more at a conference."""

CLASHES = 200
"""That of a clash of wishes, of which there are many."""

IDLE = 50
"""That of a minute in which somebody on stage waits."""

GOALS: Mapping[str, Callable[[Weights], Weights]] = MappingProxyType(
    {
        "clashes": lambda own: replace(own, wish_clashes=max(own.wish_clashes, CLASHES)),
        # A session in another room is a smaller change than one at another time.
        "moves": lambda own: replace(own, moved_times=DECIDES, moved_rooms=DECIDES // 2),
        # Whoever follows a theme stays where they are.
        "walks": lambda own: replace(own, track_rooms=DECIDES),
        "compact": lambda own: replace(own, person_gaps=max(own.person_gaps, IDLE)),
    }
)
"""By name, what makes of the organizers' own weights those of the goal."""

FROM_PUBLISHED = "moves"
"""The goal that compares with an earlier timetable."""


def weights_for(goal: str, own: Weights) -> Weights:
    """The weights of a goal. Raises KeyError for an unknown one."""
    return GOALS[goal](own)
