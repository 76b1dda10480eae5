"""libical (Evolution's and KDE's parser) through ctypes, and its check of which properties an iTIP message may hold."""

from __future__ import annotations

import ctypes
import ctypes.util
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

from tests.contract.calendars.parsers import SeenCalendar, SeenEvent, seen_calendar

ANY_PROPERTY, ANY_COMPONENT = 0, 1  # the enumerations of version 3
TEXTS = frozenset({"UID", "SUMMARY", "DESCRIPTION", "LOCATION", "CATEGORIES"})


class _Time(ctypes.Structure):
    """struct icaltimetype of version 3."""

    _fields_ = (
        *((name, ctypes.c_int) for name in ("year", "month", "day", "hour", "minute", "second", "date", "daylight")),
        ("zone", ctypes.c_void_p),
    )


def library_name() -> str | None:
    """What the linker calls version 3 here, if there is one."""
    found = ctypes.util.find_library("ical")
    return found if found and found.endswith(".so.3") else None


@cache
def _library() -> Any:
    name = library_name()
    assert name is not None
    library = ctypes.CDLL(name)
    pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
    for function, result, arguments in (
        ("icalparser_parse_string", pointer, [text]),
        ("icalcomponent_free", None, [pointer]),
        ("icalcomponent_get_first_component", pointer, [pointer, number]),
        ("icalcomponent_get_next_component", pointer, [pointer, number]),
        ("icalcomponent_isa", number, [pointer]),
        ("icalcomponent_kind_to_string", text, [number]),
        ("icalcomponent_get_first_property", pointer, [pointer, number]),
        ("icalcomponent_get_next_property", pointer, [pointer, number]),
        ("icalcomponent_get_dtstart", _Time, [pointer]),
        ("icalcomponent_get_dtend", _Time, [pointer]),
        ("icalcomponent_count_errors", number, [pointer]),
        ("icaltime_as_timet_with_zone", ctypes.c_long, [_Time, pointer]),
        ("icalproperty_get_property_name", text, [pointer]),
        ("icalproperty_get_value", pointer, [pointer]),
        ("icalproperty_get_value_as_string", text, [pointer]),
        ("icalvalue_get_text", text, [pointer]),
        ("icalrestriction_check", number, [pointer]),
    ):
        bound = getattr(library, function)
        bound.restype, bound.argtypes = result, arguments
    return library


def _components(parent: int) -> Iterator[int]:
    found = _library().icalcomponent_get_first_component(parent, ANY_COMPONENT)
    while found:
        yield found
        found = _library().icalcomponent_get_next_component(parent, ANY_COMPONENT)


def _properties(component: int) -> list[tuple[str, str]]:
    library, found = _library(), []
    one = library.icalcomponent_get_first_property(component, ANY_PROPERTY)
    while one:
        name = library.icalproperty_get_property_name(one).decode()
        if name in TEXTS:
            value = library.icalvalue_get_text(library.icalproperty_get_value(one))
        else:
            value = library.icalproperty_get_value_as_string(one)
        found.append((name, (value or b"").decode()))
        one = library.icalcomponent_get_next_property(component, ANY_PROPERTY)
    return found


def _instant(moment: _Time) -> datetime:
    return datetime.fromtimestamp(_library().icaltime_as_timet_with_zone(moment, moment.zone), UTC)


def _event(component: int) -> SeenEvent:
    properties = _properties(component)
    first = dict(reversed(properties))
    return SeenEvent(
        uid=first["UID"],
        sequence=int(first["SEQUENCE"]),
        status=first["STATUS"],
        summary=first["SUMMARY"],
        description=first.get("DESCRIPTION", ""),
        location=first.get("LOCATION", ""),
        url=first.get("URL", ""),
        categories=tuple(value for name, value in properties if name == "CATEGORIES"),
        start=_instant(_library().icalcomponent_get_dtstart(component)),
        end=_instant(_library().icalcomponent_get_dtend(component)),
        names=frozenset(name for name, _ in properties),
    )


def _kind(component: int) -> str:
    library = _library()
    return str(library.icalcomponent_kind_to_string(library.icalcomponent_isa(component)).decode())


def parse_libical(body: bytes) -> SeenCalendar:
    """Parse with libical."""
    whole = _library().icalparser_parse_string(body)
    assert whole, "libical reads no calendar at all"
    try:
        parts = list(_components(whole))
        properties = _properties(whole)
        events = [_event(part) for part in parts if _kind(part) == "VEVENT"]
        others = sum(_kind(part) != "VTIMEZONE" for part in parts)
        return seen_calendar(dict(properties).get("METHOD"), (name for name, _ in properties), others, events)
    finally:
        _library().icalcomponent_free(whole)


def complaints(body: bytes) -> list[str]:
    """What libical's parser, and its check against the tables of RFC 5546, have to say; nothing when all is well."""
    library = _library()
    whole = library.icalparser_parse_string(body)
    assert whole, "libical reads no calendar at all"
    try:
        parsed = library.icalcomponent_count_errors(whole)
        allowed = library.icalrestriction_check(whole)
        found = [value for part in (whole, *_components(whole)) for name, value in _properties(part) if "ERROR" in name]
        return found if found or (allowed and not parsed) else ["refused without a word"]
    finally:
        library.icalcomponent_free(whole)
