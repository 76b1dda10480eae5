"""Uploaded files: kept while one looks at what they would do, read as one says, applied, and deleted after a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from journal.actors import Actor
from journal.recording import record
from journal.retrying import retried
from schedule.exchange.archive.packed import programme_in
from schedule.exchange.imports import applying, checks, formats
from schedule.exchange.imports.entries.entry import ImportPreview
from schedule.exchange.imports.habits import asked_of, habit_for, remember
from schedule.exchange.imports.preview import Comparison
from schedule.exchange.imports.runs.lifecycle import finish
from schedule.exchange.imports.runs.progress import Progress
from schedule.exchange.imports.stored import KeptProgramme
from schedule.exchange.incoming.records import Oddity, SaidRecord, Unreadable
from schedule.exchange.readers.tables.sheets import Sheets
from schedule.facts.imports import FileDeleted, FileImported, FileUploaded
from schedule.models import Conference, ImportRun, ProgrammeUpload
from values.text import one_form

# Uploaded files hold people's addresses; what was imported of them is kept with the programme.
KEEP_UPLOADS = timedelta(days=30)
LARGEST = 8_000_000
_NAMELESS = "programme"


@dataclass(frozen=True)
class Look:
    """What an upload would do: the records it was read into, the comparison with the conference, and what was odd."""

    records: list[SaidRecord]
    preview: ImportPreview
    oddities: list[Oddity]
    table: Sheets | None


@retried
@transaction.atomic
def keep(conference: Conference, *, name: str, content: bytes, user: User, actor: Actor) -> ProgrammeUpload:
    """Keep a file. It is read as files like it were read last in this conference.

    Of an archive of everything the programme alone is kept. Raises `Unreadable` for what is no programme that can be
    read, and for more than `LARGEST` bytes.
    """
    content = programme_in(content, LARGEST)
    if len(content) > LARGEST:
        raise Unreadable("too_large", most=LARGEST // 1_000_000)
    format_ = formats.format_of(content)
    upload = ProgrammeUpload(
        conference=conference,
        uploaded_by=user,
        file_name=(one_form(name) or _NAMELESS)[:200],
        content=content,
        format=format_,
    )
    upload.asked = habit_for(upload)
    upload.save(force_insert=True)
    fact = FileUploaded(conference_id=conference.pk, subject_id=conference.pk, file=upload.file_name)
    record(fact, actor=actor)
    return upload


@retried
@transaction.atomic
def ask(upload: ProgrammeUpload, asked: dict[str, Any]) -> None:
    """Say how an upload is to be read, and remember it for files like it."""
    ProgrammeUpload.objects.filter(pk=upload.pk).update(asked=asked)
    remember(upload, asked)
    upload.asked = asked


def look_at(upload: ProgrammeUpload) -> Look:
    """Read an upload and compare it with its conference. Raises `Unreadable`. Changes nothing; at most 18 queries."""
    reading = formats.read(bytes(upload.content), upload.format, asked_of(upload.conference, upload.asked))
    comparison = Comparison(KeptProgramme(upload.conference), reading.records)
    preview = comparison.preview()
    oddities = [*reading.oddities, *comparison.oddities, *checks.oddities_of(upload.conference, reading.records)]
    oddities += checks.in_closed_rooms(upload.conference, preview)
    return Look(reading.records, preview, oddities, reading.table)


@retried
@transaction.atomic
def apply(run: ImportRun, progress: Progress) -> applying.Outcome:
    """Import what is chosen of an upload; `applying.apply` says how. The run is done when this commits.

    Raises `Unreadable`, `PreviewIsOld`, `NoLongerWanted`, `ValidationError` for what the programme refuses.
    """
    upload, actor = run.upload, Actor.parse(run.actor)
    progress.begin(ImportRun.Phase.READ)
    asked = asked_of(upload.conference, upload.asked)
    reading = formats.read(bytes(upload.content), upload.format, asked, heed=progress.deal)
    outcome = applying.apply(
        upload.conference, reading.records, version=run.version, chosen=run.chosen, actor=actor, progress=progress
    )
    ProgrammeUpload.objects.filter(pk=upload.pk).update(applied_at=timezone.now(), outcome=outcome.as_data())
    fact = FileImported(
        conference_id=upload.conference_id,
        subject_id=upload.conference_id,
        file=upload.file_name,
        made=outcome.made.total(),
        changed=outcome.changed.total(),
        placed=outcome.placed,
    )
    record(fact, actor=actor)
    finish(run, now=timezone.now())
    return outcome


@retried
@transaction.atomic
def delete(upload: ProgrammeUpload, *, actor: Actor) -> None:
    """Delete an uploaded file. What was imported of it stays."""
    deleted, _rows = ProgrammeUpload.objects.filter(pk=upload.pk).delete()
    if deleted:
        fact = FileDeleted(conference_id=upload.conference_id, subject_id=upload.conference_id, file=upload.file_name)
        record(fact, actor=actor)


def forget_uploads(*, now: datetime) -> int:
    """Delete the files whose time is over. Returns how many."""
    return ProgrammeUpload.objects.filter(uploaded_at__lte=now - KEEP_UPLOADS).delete()[0]
