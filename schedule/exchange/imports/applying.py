"""Making what organizers chose of an import so: all of it in one transaction, told as edits by them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from journal.actors import Actor
from journal.facts import Change, Fact
from journal.recording import record_all
from journal.retrying import retried
from schedule.domain.editing.changes import changes_between
from schedule.domain.editing.edits import EDITS
from schedule.domain.programme.sessions import lock_conference
from schedule.domain.timetables.drafts import create_draft, free_name, lock_draft
from schedule.domain.timetables.kept import forget_after_commit
from schedule.domain.timetables.steps import Shift, Whereabouts, placed_in, spot_of, take_step
from schedule.exchange.imports.links import WantedLines
from schedule.exchange.imports.preview import Comparison, ImportEntry, ImportPreview, State
from schedule.exchange.imports.stored import IMPORTED, MODELS, KeptProgramme
from schedule.exchange.incoming.records import SaidRecord, What
from schedule.facts.edits import Done
from schedule.models import Conference, Draft, Placement, Role, SessionHost
from schedule.ports.follow import follow

# Rows of these are written for a thousand new sessions at once; all others one by one.
_AT_ONCE: Mapping[str, tuple[Any, str]] = {"people": (Role, "session_id"), "hosts": (SessionHost, "session_id")}


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
) -> Outcome:
    """Import what is chosen (ids of entries; None for everything that is not wrong), with the rows that it names.

    `version` is that of the preview somebody agreed to. Raises `PreviewIsOld` where another would come now. Locks the
    conference. Facts: one edit for each row, one for each place in the draft.
    """
    locked = lock_conference(conference.pk)
    preview = Comparison(KeptProgramme(locked), records).preview()
    if preview.version != version:
        raise PreviewIsOld
    return _Applying(locked, preview, actor).run(_with_what_they_name(preview, chosen))


def _with_what_they_name(preview: ImportPreview, chosen: Collection[str] | None) -> list[ImportEntry]:
    """In the order of the preview: what others name comes first."""
    ready = [one for one in preview.entries if one.state in (State.NEW, State.CHANGED)]
    if chosen is None:
        return ready
    wanted = {id(one) for one in ready if one.id in chosen}
    by_key = {(one.record.what, one.record.key): one for one in ready}
    for entry in reversed(ready):
        if id(entry) in wanted:
            named = (by_key[key] for key in entry.names if key in by_key)
            wanted |= {id(one) for one in named if one.state is State.NEW}
    return [one for one in ready if id(one) in wanted]


class _Applying:
    """One import. Rows that are new are written a kind at a time."""

    def __init__(self, conference: Conference, preview: ImportPreview, actor: Actor) -> None:
        self.conference, self.preview, self.actor = conference, preview, actor
        self.rows = {(one.record.what, one.record.key): one.row for one in preview.entries}
        self.facts: list[Fact] = []
        self.outcome = Outcome()
        self.follows = False

    def run(self, entries: list[ImportEntry]) -> Outcome:
        for what in (What.CONFERENCE, *MODELS):
            mine = [one for one in entries if one.record.what is what]
            for entry in mine:
                self._refer(entry)
            self._make([one for one in mine if one.state is State.NEW])
            for entry in mine:
                if entry.state is State.CHANGED:
                    self._change(entry)
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
        model._default_manager.bulk_create([one.row for one in entries])
        edit = EDITS[model]
        for one in entries:
            self.outcome.made[one.record.what] += 1
            self._tell(edit.fact, one, Done.ADDED, {})

    def _change(self, entry: ImportEntry) -> None:
        edit = EDITS[type(entry.row)]
        stored = type(entry.row)._default_manager.get(pk=entry.row.pk)
        row = entry.row
        followed = {name: getattr(row, name) for name in entry.fields if name in edit.followed}
        for name in followed:
            setattr(row, name, getattr(stored, name))
        changes = changes_between(stored, row)
        if changes:
            row.save(update_fields=list(changes))
        changes |= {link.kept.relation: None for link in entry.links.values() if isinstance(link, WantedLines)}
        self.outcome.changed[entry.record.what] += bool(changes or followed)
        if changes:
            self._tell(edit.fact, entry, Done.CHANGED, changes)
        for name, value in followed.items():
            edit.followed[name](row, value, self.actor)
            setattr(row, name, value)
        self.follows |= bool(changes.keys() & set(edit.moves_signups))

    def _tell(self, fact: Any, entry: ImportEntry, done: Done, changes: Mapping[str, Change | None]) -> None:
        key = entry.row.pk
        self.facts.append(fact(conference_id=self.conference.pk, subject_id=key, done=done, changes=dict(changes)))

    def _link(self, entries: list[ImportEntry]) -> None:
        new: dict[str, list[Any]] = {name: [] for name in _AT_ONCE}
        for entry in entries:
            for name, link in entry.links.items():
                if not isinstance(link, WantedLines):
                    continue
                lines = [self._line(line) for line in link.lines]
                if name in _AT_ONCE and entry.state is State.NEW:
                    model, owner = _AT_ONCE[name]
                    new[name] += [model(**{owner: entry.row.pk}, **line) for line in lines]
                else:
                    link.kept.keep(entry.row, lines)
        for name, rows in new.items():
            _AT_ONCE[name][0].objects.bulk_create(rows)

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
            MODELS[what]._default_manager.bulk_update(rows, ["import_key"], batch_size=500)

    def _place(self, entries: list[ImportEntry]) -> None:
        """All that the file moves is one step in the draft, so that it can be taken back."""
        placed = [(entry.row.pk, entry.place) for entry in entries if entry.place is not None]
        if not placed:
            return
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
