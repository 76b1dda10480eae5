"""The API's reference as a page, made from its schema: no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator


@dataclass(frozen=True)
class DocumentedField:
    """One line of a table: a parameter, or a property of an object."""

    name: str
    type: str
    required: bool
    text: str


@dataclass(frozen=True)
class DocumentedResponse:
    """One answer an operation may give."""

    status: str
    fields: tuple[DocumentedField, ...]


@dataclass(frozen=True)
class Operation:
    """One method of one address."""

    anchor: str
    method: str
    path: str
    text: str
    parameters: tuple[DocumentedField, ...]
    body: tuple[DocumentedField, ...]
    answers: tuple[DocumentedResponse, ...]
    signed_in: bool


@cache
def operations() -> tuple[Operation, ...]:
    """Everything the schema describes, in its order; the schema's own address is left out."""
    schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # has no types
    found = []
    for path, methods in schema["paths"].items():
        for method, described in methods.items():
            parameters = (
                DocumentedField(
                    one["name"], _type(schema, one["schema"]), one.get("required", False), one.get("description", "")
                )
                for one in described.get("parameters", [])
            )
            found.append(
                Operation(
                    anchor=described["operationId"],
                    method=method.upper(),
                    path=path,
                    text=described.get("description", ""),
                    parameters=tuple(parameters),
                    body=tuple(_fields(schema, _json(described.get("requestBody", {})))),
                    answers=tuple(
                        DocumentedResponse(code, tuple(_fields(schema, _json(answer))))
                        for code, answer in sorted(described["responses"].items())
                    ),
                    signed_in={} not in described.get("security", [{}]),
                )
            )
    return tuple(found)


def _json(part: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = part.get("content", {}).get("application/json", {}).get("schema", {})
    return found


def _resolve(schema: Mapping[str, Any], part: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in part:
        part = schema["components"]["schemas"][part["$ref"].rpartition("/")[2]]
    return part


def _fields(schema: Mapping[str, Any], part: Mapping[str, Any]) -> Iterator[DocumentedField]:
    """The properties of an object; of a list or a page of objects, those of one of them."""
    part = _resolve(schema, part)
    if "items" in part:
        yield from _fields(schema, part["items"])
        return
    properties = part.get("properties", {})
    if "results" in properties:
        yield from _fields(schema, properties["results"])
        return
    required = part.get("required", [])
    for name, described in properties.items():
        yield DocumentedField(
            name, _type(schema, described), name in required, _resolve(schema, described).get("description", "")
        )


def _type(schema: Mapping[str, Any], described: Mapping[str, Any]) -> str:
    """A type in a few words: its values where there are few, the name of an object, the format of a text."""
    if "allOf" in described:
        return _type(schema, described["allOf"][0])
    resolved = _resolve(schema, described)
    if "enum" in resolved:
        return " | ".join(str(value) for value in resolved["enum"])
    if "$ref" in described:
        return str(described["$ref"].rpartition("/")[2])
    if described.get("type") == "array":
        return f"[{_type(schema, described['items'])}]"
    plain = str(described.get("format") or described.get("type") or "object")
    return f"{plain} | null" if described.get("nullable") else plain


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """Every operation with its parameters and answers."""
    return render(request, "api/reference.html", {"operations": operations()})
