"""Rows that are edited together with a row: how they are read, and how they become what somebody wants them to be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from django.utils.translation import gettext as _

from journal.facts import Change
from schedule.domain.editing.groups import objections_to
from schedule.models import (
    Conference,
    Day,
    NotParallel,
    Preference,
    Role,
    Room,
    RoomPart,
    Session,
    SessionGroup,
    SessionHost,
    SessionOrder,
)

Line = Mapping[str, Any]
"""One of the rows, as plain data: the names of its columns with their values; "pk" where it is kept already."""

_Reader = Callable[[Any], list[Line]]
_Keeper = Callable[[Any, Sequence[Line]], None]


@dataclass(frozen=True)
class Lines:
    """`relation` is what facts call it. `read` gives plain data, in an order of its own; `keep` writes. `told` is the
    column whose keys the journal tells: which rooms, sessions, people or organisations. `words`: what it tells of a
    line that names nothing of these.
    """

    relation: str
    read: Callable[[Any], list[Line]]
    keep: Callable[[Any, Sequence[Line]], None]
    told: str = ""
    words: Callable[[Any, Line], str] | None = None

    def keys(self, lines: Iterable[Line]) -> list[int]:
        """Whom lines name, each once."""
        return list(dict.fromkeys(line[self.told] for line in lines if line[self.told] is not None))

    def change(self, row: Any, before: Sequence[Line], after: Sequence[Line]) -> Change | None:
        """What the journal tells of lines that are others now: whom they named and name, or the lines that are gone
        and those that are new; None where that says nothing.
        """
        old: list[Any] = self.keys(before) if self.told else self._only(row, before, after)
        new: list[Any] = self.keys(after) if self.told else self._only(row, after, before)
        return Change(old, new) if old != new else None

    def _only(self, row: Any, lines: Sequence[Line], others: Sequence[Line]) -> list[str]:
        return [self.words(row, line) for line in lines if line not in others] if self.words else []


def _rows_of(model: type[Model], owner: str, columns: Sequence[str], *, order: Sequence[str]) -> _Reader:
    def read(row: Any) -> list[Line]:
        found = model._default_manager.filter(**{owner: row.pk}).order_by(*order)
        return [dict(one) for one in found.values("pk", *columns)]

    return read


def _keys(model: type[Model], owner: str, column: str) -> _Reader:
    """Rows that say nothing but which other row belongs to this one."""

    def read(row: Any) -> list[Line]:
        found = model._default_manager.filter(**{owner: row.pk}).order_by(column)
        return [{column: key} for key in found.values_list(column, flat=True)]

    return read


def _kept_keys(model: Any, owner: str, column: str) -> _Keeper:
    def keep(row: Any, lines: Sequence[Line]) -> None:
        wanted = {line[column] for line in lines}
        mine = model._default_manager.filter(**{owner: row.pk})
        mine.exclude(**{f"{column}__in": wanted}).delete()
        for key in sorted(wanted - set(mine.values_list(column, flat=True))):
            _checked(model(**{owner: row.pk, column: key})).save()

    return keep


def _kept_rows(model: Any, owner: str) -> _Keeper:
    """Rows with an identity, on which others may hang: those that stay keep their key."""

    def keep(row: Any, lines: Sequence[Line]) -> None:
        mine = {one.pk: one for one in model._default_manager.filter(**{owner: row.pk})}
        stay = {line["pk"] for line in lines if line.get("pk")}
        model._default_manager.filter(pk__in=mine.keys() - stay).delete()
        for line in lines:
            known = mine.get(line.get("pk"))
            if line.get("pk") and known is None:
                raise ValidationError(_("Somebody else has taken out a line that you changed. Please look again."))
            one = known or model(**{owner: row.pk})
            before = {name: getattr(one, name) for name in line if name != "pk"}
            if known is None or any(before[name] != line[name] for name in before):
                for name in before:
                    setattr(one, name, line[name])
                _checked(one).save()

    return keep


def _checked(row: Any) -> Any:
    row.full_clean()
    return row


def _keep_parts(room: Room, lines: Sequence[Line]) -> None:
    """Refuses rooms that would be parts of themselves, by whatever way."""
    joined = RoomPart.objects.filter(room__conference=room.conference_id).values_list("room_id", "part_id")
    if _leads_back(room.pk, [line["part_id"] for line in lines], joined):
        raise ValidationError({"part_links": _("A room cannot be a part of itself, nor of one of its parts.")})
    _kept_keys(RoomPart, "room_id", "part_id")(room, lines)


def _keep_earlier(session: Session, lines: Sequence[Line]) -> None:
    """Refuses sessions that would come after themselves, by whatever way: no timetable could have them."""
    orders = SessionOrder.objects.filter(later__conference=session.conference_id).values_list("later_id", "earlier_id")
    if lines and _leads_back(session.pk, [line["earlier_id"] for line in lines], orders):
        raise ValidationError({"order_before": _("A session cannot come after itself, nor after one that follows it.")})
    _kept_keys(SessionOrder, "later_id", "earlier_id")(session, lines)


def _leads_back(start: int, named: Iterable[int], links: Iterable[tuple[int, int]]) -> bool:
    """Whether `start` is reached from what it is to name, along links (a row, one that it names); its own are left."""
    onwards: dict[int, list[int]] = {}
    for one, other in links:
        if one != start:
            onwards.setdefault(one, []).append(other)
    found: set[int] = set()
    ahead = list(named)
    while ahead:
        one = ahead.pop()
        if one not in found:
            found.add(one)
            ahead += onwards.get(one, [])
    return start in found


def _apart(session: Session) -> list[Line]:
    """The sessions that must not run at the same time; a pair is kept once, in the order of the keys."""
    pairs = NotParallel.objects.filter(Q(first=session) | Q(second=session)).values_list("first_id", "second_id")
    return [{"other_id": key} for key in sorted({key for pair in pairs for key in pair} - {session.pk})]


def _keep_apart(session: Session, lines: Sequence[Line]) -> None:
    wanted, had = {line["other_id"] for line in lines}, {line["other_id"] for line in _apart(session)}
    if session.pk in wanted:
        raise ValidationError({"not_parallel_first": _("Choose another session: this one is named already.")})
    for key in had - wanted:
        NotParallel.objects.filter(first_id=min(key, session.pk), second_id=max(key, session.pk)).delete()
    for key in sorted(wanted - had):
        _checked(NotParallel(first_id=min(key, session.pk), second_id=max(key, session.pk))).save()


PARTS = Lines("part_links", _keys(RoomPart, "room_id", "part_id"), _keep_parts, told="part_id")
HOSTS = Lines(
    "host_links",
    _rows_of(SessionHost, "session_id", ("body_id", "is_shown", "position"), order=("position", "pk")),
    _kept_rows(SessionHost, "session_id"),
    told="body_id",
)
ROLES = Lines(
    "roles",
    _rows_of(Role, "session_id", ("role", "person_id", "mode", "position"), order=("position", "pk")),
    _kept_rows(Role, "session_id"),
    told="person_id",
)
EARLIER = Lines(
    "order_before",
    _keys(SessionOrder, "later_id", "earlier_id"),
    _keep_earlier,
    told="earlier_id",
)
APART = Lines("not_parallel_first", _apart, _keep_apart, told="other_id")


def _wish(session: Session, line: Line) -> str:
    """A room by its code, or a time as the conference's clocks show it. One query at most."""
    if line["room_id"] is not None:
        return Room.objects.values_list("code", flat=True).get(pk=line["room_id"])
    first, last = (session.conference.local(line[name]) for name in ("starts_at", "ends_at"))
    end = f"{last:%H:%M}" if last.date() == first.date() else f"{last:%Y-%m-%d %H:%M}"
    return f"{first:%Y-%m-%d %H:%M}–{end}"


PREFERENCES = Lines(
    "preferences",
    _rows_of(Preference, "session_id", ("room_id", "starts_at", "ends_at"), order=("pk",)),
    _kept_rows(Preference, "session_id"),
    words=_wish,
)


def _members(group: SessionGroup) -> list[Line]:
    return [{"session_id": key} for key in group.sessions.order_by("pk").values_list("pk", flat=True)]


def _keep_members(group: SessionGroup, lines: Sequence[Line]) -> None:
    """Refuses a group of one, and one that cannot be kept beside the others."""
    keys = {line["session_id"] for line in lines}
    if len(keys) < 2:
        raise ValidationError(_("A group has two sessions or more."))
    refused = objections_to(group.conference, same=group.same, sessions=keys, group=group.pk)
    if refused:
        raise ValidationError(refused)
    group.sessions.set(keys)


MEMBERS = Lines("sessions", _members, _keep_members, told="session_id")


_DAY = ("date", "opens_at", "closes_at", "core_from", "core_until")


def _days(conference: Conference) -> list[Line]:
    return [dict(one) for one in Day.objects.filter(conference=conference).order_by("date").values(*_DAY)]


def _keep_days(conference: Conference, lines: Sequence[Line]) -> None:
    """All anew, for one day's new hours may lie where another's were. Nothing hangs on the rows."""
    wanted = [{name: line[name] for name in _DAY} for line in lines]
    if sorted(wanted, key=lambda line: line["date"]) == _days(conference):
        return
    Day.objects.filter(conference=conference).delete()
    for line in wanted:
        _checked(Day(conference=conference, **line)).save()


def _hours(conference: Conference, line: Line) -> str:
    """A day as the conference's clocks show it: 2027-07-02 09:00–18:00, and its core hours in brackets."""
    clock = {name: f"{conference.local(line[name]):%H:%M}" for name in _DAY[1:] if line[name]}
    core = f" ({clock['core_from']}–{clock['core_until']})" if "core_from" in clock else ""
    return f"{line['date']} {clock['opens_at']}–{clock['closes_at']}{core}"


DAYS = Lines("days", _days, _keep_days, words=_hours)
