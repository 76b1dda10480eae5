"""The problem of a conference as pages look at it: read once for as long as nothing happens that it could tell of.

A thousand sessions and the wishes of five thousand people take a tenth of a second to read, and every page that checks,
measures or compares timetables asks for them. What is read is kept by each process for itself, under what has happened
to the programme, its timetables, places and people (`revision.state_of`): the first entry of the journal that concerns
one of these ends it, whatever it says. Within a transaction nothing is kept and nothing kept is used: what it has
changed may have no entry yet, or never get one.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import connection

from journal.facts import Concern
from schedule.conflicts import ProblemIndex
from schedule.domain.problem import problem_for
from schedule.domain.timetables.revision import state_of
from schedule.models import Conference
from schedule.ports.demand import Demand, demand_of
from schedule.solver.problem import Attendee, Problem, Timetable

if TYPE_CHECKING:
    from schedule.solver.attendance.experience import Experience
    from schedule.solver.places.table import SessionTable

MOST_BYTES = 64 * 1024 * 1024
"""What a process keeps at most, as far as `_bytes_of` can tell."""
MOST_EXPERIENCES = 4
"""Of so many timetables of one problem: those compared, and those they were compared with before."""


class KnownProblem:
    """A problem, and what is worked out of it alone: each part when it is first asked for."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._experiences = Bounded(MOST_EXPERIENCES)

    @cached_property
    def index(self) -> ProblemIndex:
        return ProblemIndex(self.problem)

    @cached_property
    def table(self) -> SessionTable:
        # It loads numpy, which few pages need.
        from schedule.solver.places.table import SessionTable

        return SessionTable(self.problem)

    @cached_property
    def most_first_wishes(self) -> int:
        """See `schedule.solver.attendance.bound`."""
        # Few pages need it, and it loads much of the solver.
        from schedule.solver.attendance.bound import most_first_wishes

        return most_first_wishes(self.problem)

    def experience(self, timetable: Timetable) -> Experience:
        """What people get from a timetable; of the last few that were asked for it is known."""
        # It loads numpy, as the table does.
        from schedule.solver.attendance.experience import experience

        known: Experience | None = self._experiences.get(timetable, None)
        if known is None:
            known = experience(self.problem, timetable)
            self._experiences.put(timetable, None, 1, known)
        return known


class Bounded:
    """Values under keys, each with the state it was made of and its size; those longest unused go first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, tuple[Hashable, int, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, state: Hashable) -> Any | None:
        with self._lock:
            known = self._kept.get(key)
            if known is None or known[0] != state:
                return None
            self._kept.move_to_end(key)
            return known[2]

    def put(self, key: Hashable, state: Hashable, size: int, value: Any) -> None:
        with self._lock:
            self._kept.pop(key, None)
            self._kept[key] = (state, size, value)
            while self.size > self._most:
                self._kept.popitem(last=False)

    @property
    def size(self) -> int:
        return sum(size for _state, size, _value in self._kept.values())


class KnownProblems:
    """What one process keeps."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._kept = Bounded(most_bytes)

    def of(self, conference: Conference, language: str) -> KnownProblem:
        """The problem as it is now, with names in this language. One query; if it has to be read anew, up to seven."""
        # Asked before anything is read: what is committed meanwhile has another state, and is read once more.
        programme, timetables, places, people = state_of(
            conference, Concern.PROGRAMME, Concern.TIMETABLE, Concern.PLACE, Concern.PERSON
        ).split("-")
        wanted = (programme, places, people)
        # The conference has been read already, perhaps before something that the state knows of.
        fields = tuple(str(getattr(conference, one.attname)) for one in conference._meta.concrete_fields)

        def read() -> tuple[KnownProblem, int]:
            demand = self._known(("demand", conference.pk), wanted, lambda: _demand(conference))
            problem = problem_for(conference, language=language, demand=demand)
            return KnownProblem(problem), _bytes_of(problem.attendees) + 4000 * len(problem.sessions)

        state = (timetables, *wanted, fields)
        found: KnownProblem = self._known(("problem", conference.pk, language), state, read)
        return found

    def _known(self, key: Hashable, state: Hashable, read: Callable[[], tuple[Any, int]]) -> Any:
        known = self._kept.get(key, state)
        if known is None:
            known, size = read()
            self._kept.put(key, state, size, known)
        return known


def _demand(conference: Conference) -> tuple[Demand, int]:
    demand = demand_of(conference)
    return demand, _bytes_of(demand.attendees)


def _bytes_of(attendees: tuple[Attendee, ...]) -> int:
    """About: 150 for a wish, and 24 for every two of one person, which `SessionTable` may come to hold."""
    counts = [len(one.wishes) for one in attendees]
    return sum(150 * count + 24 * count * count for count in counts)


_OF_THIS_PROCESS = KnownProblems()


def known_problem(conference: Conference, language: str) -> KnownProblem:
    """The problem of a conference, with names in this language, for whoever only looks at it.

    What is found must not be changed. One query where it is known; else seven. Within a transaction six: it is read
    anew, as `problem_for` reads it.
    """
    if connection.in_atomic_block:
        return KnownProblem(problem_for(conference, language=language))
    return _OF_THIS_PROCESS.of(conference, language)
