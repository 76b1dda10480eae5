"""Messages: what is to be said as a code and values that are plain JSON, in no language.

A value is a number or an object of one key that says what it is: {"sessions": ["T1"]}, {"spans": [[from, to]]}...
Who or what is meant stands there by its code, a time as ISO text with its offset, so a message can be kept and is said
with the names of the day it is read on. `templates` has the sentence of each code, `words` puts it together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Value = int | dict[str, Any]


@dataclass(frozen=True, slots=True)
class CodedMessage:
    """One sentence: a code of `templates` and the values it is said with, by name."""

    code: str
    values: Mapping[str, Value]

    def as_json(self) -> dict[str, Any]:
        """What `from_json` turns back into an equal message."""
        return {"code": self.code, "values": dict(self.values)}


def from_json(data: Mapping[str, Any]) -> CodedMessage:
    """A message that was kept."""
    return CodedMessage(data["code"], data["values"])


def message(code: str, **values: Value) -> CodedMessage:
    return CodedMessage(code, values)


def sessions(codes: Iterable[str]) -> Value:
    return {"sessions": list(codes)}


def rooms(codes: Iterable[str]) -> Value:
    return {"rooms": sorted(codes)}


def people(codes: Iterable[str]) -> Value:
    return {"people": sorted(codes)}


def bodies(codes: Iterable[str]) -> Value:
    return {"bodies": sorted(codes)}


def features(codes: Iterable[str]) -> Value:
    """What rooms have."""
    return {"features": sorted(codes)}


def seats(number: int) -> Value:
    return {"seats": number}


def length(minutes: int) -> Value:
    """A number of minutes, said in hours and minutes."""
    return {"minutes": minutes}


def several(values: Sequence[Value]) -> Value:
    """One after another."""
    return {"list": list(values)}


def terms(before: Mapping[str, int], after: Mapping[str, int], prices: Mapping[str, int]) -> Value:
    """The priced terms that differ, before and after, what saves most first."""
    saved = {name: (before[name] - after[name]) * prices[name] for name in before if name in after}
    names = sorted((name for name in saved if saved[name]), key=lambda name: -saved[name])
    return {"terms": [[name, before[name], after[name]] for name in names]}
