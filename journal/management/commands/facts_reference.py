"""Write docs/reference/facts.md from the classes of facts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from journal.reference import as_markdown


class Command(BaseCommand):
    help = "Writes docs/reference/facts.md: what the journal can say, and what each of it changes."

    def handle(self, *_args: Any, **_options: Any) -> None:
        page = Path(settings.BASE_DIR) / "docs" / "reference" / "facts.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(as_markdown(), encoding="utf-8")
        self.stdout.write(str(page))
