"""What is imported into a conference that is there."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from journal.facts import Concern, Fact
from schedule.facts.things import CONFERENCE, IMPORT

TIMETABLE = Concern.TIMETABLE


@dataclass(frozen=True, kw_only=True)
class FileUploaded(Fact, verb="import.uploaded", subject=CONFERENCE, concerns=TIMETABLE):
    """A file to import was uploaded; nothing of it is in the programme yet."""

    sentence = _("File uploaded to import: %(file)s")
    file: str


@dataclass(frozen=True, kw_only=True)
class FileDeleted(Fact, verb="import.deleted", subject=CONFERENCE, concerns=TIMETABLE):
    """An uploaded file was deleted; what was imported of it stays."""

    sentence = _("Uploaded file deleted: %(file)s")
    file: str


@dataclass(frozen=True, kw_only=True)
class ImportAsked(Fact, verb="import.asked", subject=IMPORT, concerns=TIMETABLE):
    """A worker is to import a file."""

    sentence = _("Import of %(file)s asked for")
    file: str


@dataclass(frozen=True, kw_only=True)
class ImportCancelled(Fact, verb="import.cancelled", subject=IMPORT, concerns=TIMETABLE):
    """Somebody cancelled an import before its end. Nothing was imported."""

    sentence = _("Import of %(file)s cancelled")
    file: str


@dataclass(frozen=True, kw_only=True)
class ImportBrokenOff(Fact, verb="import.broken_off", subject=IMPORT, concerns=TIMETABLE):
    """An import ended without importing anything. `state` is one of `ImportRun.State`."""

    sentence = _("Import of %(file)s ended, and nothing was imported")
    file: str
    state: str


@dataclass(frozen=True, kw_only=True)
class FileImported(Fact, verb="import.applied", subject=CONFERENCE, concerns=TIMETABLE):
    """A file was imported. Each row that it made or changed has an entry of its own; these figures count them."""

    sentence = _("Imported from %(file)s: %(made)s new, %(changed)s changed, %(placed)s placed in the timetable")
    file: str
    made: int
    changed: int
    placed: int
