"""What came of a search, ready for its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from organize.programme.labels import asks_name, in_order, term_name
from organize.searches.attendance import attendance_of
from organize.searches.curves import Curve, curve_of
from organize.searches.goals import offers_of
from organize.searches.labels import doing
from organize.searches.repeating import commands
from schedule.domain.searches.words import SearchWords
from schedule.models import Release, Room, Session, SolverAnswer, SolverRun
from schedule.solver.problem import Weights
from values.instants import seconds_between


def shown(run: SolverRun) -> dict[str, Any]:
    """The context of organize/searches/search_progress.html."""
    elapsed = _elapsed(run, timezone.now())
    words = SearchWords(run.conference_id)
    return {
        "run": run,
        "elapsed": elapsed,
        "doing": doing(run, elapsed),
        "curve": _curve(run),
        "terms": _terms(run),
        "attendance": attendance_of(run),
        "offers": offers_of(run),
        "commands": commands(run),
        "gap": _gap(run),
        "is_published": run.draft is not None and Release.objects.filter(conference=run.conference_id).exists(),
        "causes": [words.say(cause["messages"]) for cause in run.causes],
        "remedies": [_remedy(one, words) for one in run.remedies],
        "moved": moved(run),
        "further": [_further(one, run, words) for one in run.further.select_related("draft")] if run.draft else [],
    }


def _elapsed(run: SolverRun, now: datetime) -> int:
    """Whole seconds the search has taken."""
    return round(seconds_between(run.started_at, run.ended_at or now)) if run.started_at else 0


def _curve(run: SolverRun) -> Curve | None:
    last = run.curve[-1][0] if run.curve else 0.0
    return curve_of([(point[0], point[1]) for point in run.curve], until=max(float(run.seconds), last))


def _terms(run: SolverRun) -> list[dict[str, Any]]:
    """Every term with its weight and price, and what it was in the timetable the search started from."""
    weights: dict[str, int] = asdict(Weights()) | run.weights
    return [
        {
            "name": term_name(name),
            "value": value,
            "weight": weights.get(name, 0),
            "price": value * weights.get(name, 0),
            "before": run.base_terms.get(name),
        }
        for name, value in in_order(run.terms)
    ]


def _gap(run: SolverRun) -> int | None:
    """By how many per cent at most the found timetable could still be better; None where nothing is proved."""
    if run.objective is None or run.bound is None or run.objective <= 0:
        return None
    return round(100 * (run.objective - run.bound) / run.objective)


def _remedy(one: dict[str, Any], words: SearchWords) -> dict[str, Any]:
    """What would help, in the language of the page: a sentence for each change; what it asks for in a word."""
    return {
        "texts": [words.say([change["message"]]) for change in (one, *one["also"])],
        "effect": words.effect(one["effect"]),
        "asks": asks_name(one["asks"]),
        "gain": one["gain"],
        "proved": one["proved"],
    }


def _further(one: SolverAnswer, run: SolverRun, words: SearchWords) -> dict[str, Any]:
    """An answer beside the best, and by how much it costs more."""
    return {
        "number": one.number,
        "draft": one.draft,
        "objective": one.objective,
        "text": words.say(one.texts),
        "more": None if run.objective is None else one.objective - run.objective,
    }


@dataclass(frozen=True)
class SearchedPlace:
    """Where and when a session was or is."""

    start: datetime
    end: datetime
    room_name: str


@dataclass(frozen=True)
class Moved:
    """A session that a repair moved; `old` is None where it had no time."""

    session: Session
    old: SearchedPlace | None
    new: SearchedPlace


def moved(run: SolverRun) -> list[Moved]:
    """What a repair moved, in order of time; sessions that are gone are left out. Two queries, none without moves."""
    if not run.moves:
        return []
    codes = [one["session"] for one in run.moves]
    sessions = {row.code: row for row in Session.objects.filter(conference=run.conference_id, code__in=codes)}
    rooms = {row.code: str(row.name) for row in Room.objects.filter(conference=run.conference_id)}
    found = [
        Moved(sessions[one["session"]], one["old"] and _place(one["old"], rooms), _place(one["new"], rooms))
        for one in run.moves
        if one["session"] in sessions
    ]
    return sorted(found, key=lambda one: (one.new.start, one.session.code))


def _place(kept: dict[str, str], rooms: Mapping[str, str]) -> SearchedPlace:
    start, end = (datetime.fromisoformat(kept[key]) for key in ("start", "end"))
    return SearchedPlace(start, end, rooms.get(kept["room"], kept["room"]))
