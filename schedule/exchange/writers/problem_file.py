"""A conference as a problem file of the scheduler, for its command line."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from schedule.domain.problem import problem_for, timetable_in
from schedule.domain.searches.weights import weights_of
from schedule.domain.searches.worker import job
from schedule.models import Conference, Draft, SolverRun
from schedule.solver.files import problem_file, problems
from schedule.solver.problem import Pin


class NotPlaced(LookupError):
    """A session that should keep its place has none in the draft; `code` names it."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def problem_text(conference: Conference, *, draft: Draft | None = None, keep: Collection[str] = ()) -> str:
    """The conference's problem as a search here would have it: `problem_for` with the weights of the conference.

    `draft` is the timetable to begin with; sessions of `keep` are pinned to their places in it. Raises `NotPlaced`, and
    `FileRefused` where the conference holds more than a problem file may say, such as days more than a year apart.
    """
    problem = replace(problem_for(conference), weights=weights_of(conference))
    start = None
    if draft is not None:
        start = timetable_in(conference, draft.placements.all())
    places = {placement.session: placement for placement in start or ()}
    for code in keep:
        if code not in places:
            raise NotPlaced(code)
    pins = tuple(Pin(code, places[code].start, places[code].room) for code in sorted(keep))
    text = problem_file.write(replace(problem, pins=pins), start)
    problems.read(text)
    return text


def search_text(run: SolverRun) -> str:
    """What a search was asked, with its weights, what it kept and where it began, as the conference is now.

    Raises `FileRefused` as `problem_text`. As long as nothing of it has changed, the fingerprint is that of the search.
    """
    asked = job(run)
    text = problem_file.write(asked.problem, asked.start)
    problems.read(text)
    return text
