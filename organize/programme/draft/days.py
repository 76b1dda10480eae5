"""A draft as its page lists it: a long one a day at a time, a long day by pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from schedule.domain.programme.days import programme_days
from schedule.models import Draft, Placement, Session

MOST_ROWS = 100
"""A draft with more sessions than this is shown by days."""
PER_PAGE = 100
EVERY_DAY = "all"


@dataclass(frozen=True)
class DraftDay:
    """A day to choose: what the address names it by, and how many sessions start on it."""

    key: str
    name: str
    sessions: int
    is_chosen: bool


@dataclass(frozen=True)
class _Start:
    session: int
    start: datetime


class DraftListing:
    """What is placed and what is not. Four queries, however long the draft is."""

    def __init__(self, draft: Draft, asked: str, page: str | None = None) -> None:
        """`asked` is a day as `DraftDay.key` has it, or EVERY_DAY; of a long draft anything else is its first day."""
        self._draft = draft
        rows = draft.placements.order_by("start", "pk").values_list("session_id", "start")
        self._starts = [_Start(session, start) for session, start in rows]
        self._by_day = programme_days(draft.conference).by_day(self._starts)
        self._chosen: date | None = None
        if len(self._starts) > MOST_ROWS and asked != EVERY_DAY:
            known = {day.isoformat(): day for day in self._by_day}
            self._chosen = known.get(asked, min(self._by_day))
        shown = self._starts if self._chosen is None else self._by_day[self._chosen]
        self.page_obj: Page[_Start] = Paginator(shown, PER_PAGE).get_page(page)

    @property
    def days(self) -> list[DraftDay]:
        """What can be chosen; nothing for a short draft, or one of a single day."""
        if len(self._starts) <= MOST_ROWS or len(self._by_day) < 2:
            return []
        days = [
            DraftDay(day.isoformat(), date_format(day, str(_("D j F"))), len(there), day == self._chosen)
            for day, there in sorted(self._by_day.items())
        ]
        return [*days, DraftDay(EVERY_DAY, _("All days"), len(self._starts), self._chosen is None)]

    @property
    def placements(self) -> QuerySet[Placement]:
        """Those of the page, in order of time."""
        rows = self._draft.placements.select_related("session__theme", "room")
        if len(self._starts) <= MOST_ROWS:
            return rows
        return rows.filter(session__in=[one.session for one in self.page_obj])

    @property
    def query(self) -> str:
        """What else the address of a page of it says."""
        if len(self._starts) <= MOST_ROWS:
            return ""
        return f"day={EVERY_DAY if self._chosen is None else self._chosen.isoformat()}&"

    @property
    def unplaced(self) -> QuerySet[Session]:
        accepted = Session.objects.for_conference(self._draft.conference).filter(state=Session.State.ACCEPTED)
        return accepted.exclude(pk__in=[one.session for one in self._starts]).select_related("theme")
