"""Which forms of a page somebody may type in, found in the HTML of every page: cheap, and by their tags alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_TAG = re.compile(r"<(/?)(form|input|select|textarea)\b([^>]*)>")
# An action without what it says of the place on the page.
_ATTRIBUTE = r"\b{}\s*=\s*[\"']?([^\"'\s>#]+)"
_METHOD, _ID, _TYPE, _FORM, _ACTION = (
    re.compile(rf"(?<![\w-]){_ATTRIBUTE.format(name)}", re.IGNORECASE)
    for name in ("method", "id", "type", "form", "action")
)
_NAMED, _OFF = re.compile(r"(?<![\w-])name\s*="), re.compile(r"(?<![\w-])disabled\b")
# Nobody types these, or nobody may be shown them again.
UNTYPED = frozenset({"hidden", "password", "file", "submit", "button", "reset", "image"})
# Of a form that carries what somebody typed on another page, in hidden fields (components/form/send_again.html).
CARRIES = "data-carries"
TICKS = frozenset({"checkbox", "radio"})


@dataclass
class TypedForm:
    """A form of a page: where its attributes and its end stand, and what is in it."""

    begins: int
    id: str
    ends: int = 0
    # It has its id from us.
    is_named: bool = False
    # Something is written or chosen in it; with ticks alone it is not worth a button of its own.
    has_words: bool = False
    has_ticks: bool = False


def search_forms(html: str, path: str) -> list[TypedForm]:
    """The first form that asks the page at this path for a part of what it shows, if there is any."""
    found = _forms(html, lambda attributes: not _sends(attributes) and _value(_ACTION, attributes) in ("", path))
    return [form for form in found if form.has_words][:1]


def typed_forms(html: str) -> list[TypedForm]:
    """Those that are sent and in which somebody may type, in their order; the one whose language switch is the page's
    comes first.
    """
    return sorted(_forms(html, _sends), key=lambda form: not form.has_words)


def _sends(attributes: str) -> bool:
    return _value(_METHOD, attributes).lower() == "post"


def _forms(html: str, is_wanted: Callable[[str], bool]) -> list[TypedForm]:
    forms: list[TypedForm] = []
    opened: TypedForm | None = None
    elsewhere: dict[str, list[str]] = {}
    for tag in _TAG.finditer(html):
        closes, name, attributes = tag.groups()
        if name == "form":
            if opened is not None:
                opened.ends = tag.start()
            opened = None
            if not closes and is_wanted(attributes):
                said = _value(_ID, attributes)
                opened = TypedForm(tag.start() + len("<form"), said or f"left-{len(forms) + 1}", is_named=not said)
                opened.has_words = CARRIES in attributes
                forms.append(opened)
        elif closes or (opened is not None and opened.has_words and "form=" not in attributes):
            continue  # nothing more to be learned; pages have thousands of these
        elif kind := _typed_as(name, attributes):
            if owner := _value(_FORM, attributes):
                elsewhere.setdefault(owner, []).append(kind)
            elif opened is not None:
                _has(opened, kind)
    for form in forms:
        for kind in elsewhere.get(form.id, []):
            _has(form, kind)
    return [form for form in forms if form.has_words or form.has_ticks]


def with_switches(html: str, forms: list[TypedForm], switch: Callable[[str], str]) -> str:
    """The page with an id for each of the forms, and what `switch` writes for its id at the end of all but the first.

    A browser sends one form at a time, so the page's own switch takes along the first alone.
    """
    put = [(form.begins, f' id="{form.id}"') for form in forms if form.is_named]
    put += [(form.ends, switch(form.id)) for form in forms[1:] if form.has_words and form.ends]
    parts, at = [], 0
    for place, text in sorted(put):
        parts += [html[at:place], text]
        at = place
    return "".join([*parts, html[at:]])


def _typed_as(name: str, attributes: str) -> str:
    """The type of a control that somebody may fill in; empty for another."""
    if 'type="hidden"' in attributes or not _NAMED.search(attributes) or _OFF.search(attributes):
        return ""
    if name != "input":
        return name
    kind = _value(_TYPE, attributes).lower() or "text"
    return "" if kind in UNTYPED else kind


def _has(form: TypedForm, kind: str) -> None:
    if kind in TICKS:
        form.has_ticks = True
    else:
        form.has_words = True


def _value(attribute: re.Pattern[str], attributes: str) -> str:
    found = attribute.search(attributes)
    return found[1] if found else ""
