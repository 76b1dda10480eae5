"""Forms whose token is not ours, or no longer: a page of ours that says what to do and loses nothing that was typed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_BAD_ORIGIN
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from ops.backends.sent_form import SentForm
from ops.backends.whose_form import is_of_another
from website.left_forms.came_from import came_from, is_here


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403. A form of ours is shown again with a fresh token, to be sent by one press; a form of another site is
    not: whoever came from there is told only that nothing was changed. Nor is one that somebody else filled in, who was
    signed in at this browser before: it would be sent in the name of whoever is now.
    """
    ours = _is_ours(request, reason)
    another = ours and is_of_another(request)
    context = {
        "sent": SentForm.of(request) if ours and not another else None,
        "another": another,
        # What only takes forms has no page.
        "opened": came_from(request) if ours else request.get_full_path(),
    }
    response = render(request, "csrf_failed.html", context, status=403)
    patch_cache_control(response, private=True, no_store=True)
    return response


def _is_ours(request: HttpRequest, reason: str) -> bool:
    """Whether the browser says that the form stood on a page of this site. One that says nothing is not believed."""
    if reason.startswith(REASON_BAD_ORIGIN.split("%")[0]):
        return False
    return is_here(request, request.META.get("HTTP_ORIGIN") or request.META.get("HTTP_REFERER") or "")
