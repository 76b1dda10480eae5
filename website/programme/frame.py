"""What the public pages share."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from schedule.models import Conference


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, conference: Conference, status: int = 200
) -> HttpResponse:
    """Render a page; times are shown on the conference's clocks."""
    with timezone.override(conference.zone):
        return render(request, template, {"conference": conference, "section": "programme", **context}, status=status)
