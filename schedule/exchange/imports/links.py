"""What is kept beside a row: who appears and hosts, parts of rooms, orders, wishes. How a file's word of it is compared
with what is there, and the lines that make it so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from schedule.domain.editing.lines import APART, DAYS, EARLIER, HOSTS, PARTS, PREFERENCES, ROLES, Lines
from schedule.domain.programme.names import role_name
from schedule.exchange.imports.beside import ABSENCES, GROUPS
from schedule.exchange.imports.stored import KeptProgramme
from schedule.exchange.incoming.records import What
from schedule.models import SessionGroup

ANY_ROLE = "speaker"
Key = tuple[What, str]


class Comparing(Protocol):
    """What a link asks of the comparison that it is part of (`preview.Comparison`)."""

    stored: KeptProgramme
    entries: dict[tuple[What, str], Any]

    def named(self, what: What, key: str | None) -> str:
        """What a record, or the row it means, is called."""


@dataclass(frozen=True)
class WantedLines:
    """What should be there. `lines` are those of `kept`, in which a `Key` stands for the row that its record makes."""

    kept: Lines
    label: str
    old: str
    new: str
    lines: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Link:
    """`said` is the field of the record; `wanted` compares it with what is stored of the row, if there is one."""

    said: str
    wanted: Callable[[Comparing, Any | None, Any], WantedLines | None]


def _people(comparing: Comparing, found: Any | None, given: Sequence[tuple[str | None, str, str]]) -> WantedLines:
    """People of whom the file says no role keep the one they have."""
    stored = comparing.stored.roles.get(found.pk, []) if found else []
    tells = any(role for _person, role, _mode in given)
    lines: list[dict[str, Any]] = []
    for person, role, mode in given:
        pk = _pk(comparing, What.PERSON, person)
        had = (
            [one for one in stored if one.person_id == pk and (not role or one.role == role)]
            if pk or not person
            else []
        )
        if had and not role:
            lines += [{"pk": one.pk, "person_id": one.person_id, "role": one.role, "mode": one.mode} for one in had]
        else:
            reference = (What.PERSON, person) if person else None
            line = {"person_id": reference, "role": role or ANY_ROLE, "mode": mode}
            lines.append({"pk": had[0].pk, **line} if had else line)
    if not tells:  # the places that nobody has taken yet stay
        lines += [
            {"pk": one.pk, "person_id": None, "role": one.role, "mode": one.mode}
            for one in stored
            if one.person_id is None
        ]
    lines = [line | {"position": number} for number, line in enumerate(lines)]
    return WantedLines(
        ROLES,
        _("People"),
        ", ".join(_appears(_called(comparing, one.person_id), one.role, one.mode) for one in stored),
        ", ".join(_appears(_who(comparing, line["person_id"]), line["role"], line["mode"]) for line in lines),
        lines,
    )


def _appears(name: str, role: str, mode: str) -> str:
    text = f"{name} ({role_name(role)})"
    return text if mode == "in-person" else f"{text} [{mode}]"


def _pk(comparing: Comparing, what: What, key: str | None) -> int | None:
    entry = comparing.entries.get((what, key or ""))
    return entry.row.pk if entry else None


def _called(comparing: Comparing, person: int | None) -> str:
    return str(comparing.stored.by_pk[What.PERSON][person].name) if person else "–"


def _who(comparing: Comparing, reference: Any) -> str:
    if isinstance(reference, tuple):
        return comparing.named(*reference)
    return _called(comparing, reference)


def _hosts(comparing: Comparing, found: Any | None, given: Sequence[str | tuple[str, bool]]) -> WantedLines:
    stored = comparing.stored.hosts.get(found.pk, []) if found else []
    had = {one.body_id: one for one in stored}
    lines = []
    for number, one in enumerate(given):
        key, shown = (one, True) if isinstance(one, str) else one
        line: dict[str, Any] = {"body_id": (What.BODY, key), "is_shown": shown, "position": number}
        known = had.get(_pk(comparing, What.BODY, key) or 0)
        if known is not None:
            line |= {"pk": known.pk} | ({"is_shown": known.is_shown} if isinstance(one, str) else {})
        lines.append(line)
    named = comparing.stored.by_pk[What.BODY]
    return WantedLines(
        HOSTS,
        _("Hosts"),
        ", ".join(_hosted(str(named[one.body_id].name), one.is_shown) for one in stored),
        ", ".join(_hosted(comparing.named(*line["body_id"]), line["is_shown"]) for line in lines),
        lines,
    )


def _hosted(name: str, is_shown: bool) -> str:
    return name if is_shown else _("%(name)s (not named)") % {"name": name}


def _rooms(comparing: Comparing, found: Any | None, given: Sequence[str]) -> WantedLines:
    stored = comparing.stored.parts.get(found.pk, []) if found else []
    rooms = comparing.stored.by_pk[What.ROOM]
    return WantedLines(
        PARTS,
        _("Parts"),
        ", ".join(sorted(str(rooms[one.part_id].name) for one in stored)),
        ", ".join(sorted(comparing.named(What.ROOM, key) for key in given)),
        [{"part_id": (What.ROOM, key)} for key in given],
    )


def _code(comparing: Comparing, key: str) -> str:
    code: str = comparing.entries[What.SESSION, key].row.code
    return code


def _earlier(comparing: Comparing, found: Any | None, given: Sequence[str]) -> WantedLines:
    stored = comparing.stored.earlier.get(found.pk, []) if found else []
    codes = [comparing.stored.by_pk[What.SESSION][one.earlier_id].code for one in stored]
    return WantedLines(
        EARLIER,
        _("After"),
        ", ".join(sorted(codes)),
        ", ".join(sorted(_code(comparing, key) for key in given)),
        [{"earlier_id": (What.SESSION, key)} for key in given],
    )


def _apart(comparing: Comparing, found: Any | None, given: Sequence[str]) -> WantedLines:
    pk = found.pk if found else None
    pairs = [{one.first_id, one.second_id} for one in comparing.stored.apart]
    others = {key for pair in pairs if pk in pair for key in pair - {pk}}
    return WantedLines(
        APART,
        _("Not at the same time as"),
        ", ".join(sorted(comparing.stored.by_pk[What.SESSION][key].code for key in others)),
        ", ".join(sorted(_code(comparing, key) for key in given)),
        [{"other_id": (What.SESSION, key)} for key in given],
    )


def _preferences(comparing: Comparing, found: Any | None, given: Sequence[Any]) -> WantedLines:
    """Rooms by their keys, and pairs of times."""
    stored = comparing.stored.preferences.get(found.pk, []) if found else []
    conference = comparing.stored.conference

    def span(start: Any, end: Any) -> str:
        return f"{conference.local(start):%Y-%m-%d %H:%M}–{conference.local(end):%Y-%m-%d %H:%M}"

    rooms = comparing.stored.by_pk[What.ROOM]
    old = [str(rooms[one.room_id].name) if one.room_id else span(one.starts_at, one.ends_at) for one in stored]
    new = [comparing.named(What.ROOM, one) if isinstance(one, str) else span(*one) for one in given]
    lines = [
        {"room_id": (What.ROOM, one), "starts_at": None, "ends_at": None}
        if isinstance(one, str)
        else {"room_id": None, "starts_at": one[0], "ends_at": one[1]}
        for one in given
    ]
    return WantedLines(
        PREFERENCES, _("Preferred rooms and times"), ", ".join(sorted(old)), ", ".join(sorted(new)), lines
    )


_DAY = ("date", "opens_at", "closes_at", "core_from", "core_until")


def _days(comparing: Comparing, _found: Any | None, given: Sequence[tuple[Any, ...]]) -> WantedLines:
    """Opening hours, each as its date and its four instants."""
    local = comparing.stored.conference.local

    def hours(lines: Sequence[Mapping[str, Any]]) -> str:
        return "; ".join(
            f"{line['date']} " + " ".join(f"{local(line[one]):%d. %H:%M}" if line[one] else "–" for one in _DAY[1:])
            for line in sorted(lines, key=lambda line: str(line["date"]))
        )

    lines = [dict(zip(_DAY, one, strict=True)) for one in given]
    return WantedLines(DAYS, _("Days and hours"), hours(DAYS.read(comparing.stored.conference)), hours(lines), lines)


def _groups(comparing: Comparing, _found: Any | None, given: Sequence[tuple[str, Sequence[str]]]) -> WantedLines:
    """Sessions that share a time or a room, by their keys."""
    conference = comparing.stored.conference
    sessions = comparing.stored.by_pk[What.SESSION]
    old = [(one["same"], sorted(sessions[key].code for key in one["sessions"])) for one in GROUPS.read(conference)]
    new = [(same, sorted(_code(comparing, key) for key in keys)) for same, keys in given]
    lines = [{"same": same, "sessions": [(What.SESSION, key) for key in keys]} for same, keys in given]
    return WantedLines(GROUPS, _("Groups"), _grouped(old), _grouped(new), lines)


def _grouped(groups: Sequence[tuple[str, Sequence[str]]]) -> str:
    named = dict(SessionGroup.Same.choices)
    return "; ".join(sorted(f"{', '.join(codes)}: {named[same]}" for same, codes in groups))


def _absences(
    comparing: Comparing, _found: Any | None, given: Sequence[tuple[What, str, Any, Any, Any]]
) -> WantedLines:
    """When rooms are closed, and people and organisations away."""
    local = comparing.stored.conference.local
    columns = {What.ROOM: "room_id", What.PERSON: "person_id", What.BODY: "body_id"}

    def said(name: str, line: Mapping[str, Any]) -> str:
        reason = LazyI18nString(dict(line["reason"]) if isinstance(line["reason"], Mapping) else line["reason"])
        return f"{name}: {local(line['starts_at']):%Y-%m-%d %H:%M}–{local(line['ends_at']):%Y-%m-%d %H:%M} {reason}"

    old = []
    for line in ABSENCES.read(comparing.stored.conference):
        what, pk = next((what, line[column]) for what, column in columns.items() if line[column])
        old.append(said(comparing.stored.by_pk[what][pk].code, line))
    new, lines = [], []
    for what, key, start, end, reason in given:
        line = {"starts_at": start, "ends_at": end, "reason": LazyI18nString(dict(reason))}
        lines.append(dict.fromkeys(columns.values()) | line | {columns[what]: (what, key)})
        new.append(said(comparing.entries[what, key].row.code, line))
    return WantedLines(ABSENCES, _("Absences"), "; ".join(sorted(old)), "; ".join(sorted(new)), lines)


LINKS: Mapping[What, Sequence[Link]] = {
    What.SESSION: (
        Link("people", _people),
        Link("hosts", _hosts),
        Link("after", _earlier),
        Link("not_parallel_with", _apart),
        Link("preferred", _preferences),
    ),
    What.ROOM: (Link("parts", _rooms),),
    What.CONFERENCE: (Link("days", _days), Link("groups", _groups), Link("absences", _absences)),
}
