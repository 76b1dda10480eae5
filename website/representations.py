"""Answering from the reader's own copy: what pages, files and calendars share (RFC 9110, 8.8.3 and 13).

A tag is strong: equal tags mean equal bytes, in every process. So it is a digest of all that decides the bytes, or of
the bytes themselves; and what was read while a change was committed gets none, and is kept by nobody.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response


def not_modified(request: HttpRequest, response: HttpResponse, tag: str) -> HttpResponse | None:
    """Tag the response; a 304 with its headers where the reader has just this, None where it needs the body.

    By the tag alone: a second is too coarse a clock.
    """
    response["ETag"] = tag
    early: HttpResponse | None = get_conditional_response(request, etag=tag, response=response)
    return None if early is response else early


def quoted(name: str) -> str:
    """A digest as a strong tag."""
    return f'"{name}"'
