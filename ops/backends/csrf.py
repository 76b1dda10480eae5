"""Forms whose token is not ours, or no longer: a page of ours that says what to do and loses nothing that was typed."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_BAD_ORIGIN
from django.shortcuts import render
from django.utils.cache import patch_cache_control

# Never shown nor sent again by a page: secrets are typed anew.
_SECRET = re.compile(r"password|(^|_)(code|token|secret)$", re.IGNORECASE)
# What pages put into their own forms, and nobody typed.
_OURS = ("carried", "reviewed", "seen", "next")
_MOST_FIELDS = 300
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105  # the name of a field


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403. A form of ours is shown again with a fresh token, to be sent by one press; a form of another site is
    not: whoever came from there is told only that nothing was changed.
    """
    ours = _is_ours(request, reason)
    fields = _typed(request) if ours else []
    context = {
        "fields": fields,
        "ours": ours,
        "path": request.get_full_path(),
        "secrets": ours and _has_secret(request),
    }
    response = render(request, "csrf_failed.html", context, status=403)
    patch_cache_control(response, private=True, no_store=True)
    return response


def _is_ours(request: HttpRequest, reason: str) -> bool:
    """Whether the browser says that the form stood on a page of this site. One that says nothing is not believed."""
    if reason.startswith(REASON_BAD_ORIGIN.split("%")[0]):
        return False
    said = request.META.get("HTTP_ORIGIN") or request.META.get("HTTP_REFERER") or ""
    return bool(said) and urlsplit(said).netloc == request.get_host()


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed, in the order it was sent."""
    pairs = [(name, value) for name, values in request.POST.lists() for value in values if name != _TOKEN]
    return [(name, str(value)) for name, value in pairs[:_MOST_FIELDS] if not _is_secret(name)]


def _has_secret(request: HttpRequest) -> bool:
    return any(_is_secret(name) for name in request.POST if name != _TOKEN)


def _is_secret(name: str) -> bool:
    return _SECRET.search(name) is not None
