"""How good a timetable is: named terms, each a whole number where less is better.

wish_clashes   for every attendee and every two wished sessions at the same time: the weight of the lesser wish
unseated       people who wish a session beyond what its room (and the session's own cap) can seat
empty_seats    seats beyond what is expected or wished
off_half_hour  sessions that do not start on the hour or half hour
moved_times    sessions at another time than in the previous timetable
moved_rooms    sessions in another room than in the previous timetable
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from .problem import Placement, Problem, Room, Session, Timetable


@dataclass(frozen=True, slots=True)
class Weights:
    """What one unit of each term costs. Stability counts only against a previous timetable."""

    wish_clashes: int = 10
    unseated: int = 10
    empty_seats: int = 1
    off_half_hour: int = 20
    moved_times: int = 0
    moved_rooms: int = 0

    def total(self, terms: Mapping[str, int]) -> int:
        weights: dict[str, int] = asdict(self)
        return sum(weights[name] * value for name, value in terms.items())


class Demand:
    """The attendees' wishes, summed up: clash weight by pair of sessions, and people by session."""

    def __init__(self, problem: Problem) -> None:
        self.people: Counter[str] = Counter()
        self.clash: Counter[tuple[str, str]] = Counter()
        order = {session.code: index for index, session in enumerate(problem.sessions)}
        for attendee in problem.attendees:
            wishes = sorted(attendee.wishes, key=lambda wish: order[wish[0]])
            for index, (first, weight) in enumerate(wishes):
                self.people[first] += 1
                for second, other in wishes[index + 1 :]:
                    self.clash[first, second] += min(weight, other)

    def wanted(self, session: Session) -> int:
        """People who would come if there were room, within the session's own cap."""
        people = self.people[session.code]
        return people if session.capacity_cap is None else min(people, session.capacity_cap)

    def unseated(self, session: Session, room: Room) -> int:
        return max(0, self.wanted(session) - room.capacity)

    def empty_seats(self, session: Session, room: Room) -> int:
        """Seats left over; a session that expects nobody, and a room shared in parallel, has no seats to waste."""
        needed = max(session.seats, self.wanted(session))
        if room.allows_parallel_use or needed == 0:
            return 0
        return max(0, room.capacity - needed)


def measure(
    problem: Problem, timetable: Timetable, *, demand: Demand | None = None, previous: Timetable | None = None
) -> dict[str, int]:
    """All terms of a complete timetable. Without `previous` the two stability terms are 0."""
    demand = demand or Demand(problem)
    rooms = {room.code: room for room in problem.rooms}
    sessions = {session.code: session for session in problem.sessions}
    at = {placement.session: placement for placement in timetable}
    before = {placement.session: placement for placement in previous or ()}
    kept = [(at[code], old) for code, old in before.items() if code in at]
    return {
        "wish_clashes": sum(
            weight for (first, second), weight in demand.clash.items() if _overlap(at[first], at[second])
        ),
        "unseated": sum(demand.unseated(sessions[p.session], rooms[p.room]) for p in timetable),
        "empty_seats": sum(demand.empty_seats(sessions[p.session], rooms[p.room]) for p in timetable),
        "off_half_hour": sum(1 for p in timetable if p.start % 30),
        "moved_times": sum(1 for new, old in kept if new.start != old.start),
        "moved_rooms": sum(1 for new, old in kept if new.room != old.room),
    }


def _overlap(first: Placement, second: Placement) -> bool:
    return first.start < second.end and second.start < first.end
