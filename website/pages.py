"""What the pages of this app share."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control

from schedule.models import Conference

# What the browser session keeps: the steps of a registration by conference, and the address a link went to.
SAVED_KEY = "registering"
SENT_KEY = "link_sent_to"
# What was typed for it, signed, until the page that says so was shown.
SENT_TYPED_KEY = "link_sent_with"
# Which link that mail has.
SENT_LINK_KEY = "link_sent"
# In how many minutes that mail leaves.
SENT_WAIT_KEY = "link_sent_in"
SENT_KEYS = (SENT_KEY, SENT_TYPED_KEY, SENT_LINK_KEY, SENT_WAIT_KEY)
# What somebody typed who turned out to be registered already, by conference: theirs to look at, not yet to keep.
OFFERED_KEY = "typed_again"

# Pages about one person stay in that person's browser, and not even there for long.
personal = cache_control(private=True, no_store=True)


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    conference: Conference | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a page; times are shown on the conference's clocks."""
    if conference is None:
        return render(request, template, context, status=status)
    with timezone.override(conference.zone):
        return render(request, template, {"conference": conference, **context}, status=status)


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the data sent, even when it is empty; None when the page is only opened."""
    return request.POST if request.method == "POST" else None
