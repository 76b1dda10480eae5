"""What people get from a timetable, in their own words: what they can attend, where they stand, walk and wait.

Everybody goes through their wishes from the first to the last and attends what does not overlap with what they attend
already (a serial dictatorship of one's own wishes). Of equal weights the one named first comes first. All intervals are
half-open, all times minutes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import combinations, pairwise
from typing import TypeAlias

from schedule.solver.objective import Days
from schedule.solver.problem import Attendee, Placement, Problem, Timetable

FIRST = 3
"""So many wishes count as the first ones."""


@dataclass(frozen=True)
class Experience:
    """What those who wish for anything get. Means are per person; ranks begin with 1."""

    people: int
    """Who wishes for something."""
    first_wishes: int
    """Of them, who can attend all of their first FIRST wishes, or all that they have if these are fewer."""
    mean_rank: float
    """The place on their own lists of all that people attend; 0 where nobody attends anything."""
    worst_attended: int
    worst_wished: int
    worst_people: int
    """The least share of their wishes that anybody can attend, and how many are that badly off."""
    unseated: int
    """Those who come to a session and find no seat, over all sessions."""
    mean_walks: float
    """How often one goes from one session to the next in another group of rooms, on the same day."""
    mean_walk_minutes: float
    """How long that takes by the rules for people on stage, ways within a group counted as well."""
    mean_idle: float
    """Minutes between the first start and the last end of each day that are spent in no session."""

    @property
    def first_share(self) -> float:
        """Of those who wish for something, the share that can attend their first wishes; 1 where there is nobody."""
        return self.first_wishes / self.people if self.people else 1.0

    def as_json(self) -> dict[str, int | float]:
        """For files and pages; means with two places."""
        return {name: round(value, 2) for name, value in asdict(self).items()}


# Start, end, day, room and code of a session that has a place. A tuple: it is asked for half a million times.
Spot: TypeAlias = tuple[int, int, int, str, str]


def attended(attendee: Attendee, at: Mapping[str, Spot]) -> tuple[list[int], list[Spot]]:
    """Which wishes somebody attends, by their places in the list of wishes, ascending, and where; none that has no
    time."""
    chosen: list[int] = []
    taken: list[Spot] = []
    for rank, (code, _) in enumerate(attendee.wishes):
        wished = at.get(code)
        if wished is None:
            continue
        start, end = wished[0], wished[1]
        for other in taken:
            if start < other[1] and other[0] < end:
                break
        else:
            chosen.append(rank)
            taken.append(wished)
    return chosen, taken


def experience(problem: Problem, timetable: Timetable) -> Experience:
    """What the problem's attendees get from a timetable, whether it keeps all rules and is complete or not."""
    at = {placement.session: placement for placement in timetable}
    days, ways = Days(problem), _Ways(problem)
    spots = {code: (one.start, one.end, days.number(one.start), one.room, code) for code, one in at.items()}
    wishing = [attendee for attendee in problem.attendees if attendee.wishes]
    first, ranks, visits, walks, minutes, idle = 0, 0, 0, 0, 0, 0
    comers: Counter[str] = Counter()
    shares: Counter[tuple[int, int]] = Counter()
    for attendee in wishing:
        chosen, theirs = attended(attendee, spots)
        theirs.sort()
        first += chosen[:FIRST] == list(range(min(FIRST, len(attendee.wishes))))
        ranks += sum(chosen) + len(chosen)
        visits += len(chosen)
        for spot in theirs:
            comers[spot[4]] += 1
        shares[len(chosen), len(attendee.wishes)] += 1
        # What somebody attends does not overlap, so they wait between one and the next.
        for (_, end, day, room, _), (start, _, next_day, next_room, _) in pairwise(theirs):
            if day == next_day:
                walks += ways.far(room, next_room)
                minutes += ways.minutes(room, next_room)
                idle += start - end
    number = len(wishing) or 1
    worst = min(shares, key=lambda share: (share[0] / share[1], -share[1]), default=(0, 0))
    as_badly = sum(count for (got, of), count in shares.items() if got * worst[1] == worst[0] * of)
    return Experience(
        people=len(wishing),
        first_wishes=first,
        mean_rank=ranks / (visits or 1),
        worst_attended=worst[0],
        worst_wished=worst[1],
        worst_people=as_badly,
        unseated=_unseated(problem, at, comers),
        mean_walks=walks / number,
        mean_walk_minutes=minutes / number,
        mean_idle=idle / number,
    )


def _unseated(problem: Problem, at: dict[str, Placement], comers: Counter[str]) -> int:
    """Who comes beyond the seats of the room, and of the session if it has fewer."""
    seats = {room.code: room.capacity for room in problem.rooms}
    found = 0
    for session in problem.sessions:
        here = seats[at[session.code].room] if session.code in at else 0
        cap = here if session.capacity_cap is None else min(here, session.capacity_cap)
        found += max(0, comers[session.code] - cap)
    return found


class _Ways:
    """How far it is from room to room: nothing within one, or between a joined room and its parts."""

    def __init__(self, problem: Problem) -> None:
        rooms = {room.code: room for room in problem.rooms}
        rules = problem.rules
        self._far: set[tuple[str, str]] = set()
        self._minutes: dict[tuple[str, str], int] = {}
        for a, b in combinations(rooms.values(), 2):
            other = a.distance_group != b.distance_group
            away = not a.occupies & b.occupies
            length = rules.person_gap_other_group_minutes if other else rules.person_gap_same_group_minutes
            for way in ((a.code, b.code), (b.code, a.code)):
                self._minutes[way] = length if away else 0
                if other and away:
                    self._far.add(way)

    def far(self, one: str, other: str) -> bool:
        return (one, other) in self._far

    def minutes(self, one: str, other: str) -> int:
        return self._minutes.get((one, other), 0)
