"""`manage.py import_programme FILE`: make a conference from a programme file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from journal.actors import SYSTEM
from schedule.exchange.readers.importing import ImportRefused, import_programme, in_words, read_programme
from schedule.solver.files.reading.source import MAX_BYTES


class Command(BaseCommand):
    help = "Make a conference from a programme file. It is not public until an organizer says so."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help='JSON, format "whrcf-scheduler-input", version 1')

    def handle(self, *, file: Path, **options: Any) -> None:  # Django passes its own options
        """Exit 1 with the list of problems on standard error when the file is refused; nothing is imported then."""
        try:
            with file.open("rb") as opened:
                content = opened.read(MAX_BYTES + 1)
        except OSError as error:
            raise CommandError(f"Cannot read {file}: {error.strerror}.") from error
        try:
            programme = read_programme(content)
            conference = import_programme(programme, actor=SYSTEM)
        except ImportRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        for warning in programme.warnings:
            self.stderr.write(f"Worth a look: {in_words(warning)}")
        self.stdout.write(
            f"Imported {conference.slug}: {len(programme.sessions)} sessions, {len(programme.rooms)} rooms, "
            f"{len(programme.bodies)} organisations, {len(programme.people)} people, "
            f"{len(programme.unavailabilities)} unavailabilities, {len(programme.days)} days."
        )
