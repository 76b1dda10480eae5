"""Files of rows that spreadsheets open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from schedule.exchange.writers.cells import csv_text


def csv_file(name: str, header: Sequence[object], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """Comma-separated, UTF-8 with a mark so that Excel reads it, as a download. `name` is a code, not a title."""
    content = csv_text([header, *rows]).encode("utf-8-sig")
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
