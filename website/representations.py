"""Answering from the reader's own copy: what pages, files and calendars share (RFC 9110, 8.8.3 and 13).

A tag is strong: equal tags mean equal bytes, in every process. So it is a digest of all that decides the bytes, or of
the bytes themselves; and what was read while a change was committed gets none, and is kept by nobody. What is packed
has other bytes, and with them a tag of its own.
"""

from __future__ import annotations

import gzip
import re
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date, parse_http_date_safe

COMPRESSION = 6
# A coding, and the weight that refuses it (RFC 9110 12.4.2 and 12.5.3).
_CODING = re.compile(r"\s*([^\s;]+)\s*(?:;\s*q\s*=\s*([0-9.]+)\s*)?")


def not_modified(
    request: HttpRequest, response: HttpResponse, tag: str, modified: datetime | None = None
) -> HttpResponse | None:
    """Tag the response; a 304 with its headers where the reader has just this, None where it needs the body.

    A reader who names no tag is told by `modified`, where it is given: a second is too coarse a clock for most of what
    is sent, so it must be a moment that no other state was ever sent with.
    """
    response["ETag"] = tag
    # One that has not come yet would be taken for a wrong clock (RFC 9110 8.8.2.1).
    last = int(modified.timestamp()) if modified and modified <= timezone.now() else None
    if last is not None:
        response["Last-Modified"] = http_date(last)
    # A reader whose clock is ahead, and who sends its own time, would be told of no change until that has come.
    compared = last if _asked_since(request) <= timezone.now().timestamp() else None
    early: HttpResponse | None = get_conditional_response(request, etag=tag, last_modified=compared, response=response)
    return None if early is response else early


def _asked_since(request: HttpRequest) -> int:
    """The moment in If-Modified-Since, in seconds; 0 where there is none, or what stands there is none."""
    return parse_http_date_safe(request.headers.get("If-Modified-Since", "")) or 0


def takes_gzip(request: HttpRequest) -> bool:
    """Whether the reader unpacks gzip: it says so, and does not weigh it with nothing."""
    weights = {}
    for part in request.headers.get("Accept-Encoding", "").lower().split(","):
        if coding := _CODING.fullmatch(part):
            weights[coding[1]] = coding[2] or "1"
    weight = weights.get("gzip", weights.get("x-gzip", weights.get("*", "0")))
    return weight.strip("0.") != ""


def packed(content: bytes) -> bytes:
    """The same bytes from the same bytes."""
    return gzip.compress(content, COMPRESSION, mtime=0)


def mark_packed(response: HttpResponse, *, is_packed: bool) -> None:
    """Say how the body is coded, and that it depends on what the reader takes."""
    patch_vary_headers(response, ["Accept-Encoding"])
    if is_packed:
        response["Content-Encoding"] = "gzip"


def tag_of_packed(tag: str) -> str:
    """The tag of a body when it is packed, from its own."""
    return f'{tag.removesuffix(chr(34))}-gzip"'


def quoted(name: str) -> str:
    """A digest as a strong tag."""
    return f'"{name}"'
