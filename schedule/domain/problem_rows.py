"""What a problem is read from that takes several tables: asked of all of them at once, as rows of one shape.

A problem of a thousand sessions is read for many a page, so each question to the database counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from django.db.models import BigIntegerField, DateField, F, IntegerField, QuerySet, TextField, Value
from django.db.models.functions import Cast
from i18nfield.strings import LazyI18nString

from schedule.models import (
    Body,
    Conference,
    Day,
    NotParallel,
    Person,
    Preference,
    Role,
    RoomPart,
    Session,
    SessionGroup,
    SessionHost,
    SessionOrder,
    Unavailability,
)

PLANNED = Session.State.ACCEPTED
_NO_NUMBER, _NO_NAME = Value(0, output_field=IntegerField()), Value(None, output_field=TextField())


@dataclass(frozen=True)
class NamedRow:
    """A person or an organisation."""

    key: int
    code: str
    name: LazyI18nString
    single_team: bool


@dataclass(frozen=True)
class RelatedRows:
    """Codes by what they are to the row with a key. Only of sessions that are planned, where a code is a session's."""

    people: list[NamedRow]
    bodies: list[NamedRow]
    _codes: Mapping[tuple[str, int], list[str]]

    def codes(self, what: str, key: int) -> list[str]:
        return self._codes.get((what, key), [])

    def groups(self, same: str) -> list[frozenset[str]]:
        """The groups of two sessions or more that share this, in the order of their keys."""
        found = [(key, frozenset(codes)) for (what, key), codes in self._codes.items() if what == same]
        return [codes for _key, codes in sorted(found, key=lambda one: one[0]) if len(codes) > 1]


def related_rows(conference: Conference) -> RelatedRows:
    """People, organisations, and what binds sessions to them and to each other; the parts of rooms. One query."""
    first, *others = _related(conference)
    named: dict[str, list[NamedRow]] = {"person": [], "body": []}
    codes: dict[tuple[str, int], list[tuple[int, str]]] = defaultdict(list)
    for what, key, code, number, name in first.union(*others, all=True).order_by("code_of"):
        if what in named:
            named[what].append(NamedRow(key, code, name, single_team=bool(number)))
        else:
            codes[what, key].append((number, code))
    in_order = {about: [code for _number, code in sorted(rows, key=itemgetter(0))] for about, rows in codes.items()}
    return RelatedRows(named["person"], named["body"], in_order)


def _related(conference: Conference) -> Iterator[QuerySet[Any, tuple[Any, ...]]]:
    """Rows of (what, key, code, number, name); those first whose names the database's reader knows as texts."""
    mine = {"session__conference": conference}
    both = {"first__state": PLANNED, "second__state": PLANNED}
    pairs = NotParallel.objects.filter(first__conference=conference, **both)
    roles = Role.objects.filter(**mine, mode=Role.Mode.IN_PERSON, person__isnull=False)
    orders = SessionOrder.objects.filter(later__conference=conference, earlier__state=PLANNED)
    groups = SessionGroup.sessions.through.objects.filter(sessiongroup__conference=conference, session__state=PLANNED)
    yield _rows(Person.objects.filter(conference=conference), "person", "pk", "code", name=F("name"))
    bodies = Body.objects.filter(conference=conference)
    yield _rows(bodies, "body", "pk", "code", number=Cast("single_team", IntegerField()), name=F("name"))
    yield _rows(roles, "role", "session_id", "person__code")
    # In the order in which a session names them.
    yield _rows(SessionHost.objects.filter(**mine), "host", "session_id", "body__code", number=F("position"))
    yield _rows(orders, "after", "later_id", "earlier__code")
    yield _rows(pairs, "apart", "first_id", "second__code")
    yield _rows(pairs, "apart", "second_id", "first__code")
    yield _rows(groups, F("sessiongroup__same"), "sessiongroup_id", "session__code")
    yield _rows(RoomPart.objects.filter(room__conference=conference), "part", "room_id", "part__code")


def _rows(
    rows: QuerySet[Any],
    what: str | F,
    key: str,
    code: str,
    *,
    number: Any = _NO_NUMBER,
    name: Any = _NO_NAME,
) -> QuerySet[Any, tuple[Any, ...]]:
    kind = Value(what, output_field=TextField()) if isinstance(what, str) else what
    columns = {"what": kind, "key": F(key), "code_of": F(code), "number": number, "text": name}
    found: QuerySet[Any, tuple[Any, ...]] = rows.order_by().annotate(**columns).values_list(*columns)
    return found


Stretch = tuple[datetime, datetime]


@dataclass(frozen=True)
class StretchRows:
    """When the conference is open on which day, and its core hours; when rooms, people and organisations are away, and
    where and when sessions are liked, by their keys.
    """

    hours: Mapping[date, Stretch]
    core: Mapping[date, Stretch]
    away: Mapping[tuple[str, int], list[Stretch]]
    liked_times: Mapping[int, list[Stretch]]
    liked_rooms: Mapping[int, set[str]]


_COLUMNS = ("room_id", "person_id", "body_id", "session_key", "said", "order", "on", "starts_at", "ends_at")


def stretch_rows(conference: Conference) -> StretchRows:
    """One query. Days and absences by their beginnings, liked times in the order in which they were written down."""
    hours, core = dict[date, Stretch](), dict[date, Stretch]()
    found = StretchRows(hours, core, defaultdict(list), defaultdict(list), defaultdict(set))
    absences, *others = _stretches(conference)
    rows = absences.union(*others, all=True).order_by("order", "starts_at")
    for room, person, body, session, said, _order, on, start, end in rows:
        if on is not None:
            (core if said else hours)[on] = (start, end)
        elif session is None:
            about = next((what, key) for what, key in (("room", room), ("person", person), ("body", body)) if key)
            found.away[about].append((start, end))
        elif said is not None:
            found.liked_rooms[session].add(said)
        elif start is not None and end is not None:
            found.liked_times[session].append((start, end))
    return found


def _stretches(conference: Conference) -> Iterator[QuerySet[Any, tuple[Any, ...]]]:
    """Absences, liked times and rooms, hours, core hours: `said` is a liked room, or that hours are core hours."""
    no_key, nothing = Value(None, output_field=BigIntegerField()), Value(None, output_field=TextField())
    no_day = Cast(Value(None), DateField())  # NULL alone would be a text to the database
    absences = Unavailability.objects.filter(conference=conference).order_by()
    yield absences.annotate(session_key=no_key, said=nothing, order=no_key, on=no_day).values_list(*_COLUMNS)
    likings = Preference.objects.filter(session__conference=conference).order_by()
    likings = likings.annotate(session_key=F("session_id"), said=F("room__code"), order=F("pk"), on=no_day)
    yield likings.annotate(person_id=no_key, body_id=no_key).values_list(*_COLUMNS)
    days = Day.objects.filter(conference=conference).order_by()
    days = days.annotate(
        room_id=no_key, person_id=no_key, body_id=no_key, session_key=no_key, order=no_key, on=F("date")
    )
    yield days.annotate(said=nothing, starts_at=F("opens_at"), ends_at=F("closes_at")).values_list(*_COLUMNS)
    days, core = days.filter(core_from__isnull=False), Value("core", output_field=TextField())
    yield days.annotate(said=core, starts_at=F("core_from"), ends_at=F("core_until")).values_list(*_COLUMNS)
