"""Read the robot mailbox now, or handle mails from files: `manage.py read_mailbox [FILE...]`."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from notifications.inbound.imap import MailboxAwayError
from notifications.inbound.mailbox import handle_mail, read_mailbox
from notifications.inbound.only_reader import MailboxBusyError


class Command(BaseCommand):
    help = "Handles what is in the mailbox of IMAP_URL, or the mails in the given files, and says what became of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, help="mails as they came (.eml), instead of the mailbox")

    def handle(self, *args: Any, **options: Any) -> None:
        for outcome, count in sorted(self._outcomes(options["files"]).items()):
            self.stdout.write(f"{count} {outcome}")

    def _outcomes(self, files: list[Path]) -> dict[str, int]:
        if files:
            return Counter(map(handle_mail, _contents(files)))
        if not settings.IMAP_URL:
            raise CommandError("IMAP_URL is not set, so there is no mailbox to read.")
        try:
            return read_mailbox()
        except MailboxBusyError as error:
            raise CommandError("Another process is reading the mailbox at this moment.") from error
        except MailboxAwayError as error:
            raise CommandError(f"The mailbox cannot be read: {error}") from error


def _contents(files: list[Path]) -> list[bytes]:
    """All of them, before anything is done about one."""
    try:
        return [path.read_bytes() for path in files]
    except OSError as error:
        raise CommandError(f"Cannot read {error.filename}: {error.strerror}.") from error
