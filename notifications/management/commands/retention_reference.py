"""Write docs/reference/retention.md from the table of what is kept how long."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from notifications.retention import as_markdown


class Command(BaseCommand):
    help = "Writes docs/reference/retention.md: what is kept, for how long."

    def handle(self, *_args: Any, **_options: Any) -> None:
        page = Path(settings.BASE_DIR) / "docs" / "reference" / "retention.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(as_markdown(), encoding="utf-8")
        self.stdout.write(str(page))
