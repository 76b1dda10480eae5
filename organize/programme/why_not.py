"""Why not here? What speaks against a place for a session of a draft or release, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from organize.programme.conflict_rows import Checks, Shown, Subject
from organize.programme.labels import in_order, term_name
from schedule.conflicts import NO_RULES, conflicts_of
from schedule.domain.problem import minutes, timetable_in
from schedule.domain.searches.weights import weights_of
from schedule.models import Room, Session
from schedule.solver.problem import Weights


@dataclass(frozen=True)
class Cost:
    """By how many units a term would change, and what that costs; less than nothing is a gain."""

    name: str
    units: int
    weight: int
    price: int

    @property
    def signed_price(self) -> str:
        return signed(self.price)


def signed(number: int) -> str:
    """A change, with its sign; 0 has none."""
    return f"+{number}" if number > 0 else str(number).replace("-", "−")


def costs_of(units: Mapping[str, int], weights: Weights) -> list[Cost]:
    """The terms that change and count, in their order."""
    return [
        Cost(term_name(name), value, getattr(weights, name), value * getattr(weights, name))
        for name, value in in_order(units)
        if getattr(weights, name)
    ]


@dataclass(frozen=True)
class Objections:
    """Rules that the place would break, everything else left where it is, and how the terms would change.

    `price` is the sum of the costs.
    """

    rules: list[Shown]
    costs: list[Cost]
    price: int

    @property
    def gain(self) -> int:
        return -self.price


def objections(subject: Subject, session: Session, *, start: datetime, room: Room) -> Objections:
    """What speaks against a session at this time in this room. As many queries as the conference's problem, and two."""
    # It loads numpy, which no other page needs.
    from schedule.solver.explain.why_not import Questions

    conference = subject.conference
    checks, weights = Checks(conference), weights_of(conference)
    known = checks.problem.sessions
    timetable = tuple(row for row in timetable_in(conference, subject.placements.all()) if row.session in known)
    questions = Questions(checks.problem.problem, timetable, weights=weights)
    found = questions.against(session.code, minutes(conference, start), room.code)
    moved = {**questions.at, session.code: found.placement}.values()
    # The rules are the solver's; the sentences are those of the conflict engine, which reads the same rules.
    rules = conflicts_of(checks.problem, moved, [session.code]) if found.rules else []
    return Objections(
        rules=[checks.shown(one) for one in rules if one.kind not in NO_RULES],
        costs=costs_of(found.costs, weights),
        price=found.cost,
    )
