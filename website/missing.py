"""Pages that are not there: where to go instead."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse

from schedule.models import Conference
from website.pages import page

_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,50}")


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # Django hands it over
    """Answer 404, with ways on: into the conference whose address begins like this one, if everybody may see it. One
    query where it could be one.
    """
    first = request.path_info.split("/")[1:2]
    named = next((one for one in first if _SLUG.fullmatch(one)), None)
    conference = Conference.objects.public().filter(slug=named).first() if named else None
    return page(request, "404.html", {"organizing": first == ["organize"]}, conference=conference, status=404)
