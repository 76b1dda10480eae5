"""Put back into the form of a page what was typed into it: by the names of its controls, whoever wrote the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from itertools import accumulate

from website.left_forms import LeftForm
from website.left_forms.finding import TICKS, UNTYPED, TypedForm

Attributes = dict[str, str | None]
# The browser's own press, and what proves that the page is ours: the page that follows has its own.
_NEVER = frozenset({"csrfmiddlewaretoken"})
_LEFT_AS_THEY_ARE = UNTYPED - {"hidden"}
_ONE_TIME = "one-time-code"


@dataclass
class _Control:
    """A control as it stands in the page: where its tag is, and what of it says its value."""

    tag: str
    attributes: Attributes
    begins: int
    ends: int
    # Of a text area: where its text ends. Of a select: its options.
    closes: int = 0
    options: list[_Control] = field(default_factory=list)
    # Of an option: what it says, which is its value where it names none.
    words: str = ""

    @property
    def name(self) -> str:
        return self.attributes.get("name") or ""

    @property
    def kind(self) -> str:
        return (self.attributes.get("type") or "text").lower() if self.tag == "input" else self.tag

    @property
    def value(self) -> str:
        """What is sent of a tick or an option that is chosen."""
        said = self.attributes.get("value")
        return said if said is not None else "on" if self.kind in TICKS else " ".join(self.words.split())


def filled(html: str, forms: list[TypedForm], left: LeftForm) -> str:
    """The page with what was typed in the form that was left, and with what that form said of itself in hidden fields:
    what it was written from is what is compared when it is sent. Passwords, codes and files are typed anew.

    It is the form with most of the names that were sent; of several alike the one with the same id.
    """
    page = _Page(html, {form.id for form in forms})
    sent = set(left.sent) - _NEVER
    best = max(page.controls, key=lambda one: (len(sent & _names(page.controls[one])), one == left.form_id), default="")
    if not best or not sent & _names(page.controls[best]):
        return html
    parts, at = [], 0
    for begins, ends, text in sorted(_changes(page.controls[best], left)):
        parts += [html[at:begins], text]
        at = ends
    return "".join([*parts, html[at:]])


def _names(controls: list[_Control]) -> set[str]:
    return {one.name for one in controls if one.kind != "hidden"}


def _changes(controls: list[_Control], left: LeftForm) -> Iterator[tuple[int, int, str]]:
    """(from, to, text instead) for each control that has to say something else."""
    turn: Counter[str] = Counter()
    hidden = Counter(one.name for one in controls if one.kind == "hidden")
    for one in controls:
        sent = left.sent.getlist(one.name)
        if one.kind in TICKS:
            yield _tag(one, checked=one.value in sent)
        elif one.kind == "select":
            yield from _chosen(one, sent)
        elif one.kind != "hidden" or len(sent) == hidden[one.name]:
            if turn[one.name] < len(sent):
                yield _written(one, sent[turn[one.name]])
            turn[one.name] += 1


def _written(one: _Control, value: str) -> tuple[int, int, str]:
    if one.kind == "textarea":
        # HTML drops a line break that comes first.
        return one.ends, one.closes, "\n" + escape(value)
    return _tag(one, value=value)


def _chosen(one: _Control, sent: list[str]) -> Iterator[tuple[int, int, str]]:
    """The options that were sent. One that the page no longer offers cannot be shown: the page's own stands."""
    if "multiple" not in one.attributes and not set(sent) & {option.value for option in one.options}:
        return
    for option in one.options:
        yield _tag(option, selected=option.value in sent)


def _tag(one: _Control, **said: str | bool) -> tuple[int, int, str]:
    """The tag with these attributes instead of its own: True without a value, False not at all."""
    attributes = {name: value for name, value in one.attributes.items() if name not in said}
    attributes |= {name: None if value is True else value for name, value in said.items() if value is not False}
    text = "".join(f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in attributes.items())
    return one.begins, one.ends, f"<{one.tag}{text}>"


class _Page(HTMLParser):
    """The controls of some forms of a page, by the form's id."""

    def __init__(self, html: str, forms: set[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.controls: dict[str, list[_Control]] = {one: [] for one in forms}
        self._lines = [0, *accumulate(len(line) + 1 for line in html.split("\n"))]
        self._form = ""
        self._off = 0
        self._open: _Control | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "form":
            self._form = attributes.get("id") or ""
        elif tag == "fieldset" and (self._off or "disabled" in attributes):
            self._off += 1
        elif tag in {"input", "select", "textarea", "option"}:
            begins = self._here()
            control = _Control(tag, attributes, begins, begins + len(self.get_starttag_text() or ""))
            if tag != "option":
                self._control(control)
            elif self._open is not None and self._open.tag == "select":
                self._open.options.append(control)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = ""
        elif tag == "fieldset" and self._off:
            self._off -= 1
        elif self._open is not None and tag == self._open.tag:
            self._open.closes = self._here()
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open is not None and self._open.options:
            self._open.options[-1].words += data

    def _control(self, one: _Control) -> None:
        if one.tag != "input":
            self._open = one
        is_said = one.name and one.name not in _NEVER and one.kind not in _LEFT_AS_THEY_ARE
        if not is_said or self._off or "disabled" in one.attributes or one.attributes.get("autocomplete") == _ONE_TIME:
            return
        form = one.attributes.get("form") or self._form
        if form in self.controls:
            self.controls[form].append(one)

    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column
