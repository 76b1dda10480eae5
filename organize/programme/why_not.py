"""Why not here? What speaks against a place for a session of a draft or release, in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from organize.programme.conflict_rows import Checks, Shown, Subject
from organize.programme.labels import in_order, term_name
from schedule.conflicts import NO_RULES, conflicts_of
from schedule.domain.problem import minutes, timetable_of
from schedule.domain.searches.weights import weights_of
from schedule.models import Placement, ReleasedPlacement, Room, Session


@dataclass(frozen=True)
class Cost:
    """By how many units a term would change, and what that costs; less than nothing is a gain."""

    name: str
    units: int
    weight: int
    price: int


@dataclass(frozen=True)
class Objections:
    """Rules that the place would break, everything else left where it is, and how the terms would change.

    `price` is the sum of the costs; None where sessions without a time leave the terms undefined.
    """

    rules: list[Shown]
    costs: list[Cost]
    price: int | None

    @property
    def gain(self) -> int:
        return -(self.price or 0)


def objections(subject: Subject, session: Session, *, start: datetime, room: Room) -> Objections:
    """What speaks against a session at this time in this room. As many queries as the conference's problem, and two."""
    # It loads numpy, which no other page needs.
    from schedule.solver.explain.why_not import Questions

    conference = subject.conference
    checks, weights = Checks(conference), weights_of(conference)
    placements: Iterable[Placement | ReleasedPlacement] = subject.placements.select_related("session", "room")
    timetable = tuple(row for row in timetable_of(conference, placements) if row.session in checks.problem.sessions)
    questions = Questions(checks.problem.problem, timetable, weights=weights)
    found = questions.against(session.code, minutes(conference, start), room.code)
    moved = {**questions.at, session.code: found.placement}.values()
    # The rules are the solver's; the sentences are those of the conflict engine, which reads the same rules.
    rules = conflicts_of(checks.problem, moved, [session.code]) if found.rules else []
    return Objections(
        rules=[checks.shown(one) for one in rules if one.kind not in NO_RULES],
        costs=[
            Cost(term_name(name), units, getattr(weights, name), units * getattr(weights, name))
            for name, units in in_order(found.costs or {})
            if getattr(weights, name)
        ],
        price=found.cost,
    )
