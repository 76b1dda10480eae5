"""What changing places with each of several sessions changes in each soft term: of all of them at once.

The terms are those of `objective`. A session may have wishes, people or a track in common with the one it changes
places with, so each term is reckoned for both together: what it is with both at their new places, less what it is now.
`off_half_hour` is not among them: each start stays where somebody starts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import TypeAlias

import numpy as np

from schedule.solver.objective import gap_minutes, off_preferred_room, off_preferred_time
from schedule.solver.problem import Placement, Session

from .costs import PlaceCosts
from .others import Others, TimetablePlaces
from .table import Bools, Ints

Stretch: TypeAlias = tuple[int, int]


class ExchangeCosts:
    """One session where it is, and the others by their numbers; all of them have a place."""

    def __init__(self, where: TimetablePlaces, here: Placement, numbers: Ints) -> None:
        self.where, self.table, self.here, self.numbers = where, where.table, here, numbers
        self.index = self.table.number[here.session]
        self.session = self.table.sessions[self.index]
        self.lengths: Ints = np.array([one.duration for one in self.table.sessions], np.int64)
        self.others = [self.table.sessions[number] for number in numbers.tolist()]
        # Where they are now, and their ends there: what has been placed may be longer or shorter than it is planned.
        self.starts = where.start[numbers]
        self.ends = where.end[numbers]
        self.rooms = where.room[numbers]

    def terms(self) -> dict[str, Ints]:
        """Change of each term, one number for each of the others."""
        return dict(self._terms())

    def _terms(self) -> Iterator[tuple[str, Ints]]:
        yield "wish_clashes", self._clashes()
        yield "off_core_hours", self._both(lambda _one, during: self.table.days.off_core(*during))
        yield "off_preferred_times", self._both(lambda one, during: off_preferred_time(one, during[0]))
        yield "person_gaps", self._gaps()
        yield "day_imbalance", self._imbalance()
        seats = self.table.seats
        yield "unseated", self._in_rooms(lambda one, room: seats.unseated(one, self.table.rooms[room]))
        yield "empty_seats", self._in_rooms(lambda one, room: seats.empty_seats(one, self.table.rooms[room]))
        preferred = self._in_rooms(lambda one, room: off_preferred_room(one, self.table.rooms[room].code))
        yield "off_preferred_rooms", preferred
        yield "track_rooms", self._track_rooms()

    def _clashes(self) -> Ints:
        where, here, numbers = self.where, self.here, self.numbers
        between = self.table.wishes.with_each(self.index)[numbers]
        length, lengths = self.session.duration, self.lengths[numbers]
        first, second, weight = self.table.wishes.pairs
        asked = np.zeros(len(where.start), bool)
        asked[[self.index, *numbers.tolist()]] = True
        asked = asked[first] & where.placed[second]
        first, second, weight = first[asked], second[asked], weight[asked]

        def summed(begins: Ints, ends: Ints) -> Ints:
            """What each costs with all the others where they are, itself from and until then."""
            meet = (begins[first] < where.end[second]) & (where.start[second] < ends[first])
            # Whole numbers far below 2 ** 53.
            return np.bincount(first[meet], weights=weight[meet], minlength=len(begins)).astype(np.int64)

        now = summed(where.start, where.end)
        begins = np.full(len(where.start), here.start, np.int64)
        moved = summed(begins, begins + self.lengths)[numbers]
        moved -= between * _meet(here.start, here.end, here.start, here.start + lengths)
        starts, row = np.unique(self.starts, return_inverse=True)
        beside = Others(where, here.session)
        mine = PlaceCosts(self.table, self.session).clashes(starts, starts + length, beside)[row]
        mine -= between * _meet(self.starts, self.starts + length, self.starts, self.ends)
        both = between * _meet(self.starts, self.starts + length, here.start, here.start + lengths)
        before = now[self.index] + now[numbers] - between * _meet(here.start, here.end, self.starts, self.ends)
        return np.asarray(moved + mine + both - before)

    def _both(self, wrong: Callable[[Session, Stretch], bool]) -> Ints:
        """Of what is wrong with a stretch of time: at the new ones, less at those of now."""
        here, length = self.here, self.session.duration
        mine = {start: wrong(self.session, (start, start + length)) for start in set(self.starts.tolist())}
        now = wrong(self.session, (here.start, here.end))
        found = (
            mine[start] + wrong(one, (here.start, here.start + one.duration)) - now - wrong(one, (start, end))
            for one, start, end in zip(self.others, self.starts.tolist(), self.ends.tolist(), strict=True)
        )
        return np.fromiter(found, np.int64, len(self.others))

    def _in_rooms(self, units: Callable[[Session, int], int]) -> Ints:
        mine = np.array([units(self.session, room) for room in range(len(self.table.rooms))], np.int64)
        room = self.table.room_number[self.here.room]
        theirs = [
            units(one, room) - units(one, there) for one, there in zip(self.others, self.rooms.tolist(), strict=True)
        ]
        return np.asarray(mine[self.rooms] - mine[room] + np.array(theirs, np.int64))

    def _imbalance(self) -> Ints:
        """Days keep their numbers where both count or neither does."""
        table, share = self.table, np.array(self.table.days.share, np.int64)
        if not len(share):
            return np.zeros(len(self.others), np.int64)
        held = np.bincount(self._placed(table.counted, self.where.day), minlength=len(share))
        over, full = held > share, held >= share
        counts = np.array([not one.is_break for one in self.others], bool)
        mine = not self.session.is_break
        today, days = int(self.where.day[self.index]), self.where.day[self.numbers]
        goes, comes = (np.where(mine, one, other) for one, other in ((today, days), (days, today)))
        changes = full[comes].astype(np.int64) - over[goes].astype(np.int64)
        return np.asarray(np.where((counts != mine) & (days != today), changes, 0))

    def _placed(self, numbers: Ints, values: Ints) -> Ints:
        return values[numbers[self.where.placed[numbers]]]

    def _gaps(self) -> Ints:
        mine: dict[int, int] = {}
        found = np.zeros(len(self.others), np.int64)
        for row, (one, start) in enumerate(zip(self.others, self.starts.tolist(), strict=True)):
            shared = self.session.people & one.people
            if not shared and start not in mine:
                mine[start] = sum(self._gap(person, {self.index: self._mine(start)}) for person in self.session.people)
            moved = {int(self.numbers[row]): (self.here.start, self.here.start + one.duration)}
            theirs = one.people
            if shared:
                moved[self.index] = self._mine(start)
                theirs = one.people | self.session.people
            found[row] = sum(self._gap(person, moved) for person in theirs) + (0 if shared else mine[start])
        return found

    def _mine(self, start: int) -> Stretch:
        return start, start + self.session.duration

    def _gap(self, person: str, moved: dict[int, Stretch]) -> int:
        """How much longer a person waits once these sessions are then."""
        theirs = self.table.by_person[person]
        if len(theirs) == 1:
            return 0
        where, days = self.where, self.table.days
        now = {one: (int(where.start[one]), int(where.end[one])) for one in theirs.tolist() if where.placed[one]}
        then = now | {one: during for one, during in moved.items() if one in now}
        return gap_minutes(then.values(), days) - gap_minutes(now.values(), days)

    def _track_rooms(self) -> Ints:
        found = np.zeros(len(self.others), np.int64)
        used: dict[tuple[str, int], Counter[int]] = defaultdict(Counter)
        for number in np.flatnonzero(self.where.placed).tolist():
            if track := self.table.sessions[number].track:
                used[track, int(self.where.day[number])][int(self.where.room[number])] += 1
        here = int(self.where.day[self.index]), int(self.where.room[self.index])
        days = self.where.day[self.numbers].tolist()
        for row, (one, there) in enumerate(zip(self.others, zip(days, self.rooms.tolist(), strict=True), strict=True)):
            if one.track != self.session.track:  # sessions of one track leave its rooms as they are
                found[row] = _rooms_more(used, self.session.track, here, there)
                found[row] += _rooms_more(used, one.track, there, here)
        return found


def _meet(start: Ints | int, end: Ints | int, other_start: Ints | int, other_end: Ints | int) -> Bools:
    return np.asarray((np.asarray(start) < other_end) & (np.asarray(other_start) < end))


def _rooms_more(
    used: dict[tuple[str, int], Counter[int]], track: str, leaves: tuple[int, int], comes: tuple[int, int]
) -> int:
    """How many rooms more a track is in on a day; `leaves` and `comes` are (day, room)."""
    if not track or leaves == comes:
        return 0
    then = {day: Counter(used[track, day]) for day in {leaves[0], comes[0]}}
    before = sum(max(0, len(rooms) - 1) for rooms in then.values())
    then[leaves[0]][leaves[1]] -= 1
    then[comes[0]][comes[1]] += 1
    return sum(max(0, len(+rooms) - 1) for rooms in then.values()) - before
