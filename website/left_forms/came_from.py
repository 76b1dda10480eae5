"""Where a form was sent from: what only takes forms has no page of its own."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest


def came_from(request: HttpRequest) -> str:
    """The page of ours on which the form stood, as far as the browser says so; else where it went."""
    said = request.META.get("HTTP_REFERER", "")
    found = urlsplit(said)
    if not is_here(request, said) or not found.path.startswith("/") or found.path.startswith("//"):
        return request.get_full_path()
    return f"{found.path}?{found.query}" if found.query else found.path


def is_here(request: HttpRequest, address: str) -> bool:
    """Whether an address that the browser gave is one of this site."""
    return bool(address) and urlsplit(address).netloc in (request.get_host(), urlsplit(settings.SITE_URL).netloc)
