"""What a conference has already, with every way in which a file may name it. Two queries."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from schedule.domain.programme.texts import every_language
from schedule.domain.published.identities import person_identity
from schedule.domain.whole_tables import rows_of
from schedule.exchange.incoming.records import SaidRecord, What
from schedule.models import (
    Body,
    Conference,
    Draft,
    Kind,
    NotParallel,
    Person,
    Placement,
    Preference,
    Release,
    ReleasedPlacement,
    Role,
    Room,
    RoomPart,
    Session,
    SessionHost,
    SessionOrder,
    Theme,
)

MODELS: Mapping[What, type[Any]] = {
    What.KIND: Kind,
    What.THEME: Theme,
    What.ROOM: Room,
    What.PERSON: Person,
    What.BODY: Body,
    What.SESSION: Session,
}
# In `Draft.origin` of the timetable that imports write.
IMPORTED = "import"
# What a name in a file may stand for; people of one name are told apart by everything else first.
_BY_NAME = (What.KIND, What.THEME, What.ROOM, What.BODY, What.PERSON, What.SESSION)


@dataclass(frozen=True)
class Place:
    """A session's place in the timetable that an import compares with."""

    room: int
    start: datetime
    end: datetime


class KeptProgramme:
    """Everything of one conference that a file can change."""

    def __init__(self, conference: Conference) -> None:
        self.conference = conference
        of, mine = {"session__conference": conference}, {"conference": conference}
        tables = [model._default_manager.filter(**mine).order_by("pk") for model in MODELS.values()]
        *tables_read, roles, hosts, preferences, earlier, self.apart, parts, drafts, releases = rows_of(
            *tables,
            Role.objects.filter(**of).order_by("position", "pk"),
            SessionHost.objects.filter(**of).order_by("position", "pk"),
            Preference.objects.filter(**of).order_by("pk"),
            SessionOrder.objects.filter(later__conference=conference),
            NotParallel.objects.filter(first__conference=conference),
            RoomPart.objects.filter(room__conference=conference),
            Draft.objects.worked_on().filter(**mine, origin__has_key=IMPORTED)[:1],
            Release.objects.filter(**mine).order_by("-number")[:1],
        )
        self.rows: dict[What, list[Any]] = dict(zip(MODELS, tables_read, strict=True))
        self.by_pk: dict[What, dict[int, Any]] = {
            what: {row.pk: row for row in rows} for what, rows in self.rows.items()
        }
        self._names = {what: _index(rows, _names) for what, rows in self.rows.items()}
        self._codes = {what: {row.code.casefold(): row for row in rows} for what, rows in self.rows.items()}
        self._keys = {what: {row.import_key: row for row in rows if row.import_key} for what, rows in self.rows.items()}
        self._guids: dict[What, dict[str, Any]] = defaultdict(dict)
        self._guids[What.SESSION] = {str(row.uid): row for row in self.rows[What.SESSION]}
        people = self.rows[What.PERSON]
        self._guids[What.PERSON] = {str(person_identity(conference, row.code)): row for row in people}
        self._emails = _index(people, lambda row: [row.email.casefold()] if row.email else [])
        self.roles, self.hosts, self.preferences = (_by(rows, "session_id") for rows in (roles, hosts, preferences))
        self.earlier, self.parts = _by(earlier, "later_id"), _by(parts, "room_id")
        self.draft: Draft | None = next(iter(drafts), None)
        self.release: Release | None = None if self.draft else next(iter(releases), None)
        self.places = self._places()

    def _places(self) -> dict[int, Place]:
        """By session: those of the draft that imports write, or before there is one those that are published."""
        found: Iterable[Placement | ReleasedPlacement] = ()
        if self.draft is not None:
            found = Placement.objects.filter(draft=self.draft)
        elif self.release is not None:
            found = ReleasedPlacement.objects.filter(release=self.release)
        return {row.session_id: Place(row.room_id, row.start, row.end) for row in found}

    def matching(self, record: SaidRecord) -> Any | None:
        """The row that a record means: by the key an import left, by identity, code, address, then name."""
        what, key = record.what, record.key
        if what is What.CONFERENCE:
            return self.conference
        kind, _colon, said = key.partition(":")
        code = record.said.get("code") or (said if kind == "code" else "")
        ways = [
            self._keys[what].get(key),
            self._guids[what].get(said) if kind == "guid" else None,
            self._codes[what].get(code.casefold()) if code else None,
        ]
        if what is What.PERSON:
            email = record.said.get("email") or ""
            ways.append(_only(self._emails.get(email.casefold(), [])) if email else None)
        if kind in ("name", "title") or (what is What.PERSON and kind == "mail"):
            ways.append(self._named(record, said))
        return next((row for row in ways if row is not None), None)

    def _named(self, record: SaidRecord, said: str) -> Any | None:
        title = record.said.get("title") or record.said.get("name") or {}
        names = {said, *(text.casefold() for text in title.values())}
        for name in names:
            found = _only(self._names[record.what].get(name, []))
            if found is not None:
                return found
        if record.what is What.ROOM and "," in said:  # "Hall, City hall": the room and the house, as calendars write it
            found = _only(self._names[What.ROOM].get(said.partition(",")[0].strip(), []))
            if found is not None:
                return found
        is_code = record.what in (What.KIND, What.THEME, What.ROOM, What.BODY)
        return self._codes[record.what].get(said) if is_code else None

    def keys_of(self, what: What) -> dict[str, Any]:
        """Rows by the keys that imports left with them; whoever leaves another puts it in."""
        return self._keys[what]

    def taken_uids(self, keys: Iterable[str]) -> set[uuid.UUID]:
        """Which of these are uids of sessions anywhere. One query."""
        return set(Session.objects.filter(uid__in=list(keys)).values_list("uid", flat=True))


def _names(row: Any) -> list[str]:
    said = every_language(row.title if isinstance(row, Session) else row.name)
    return [one.casefold() for one in said.splitlines()]


def _index(rows: Iterable[Any], names: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        for name in dict.fromkeys(names(row)):
            found[name].append(row)
    return found


def _only(rows: list[Any]) -> Any | None:
    return rows[0] if len(rows) == 1 else None


def _by(rows: Iterable[Any], column: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, column)].append(row)
    return found
