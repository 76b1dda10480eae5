"""Making what organizers chose of an import so: all of it in one transaction, told as edits by them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from journal.actors import Actor
from journal.facts import Change, Fact
from journal.recording import record_all
from journal.retrying import retried
from schedule.domain.editing.changes import changes_between
from schedule.domain.editing.edits import EDITS
from schedule.domain.editing.lines import EARLIER, PARTS
from schedule.domain.programme.sessions import lock_conference
from schedule.domain.timetables.drafts import create_draft, free_name, lock_draft
from schedule.domain.timetables.kept import forget_after_commit
from schedule.domain.timetables.steps import Shift, Whereabouts, placed_in, spot_of, take_step
from schedule.exchange.imports.entries.choosing import choice_of
from schedule.exchange.imports.entries.entry import ImportEntry, ImportPreview, State
from schedule.exchange.imports.links import WantedLines
from schedule.exchange.imports.preview import Comparison
from schedule.exchange.imports.runs.progress import Phase, Progress
from schedule.exchange.imports.stored import IMPORTED, MODELS, KeptProgramme
from schedule.exchange.incoming.records import SaidRecord, What
from schedule.facts.edits import Done
from schedule.models import Conference, Draft, Placement, Role, SessionHost
from schedule.ports.follow import follow

T = TypeVar("T")
_BATCH = 500
# What hangs on sessions by the hundred: written for all of them at once, everything else row by row.
_AT_ONCE: Mapping[str, type[Role] | type[SessionHost]] = {"people": Role, "hosts": SessionHost}


class PreviewIsOld(Exception):
    """Somebody changed the conference since the preview that was agreed to; nothing was imported."""


@dataclass
class Outcome:
    """How many of each were made and changed; the draft that the times went into, if any did."""

    made: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    placed: int = 0
    draft: int | None = None

    def as_data(self) -> dict[str, Any]:
        return {"made": dict(self.made), "changed": dict(self.changed), "placed": self.placed, "draft": self.draft}


@retried
@transaction.atomic
def apply(
    conference: Conference,
    records: list[SaidRecord],
    *,
    version: str,
    chosen: Collection[str] | None = None,
    actor: Actor,
    progress: Progress | None = None,
) -> Outcome:
    """Import what is chosen (ids of entries; None for everything that is not wrong), with the rows that it names.

    `version` is that of the preview somebody agreed to. Raises `PreviewIsOld` where another would come now. Locks the
    conference. Facts: one edit for each row, one for each place in the draft.
    """
    progress = progress or Progress()
    progress.begin(Phase.COMPARE, len(records))
    locked = lock_conference(conference.pk)
    preview = Comparison(KeptProgramme(locked), records, heed=progress.deal).preview()
    if preview.version != version:
        raise PreviewIsOld
    return _Applying(locked, preview, actor, progress).run(choice_of(preview, chosen).entries)


class _Applying:
    """One import. Rows are written a kind at a time."""

    def __init__(self, conference: Conference, preview: ImportPreview, actor: Actor, progress: Progress) -> None:
        self.conference, self.preview, self.actor, self.progress = conference, preview, actor, progress
        self.rows = {(one.record.what, one.record.key): one.row for one in preview.entries}
        self.facts: list[Fact] = []
        self.outcome = Outcome()
        self.follows = False

    def run(self, entries: list[ImportEntry]) -> Outcome:
        self.progress.begin(Phase.WRITE, len(entries))
        for what in (What.CONFERENCE, *MODELS):
            mine = [one for one in entries if one.record.what is what]
            for entry in mine:
                self._refer(entry)
            self._make([one for one in mine if one.state is State.NEW])
            self._change([one for one in mine if one.state is State.CHANGED])
            if what is not What.CONFERENCE:
                self._link(mine)
        # What is kept beside the conference names sessions, rooms and people.
        self._link([one for one in entries if one.record.what is What.CONFERENCE])
        self._remember()
        record_all(self.facts, actor=self.actor)
        self._place(entries)
        if self.facts:
            forget_after_commit(self.conference.pk)  # it may have hidden something
        if self.follows:
            self.conference.refresh_from_db()  # it may be what was changed
            follow(self.conference, actor=self.actor, now=timezone.now())
        return self.outcome

    def _refer(self, entry: ImportEntry) -> None:
        for name, link in entry.links.items():
            if isinstance(link, ImportEntry):
                setattr(entry.row, name, link.row)

    def _make(self, entries: list[ImportEntry]) -> None:
        if not entries:
            return
        model = MODELS[entries[0].record.what]
        for batch in batched(entries):
            model._default_manager.bulk_create([one.row for one in batch])
            self.progress.deal(len(batch))
        edit = EDITS[model]
        for one in entries:
            self.outcome.made[one.record.what] += 1
            self._tell(edit.fact, one, Done.ADDED, {})

    def _change(self, entries: list[ImportEntry]) -> None:
        """Fields that people follow are told by facts of their own; people follow once, at the end."""
        written: set[str] = set()
        for entry in entries:
            edit, row, stored = EDITS[type(entry.row)], entry.row, entry.found
            if stored is None:
                raise ValueError("What changes is there already.")
            changes = changes_between(stored, row)
            written |= changes.keys()
            followed = [name for name in entry.fields if name in changes and name in edit.followed]
            told = {name: change for name, change in changes.items() if name not in followed}
            told |= {link.kept.relation: None for link in entry.links.values() if isinstance(link, WantedLines)}
            self.outcome.changed[entry.record.what] += bool(told or followed)
            if told:
                self._tell(edit.fact, entry, Done.CHANGED, told)
            for name in followed:
                self.facts.append(edit.followed[name].told(row, getattr(stored, name), getattr(row, name)))
            self.follows |= bool(followed or told.keys() & set(edit.moves_signups))
        for batch in batched(entries if written else []):
            write_fields(type(batch[0].row), [one.row for one in batch], sorted(written))
            self.progress.deal(len(batch))

    def _tell(self, fact: Any, entry: ImportEntry, done: Done, changes: Mapping[str, Change | None]) -> None:
        key = entry.row.pk
        self.facts.append(fact(conference_id=self.conference.pk, subject_id=key, done=done, changes=dict(changes)))

    def _link(self, entries: list[ImportEntry]) -> None:
        for name, model in _AT_ONCE.items():
            self._link_at_once(name, model, entries)
        mine = [
            (entry, link)
            for entry in entries
            for name, link in entry.links.items()
            if isinstance(link, WantedLines) and name not in _AT_ONCE
        ]
        # What goes first: two rows that change places in a chain would else seem to make a circle on the way.
        for entry, link in mine:
            if entry.found is not None and link.kept in (PARTS, EARLIER):
                wanted = [self._line(line) for line in link.lines]
                link.kept.keep(entry.row, [line for line in link.kept.read(entry.row) if line in wanted])
        for entry, link in mine:
            link.kept.keep(entry.row, [self._line(line) for line in link.lines])

    def _link_at_once(self, name: str, model: Any, entries: list[ImportEntry]) -> None:
        """As `kept.keep` does it for one session: rows that stay keep their keys."""
        had = self.preview.stored.roles if name == "people" else self.preview.stored.hosts
        gone: list[int] = []
        rows: dict[bool, list[Any]] = {True: [], False: []}
        columns: set[str] = set()
        for entry in entries:
            link = entry.links.get(name)
            if not isinstance(link, WantedLines):
                continue
            mine = {one.pk: one for one in had.get(entry.row.pk, ()) if entry.found is not None}
            for line in map(self._line, link.lines):
                known = mine.pop(line.pop("pk", None), None)
                row = known or model(session_id=entry.row.pk)
                for column, value in line.items():
                    setattr(row, column, value)
                row.clean_fields(exclude=["session", "person", "body"])
                rows[known is None].append(row)
                columns |= line.keys()
            gone += mine
        if gone:
            model.objects.filter(pk__in=gone).delete()
        for batch in batched(rows[False]):
            write_fields(model, batch, sorted(columns))
        for batch in batched(rows[True]):
            model.objects.bulk_create(batch)
            self.progress.deal(0)

    def _line(self, line: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self._resolved(value) for name, value in line.items()}

    def _resolved(self, value: Any) -> Any:
        """Keys of records become those of their rows."""
        if isinstance(value, list):
            return [self._resolved(one) for one in value]
        return self.rows[value].pk if isinstance(value, tuple) else value

    def _remember(self) -> None:
        """Rows that were met without their key have it from now on, so that the next file finds them by it."""
        met: dict[What, list[Any]] = {what: [] for what in MODELS}
        for entry in (one for one in self.preview.entries if one.record.what in MODELS):
            what, key, row = entry.record.what, entry.record.key, entry.row
            taken = self.preview.stored.keys_of(what)
            if row.pk and not row.import_key and key not in taken and entry.state is not State.WRONG:
                row.import_key, taken[key] = key, row
                met[what].append(row)
        for what, rows in met.items():
            for batch in batched(rows):
                write_fields(MODELS[what], batch, ["import_key"])

    def _place(self, entries: list[ImportEntry]) -> None:
        """All that the file moves is one step in the draft, so that it can be taken back."""
        placed = [(entry.row.pk, entry.place) for entry in entries if entry.place is not None]
        if not placed:
            return
        self.progress.begin(Phase.PLACE, len(placed))
        draft = lock_draft(self.preview.stored.draft or self._new_draft())
        there = placed_in(draft, [session for session, _ in placed])
        shifts = [
            Shift(session, spot_of(there.get(session)), Whereabouts(self.rows[What.ROOM, key].pk, start, end))
            for session, (key, start, end) in placed
        ]
        take_step(draft, shifts, actor=self.actor)
        self.outcome.placed, self.outcome.draft = len(shifts), draft.pk

    def _new_draft(self) -> Draft:
        """Begun with what is published, as that is what the file was compared with."""
        name = free_name(_("Imported"), self.conference)
        draft = create_draft(self.conference, name=name, actor=self.actor, origin={IMPORTED: True})
        Placement.objects.bulk_create(
            Placement(draft=draft, session_id=session, room_id=place.room, start=place.start, end=place.end)
            for session, place in self.preview.stored.places.items()
        )
        return draft


def batched(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """So many at a time that each statement takes a moment only: an import can be cancelled between two."""
    return (rows[start : start + _BATCH] for start in range(0, len(rows), _BATCH))


def write_fields(model: type[Model], rows: Sequence[Any], fields: Sequence[str]) -> None:
    """Write these columns of rows that are kept already. One statement; a CASE for every row and column, as
    `bulk_update` writes it, costs ten times as much."""
    names = [model._meta.get_field(name).name for name in fields]
    model._default_manager.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=names)
