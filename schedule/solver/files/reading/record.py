"""Checked reading of JSON records, whose fields are declared once: for the reader, the reference and the JSON Schema.

A field that is wrong adds a finding and gives a harmless value of the right type, so that reading goes on and finds
everything; whoever reads must ask `Findings.refuse_problems` before using anything. With `Findings(at_once=True)` the
first problem is raised instead.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar, overload
from zoneinfo import ZoneInfo

from .finding import Finding, Findings
from .finding import Value as Said

T = TypeVar("T")
D = TypeVar("D")

_CODE_IN_PLACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*\Z")


@dataclass
class Context:
    """What the fields of one file are read with; filled as the file is read from top to bottom."""

    findings: Findings = field(default_factory=Findings)
    languages: Sequence[str] = ()
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    # What can be named -> the codes the file has for it.
    codes: Mapping[str, Collection[str]] = field(default_factory=dict)


class Record:
    """One JSON object of the file and its place there, for messages."""

    def __init__(self, value: Any, where: str, context: Context) -> None:
        self.where = where
        self.context = context
        self.value: dict[str, Any] = value if isinstance(value, dict) else {}
        self._is_object = True
        if not isinstance(value, dict):
            self.wrong("not_an_object")
            self._is_object = False

    def wrong(self, code: str, key: str = "", /, **values: Said) -> None:
        """Add a problem. What is no object at all has said so; that its fields are missing is no news."""
        if self._is_object:
            self.context.findings.problem(Finding(code, self.where, key, values))

    def warn(self, code: str, key: str = "", /, **values: Said) -> None:
        self.context.findings.warning(Finding(code, self.where, key, values))

    def has(self, key: str) -> bool:
        """Whether there is a value; null stands for none."""
        return self.value.get(key) is not None

    def only(self, known: type[Fields] | Collection[str], *, refuse: bool = False) -> None:
        """Warn of fields nobody reads; one may be a known field misspelt. With `refuse` they are problems."""
        names = known.declared().keys() if isinstance(known, type) else known
        for key in self.value:
            if key not in names:
                if refuse:
                    self.wrong("unknown_field_refused", key[:60])
                else:
                    self.warn("unknown_field", key[:60])

    def get(self, field_: Field[T]) -> T:
        """The field's value; its default when it is missing, a harmless one when it is wrong."""
        found = self.valid(field_)
        if found is None:
            return field_.value.harmless if self.has(field_.name) or field_.required else field_.default
        return found

    def valid(self, field_: Field[T]) -> T | None:
        """The field's value; None when it is missing or wrong."""
        return self.read(field_.value, field_.name, required=field_.required)

    def read(self, value: Value[T], key: str, *, required: bool = True) -> T | None:
        """What stands under `key`, None when it is missing or wrong."""
        if self.has(key):
            return value.read(self, key, self.value[key], required=required)
        if required:
            self.wrong("missing", key)
        return None

    def need(self, value: Value[T], key: str) -> T:
        """What stands under `key`; a harmless value when it is missing or wrong."""
        found = self.read(value, key)
        return value.harmless if found is None else found

    def may(self, value: Value[T], key: str, *, default: D) -> T | D:
        """What stands under `key`; `default` when it is missing or wrong."""
        found = self.read(value, key, required=False)
        return default if found is None else found

    def sub(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key

    def record(self, key: str) -> Record:
        """The object under `key`; an empty one when it is missing."""
        return Record({} if self.value.get(key) is None else self.value[key], self.sub(key), self.context)

    def records(self, key: str, *, required: bool = True, label: str = "code") -> list[Record]:
        """The objects of the list under `key`, each named by its position and, if it has one, its code (or `label`)."""
        found = []
        for index, value in enumerate(self.items(key, required=required)):
            code = value.get(label) if isinstance(value, dict) else None
            named = f" ({code})" if isinstance(code, str) and _CODE_IN_PLACE.match(code) else ""
            found.append(Record(value, f"{self.sub(key)}[{index}]{named}", self.context))
        return found

    def items(self, key: str, *, required: bool = True) -> list[Any]:
        """The list under `key`; empty when it is missing or wrong."""
        if not self.has(key):
            if required:
                self.wrong("missing", key)
            return []
        return self.list_of(key, self.value[key])

    def list_of(self, key: str, value: Any) -> list[Any]:
        if isinstance(value, list):
            return value
        self.wrong("not_a_list", key)
        return []


class Value(ABC, Generic[T]):
    """A kind of value: how it is checked, and how the reference and the schema call it.

    `harmless` takes the place of a wrong one. `codes` are those of what can be found wrong with one.
    """

    harmless: T
    codes: tuple[str, ...] = ()

    @abstractmethod
    def read(self, record: Record, key: str, value: Any, *, required: bool) -> T | None:
        """The checked value, which is not null; None when it is wrong, which has then been said."""

    @abstractmethod
    def schema(self) -> dict[str, Any]:
        """JSON Schema (2020-12) of the value; what depends on other records is not in it."""

    @property
    @abstractmethod
    def words(self) -> str:
        """The type in the reference, in Markdown."""


class Field(Generic[T]):
    """One field: its value, what it means, its default, and the codes of the rules that bind it to other fields."""

    name: str

    def __init__(
        self, value: Value[Any], meaning: str, *, required: bool, default: Any = None, rules: tuple[str, ...] = ()
    ) -> None:
        self.value: Value[T] = value
        self.meaning = meaning
        self.required = required
        self.default: T = default
        self.rules = rules

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name.removesuffix("_")  # `from` is a word of Python

    @property
    def codes(self) -> tuple[str, ...]:
        """Everything that can be found about this field."""
        return (*(("missing",) if self.required else ()), *self.value.codes, *self.rules)


def required(value: Value[T], meaning: str, *, rules: tuple[str, ...] = ()) -> Field[T]:
    return Field(value, meaning, required=True, rules=rules)


@overload
def optional(value: Value[T], meaning: str, *, rules: tuple[str, ...] = ()) -> Field[T | None]: ...
@overload
def optional(value: Value[T], meaning: str, *, default: D, rules: tuple[str, ...] = ()) -> Field[T | D]: ...
def optional(value: Value[Any], meaning: str, *, default: Any = None, rules: tuple[str, ...] = ()) -> Field[Any]:
    """A field that may be left out or null."""
    return Field(value, meaning, required=False, default=default, rules=rules)


class Fields:
    """A kind of record: a subclass declares a `Field` for each name."""

    rules: ClassVar[tuple[str, ...]] = ()
    """The codes of what can be found about the record as a whole."""

    @classmethod
    def declared(cls) -> dict[str, Field[Any]]:
        """Name -> field, in the order of declaration; those of a base class last."""
        return {one.name: one for owner in cls.__mro__ for one in vars(owner).values() if isinstance(one, Field)}

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """JSON Schema of a record. Unknown fields are left out with a warning, so they are no fault."""
        properties = {
            name: one.value.schema() if one.required else _or_null(one) for name, one in cls.declared().items()
        }
        needed = [name for name, one in cls.declared().items() if one.required]
        return {"type": "object", "properties": properties, **({"required": needed} if needed else {})}


def _or_null(field: Field[Any]) -> dict[str, Any]:
    return {"anyOf": [field.value.schema(), {"type": "null"}]}


def shown(value: Any) -> str:
    """A value from the file for a message: short, on one line, in quotes."""
    text = value if isinstance(value, str) else _digits(value)
    text = "".join(c if c.isprintable() else "�" for c in text)
    return f"“{text[:57]}…”" if len(text) > 60 else f"“{text}”"


def _digits(value: Any) -> str:
    try:
        return repr(value)
    except ValueError:  # Python refuses to write thousands of digits, as a caller with an object of its own may have
        return "…"
