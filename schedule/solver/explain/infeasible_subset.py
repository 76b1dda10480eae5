"""Why is there no timetable? A minimal unsatisfiable subset of sessions and rules, found by a deletion filter.

Counting comes first: too much for too little is the commonest cause, and is told in a moment with its numbers. Else:
Kinds of rules, then sessions, then single rules are taken away as long as no timetable exists without them; what
is left fights. Opening hours are always part of it, so they are only taken away session by session.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TypeVar

from schedule.solver.budget import Deadline, ShouldStop
from schedule.solver.exact.counting import Shortage, shortage
from schedule.solver.exact.domains import Domains, RuleKey
from schedule.solver.exact.interval_model import TimetableModel, UnplaceableError
from schedule.solver.problem import Problem, only

from .causes import Cause, causes
from .feasibility import SECONDS_PER_QUESTION, Asker, Feasibility

# What to take away first. What an organizer can change most easily stays in the explanation if it can.
_BLAME = (
    "person_gap", "not_parallel", "person_twice", "body_twice", "blocks_all", "room_double", "not_before",
    "not_after", "breaks_only", "order", "same_room", "same_time", "changeover", "room_too_small",
    "room_feature", "room_closed", "room_hours", "person_away", "body_away", "interpreters", "max_parallel",
    "kind_parallel", "fixed_start", "fixed_room", "pinned",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a problem has no timetable.

    `proved`: there is none. `minimal`: without any one of the causes' rules and sessions there would be one; if
    not, the causes may hold more than is needed, or leave out a kind of rule whose part could not be settled.
    `feasible` is True if a timetable exists after all, None if the time was too short to tell. `rules` and `sessions`
    (codes) are those that fight: no timetable holds these sessions and keeps these rules.
    """

    feasible: bool | None
    proved: bool
    minimal: bool
    causes: tuple[Cause, ...]
    seconds: float
    rules: tuple[RuleKey, ...] = ()
    sessions: tuple[str, ...] = ()


def explain(problem: Problem, *, seconds: float = 30.0, should_stop: ShouldStop | None = None) -> Explanation:
    """Find the rules that fight. A first proof may use all of `seconds`; what is left makes the explanation small."""
    deadline = Deadline(seconds, should_stop)
    counted = _counted(problem, deadline)
    if counted is not None:
        return counted
    asker = Asker(deadline)
    first = asker.ask(problem, frozenset(), seconds)
    if first is not Feasibility.IMPOSSIBLE:
        feasible = True if first is Feasibility.POSSIBLE else None
        return Explanation(feasible, proved=False, minimal=False, causes=(), seconds=deadline.elapsed)
    keys = rule_keys(problem)

    guilty: set[str] = set()
    doubtful: set[str] = set()

    def without_kinds(kept: Sequence[str], taken: Sequence[str]) -> bool:
        without = frozenset(key for key in keys if key[0] not in {*kept, "hours"})
        answer = asker.ask(problem, without, SECONDS_PER_QUESTION)
        if len(taken) == 1 and answer is not Feasibility.IMPOSSIBLE:
            (guilty if answer is Feasibility.POSSIBLE else doubtful).update(taken)
        return answer is Feasibility.IMPOSSIBLE

    # Whole kinds of rules first, so that the most important question is settled before the time may end.
    kinds = _shrink([kind for kind in _BLAME if any(key[0] == kind for key in keys)], without_kinds, deadline)
    dropped = frozenset(key for key in keys if key[0] not in {*kinds, "hours"})

    def without_sessions(codes: Sequence[str], _taken: Sequence[str]) -> bool:
        return asker.impossible(_only(problem, codes), dropped)

    small = _only(problem, _shrink([session.code for session in problem.sessions], without_sessions, deadline))
    left = [key for key in rule_keys(small) if key not in dropped]

    def without_rules(kept: Sequence[RuleKey], _taken: Sequence[RuleKey]) -> bool:
        return asker.impossible(small, dropped.union(left).difference(kept))

    fighting = _shrink(sorted(left, key=_blame), without_rules, deadline)
    minimal = guilty.issuperset(kinds) and not asker.doubtful and deadline.left > 0 and not deadline.stopped
    # A kind whose part could not be settled may be innocent: it is not accused beside those that are not in doubt.
    certain = [key for key in fighting if key[0] not in doubtful]
    return Explanation(
        feasible=False,
        proved=True,
        minimal=minimal,
        causes=causes(small, certain or fighting),
        seconds=deadline.elapsed,
        rules=tuple(fighting),
        sessions=tuple(session.code for session in small.sessions),
    )


def _counted(problem: Problem, deadline: Deadline) -> Explanation | None:
    """The explanation that counting gives, with the kinds of rules it needs; None where it proves nothing.

    Other sessions than those counted may be in want as well, and without one of them the others may still not fit.
    """
    found = shortage(Domains(problem))
    if found is None:
        return None
    small = _only(problem, found.sessions)
    asked: dict[RuleKey, None] = {}

    def count(kinds: Sequence[str]) -> Shortage | None:
        def active(key: RuleKey) -> bool:
            asked[key] = None
            return key[0] in kinds

        return shortage(Domains(small, active))

    kinds = [found.rule[0]]
    if count(("hours", *kinds)) is None:  # mostly there is too much whatever else holds
        count(("hours", *_BLAME))
        every = [kind for kind in _BLAME if any(key[0] == kind for key in asked)]
        kinds = _shrink(every, lambda kept, _taken: count(("hours", *kept)) is not None, deadline)
    asked.clear()
    short = count(("hours", *kinds)) or found
    rules = tuple(key for key in asked if key[0] in {"hours", *kinds})
    return Explanation(
        feasible=False,
        proved=True,
        minimal=False,
        causes=causes(small, rules, short),
        seconds=deadline.elapsed,
        rules=rules,
        sessions=short.sessions,
    )


def rule_keys(problem: Problem) -> list[RuleKey]:
    """Every rule that a model of the problem would hold."""
    keys: dict[RuleKey, None] = {}

    def note(key: RuleKey) -> bool:
        keys[key] = None
        return False

    # Without any rule a session has no place only if there are no rooms at all.
    with suppress(UnplaceableError):
        TimetableModel(problem, note)
    return list(keys)


def _only(problem: Problem, codes: Sequence[str]) -> Problem:
    """Whether there is a timetable does not depend on what people wish."""
    return only(replace(problem, attendees=()), codes)


def _blame(key: RuleKey) -> tuple[int, RuleKey]:
    return (_BLAME.index(key[0]) if key[0] in _BLAME else len(_BLAME)), key


T = TypeVar("T")


def _shrink(items: list[T], still: Callable[[Sequence[T], Sequence[T]], bool], deadline: Deadline) -> list[T]:
    """Take away what can be taken with `still(rest, taken)` true: in halves, quarters..., at last one by one."""
    size = max(1, len(items) // 2)
    while True:
        position = 0
        while position < len(items):
            if deadline.left <= 0 or deadline.stopped:
                return items
            rest = items[:position] + items[position + size :]
            if still(rest, items[position : position + size]):
                items = rest
            else:
                position += size
        if size == 1:
            return items
        size = (size + 1) // 2
