"""What strangers send and what the database refuses, answered in words on every page; the API has `api.refusals`.

One line is logged for each, without what was sent.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from values.database import refusal_in

logger = logging.getLogger(__name__)
Answer = Callable[[HttpRequest], HttpResponse]
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_NUL_IN_QUERY = "%00"
_READS = ("GET", "HEAD", "OPTIONS")


class CookiesWithoutControlCharacters:
    """Leaves out cookies that hold control characters, before anybody asks the database about one.

    No browser sends them; the quoted form of RFC 2109, which Django still reads, can.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        for name in [name for name, value in request.COOKIES.items() if _CONTROL.search(value)]:
            del request.COOKIES[name]
        return self.get_response(request)


class Refusals:
    """No address of ours has a control character, no query a NUL; what the database refuses is a page with a sentence.

    Comes last in MIDDLEWARE, so that the page of a refusal has everything pages have.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _CONTROL.search(request.path_info) or _NUL_IN_QUERY in request.META.get("QUERY_STRING", ""):
            raise Http404
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """None leaves the exception to Django: the fault is ours."""
        refusal = refusal_in(exception, is_change=request.method not in _READS)
        if refusal is None:
            return None
        route = request.resolver_match.route if request.resolver_match else ""
        logger.warning("the database refused %s %s: %s", request.method, route, refusal.cause)
        return render(request, "refused.html", {"sentence": refusal.sentence}, status=refusal.status)
