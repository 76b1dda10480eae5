"""From what would help, as the solver found it, to a step that an emergency can take."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from schedule.domain.emergencies.steps import Step
from schedule.domain.problem import minutes
from schedule.models import Conference, Role, SolverRun
from values.instants import minutes_between

# The rule a remedy softens -> what is done, and where the subject names whom.
_BY_RULE: Mapping[str, tuple[str, Callable[[list[str]], Any]]] = {
    "session": ("session_off", lambda subject: subject[1]),
    "room": ("one_room_more", lambda _: ""),
    "breaks_only": ("open_for_sessions", lambda subject: subject[1]),
    "equipment": ("equip", lambda subject: subject[1]),
    "room_too_small": ("expect_fewer", lambda subject: subject[1]),
    "hours": ("longer_day", lambda _: ""),
    "fixed_start": ("any_start", lambda subject: subject[1]),
    "fixed_room": ("any_room", lambda subject: subject[1]),
    "not_after": ("later_than_wished", lambda subject: subject[1]),
    "blocks_all": ("others_at_that_time", lambda subject: subject[1]),
    "room_feature": ("without_equipment", lambda subject: subject[1]),
    "order": ("any_order", lambda subject: subject[1:]),
    "not_parallel": ("may_be_parallel", lambda subject: subject[1:]),
    "body_twice": ("several_teams", lambda subject: subject[1]),
    "person_twice": ("without_person", lambda subject: subject[2]),
    "changeover": ("shorter_changeover", lambda _: ""),
    "person_gap": ("less_time_to_walk", lambda _: ""),
    "interpreters": ("more_teams", lambda _: ""),
    "max_parallel": ("more_at_once", lambda _: ""),
    "kind_parallel": ("more_of_a_kind_at_once", lambda subject: subject[1]),
    "room_closed": ("room_open_again", lambda subject: subject[1]),
    "person_away": ("person_back", lambda subject: subject[1]),
    "body_away": ("body_back", lambda subject: subject[1]),
}


# A way out is the steps it takes; what the solver has found has its message with each.
WayOut = Sequence[Step]


def ways_out(run: SolverRun, *, now: datetime) -> list[WayOut]:
    """What an emergency without a repair can do instead: what the solver found, the least first, then what it does not
    think of. Three queries at most, and one for a lost room.
    """
    conference: Conference = run.conference
    found: list[WayOut] = []
    for one in run.remedies:
        steps = [step for change in (one, *one["also"]) if (step := _step(change)) is not None]
        if len(steps) == 1 + len(one["also"]) and not any(_lies_behind(step, conference, now) for step in steps):
            found.append(steps)
    known = [_identity(steps[0]) for steps in found if len(steps) == 1]
    known += [_identity(step) for step in run.assumed]
    ours: list[WayOut] = [[step] for step in [*_shortened(run), *_without(run)] if _identity(step) not in known]
    if not found:
        ours.append(_called_off(run, now))
    return [*found, *(steps for steps in ours if steps)]


def _step(one: Mapping[str, Any]) -> dict[str, Any] | None:
    """None for what cannot be carried out by itself: a session under way that would have to be elsewhere before."""
    subject: list[str] = one["subject"]
    if subject[0] not in _BY_RULE:
        return None
    act, whom = _BY_RULE[subject[0]]
    person = {"person": subject[1]} if act == "without_person" else {}
    return {"do": act, "whom": whom(subject), **person, **one["change"], "message": one["message"]}


def _identity(step: Step) -> tuple[Any, ...]:
    return step["do"], str(step["whom"]), step.get("person", ""), step.get("day", ""), step.get("seats", "")


def _lies_behind(step: Step, conference: Conference, now: datetime) -> bool:
    """An hour more in the morning helps nobody in the afternoon."""
    if step["do"] != "longer_day":
        return False
    here = minutes(conference, now)
    opens = {minutes(conference, day.opens_at) for day in conference.days.all()}
    return step["opens"] not in opens and bool(step["opens"] < here)


def _shortened(run: SolverRun) -> list[Step]:
    """What starts later may end when it was to end."""
    steps: list[Step] = []
    for step in run.assumed:
        if step["do"] != "starts_later":
            continue
        placed = _placed(run).filter(session__code=step["whom"]).first()
        left = minutes_between(datetime.fromisoformat(step["start"]), placed.end) if placed else 0
        if left > 0:
            steps.append({"do": "shorter", "whom": step["whom"], "minutes": left})
    return steps


def _without(run: SolverRun) -> list[Step]:
    """Each session that a missing person should be in may take place without them."""
    steps: list[Step] = []
    for step in run.assumed:
        if step["do"] != "person_missing":
            continue
        times = {"start__lt": step["ends_at"], "end__gt": step["starts_at"]}
        roles = Role.objects.filter(person__code=step["whom"], mode=Role.Mode.IN_PERSON).values("session")
        affected: Collection[str] = list(
            _placed(run).filter(session__in=roles, **times).values_list("session__code", flat=True)
        )
        steps += [{"do": "without_person", "whom": code, "person": step["whom"]} for code in affected]
    return steps


def _called_off(run: SolverRun, now: datetime) -> list[Step]:
    """Where nothing else is known to help: what was to be in a lost room, or in what shares its walls, is not held."""
    codes: dict[str, None] = {}
    for step in run.assumed:
        if step["do"] != "room_lost":
            continue
        room = step["whom"]
        shared = Q(room__code=room) | Q(room__parts__code=room) | Q(room__joined_rooms__code=room)
        times = {"start__lt": step["ends_at"], "end__gt": max(now, datetime.fromisoformat(step["starts_at"]))}
        codes |= dict.fromkeys(_placed(run).filter(shared, **times).values_list("session__code", flat=True))
    assumed = [_identity(step) for step in run.assumed]
    steps: list[Step] = [{"do": "session_off", "whom": code} for code in codes]
    return [step for step in steps if _identity(step) not in assumed]


def _placed(run: SolverRun) -> Any:
    """Where the sessions are in the release the emergency starts from; of cancelled ones nobody speaks."""
    if run.release is None:
        raise TypeError("an emergency starts from a release")
    return run.release.placements.filter(session__state="accepted").order_by("start", "session__code")
