"""Declaring the fields of a record: once, for the reader, the reference and the JSON Schema."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, overload

if TYPE_CHECKING:
    from .record import Record

T = TypeVar("T")
D = TypeVar("D")


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
