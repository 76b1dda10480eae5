"""What an emergency changes besides times and rooms, step by step, through the functions that change it on any day.

A step is plain JSON: {"do": one of `ACTS`, "whom": the code of what it is about, or a list of those a rule names, ...}.
Until an emergency is published its steps are only tried, in a transaction that is taken back: the search for a repair,
the look at what becomes of people and the publication all read what really holds after them, and going back leaves
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.utils import translation
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from journal.actors import Actor
from schedule.domain.editing.absences import close_room, send_away, take_back
from schedule.domain.editing.rows import RowChanged, Wanted, add_row, change_row, lines_of, version_of
from schedule.domain.problem import instant
from schedule.domain.programme.sessions import cancel_session
from schedule.models import Body, Conference, Kind, Person, Room, Session, Unavailability

Step = Mapping[str, Any]


class StepRefused(Exception):
    """A step cannot be taken (any more); the message says why. Nothing was changed."""


def take(steps: Iterable[Step], conference: Conference, *, actor: Actor) -> None:
    """Take the steps, each with its own entries in the journal. Call inside the transaction they belong to.

    Raises `StepRefused`.
    """
    for step in steps:
        try:
            ACTS[step["do"]](conference, step, actor)
        except (ObjectDoesNotExist, RowChanged) as error:
            raise StepRefused(_("Something this is about was changed or deleted meanwhile. Begin again.")) from error
        except ValidationError as error:
            raise StepRefused(" ".join(error.messages)) from error


def _edit(row: Any, actor: Actor, *, lines: Wanted | None = None, **values: Any) -> None:
    """Change fields of a row as it is now."""
    version = version_of(row)
    for name, value in values.items():
        setattr(row, name, value)
    change_row(row, lines=lines, version=version, actor=actor)


def _session(conference: Conference, code: str) -> Session:
    return Session.objects.get(conference=conference, code=code)


def _room(conference: Conference, code: str) -> Room:
    return Room.objects.get(conference=conference, code=code)


def _times(step: Step) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(step["starts_at"]), datetime.fromisoformat(step["ends_at"])


def _room_lost(conference: Conference, step: Step, actor: Actor) -> None:
    starts_at, ends_at = _times(step)
    close_room(_room(conference, step["whom"]), starts_at=starts_at, ends_at=ends_at, actor=actor)


def _person_missing(conference: Conference, step: Step, actor: Actor) -> None:
    person = Person.objects.get(conference=conference, code=step["whom"])
    starts_at, ends_at = _times(step)
    send_away(person, starts_at=starts_at, ends_at=ends_at, actor=actor)


def _session_off(conference: Conference, step: Step, actor: Actor) -> None:
    session = _session(conference, step["whom"])
    if session.state == Session.State.ACCEPTED:  # somebody else may have cancelled it
        cancel_session(session, actor=actor)


def _starts_later(conference: Conference, step: Step, actor: Actor) -> None:
    _edit(_session(conference, step["whom"]), actor, fixed_start=datetime.fromisoformat(step["start"]))


def _shorter(conference: Conference, step: Step, actor: Actor) -> None:
    _edit(_session(conference, step["whom"]), actor, duration_minutes=step["minutes"])


def _without_person(conference: Conference, step: Step, actor: Actor) -> None:
    session = _session(conference, step["whom"])
    person = Person.objects.get(conference=conference, code=step["person"])
    roles = [line for line in lines_of(session)["roles"] if line["person_id"] != person.pk]
    _edit(session, actor, lines={"roles": roles})


def _one_room_more(conference: Conference, step: Step, actor: Actor) -> None:
    names = {}
    for language in conference.languages:
        with translation.override(language):
            names[language] = _("Additional room")
    room = Room(
        conference=conference,
        code="",
        name=LazyI18nString(names),
        capacity=max(1, step["seats"]),
        features=step["features"],
        distance_group=step["distance_group"],
        position=conference.rooms.count(),
    )
    add_row(room, actor=actor)


def _open_for_sessions(conference: Conference, step: Step, actor: Actor) -> None:
    _edit(_room(conference, step["whom"]), actor, breaks_only=False)


def _equip(conference: Conference, step: Step, actor: Actor) -> None:
    _edit(_room(conference, step["whom"]), actor, features=step["features"])


def _expect_fewer(conference: Conference, step: Step, actor: Actor) -> None:
    _edit(_session(conference, step["whom"]), actor, expected_attendance=step["seats"])


def _longer_day(conference: Conference, step: Step, actor: Actor) -> None:
    day = date.fromisoformat(step["day"])
    hours = {name: instant(conference, step[key]) for name, key in (("opens_at", "opens"), ("closes_at", "closes"))}
    days = [{**line, **hours} if line["date"] == day else line for line in lines_of(conference)["days"]]
    _edit(Conference.objects.get(pk=conference.pk), actor, lines={"days": days})


def _free(**values: Any) -> Callable[[Conference, Step, Actor], None]:
    """A wish of a session given up."""

    def act(conference: Conference, step: Step, actor: Actor) -> None:
        _edit(_session(conference, step["whom"]), actor, **values)

    return act


def _any_order(conference: Conference, step: Step, actor: Actor) -> None:
    earlier, later = (_session(conference, code) for code in step["whom"])
    lines = [line for line in lines_of(later)["order_before"] if line["earlier_id"] != earlier.pk]
    _edit(later, actor, lines={"order_before": lines})


def _may_be_parallel(conference: Conference, step: Step, actor: Actor) -> None:
    first, second = (_session(conference, code) for code in step["whom"])
    lines = [line for line in lines_of(first)["not_parallel_first"] if line["other_id"] != second.pk]
    _edit(first, actor, lines={"not_parallel_first": lines})


def _several_teams(conference: Conference, step: Step, actor: Actor) -> None:
    _edit(Body.objects.get(conference=conference, code=step["whom"]), actor, single_team=False)


def _rule(**fields: str) -> Callable[[Conference, Step, Actor], None]:
    """Other numbers in the conference's rules: the fields, and what the step calls their values."""

    def act(conference: Conference, step: Step, actor: Actor) -> None:
        values = {field: step[key] for field, key in fields.items()}
        _edit(Conference.objects.get(pk=conference.pk), actor, **values)

    return act


def _more_of_a_kind(conference: Conference, step: Step, actor: Actor) -> None:
    _edit(Kind.objects.get(conference=conference, code=step["whom"]), actor, max_parallel=step["most"])


def _back(whose: str) -> Callable[[Conference, Step, Actor], None]:
    """Closures or absences taken back: those that do not stay."""

    def act(conference: Conference, step: Step, actor: Actor) -> None:
        stay = {tuple(instant(conference, minute) for minute in pair) for pair in step["left"]}
        for absence in Unavailability.objects.filter(conference=conference, **{f"{whose}__code": step["whom"]}):
            if (absence.starts_at, absence.ends_at) not in stay:
                take_back(absence, actor=actor)

    return act


ACTS: Mapping[str, Callable[[Conference, Step, Actor], None]] = {
    "room_lost": _room_lost,
    "session_off": _session_off,
    "starts_later": _starts_later,
    "person_missing": _person_missing,
    "shorter": _shorter,
    "without_person": _without_person,
    "one_room_more": _one_room_more,
    "open_for_sessions": _open_for_sessions,
    "equip": _equip,
    "expect_fewer": _expect_fewer,
    "longer_day": _longer_day,
    "any_start": _free(fixed_start=None),
    "any_room": _free(fixed_room=None),
    "later_than_wished": _free(not_after=None),
    "others_at_that_time": _free(blocks_all=False),
    "without_equipment": _free(required_features=[]),
    "any_order": _any_order,
    "may_be_parallel": _may_be_parallel,
    "several_teams": _several_teams,
    "shorter_changeover": _rule(room_changeover_minutes="minutes"),
    "less_time_to_walk": _rule(
        person_gap_same_group_minutes="same_group", person_gap_other_group_minutes="other_group"
    ),
    "more_teams": _rule(interpreter_teams="most"),
    "more_at_once": _rule(max_parallel_open_sessions="most"),
    "more_of_a_kind_at_once": _more_of_a_kind,
    "room_open_again": _back("room"),
    "person_back": _back("person"),
    "body_back": _back("body"),
}
