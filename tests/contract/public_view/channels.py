"""Every address of the site with every value its parts can take here, and all text in whatever they answer with."""

from __future__ import annotations

import gzip
import io
import itertools
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.cache import cache
from django.urls import URLPattern, URLResolver, get_resolver

from tests.responses import Response

# Addresses that Django and allauth write as regular expressions, and what they are visited as.
SPELLED_OUT = {
    "accounts/email/<str:key>/": "accounts/email/no-such-key/",
    "accounts/first/<str:key>/": "accounts/first/no-such-key/",
    "accounts/invitation/<str:key>/": "accounts/invitation/no-such-key/",
    r"admin/^(?P<app_label>journal|schedule|accounts|registration|notifications)/$": "admin/schedule/",
    r"admin/(?P<url>.*)$": "admin/nowhere/",
    r"accounts/^confirm-email/(?P<key>[-:\w]+)/$": "accounts/confirm-email/key/",
    r"accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "accounts/password/reset/key/1-key/",
}
_PART = re.compile(r"<(?:\w+:)?(\w+)>")


class Drawn:
    """In the place of `typst.Compiler`: the file is what is to be drawn."""

    def __init__(self, *_args: Any, sys_inputs: Mapping[str, str], **_options: Any) -> None:
        self._words = "\n".join(sys_inputs.values())

    def compile(self, **_options: Any) -> bytes:
        return self._words.encode()


class UnknownPart(LookupError):
    """A route has a part that the planted conference knows no value for: give it some in `planting.plant`."""


def routes(patterns: Sequence[Any] | None = None, prefix: str = "") -> Iterator[str]:
    """Every route of the URL configuration."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, f"{prefix}{pattern.pattern}")
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.pattern}"


def addresses_of(route: str, values: Mapping[str, Sequence[str]]) -> list[str]:
    """The route with every combination of values. Raises `UnknownPart`."""
    if route in SPELLED_OUT:
        return [f"/{SPELLED_OUT[route]}"]
    parts = _PART.findall(route)
    if unknown := [part for part in parts if part not in values]:
        raise UnknownPart(f"{route}: {', '.join(unknown)}")
    found = []
    for chosen in itertools.product(*(values[part] for part in parts)):
        given = dict(zip(parts, chosen, strict=True))
        found.append("/" + _PART.sub(lambda part, given=given: given[part[1]], route))  # type: ignore[misc]  # mypy sees no default
    return found


def said(response: Response) -> str:
    """All text of an answer: what is packed is unpacked, what calendars fold is unfolded; headers as well."""
    content = b"".join(response) if response.streaming else response.content
    return "\n".join([*(f"{name}: {value}" for name, value in response.items()), read(content)])


def read(content: bytes) -> str:
    """Text in bytes of any format that is served or kept."""
    if content[:2] == b"\x1f\x8b":
        return read(gzip.decompress(content))
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(read(archive.read(name)) for name in archive.namelist())
    return content.replace(b"\r\n ", b"").decode("utf-8", "replace")


def kept() -> dict[str, str]:
    """All that lies in the cache, by its key."""
    client = cache._cache.get_client(write=False)  # type: ignore[attr-defined]  # the connection behind it
    found = {}
    for key in client.scan_iter():
        name = key.decode().partition(":1:")[2]
        value = cache.get(name)
        found[name] = read(value) if isinstance(value, bytes) else repr(value)
    return found


def marks_in(text: str, marks: Mapping[str, str]) -> dict[str, str]:
    """The marks that stand in a text, in whatever case."""
    folded = text.casefold()
    return {mark: about for mark, about in marks.items() if mark.casefold() in folded}
