"""Write docs/reference/messages.md from the table in `notifications.rules.mail_rules`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from notifications.rules.mail_rules import as_markdown


class Command(BaseCommand):
    help = "Writes docs/reference/messages.md: which journal entry makes which mail."

    def handle(self, *_args: Any, **_options: Any) -> None:
        page = Path(settings.BASE_DIR) / "docs" / "reference" / "messages.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(as_markdown(), encoding="utf-8")
        self.stdout.write(str(page))
