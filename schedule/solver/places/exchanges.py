"""With whom could a session change places? The best exchanges of two sessions' starts and rooms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from schedule.solver.problem import Placement, Session

from .exchange_costs import ExchangeCosts
from .finder import PlaceFinder
from .others import Others, PlacedSessions
from .rules import ALONE, PlaceRules
from .table import Bools, Ints


@dataclass(frozen=True, slots=True)
class PlaceExchange:
    """Two sessions at each other's start in each other's room; neither breaks a rule there.

    `costs` are the terms that change, in units of the term, and `cost` their weighted sum: less than 0 is a gain.
    """

    first: Placement
    second: Placement
    costs: dict[str, int]
    cost: int


def exchanges(finder: PlaceFinder, session: str, *, most: int | None = 10) -> list[PlaceExchange]:
    """The cheapest exchanges of one session with another one, the cheapest first; none where it has no place.

    Exact: both keep every rule, everything else left where it is. The finder's timetable is moved while they are tried
    and is as it was afterwards. Raises KeyError for an unknown code.
    """
    here = finder.where.at(session)
    if here is None:
        return []
    numbers = _candidates(finder, here)
    # The costs of all are reckoned at once, so that only the cheapest need be tried.
    terms = ExchangeCosts(finder.where, here, numbers).terms()
    prices = sum((getattr(finder.weights, name) * units for name, units in terms.items()), 0 * numbers)
    codes = [finder.table.sessions[number].code for number in numbers.tolist()]
    starts = finder.where.start[numbers].tolist()
    found: list[PlaceExchange] = []
    for row in sorted(range(len(codes)), key=lambda row: (prices[row], starts[row], codes[row])):
        if most is not None and len(found) >= most:
            break
        there = finder.where.at(codes[row])
        if there is not None and (moved := _moved_if_free(finder, here, there)) is not None:
            costs = {name: int(units[row]) for name, units in terms.items() if units[row]}
            found.append(PlaceExchange(*moved, costs, int(prices[row])))
    return found


def _candidates(finder: PlaceFinder, here: Placement) -> Ints:
    """The numbers of those whose place is right by the rules about the session alone, and where nobody else takes the
    rooms."""
    table, where = finder.table, finder.where
    index = table.number[here.session]
    others = Others(where, here.session)
    beside = others.all()
    starts, row = np.unique(beside.start, return_inverse=True)
    rooms = np.arange(len(table.rooms))
    rules = PlaceRules(table, table.sessions[index])
    broken = rules.broken(starts, others, rooms)[row, beside.room]
    # Who is first in the way there; whoever is to leave does not count.
    first = rules.in_the_way(starts, others, rooms)[row, beside.room]
    fits = (broken & ALONE == 0) & ((first < 0) | (first == beside.number))
    fits &= (beside.start != here.start) | (beside.room != where.room[index])
    fits &= ~_hindered(finder, here, beside)
    found: Ints = beside.number[fits]
    return found


def _hindered(finder: PlaceFinder, here: Placement, beside: PlacedSessions) -> Bools:
    """Which of the others could not have the room for their own length, as others again take it then."""
    table = finder.table
    lengths = np.array([table.sessions[number].duration for number in beside.number], np.int64)
    near = beside.only(table.exclusive[beside.room, table.room_number[here.room]])
    begins = np.full(len(lengths), here.start, np.int64)
    late = near.overlap(begins, begins + lengths, table.problem.rules.room_changeover_minutes)
    return np.asarray((late & (near.number != beside.number[:, None])).any(axis=1))


def _suits(finder: PlaceFinder, number: int, here: Placement) -> bool:
    """Is the place right for another session by the rules about it alone?"""
    table = finder.table
    other = table.sessions[number]
    placement = _moved(other, here)
    return next(table.reader.alone((placement, other, table.rooms[table.room_number[here.room]])), None) is None


def _moved(session: Session, to: Placement) -> Placement:
    """A session at the start and in the room of another one, for its own length."""
    return Placement(session.code, to.start, to.start + session.duration, to.room)


def _moved_if_free(finder: PlaceFinder, here: Placement, there: Placement) -> tuple[Placement, Placement] | None:
    """Both at each other's places; None if one breaks a rule there."""
    table, where = finder.table, finder.where
    if not _suits(finder, table.number[there.session], here):
        return None
    one, other = (table.reader.sessions[placement.session] for placement in (here, there))
    first, second = _moved(one, there), _moved(other, here)
    try:
        where.take(there.session)
        if not _is_free(finder, first):
            return None
        where.put(first)
        return (first, second) if _is_free(finder, second) else None
    finally:
        where.put(here)
        where.put(there)


def _is_free(finder: PlaceFinder, placement: Placement) -> bool:
    table = finder.table
    rules = PlaceRules(table, table.reader.sessions[placement.session])
    start = np.array([placement.start], np.int64)
    room = np.array([table.room_number[placement.room]], np.int64)
    return not rules.broken(start, Others(finder.where, placement.session), room).any()
