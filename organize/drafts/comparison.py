"""What it means to go from one timetable to another: conflicts, penalties, people."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from organize.programme.conflict_rows import Checks, Subject
from organize.programme.filters.conflicts import ConflictsInShort, in_short
from organize.programme.labels import in_order, term_name
from schedule.conflicts import Conflict, find_conflicts
from schedule.domain.problem import timetable_of
from schedule.domain.searches.weights import weights_of
from schedule.domain.timetables.changes import Placed
from schedule.models import Conference


@dataclass(frozen=True)
class TermRow:
    """One of the scheduler's terms in both timetables, and by how much it makes the second dearer."""

    name: str
    before: int
    after: int
    weight: int

    @property
    def price(self) -> int:
        return (self.after - self.before) * self.weight


@dataclass(frozen=True)
class Figures:
    """What two timetables are like; `gained` are conflicts of the second alone, `lost` those of the first alone.

    Terms are counted over the sessions that have a time in both (`counted` of `sessions`): otherwise an empty timetable
    would be the best. `overlapping` and `pairs` are, before and after, the people whose wishes overlap and how often;
    `wished` is how many want each session, by its code.
    """

    gained: ConflictsInShort
    lost: ConflictsInShort
    kept: int
    terms: list[TermRow]
    counted: int
    sessions: int
    overlapping: tuple[int, int]
    pairs: tuple[int, int]
    wished: Mapping[str, int]

    @property
    def price(self) -> int:
        """By how much the second is dearer than the first; less than nothing is a gain."""
        return sum(one.price for one in self.terms)


@dataclass(frozen=True)
class Side:
    """A draft or release, where its sessions are, and whether its conflicts can be mended by who looks."""

    subject: Subject
    places: Collection[Placed]
    may_fix: bool


def figures_of(conference: Conference, old: Side, new: Side) -> Figures:
    """Compare two timetables of a conference. As many queries as the problem has, and one."""
    # It loads numpy, which most pages do not need.
    from schedule.solver.objective import SeatDemand, measure

    checks, weights = Checks(conference), weights_of(conference)
    known = checks.problem.sessions
    before, after = (checks.planned(timetable_of(conference, side.places)) for side in (old, new))
    was, now = ({one.key: one for one in find_conflicts(checks.problem, rows)} for rows in (before, after))
    both = {row.session for row in before} & {row.session for row in after}
    problem = checks.problem.problem
    demand = SeatDemand(problem)
    old_terms, new_terms = (
        measure(problem, tuple(row for row in rows if row.session in both), demand=demand) for rows in (before, after)
    )
    (people_before, pairs_before), (people_after, pairs_after) = demand.overlaps(before), demand.overlaps(after)
    return Figures(
        gained=_alone(checks, now, was, new, old),
        lost=_alone(checks, was, now, old, new),
        kept=len(was.keys() & now.keys()),
        terms=[
            TermRow(term_name(name), value, new_terms[name], getattr(weights, name))
            for name, value in in_order(old_terms)
            if value or new_terms[name]
        ],
        counted=len(both),
        sessions=len(known),
        overlapping=(people_before, people_after),
        pairs=(pairs_before, pairs_after),
        wished=demand.people,
    )


def _alone(
    checks: Checks, found: Mapping[str, Conflict], other: Mapping[str, Conflict], side: Side, beside: Side
) -> ConflictsInShort:
    """What is wrong with one of the two alone."""
    alone = [found[key] for key in found.keys() - other.keys()]
    return in_short(checks, alone, side.subject, without=beside.subject, may_fix=side.may_fix)
