"""Writing an archive: plain JSON, the same bytes for the same programme. It holds addresses and what is not public."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from i18nfield.strings import LazyI18nString

from schedule.exchange.archive.shapes import COLUMNS, FORMAT, NAMES, VERSION, Shape
from schedule.exchange.imports.beside import ABSENCES, GROUPS
from schedule.exchange.imports.stored import MODELS, KeptProgramme
from schedule.exchange.incoming.records import OWN, What
from schedule.models import Conference, Day, Draft, Placement


def archive_of(conference: Conference, draft: Draft | None = None) -> bytes:
    """Everything of the programme; the places are those of `draft`, else those that are published.

    At most 22 queries. What belongs to people who registered is not in it.
    """
    return json.dumps(_ArchiveWriter(conference, draft).document(), ensure_ascii=False, indent=1).encode() + b"\n"


class _ArchiveWriter:
    def __init__(self, conference: Conference, draft: Draft | None) -> None:
        self.conference, self.stored = conference, KeptProgramme(conference)
        self.places = {pk: (place.room, place.start) for pk, place in self.stored.places.items()}
        if draft is not None:
            found = Placement.objects.filter(draft=draft)
            self.places = {row.session_id: (row.room_id, row.start) for row in found}

    def document(self) -> dict[str, Any]:
        listed = {what.value: [self._row(what, row) for row in self.stored.rows[what]] for what in MODELS}
        return {
            "format": FORMAT,
            "version": VERSION,
            "timezone": self.conference.timezone,
            "conference": self._conference(),
            **listed,
        }

    def _row(self, what: What, row: Any) -> dict[str, Any]:
        said = {"key": _key(what, row)} | self._columns(what, row)
        if what is What.ROOM:
            said["parts"] = self._keys(What.ROOM, (one.part_id for one in self.stored.parts.get(row.pk, ())))
        return said | self._session(row) if what is What.SESSION else said

    def _columns(self, what: What, row: Any) -> dict[str, Any]:
        return {name: self._value(what, row, name, shape) for name, shape in COLUMNS[what].items()}

    def _value(self, what: What, row: Any, name: str, shape: Shape) -> Any:
        if shape is Shape.KEY:
            named, pk = NAMES[what, name], getattr(row, f"{name}_id")
            return _key(named, self.stored.by_pk[named][pk]) if pk else None
        value = getattr(row, name)
        return _texts(value) if shape is Shape.TEXTS else self._plain(value)

    def _plain(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return self.conference.local(value).isoformat()
        return value.isoformat() if isinstance(value, date) else value

    def _keys(self, what: What, pks: Iterable[int]) -> list[str]:
        return sorted(_key(what, self.stored.by_pk[what][pk]) for pk in pks)

    def _session(self, row: Any) -> dict[str, Any]:
        stored, people = self.stored, self.stored.by_pk[What.PERSON]
        pairs = [{one.first_id, one.second_id} for one in stored.apart]
        apart = {key for pair in pairs if row.pk in pair for key in pair}
        said: dict[str, Any] = {
            "people": [
                {
                    "person": _key(What.PERSON, people[one.person_id]) if one.person_id else None,
                    "role": one.role,
                    "mode": one.mode,
                }
                for one in stored.roles.get(row.pk, ())
            ],
            "hosts": [
                {"body": _key(What.BODY, stored.by_pk[What.BODY][one.body_id]), "is_shown": one.is_shown}
                for one in stored.hosts.get(row.pk, ())
            ],
            "after": self._keys(What.SESSION, (one.earlier_id for one in stored.earlier.get(row.pk, ()))),
            "not_parallel_with": self._keys(What.SESSION, apart - {row.pk}),
            "preferred": [self._preference(one) for one in stored.preferences.get(row.pk, ())],
        }
        if row.pk in self.places:
            room, start = self.places[row.pk]
            said["place"] = {"room": _key(What.ROOM, stored.by_pk[What.ROOM][room]), "start": self._plain(start)}
        return said

    def _preference(self, one: Any) -> dict[str, Any]:
        if one.room_id:
            return {"room": _key(What.ROOM, self.stored.by_pk[What.ROOM][one.room_id])}
        return {"from": self._plain(one.starts_at), "until": self._plain(one.ends_at)}

    def _conference(self) -> dict[str, Any]:
        names = ("opens_at", "closes_at", "core_from", "core_until")
        days = Day.objects.filter(conference=self.conference).order_by("date")
        absent = {"room_id": What.ROOM, "person_id": What.PERSON, "body_id": What.BODY}
        absences = []
        for line in ABSENCES.read(self.conference):
            column = next(name for name in absent if line[name])
            what = absent[column]
            absences.append(
                {
                    "what": what.value,
                    "key": _key(what, self.stored.by_pk[what][line[column]]),
                    "from": self._plain(line["starts_at"]),
                    "until": self._plain(line["ends_at"]),
                    "reason": _texts(line["reason"]),
                }
            )
        return self._columns(What.CONFERENCE, self.conference) | {
            "days": [{name: self._plain(getattr(day, name)) for name in ("date", *names)} for day in days],
            "groups": [
                {"same": one["same"], "sessions": self._keys(What.SESSION, one["sessions"])}
                for one in GROUPS.read(self.conference)
            ],
            "absences": absences,
        }


def _key(what: What, row: Any) -> str:
    """Sessions by their public identity, everything else by its code."""
    return f"guid:{row.uid}" if what is What.SESSION else f"code:{row.code}"


def _texts(value: Any) -> Mapping[str, str]:
    data = value.data if isinstance(value, LazyI18nString) else value
    if isinstance(data, dict):
        return {code: text for code, text in data.items() if text}
    return {OWN: str(data)} if data else {}
