"""The preview of an import as its page shows it: narrowed, by pages, with what is odd gathered by sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from organize.imports.forms import ShownForm
from organize.imports.words import ABOUT, STATES
from organize.named_pages import with_link
from schedule.exchange.imports.entries.choosing import ImportChoice, Needs
from schedule.exchange.imports.entries.entry import FieldChange, ImportEntry, State
from schedule.exchange.imports.uploads import Look
from schedule.exchange.incoming.records import Oddity, What
from schedule.exchange.incoming.words import HOW_TO_READ, in_words, place_in_words

PER_PAGE = 100
_PLACES = 12
_NAMED_BY = 3
MISSING = "missing"
_EDITED = {What.ROOM: "room_edit", What.PERSON: "person_edit", What.SESSION: "session_edit"}


@dataclass(frozen=True)
class PreviewLine:
    """One line of the preview.

    `id` is empty where it cannot be chosen; `is_ticked` where it was before. `along` is what comes along where it alone
    is chosen.
    """

    about: str
    name: str
    place: str
    state: str
    label: str
    differences: Sequence[FieldChange] = ()
    problems: Sequence[tuple[str, str]] = ()
    id: str = ""
    url: str = ""
    is_ticked: bool = False
    along: Sequence[str] = ()


_Listed = Oddity | ImportEntry | tuple[What, Any]
"""What a line is made of: what a reader could not take, an entry, or a row that the file does not have."""


@dataclass(frozen=True)
class Told:
    """A sentence with where it holds: the first places, and how many more there are."""

    sentence: str
    places: list[str]
    more: int


def preview_context(query: Any, look: Look, *, reading: str, ticked: Collection[str]) -> dict[str, Any]:
    """What the page of a preview needs.

    `reading` is the address at which it is said how the file is to be read, `ticked` are ids of entries chosen before.
    """
    counts = _counts(look)
    states = [("", _("Everything that is new, changed or wrong")), *counts]
    form = ShownForm(query, states=[(state, label) for state, label in states])
    state, words = form.cleaned_data.get("state", ""), form.cleaned_data.get("q", "").casefold()
    listed = _listed(look, state)
    if words:
        listed = [one for one in listed if words in _name(one).casefold()]
    page = Paginator(listed, PER_PAGE).get_page(query.get("page"))
    needs = Needs(look.preview)
    kept = {name: value for name, value in (("state", state), ("q", words)) if value}
    return {
        "form": form,
        "counts": counts,
        "lines": [_line(one, look, ticked, needs) for one in page],
        "page_obj": page,
        "query": urlencode(kept) + "&" if kept else "",
        "told": _told((one for one in look.oddities if not one.is_wrong), reading),
        "version": look.preview.version,
        "ready": len(look.preview.ready),
    }


def chosen_context(look: Look, choice: ImportChoice) -> dict[str, Any]:
    """What the page needs that says what comes along with the entries that were ticked."""
    along = {id(one) for one in choice.along}
    chosen = [one for one in choice.entries if id(one) not in along]
    needs = Needs(look.preview)
    named_by: dict[str, list[str]] = {}
    for entry in chosen:
        for one in needs.of([entry]):
            named_by.setdefault(one.id, []).append(entry.name)
    return {
        "ids": [one.id for one in chosen],
        "ready": len(choice.entries),
        "along": [
            (_shown(one), named_by[one.id][:_NAMED_BY], max(0, len(named_by[one.id]) - _NAMED_BY))
            for one in choice.along
        ],
        "version": look.preview.version,
    }


def _along(entries: Sequence[ImportEntry]) -> list[str]:
    """What comes along, each as it is called and what it is, in the order of the kinds."""
    order = list(ABOUT)
    found = sorted(entries, key=lambda one: order.index(one.record.what))
    return [_("%(name)s (%(what)s)") % {"name": one.name, "what": ABOUT[one.record.what]} for one in found]


def _counts(look: Look) -> list[tuple[str, str]]:
    found = Counter(entry.state for entry in look.preview.entries)
    found[State.WRONG] += sum(1 for one in look.oddities if one.is_wrong)
    said = [(state.value, f"{STATES[state]} ({found[state]})") for state in State]
    return [*said, (MISSING, pgettext("import", "Not in the file (%(count)d)") % {"count": len(look.preview.missing)})]


def _listed(look: Look, state: str) -> Sequence[_Listed]:
    """What the page lists of: only what is on the page shown becomes a line. What a reader could not take comes first,
    for it never became an entry."""
    if state == MISSING:
        return look.preview.missing
    shown = {state} if state else {State.NEW, State.CHANGED, State.WRONG}
    unread = [one for one in look.oddities if one.is_wrong] if State.WRONG in shown else []
    return [*unread, *(entry for entry in look.preview.entries if entry.state in shown)]


def _name(one: _Listed) -> str:
    if isinstance(one, Oddity):
        return place_in_words(one.place)
    return one.name if isinstance(one, ImportEntry) else _called(*one)


def _line(one: _Listed, look: Look, ticked: Collection[str], needs: Needs) -> PreviewLine:
    if isinstance(one, ImportEntry):
        return _shown(one, ticked, _along(needs.of([one])))
    if isinstance(one, Oddity):
        problems = [(one.column, in_words(one))]
        return PreviewLine("", _name(one), "", State.WRONG, str(STATES[State.WRONG]), problems=problems)
    what, row = one
    label = pgettext("import", "Not in the file")
    return PreviewLine(str(ABOUT[what]), _called(what, row), row.code, MISSING, label, url=_url(look, what, row))


def _called(what: What, row: Any) -> str:
    return str(row.title if what is What.SESSION else row.name)


def _url(look: Look, what: What, row: Any) -> str:
    return reverse(f"organize:{_EDITED[what]}", args=[look.preview.stored.conference.slug, row.pk])


def _shown(entry: ImportEntry, ticked: Collection[str] = (), along: Sequence[str] = ()) -> PreviewLine:
    can_be_chosen = entry.state in (State.NEW, State.CHANGED)
    return PreviewLine(
        str(ABOUT[entry.record.what]),
        entry.name,
        place_in_words(entry.record.place),
        entry.state,
        str(STATES[entry.state]),
        entry.differences if entry.state is not State.SAME else [],
        entry.problems,
        entry.id if can_be_chosen else "",
        is_ticked=can_be_chosen and entry.id in ticked,
        along=along if can_be_chosen else (),
    )


def _told(oddities: Iterable[Oddity], reading: str) -> list[Told]:
    """By sentence. Only the places that are shown are put into words."""
    found: dict[str, list[Oddity]] = {}
    for one in oddities:
        found.setdefault(in_words(one), []).append(one)
    return [
        Told(
            with_link(sentence, _(HOW_TO_READ), reading),
            [place for place in map(_where, some[:_PLACES]) if place],
            max(0, len(some) - _PLACES),
        )
        for sentence, some in found.items()
    ]


def _where(one: Oddity) -> str:
    return ": ".join(part for part in (place_in_words(one.place), one.column) if part)
