"""Forms of the set-up pages, as a browser sends them."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from django.test import Client
from django.utils import timezone


def filled(client: Client, path: str, **changes: Any) -> dict[str, Any]:
    """What the form at this address would send with these changes."""
    form = client.get(path).context["form"]
    with timezone.override(form.conference.zone):  # times are written on its clocks, as the page was
        return _sent(form) | changes


def typed_in(client: Client, path: str) -> dict[str, Any]:
    """What the form at this address would send as it stands, where it is one without tables."""
    return _sent(client.get(path).context["form"])


def _sent(form: Any) -> dict[str, Any]:
    data: dict[str, Any] = {}
    tables = getattr(form, "tables", [])
    for one in [form, *(line for table in tables for line in [table.management_form, *table.forms])]:
        for bound in one:
            value = bound.value()
            if value is True:
                data[bound.html_name] = "on"
            elif value is not None and value is not False:
                data[bound.html_name] = value if isinstance(value, list) else _typed(bound, value)
    return data


def _typed(bound: Any, value: Any) -> str:
    written = bound.field.widget.format_value(value)
    if isinstance(written, list):
        written = written[0] if written else ""
    return "" if written is None else str(written)


def save(client: Client, path: str, **changes: Any) -> HttpResponseBase:
    """Open the form, change it and send it."""
    return client.post(path, filled(client, path, **changes))
