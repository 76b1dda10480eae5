"""What an import would do: each record of the file beside the row it means, field by field. Changes nothing."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from copy import copy
from datetime import datetime
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field, Model
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _
from i18nfield.fields import I18nCharField, I18nTextField
from i18nfield.strings import LazyI18nString

from schedule.domain.programme.rich_text import as_text
from schedule.exchange.imports.entries.circles import refuse_circles
from schedule.exchange.imports.entries.entry import FieldChange, ImportEntry, ImportPreview, State
from schedule.exchange.imports.links import LINKS, WantedLines
from schedule.exchange.imports.stored import MODELS, KeptProgramme, Place
from schedule.exchange.incoming.records import OWN, Oddity, SaidRecord, What
from schedule.models import Conference, Kind
from values.instants import after

BREAK = "break"
PLACE = "place"
# Columns that name another row.
_ROWS: Mapping[tuple[What, str], What] = {
    (What.SESSION, "kind"): What.KIND,
    (What.SESSION, "theme"): What.THEME,
    (What.SESSION, "fixed_room"): What.ROOM,
    (What.BODY, "contact"): What.PERSON,
}
# Said by readers, and no column of a row.
_MARKS = frozenset({"start", "room", "theme_or_kind", "abstract_is_plain"})
# What stays as it is in rows that are there: it has a way of its own, or people have decided it about themselves.
_FIRST_ONLY = frozenset({"state", "entries_by_mail", "taken_down_at"})
# What a new row is given besides what the file says.
_MADE = frozenset({"code", "import_key"})
_LONGEST = {What.SESSION: 30, What.KIND: 30, What.THEME: 30, What.ROOM: 30, What.PERSON: 50, What.BODY: 50}


class Comparison:
    """One comparison of a file with a conference."""

    def __init__(
        self, stored: KeptProgramme, records: list[SaidRecord], *, heed: Callable[[], object] | None = None
    ) -> None:
        """`heed` is called with every entry that is compared; what it raises ends the comparison."""
        self.stored, self.records, self._heed = stored, records, heed
        self._labels: dict[Any, str] = {}
        self.entries: dict[tuple[What, str], ImportEntry] = {}
        self.oddities: list[Oddity] = []
        self._met: set[tuple[What, int]] = set()
        self._keys = {(record.what, record.key) for record in records}
        self._codes = {what: {row.code for row in rows} for what, rows in stored.rows.items()}
        own = stored.conference.languages
        self._own = own[0] if own else "en"
        guids = [
            record.key.partition(":")[2] for record in records if record.what is What.SESSION and _is_guid(record.key)
        ]
        self._taken = stored.taken_uids(guids) if guids else set()

    def preview(self) -> ImportPreview:
        unsure = {record.said.get("theme") for record in self.records if record.said.get("theme_or_kind")}
        for record in self.records:
            if record.what is not What.THEME or record.key not in unsure or not self._is_kind(record.key):
                self.entries[record.what, record.key] = self._entry(record)
        entries = list(self.entries.values())
        for entry in entries:
            if self._heed is not None:
                self._heed()
            self._compare(entry)
        refuse_circles(self.stored, entries)
        for entry in (*entries, *entries):  # rooms may be parts of rooms that come later
            self._needs(entry)
        return ImportPreview(self.stored, entries, self._missing(entries))

    def _needs(self, entry: ImportEntry) -> None:
        """What names something that is wrong cannot be made either."""
        for what, key in () if entry.state in (State.SAME, State.WRONG) else entry.names:
            other = self.entries[what, key]
            if other.state is State.WRONG and other.found is None:
                entry.problems.append(("", _("It names “%(name)s”, which is wrong.") % {"name": other.name}))
                entry.state = State.WRONG
                return

    def _missing(self, entries: list[ImportEntry]) -> list[tuple[What, Any]]:
        """Of what the file has any: the rows of the conference that none of its records means."""
        said = {entry.record.what for entry in entries}
        met = {(entry.record.what, entry.row.pk) for entry in entries if entry.row.pk}
        asked = [what for what in (What.ROOM, What.PERSON, What.SESSION) if what in said]
        return [(what, row) for what in asked for row in self.stored.rows[what] if (what, row.pk) not in met]

    def _entry(self, record: SaidRecord) -> ImportEntry:
        found = self.stored.matching(record)
        if found is not None and record.what in (What.SESSION, What.PERSON):
            is_anothers = found.import_key != record.key and (record.what, found.import_key) in self._keys
            if is_anothers or (record.what, found.pk) in self._met:
                found = None
            else:
                self._met.add((record.what, found.pk))
        row = copy(found) if found is not None else self._new(record)
        return ImportEntry(record, row, State.SAME, found=found)

    def _compare(self, entry: ImportEntry) -> None:
        """Once every record has its row: what would change of each."""
        record, found = entry.record, entry.found
        for name, value in record.said.items():
            self._field(entry, found, name, value)
        for link in LINKS.get(record.what, ()):
            if link.said in record.said:
                self._link(entry, found, link.said, link.wanted(self, found, record.said[link.said]))
        if record.what is What.SESSION and "start" in record.said:
            self._place(entry, found)
        if found is None:
            entry.state = State.NEW
        elif entry.differences:
            entry.state = State.CHANGED
        if entry.state is not State.SAME:
            self._check(entry)

    def _new(self, record: SaidRecord) -> Any:
        model = MODELS[record.what]
        row = model(conference=self.stored.conference, import_key=record.key)
        if record.what is What.SESSION and _is_guid(record.key):
            guid = uuid.UUID(record.key.partition(":")[2])
            if guid not in self._taken:
                row.uid = guid
        kind = self._row_of(What.KIND, record.said.get("kind")) if record.what is What.SESSION else None
        if kind is not None:
            row.signup = kind.signup
        if record.what is What.ROOM:
            row.position = len(self.stored.rows[What.ROOM]) + len(self.entries)
            row.breaks_only = row.allows_parallel_use = record.said.get("code") == "LOBBY"
            if record.said.get("capacity") is None:
                row.capacity = 0
                self.oddities.append(Oddity("room_without_seats", record.place, self._said(record)))
        row.code = self._free(record)
        if isinstance(row, Kind):
            row.is_break = row.code.casefold() == BREAK
        return row

    def _said(self, record: SaidRecord) -> str:
        texts = record.said.get("title") or record.said.get("name") or {}
        return next(iter(texts.values()), "")

    def _free(self, record: SaidRecord) -> str:
        """The code the file gives, or one of the name; numbered where it is taken."""
        longest, taken = _LONGEST[record.what], self._codes[record.what]
        given = record.said.get("code")
        made = given or slugify(self._said(record))[:longest].strip("-_")
        stem = made or record.what.value
        code, number = stem, 1
        while code in taken or (number == 1 and not made):
            code, number = f"{stem}-{number}", number + 1
        taken.add(code)
        return code

    def _row_of(self, what: What, key: str | None) -> Any | None:
        entry = self.entries.get((what, key or ""))
        return entry.row if entry else None

    def _field(self, entry: ImportEntry, found: Any | None, name: str, value: Any) -> None:
        if (
            name in _MARKS
            or name == "code"
            or (name in _FIRST_ONLY and found is not None)
            or any(link.said == name for link in LINKS.get(entry.record.what, ()))
        ):
            return
        column = entry.row._meta.get_field(name)
        target = _ROWS.get((entry.record.what, name))
        if target is not None:
            self._reference(entry, found, column, target, value)
            return
        old = getattr(entry.row, name)
        new = self._wanted(entry, old, value, name)
        if _same(old, new):
            return
        setattr(entry.row, name, new)
        entry.fields.append(name)
        entry.differences.append(
            FieldChange(name, self._label(column), said(old, self) if found else "", said(new, self))
        )

    def _wanted(self, entry: ImportEntry, old: Any, value: Any, name: str) -> Any:
        if isinstance(value, Mapping):
            return self._text(entry, old, value, name)
        return list(value) if isinstance(value, tuple) else value

    def _text(self, entry: ImportEntry, old: Any, value: Mapping[str, str], name: str) -> Any:
        """The stored text with what the file says of it; its languages that the file does not have stay."""
        kept = _versions(old)
        merged = dict(kept)
        for language, text in value.items():
            if language == OWN and name == "name" and entry.row.pk and entry.record.key.startswith("name:"):
                continue  # it is only how the file names it
            code = language or self._own
            if language == OWN and any(_alike(text, other, entry, name) for other in kept.values()):
                continue
            if "" in merged and code == self._own:
                merged.pop("")
            merged[code] = text
        return old if merged == kept else LazyI18nString(merged)

    def _reference(self, entry: ImportEntry, found: Any | None, column: Field[Any, Any], what: What, key: str) -> None:
        """A column that names another row, which may be a new one."""
        there = self.entries.get((what, key))
        if there is None:
            return
        old = self.stored.by_pk[what].get(getattr(entry.row, column.attname) or 0)
        if old is not None and there.row.pk == old.pk:
            return
        entry.links[column.name] = there
        entry.differences.append(
            FieldChange(column.name, self._label(column), str(old.name) if old and found else "", there.name)
        )

    def _is_kind(self, key: str) -> bool:
        """Whether what seems to be a theme is the name of a kind, which stands there where a session has none."""
        name = key.partition(":")[2]
        kinds = (
            *self.stored.rows[What.KIND],
            *(one.row for (what, _key), one in self.entries.items() if what is What.KIND),
        )
        return any(name in [text.casefold() for text in _versions(kind.name).values()] for kind in kinds)

    def _link(self, entry: ImportEntry, found: Any | None, name: str, wanted: WantedLines | None) -> None:
        if wanted is None or (found is not None and wanted.old == wanted.new) or (found is None and not wanted.lines):
            return
        entry.links[name] = wanted
        entry.differences.append(FieldChange(name, wanted.label, wanted.old if found else "", wanted.new))

    def _place(self, entry: ImportEntry, found: Any | None) -> None:
        """The place in the timetable that imports write."""
        start, key = entry.record.said["start"], entry.record.said["room"]
        room = self.entries[What.ROOM, key]
        end = after(start, entry.row.duration_minutes or 0)
        old = self.stored.places.get(found.pk) if found is not None else None
        if old is not None and (old.room, old.start, old.end) == (room.row.pk, start, end):
            return
        entry.place = (key, start, end)
        new = _("%(time)s, %(room)s") % {"time": said(start, self), "room": room.name}
        entry.differences.append(FieldChange(PLACE, _("Time and room"), self._placed(old), new))

    def _placed(self, place: Place | None) -> str:
        if place is None:
            return ""
        room = self.stored.by_pk[What.ROOM][place.room]
        return _("%(time)s, %(room)s") % {"time": said(place.start, self), "room": room.name}

    def _check(self, entry: ImportEntry) -> None:
        """What the row cannot say; the columns that name others are looked after above."""
        model: type[Model] = MODELS.get(entry.record.what, Conference)
        every, required = _columns_of(model)
        asked = {*entry.fields, *(required if entry.found is None else ())}
        try:
            entry.row.clean_fields(exclude=every - asked)
        except ValidationError as refused:
            for name, messages in refused.message_dict.items():
                label = self._label(entry.row._meta.get_field(name))
                entry.problems += [(label, message) for message in messages]
            entry.state = State.WRONG
        for name in asked:  # forms and programme files ask the same of each language
            column = entry.row._meta.get_field(name)
            longest = column.max_length if isinstance(column, I18nCharField | I18nTextField) else None
            for text in _versions(getattr(entry.row, column.name)).values() if longest else ():
                if len(text) > (longest or 0):
                    problem = _("It is longer than %(most)s characters.") % {"most": longest}
                    entry.problems.append((self._label(column), problem))
                    entry.state = State.WRONG

    def _label(self, column: Any) -> str:
        """What a column is called; every record has the same ones."""
        if column not in self._labels:
            self._labels[column] = str(capfirst(column.verbose_name))
        return self._labels[column]

    def named(self, what: What, key: str | None) -> str:
        """What a record, or the row it means, is called."""
        entry = self.entries.get((what, key or ""))
        return entry.name if entry else "?"


@cache
def _columns_of(model: type[Model]) -> tuple[frozenset[str], frozenset[str]]:
    """The names of all columns, and of those of a new row that cannot stay as they are made; those that name other rows
    are looked after elsewhere."""
    columns = model._meta.concrete_fields
    may_stay = {one.name for one in columns if one.is_relation or one.blank or one.has_default()}
    every = frozenset(one.name for one in columns)
    return every, every - may_stay | every & _MADE


def _is_guid(key: str) -> bool:
    if not key.startswith("guid:"):
        return False
    try:
        uuid.UUID(key.partition(":")[2])
    except ValueError:
        return False
    return True


def _alike(text: str, other: str, entry: ImportEntry, name: str) -> bool:
    return text == other or (bool(entry.record.said.get(f"{name}_is_plain")) and text == as_text(other).strip())


def _versions(value: Any) -> dict[str, str]:
    data = value.data if isinstance(value, LazyI18nString) else value
    if isinstance(data, dict):
        return {code: text for code, text in data.items() if text}
    return {"": str(data)} if data else {}


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, LazyI18nString) or isinstance(new, LazyI18nString):
        return _versions(old) == _versions(new)
    if isinstance(old, list) and isinstance(new, list):  # of codes, whose order says nothing
        return sorted(old) == sorted(new)
    return bool(old == new) or (old in (None, "") and new in (None, ""))


def said(value: Any, comparing: Comparison) -> str:
    """A value as the preview shows it; texts in all their languages."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{comparing.stored.conference.local(value):%Y-%m-%d %H:%M}"
    if isinstance(value, LazyI18nString):
        return " · ".join(_versions(value).values())
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
