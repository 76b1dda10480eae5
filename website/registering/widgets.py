"""Choosing and ranking sessions with plain form controls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from registration.domain.signups.queries import SeatsLeft
from schedule.models import Session

# Digits of a rank; far more than there are sessions.
LONGEST_RANK = 4


class Ranked(list[str]):
    """Codes of the sessions wished for, the dearest first, and the ranks as they were typed.

    Ranked sessions come before the ones only ticked, which keep the order of the list. A rank without a tick counts as
    a wish.
    """

    def __init__(self, codes: Sequence[str], typed: Mapping[str, str]) -> None:
        super().__init__(codes)
        self.typed = typed

    @property
    def no_numbers(self) -> list[str]:
        """Codes whose rank is none."""
        return [code for code, typed in self.typed.items() if not _is_rank(typed)]

    @property
    def shared(self) -> dict[int, list[str]]:
        """Ranks that several sessions have, with their codes."""
        by_rank: dict[int, list[str]] = {}
        for code, typed in self.typed.items():
            if _is_rank(typed):
                by_rank.setdefault(int(typed), []).append(code)
        return {rank: codes for rank, codes in sorted(by_rank.items()) if len(codes) > 1}


@dataclass(frozen=True, slots=True)
class WishRow:
    """A session with what helps to choose: when, where and how many seats, as far as it is known."""

    session: Session
    ticked: bool
    rank: str
    start: datetime | None
    end: datetime | None
    room: str
    seats: SeatsLeft | None


class WishesWidget(forms.Widget):
    """A check box for each session and a field for its rank. Its value is `Ranked`."""

    use_fieldset = True

    def __init__(self, sessions: Sequence[Session], slug: str) -> None:
        self.sessions, self.slug = sessions, slug
        super().__init__()

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Ranked:
        ticked = set(data.getlist(name)) if hasattr(data, "getlist") else set(data.get(name, ()))
        typed = {one.code: str(data.get(f"{name}-rank-{one.code}", "")).strip() for one in self.sessions}
        typed = {code: rank for code, rank in typed.items() if rank}
        ranked = sorted((int(rank), place) for place, rank in _places(self.sessions, typed))
        dearest = [self.sessions[place].code for _rank, place in ranked]
        known = {session.code for session in self.sessions}
        others = [one.code for one in self.sessions if one.code in ticked and one.code not in dearest]
        return Ranked([*dearest, *others, *sorted(ticked - known)], typed)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return False

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return "" if index is None else f"{id_}_{index}"

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        wanted = list(value or [])
        ranks = {code: str(rank) for rank, code in enumerate(wanted, start=1)}
        if isinstance(value, Ranked):
            # What was sent comes back as it was typed.
            ranks = dict(value.typed)
        context = {
            "name": name,
            "slug": self.slug,
            "rows": [_row(session, wanted, ranks) for session in self.sessions],
            "id": (attrs or {}).get("id", f"id_{name}"),
        }
        return render_to_string("website/registering/wishes_widget.html", context)


def _row(session: Session, wanted: Sequence[str], ranks: Mapping[str, str]) -> WishRow:
    code = session.code
    seats = getattr(session, "seats", None)
    ticked, rank = code in wanted or code in ranks, ranks.get(code, "")
    if seats is None or seats.during is None:
        return WishRow(session, ticked, rank, None, None, "", None)
    left = SeatsLeft(seats.capacity, seats.taken, 0)
    room = str(seats.room.name) if seats.room else ""
    return WishRow(session, ticked, rank, seats.during.lower, seats.during.upper, room, left)


def _places(sessions: Sequence[Session], typed: Mapping[str, str]) -> list[tuple[int, str]]:
    """Where the sessions with a rank stand in the list."""
    return [(place, typed[one.code]) for place, one in enumerate(sessions) if _is_rank(typed.get(one.code, ""))]


def _is_rank(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_RANK and int(typed) > 0
