"""A fact's data as JSON, and back. Both directions are told by the types of its fields."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

_TIMES = (datetime, date, time)


_hints: dict[type, dict[str, Any]] = {}


def hints_of(kind: type) -> Mapping[str, Any]:
    """The types of a dataclass's fields, with what annotates them."""
    if kind not in _hints:
        _hints[kind] = get_type_hints(kind, include_extras=True)
    return _hints[kind]


def encoded(value: Any) -> Any:
    """What JSON holds of a value. Enumerations are their codes, times are written as in RFC 3339."""
    if isinstance(value, _TIMES):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: encoded(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): encoded(one) for name, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [encoded(one) for one in value]
    return value


def decoded(hint: Any, value: Any) -> Any:
    """The value that `encoded` made JSON of, where a field of type `hint` held it."""
    origin, inside = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return decoded(inside[0], value)
    if value is None:
        return None
    if origin in (Union, types.UnionType):
        kinds = [one for one in inside if one is not type(None)]
        return decoded(kinds[0], value) if len(kinds) == 1 else value
    if origin is not None:
        return _many(origin, inside, value)
    return _one(hint, value) if isinstance(hint, type) else value


def _many(origin: type, inside: Sequence[Any], value: Any) -> Any:
    if origin is tuple:
        return tuple(decoded(inside[0], one) for one in value)
    return {name: decoded(inside[1], one) for name, one in value.items()}


def _one(kind: type, value: Any) -> Any:
    if kind in _TIMES:
        return kind.fromisoformat(value)
    if is_dataclass(kind):
        hints = hints_of(kind)
        return kind(**{name: decoded(hints[name], one) for name, one in value.items()})
    return kind(value) if issubclass(kind, str) else value
