"""What every page may know of whoever is signed in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from registration.domain.registrations.access import current_participant


def participant(request: HttpRequest) -> dict[str, Any]:
    """`participant`: the signed-in participant, fetched only when a template asks for it."""
    return {"participant": SimpleLazyObject(lambda: current_participant(request))}
