"""All places of a day for one session of a draft, in the words of the page and as JSON."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from organize.programme.places.labels import rule_name
from organize.programme.why_not import Cost, costs_of, signed
from schedule.domain.known_problems import known_problem
from schedule.domain.problem import instant, timetable_in
from schedule.domain.searches.weights import weights_of
from schedule.models import Draft, Session
from schedule.solver.problem import Placement
from values.instants import comes_twice, offset_name, offset_of

if TYPE_CHECKING:
    from schedule.solver.places.exchanges import PlaceExchange

BEST = 10
MOST_ROWS = 30
COARSER = (1, 2, 3, 6, 12)
"""By how many steps of the grid the rows may be apart: up to an hour where a step is five minutes."""


@dataclass(frozen=True)
class ShownPlace:
    """A place in words. `value` is what its button sends; `rules` stand against it."""

    value: str
    when: datetime
    time: str
    room_name: str
    room_code: str
    is_here: bool
    rules: list[str]
    taken_by: str
    costs: list[Cost]
    price: int

    @property
    def is_free(self) -> bool:
        return not self.rules

    @property
    def signed_price(self) -> str:
        return signed(self.price)


@dataclass(frozen=True)
class ShownExchange:
    """Another session, where it is now, and what changing places with it changes."""

    code: str
    title: str
    when: datetime
    time: str
    room_name: str
    costs: list[Cost]
    price: int

    @property
    def signed_price(self) -> str:
        return signed(self.price)


@dataclass(frozen=True)
class DayOfPlaces:
    key: str
    name: str
    is_chosen: bool


@dataclass(frozen=True)
class ShownRow:
    time: str
    cells: list[ShownPlace]


@dataclass(frozen=True)
class _Moment:
    """A start as a button sends it, and on the conference's clocks; with the offset where they show the time twice."""

    value: str
    when: datetime
    time: str


class PlacesPage:
    """What is shown of one session: the same places for people and for programs.

    As many queries as a known problem, and two.
    """

    def __init__(
        self,
        draft: Draft,
        session: Session,
        *,
        day: str = "",
        fine: bool = False,
        partners: Collection[str] | None = None,
    ) -> None:
        """`partners`: codes of the sessions with which it may change places; None for all."""
        # It loads numpy, which few pages need.
        from schedule.solver.places.finder import PlaceFinder

        self.session, self.conference, self.fine, self.partners = session, draft.conference, fine, partners
        self.weights = weights_of(self.conference)
        known = known_problem(self.conference, get_language() or "en")
        problem = known.problem
        timetable = timetable_in(self.conference, draft.placements.all())
        self.finder = PlaceFinder(problem, timetable, table=known.table, weights=self.weights)
        self.now = self.finder.where.at(session.code)
        self.dates = sorted({window.day for window in problem.windows})
        self.day = self._chosen(day)
        self.grid = self.finder.of_day(session.code, self.day) if self.day else None
        self._names = {room.code: room.name for room in problem.rooms}
        self._titles = {one.code: one.title for one in problem.sessions}
        # Each start is shown once for every room, and each rule in most of the places.
        self._moments: dict[int, _Moment] = {}
        self._rules: dict[str, str] = {}

    def _chosen(self, day: str) -> date | None:
        """The day that is asked for; else the one the session is on, or the first."""
        asked = next((one for one in self.dates if one.isoformat() == day), None)
        if asked is None and self.now is not None and self.dates:
            return self.finder.table.days.dates[self.finder.table.days.number(self.now.start)]
        return asked or next(iter(self.dates), None)

    @property
    def days(self) -> list[DayOfPlaces]:
        return [DayOfPlaces(day.isoformat(), date_format(day, str(_("D j F"))), day == self.day) for day in self.dates]

    @property
    def rooms(self) -> list[str]:
        return [self._names[code] for code in self.grid.rooms] if self.grid else []

    @cached_property
    def best(self) -> list[ShownPlace]:
        """The cheapest free places of the day, without the one the session has."""
        found = self.grid.best(BEST + 1) if self.grid else []
        return [
            self._place(one.placement, one.rules, one.taken_by, one.costs) for one in found if one.placement != self.now
        ][:BEST]

    @cached_property
    def rows(self) -> list[ShownRow]:
        """Each start with all rooms. On a fine grid only every so many minutes, with the best and the present place."""
        if self.grid is None:
            return []
        found = []
        kept = self._kept()
        for row, start in enumerate(self.grid.starts):
            if start in kept:
                there = (self.grid.at(row, column) for column in range(len(self.grid.rooms)))
                cells = [self._place(one.placement, one.rules, one.taken_by, one.costs) for one in there]
                found.append(ShownRow(self._moment(start).time, cells))
        return found

    @property
    def is_coarse(self) -> bool:
        """Whether there are starts that are not shown."""
        return self.grid is not None and len(self.rows) < len(self.grid.starts)

    def _kept(self) -> set[int]:
        grid = self.grid
        if grid is None or self.fine or len(grid.starts) <= MOST_ROWS:
            return set(grid.starts) if grid else set()
        slot = self.finder.problem.rules.slot_minutes
        steps = [[start for start in grid.starts if start % (slot * step) == 0] for step in COARSER]
        coarse = next((starts for starts in steps if len(starts) <= MOST_ROWS), steps[-1])
        best = {one.placement.start for one in grid.best(BEST)}
        return {*coarse, *best} | ({self.now.start} if self.now else set())

    @cached_property
    def exchanges(self) -> list[ShownExchange]:
        """With whom it could change places, the greatest gain first."""
        return [
            ShownExchange(
                one.second.session,
                self._titles[one.second.session],
                self._moment(one.first.start).when,
                self._moment(one.first.start).time,
                self._names[one.first.room],
                costs_of(one.costs, self.weights),
                one.cost,
            )
            for one in self._exchanges()
        ]

    def _exchanges(self) -> list[PlaceExchange]:
        # It loads numpy, as above.
        from schedule.solver.places.exchanges import exchanges

        if self.now is None:
            return []
        partners = self.partners
        found = exchanges(self.finder, self.session.code, most=BEST if partners is None else None)
        return [one for one in found if partners is None or one.second.session in partners][:BEST]

    def _moment(self, minute: int) -> _Moment:
        if minute not in self._moments:
            start = instant(self.conference, minute)
            when = self.conference.local(start)
            name = f" {offset_name(offset_of(when))}" if comes_twice(when) else ""
            self._moments[minute] = _Moment(start.isoformat(), when, date_format(when, "H:i") + name)
        return self._moments[minute]

    def _rule(self, rule: str) -> str:
        if rule not in self._rules:
            self._rules[rule] = rule_name(rule)
        return self._rules[rule]

    def _place(
        self, placement: Placement, rules: tuple[str, ...], taken_by: str | None, costs: Mapping[str, int]
    ) -> ShownPlace:
        moment = self._moment(placement.start)
        # What a place costs that cannot be had is said to nobody.
        shown = [] if rules else costs_of(costs, self.weights)
        return ShownPlace(
            f"{moment.value} {placement.room}",
            moment.when,
            moment.time,
            self._names[placement.room],
            placement.room,
            placement == self.now,
            [self._rule(rule) for rule in rules],
            self._titles[taken_by] if taken_by else "",
            shown,
            sum(cost.price for cost in shown),
        )

    def as_json(self) -> dict[str, Any]:
        """Every start and room of the day, with the solver's names of rules and terms; instants are in UTC."""
        grid = self.grid
        places = []
        for row, start in enumerate(grid.starts if grid else ()):
            for column, room in enumerate(grid.rooms if grid else ()):
                one = grid.at(row, column)  # type: ignore[union-attr]  # without a grid there is nothing to go through
                places.append(
                    {
                        "start": instant(self.conference, start).isoformat(),
                        "room": room,
                        "rules": list(one.rules),
                        "taken_by": one.taken_by,
                        "costs": one.costs,
                        "cost": one.cost,
                    }
                )
        return {
            "session": self.session.code,
            "day": self.day.isoformat() if self.day else None,
            "now": self._place_json(self.now) if self.now else None,
            "places": places,
            "exchanges": self._exchanges_json(),
        }

    def _place_json(self, placement: Placement) -> dict[str, str]:
        start, end = (instant(self.conference, minute).isoformat() for minute in (placement.start, placement.end))
        return {"start": start, "end": end, "room": placement.room}

    def _exchanges_json(self) -> list[dict[str, Any]]:
        return [
            {
                "with": one.second.session,
                "first": self._place_json(one.first),
                "second": self._place_json(one.second),
                "costs": one.costs,
                "cost": one.cost,
            }
            for one in self._exchanges()
        ]
