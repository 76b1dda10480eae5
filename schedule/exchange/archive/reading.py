"""Reading an archive. Each thing with a value that cannot be is told and left out; the others are taken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

from schedule.exchange.archive.shapes import COLUMNS, FORMAT, NAMES, VERSION, Shape
from schedule.exchange.incoming.moments import stamp_of
from schedule.exchange.incoming.records import Gathering, Unreadable, What, at
from schedule.models import Role, SessionGroup
from schedule.validators import CODE

_MOST = 2_000_000_000
# Columns of which the second comes after the first.
_SPANS: Mapping[What, Sequence[tuple[str, str]]] = {
    What.CONFERENCE: (("starts_on", "ends_on"),),
    What.SESSION: (("not_before", "not_after"),),
}


def is_one(data: Any) -> bool:
    """Whether this says that it is an archive."""
    return isinstance(data, Mapping) and data.get("format") == FORMAT


def gather(data: Mapping[str, Any], gathered: Gathering) -> None:
    """Gather what an archive says. Raises `Unreadable` for one of another version."""
    if data.get("version") != VERSION:
        raise Unreadable("other_version", said=data.get("version"))
    if data.get("timezone") != str(gathered.asked.zone):
        gathered.note("other_zone", said=data.get("timezone"))
    _ArchiveReader(data, gathered).read()


class _ArchiveReader:
    def __init__(self, data: Mapping[str, Any], gathered: Gathering) -> None:
        self.data, self.gathered = data, gathered
        self.keys: dict[What, set[str]] = {what: set() for what in What}

    def read(self) -> None:
        """Things that others name are read first; where one is wrong, so are those that name it."""
        for what in COLUMNS:
            if what in (What.CONFERENCE, What.ROOM, What.SESSION):
                continue
            self._each(what, lambda _one: {})
        self.keys[What.ROOM] |= self._given(What.ROOM)
        self._each(What.ROOM, lambda one: {"parts": self._refs(What.ROOM, one.get("parts"))})
        self.keys[What.SESSION] |= self._given(What.SESSION)
        self._each(What.SESSION, self._session)
        conference = self.data.get("conference")
        if isinstance(conference, Mapping):
            self._one(What.CONFERENCE, {"key": "conference"} | dict(conference), 1, self._conference)

    def _given(self, what: What) -> set[str]:
        return {str(one.get("key")) for one in _things(self.data.get(what.value))}

    def _each(self, what: What, more: Callable[[Mapping[str, Any]], dict[str, Any]]) -> None:
        for number, one in enumerate(_things(self.data.get(what.value)), 1):
            self._one(what, one, number, more)

    def _one(
        self, what: What, one: Mapping[str, Any], number: int, more: Callable[[Mapping[str, Any]], dict[str, Any]]
    ) -> None:
        place = at("record", number, what.value)
        key = one.get("key")
        try:
            said = self._columns(what, one) | more(one)
        except Unreadable as refused:
            self.gathered.wrong(refused.code, place, **refused.values)
            self.keys[what].discard(str(key))
            return
        self.keys[what].add(str(key))
        self.gathered.add(what, str(key)[:200], place, said, is_whole=True)

    def _columns(self, what: What, one: Mapping[str, Any]) -> dict[str, Any]:
        if not isinstance(one.get("key"), str) or not one["key"]:
            raise Unreadable("no_key")
        held = {name: shape for name, shape in COLUMNS[what].items() if name in one}
        said = {name: self._value(what, name, shape, one[name]) for name, shape in held.items()}
        if not said.get("title" if what is What.SESSION else "name"):
            raise Unreadable("no_title" if what is What.SESSION else "no_name")
        for first, last in _SPANS.get(what, ()):
            if said.get(first) is not None and said.get(last) is not None:
                _refuse_backwards(said[first], said[last], may_be_one=what is What.CONFERENCE)
        if "code" in said and not CODE.match(said["code"]):
            raise Unreadable("no_code", said=said["code"])
        return said

    def _value(self, what: What, name: str, shape: Shape, value: Any) -> Any:
        if shape is Shape.KEY:
            return self._ref(NAMES[what, name], value) if value is not None else None
        if value is None and shape in (Shape.COUNT, Shape.MOMENT):
            return None
        read = _READ[shape](value)
        if read is None:
            raise Unreadable("no_value", name=name, said=str(value)[:80])
        return read

    def _ref(self, what: What, key: Any) -> str:
        if not isinstance(key, str) or key not in self.keys[what]:
            raise Unreadable("names_nothing", said=str(key)[:80])
        return key

    def _refs(self, what: What, keys: Any) -> tuple[str, ...]:
        return tuple(self._ref(what, key) for key in (keys if isinstance(keys, list) else []))

    def _session(self, one: Mapping[str, Any]) -> dict[str, Any]:
        people = [self._role(role) for role in _things(one.get("people"))]
        hosts = {
            self._ref(What.BODY, host.get("body")): host.get("is_shown") is True for host in _things(one.get("hosts"))
        }
        said: dict[str, Any] = {
            "people": tuple(_each_once(people)),
            "hosts": tuple(hosts.items()),
            "after": self._refs(What.SESSION, one.get("after")),
            "not_parallel_with": self._refs(What.SESSION, one.get("not_parallel_with")),
            "preferred": tuple(dict.fromkeys(self._preference(wish) for wish in _things(one.get("preferred")))),
        }
        if one.get("key") in said["not_parallel_with"]:
            raise Unreadable("names_itself")
        place = one.get("place")
        if isinstance(place, Mapping):
            said |= {"room": self._ref(What.ROOM, place.get("room")), "start": self._instant(place.get("start"))}
        minutes = one.get("duration_minutes")
        if not isinstance(minutes, int) or minutes < 1:
            raise Unreadable("no_length", said=minutes)
        if one.get("kind") is None:
            raise Unreadable("no_value", name="kind", said="")
        return said

    def _role(self, role: Mapping[str, Any]) -> tuple[str | None, str, str]:
        mode, name = str(role.get("mode")), str(role.get("role") or "")
        if mode not in Role.Mode.values or not name:
            raise Unreadable("no_value", name="people", said=mode)
        return (self._ref(What.PERSON, role["person"]) if role.get("person") else None, name, mode)

    def _preference(self, wish: Mapping[str, Any]) -> Any:
        if "room" in wish:
            return self._ref(What.ROOM, wish["room"])
        return self._span(wish.get("from"), wish.get("until"))

    def _span(self, start: Any, end: Any) -> tuple[datetime, datetime]:
        first, last = self._instant(start), self._instant(end)
        _refuse_backwards(first, last)
        return first, last

    def _instant(self, value: Any) -> datetime:
        found = _moment(value)
        if found is None:
            raise Unreadable("no_moment", said=str(value)[:80])
        return found

    def _conference(self, one: Mapping[str, Any]) -> dict[str, Any]:
        names = ("opens_at", "closes_at", "core_from", "core_until")
        days = []
        for day in _things(one.get("days")):
            on = _day(day.get("date"))
            hours = [None if day.get(name) is None else self._instant(day[name]) for name in names]
            if on is None or hours[0] is None or hours[1] is None:
                raise Unreadable("no_day", said=str(day.get("date"))[:80])
            _refuse_backwards(hours[0], hours[1])
            core = [hour for hour in hours[2:] if hour is not None]
            if core and (len(core) == 1 or not hours[0] <= core[0] < core[1] <= hours[1]):
                raise Unreadable("no_value", name="core_from", said=str(day.get("core_from"))[:80])
            days.append((on, *hours))
        _refuse_overlaps(days)
        groups = []
        for group in _things(one.get("groups")):
            if group.get("same") not in SessionGroup.Same.values:
                raise Unreadable("no_value", name="groups", said=str(group.get("same"))[:80])
            members = tuple(dict.fromkeys(self._refs(What.SESSION, group.get("sessions"))))
            if len(members) < 2:
                raise Unreadable("group_of_one")
            groups.append((str(group["same"]), members))
        absences = []
        for absence in _things(one.get("absences")):
            if absence.get("what") not in (What.ROOM, What.PERSON, What.BODY):
                raise Unreadable("no_value", name="absences", said=str(absence.get("what"))[:80])
            what = What(str(absence["what"]))
            times = self._span(absence.get("from"), absence.get("until"))
            absences.append((what, self._ref(what, absence.get("key")), *times, _texts(absence.get("reason")) or {}))
        return {"days": tuple(days), "groups": tuple(groups), "absences": tuple(absences)}


def _refuse_backwards(first: Any, last: Any, *, may_be_one: bool = False) -> None:
    if last < first or (last == first and not may_be_one):
        raise Unreadable("ends_before_start", said=last)


def _each_once(roles: Iterable[tuple[str | None, str, str]]) -> Iterator[tuple[str | None, str, str]]:
    """Somebody has a role once; places that nobody has taken may be several."""
    met: set[tuple[str | None, str]] = set()
    for person, role, mode in roles:
        if person is None or (person, role) not in met:
            yield person, role, mode
        met.add((person, role))


def _refuse_overlaps(days: Sequence[tuple[Any, ...]]) -> None:
    """Each instant is of one day at most, and each date has its hours once."""
    dates = [on for on, *_hours in days]
    for on in dates:
        if dates.count(on) > 1:
            raise Unreadable("day_twice", said=on)
    in_order = sorted(days, key=lambda day: day[1])
    for before, day in pairwise(in_order):
        if day[1] < before[2]:
            raise Unreadable("hours_overlap", said=day[0], other=before[0])


def _things(value: Any) -> Sequence[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _texts(value: Any) -> dict[str, str] | None:
    if not isinstance(value, Mapping) or not all(isinstance(one, str) for one in (*value, *value.values())):
        return None
    return {str(code): text for code, text in value.items() if text}


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST else None


def _words(value: Any) -> tuple[str, ...] | None:
    return tuple(value) if isinstance(value, list) and all(isinstance(one, str) for one in value) else None


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def _moment(value: Any) -> datetime | None:
    try:
        found = stamp_of(value) if isinstance(value, str) else None
    except Unreadable:
        return None
    return found.astimezone(UTC) if found is not None and found.tzinfo is not None else None


_READ: Mapping[Shape, Callable[[Any], Any]] = {
    Shape.TEXTS: _texts,
    Shape.TEXT: lambda value: value if isinstance(value, str) else None,
    Shape.COUNT: _count,
    Shape.FLAG: lambda value: value if isinstance(value, bool) else None,
    Shape.WORDS: _words,
    Shape.DAY: _day,
    Shape.MOMENT: _moment,
}
