"""Choosing and ranking sessions with plain form controls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from registration.domain.signups.queries import SeatsLeft
from registration.models import Seats
from schedule.domain.programme.days import programme_days
from schedule.domain.programme.ends import end_in_words
from schedule.models import Conference, Session

# Digits of a rank; far more than there are sessions.
LONGEST_RANK = 4
# So many sessions are one list; more are a day at a time.
MANY = 60


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
    def has_gaps(self) -> bool:
        """Whether a rank is not the place that its session gets."""
        return any(_is_rank(typed) and int(typed) != self.index(code) + 1 for code, typed in self.typed.items())

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
    """A session with what helps to choose: when, where and how many seats, as far as it is known; all in words."""

    number: int
    code: str
    title: str
    kind: str
    ticked: bool
    rank: str
    rank_label: str
    about_label: str
    url: str
    # Empty before the first release.
    when: str
    room: str
    seats: SeatsLeft | None


@dataclass(frozen=True, slots=True)
class WrittenRow:
    """A row as HTML, and whether it holds a wish."""

    html: SafeString
    ticked: bool


@dataclass(frozen=True, slots=True)
class WishRows:
    """What belongs together. Without a heading it is all of them."""

    heading: date | None
    rows: list[WrittenRow]
    is_open: bool = True


class WishesWidget(forms.Widget):
    """A check box for each session and a field for its rank. Its value is `Ranked`."""

    use_fieldset = True

    def __init__(self, sessions: Sequence[Session], conference: Conference) -> None:
        self.sessions, self.conference = sessions, conference
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
        within, language = (attrs or {}).get("id", f"id_{name}"), get_language()
        rows = _Rows(self.conference, wanted, ranks)
        found = [rows.row(one) for one in self.sessions]
        written = [WrittenRow(_written(one, name, within, language), one.ticked) for one in found]
        context = {"id": within, "groups": _grouped(self.conference, self.sessions, written)}
        return render_to_string("website/registering/wishes_widget.html", context)


class _Rows:
    """Writes rows. What many of a thousand sessions share is put into words once."""

    def __init__(self, conference: Conference, wanted: Sequence[str], ranks: Mapping[str, str]) -> None:
        self.wanted, self.ranks = wanted, ranks
        self.rank_label, self.about_label = gettext("Rank of “%(title)s”"), gettext("About “%(title)s” (new window)")
        self.sessions_url = reverse("website:programme", args=[conference.slug]) + "sessions"
        self.count = 0
        self.kinds: dict[int, str] = {}
        self.rooms: dict[int, str] = {}
        self.times: dict[tuple[datetime, datetime], str] = {}

    def row(self, session: Session) -> WishRow:
        code, title = session.code, str(session.title)
        if session.kind_id not in self.kinds:
            self.kinds[session.kind_id] = str(session.kind.name)
        when, room, seats = self._place(getattr(session, "seats", None))
        self.count += 1
        return WishRow(
            number=self.count - 1,
            code=code,
            title=title,
            kind=self.kinds[session.kind_id],
            ticked=code in self.wanted or code in self.ranks,
            rank=self.ranks.get(code, ""),
            rank_label=self.rank_label % {"title": title},
            about_label=self.about_label % {"title": title},
            url=f"{self.sessions_url}/{code}/",
            when=when,
            room=room,
            seats=seats,
        )

    def _place(self, seats: Seats | None) -> tuple[str, str, SeatsLeft | None]:
        """When and where, and the seats left."""
        if seats is None or seats.during is None:
            return "", "", None
        if seats.room and seats.room_id not in self.rooms:
            self.rooms[seats.room.pk] = str(seats.room.name)
        room = self.rooms[seats.room.pk] if seats.room else ""
        times = (seats.during.lower, seats.during.upper)
        if times not in self.times:
            start, end = (timezone.localtime(one) for one in times)
            pattern = gettext("D j, H:i")
            self.times[times] = f"{date_format(start, pattern)}–{end_in_words(start, end)}"
        return self.times[times], room, SeatsLeft(seats.capacity, seats.taken, 0)


@lru_cache(maxsize=5_000)
def _written(row: WishRow, name: str, within: str, _language: str | None) -> SafeString:
    """What nobody has wished for looks alike to all, and most looks as it did a moment ago."""
    return render_to_string("website/registering/wish_row.html", {"row": row, "name": name, "id": within})


def _grouped(conference: Conference, sessions: Sequence[Session], rows: Sequence[WrittenRow]) -> list[WishRows]:
    """A day at a time where they are many: open is what holds a wish, or the first day. One query then, else none."""
    if len(rows) <= MANY:
        return [WishRows(None, list(rows))] if rows else []
    days, by_day = programme_days(conference), dict[date | None, list[WrittenRow]]()
    for session, row in zip(sessions, rows, strict=True):
        start = getattr(session, "start", None)
        by_day.setdefault(days.day_of(start) if start else None, []).append(row)
    wished = {day for day, of_day in by_day.items() if any(row.ticked for row in of_day)}
    opened = wished or {next(iter(by_day))}
    return [WishRows(day, of_day, day in opened) for day, of_day in by_day.items()]


def _places(sessions: Sequence[Session], typed: Mapping[str, str]) -> list[tuple[int, str]]:
    """Where the sessions with a rank stand in the list."""
    return [(place, typed[one.code]) for place, one in enumerate(sessions) if _is_rank(typed.get(one.code, ""))]


def _is_rank(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_RANK and int(typed) > 0
