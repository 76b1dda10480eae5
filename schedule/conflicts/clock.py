"""From minutes since a problem's origin to local times, and those to words. Nothing here is ever typed in."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from schedule.solver.problem import Interval
from schedule.solver.sentences.catalogue import Catalogue, day
from values.instants import after, offset_name, offset_of


class ConferenceClock:
    """Local time of a conference. The zone is an IANA name; ZoneInfoNotFoundError if there is no such zone."""

    def __init__(self, origin: datetime, timezone: str) -> None:
        # Aware arithmetic within one zone would count wall-clock minutes; elapsed minutes are counted in UTC.
        self._origin = origin.astimezone(UTC)
        self._zone = ZoneInfo(timezone)

    def local(self, minute: int) -> datetime:
        """The local time `minute` elapsed minutes after the origin."""
        return after(self._origin, minute).astimezone(self._zone)

    def day(self, minute: int, catalogue: Catalogue) -> str:
        """A local day, such as "Thu 14 Sep"."""
        return day(self.local(minute), catalogue)

    def time(self, minute: int) -> str:
        """A local time of day, such as "16:30"."""
        return f"{self.local(minute):%H:%M}"

    def moment(self, minute: int, catalogue: Catalogue) -> str:
        """A day and a time, such as "Thu 14 Sep, 16:30"."""
        pattern = catalogue.pgettext("conflict moment", "{day}, {time}")
        return pattern.format(day=self.day(minute, catalogue), time=self.time(minute))

    def span(self, when: Interval, catalogue: Catalogue) -> str:
        """A stretch of time, such as "Thu 14 Sep, 16:30–18:30".

        Both days are named where it crosses midnight, both offsets where it crosses a switch of daylight-saving
        time, because then the clock alone would be misread.
        """
        first, last = self.local(when.start), self.local(when.end)
        start, end = self.time(when.start), self.time(when.end)
        if (before := offset_of(first)) != (behind := offset_of(last)):
            start, end = f"{start} ({offset_name(before)})", f"{end} ({offset_name(behind)})"
        if first.date() == last.date() or (when.end > when.start and end == "00:00" and _is_next_day(first, last)):
            pattern = catalogue.pgettext("conflict span within a day", "{day}, {start}–{end}")
            return pattern.format(
                day=self.day(when.start, catalogue), start=start, end="24:00" if end == "00:00" else end
            )
        pattern = catalogue.pgettext("conflict span over days", "{day}, {start} – {last_day}, {end}")
        return pattern.format(
            day=self.day(when.start, catalogue), start=start, last_day=self.day(when.end, catalogue), end=end
        )


def _is_next_day(first: datetime, last: datetime) -> bool:
    return (last.date() - first.date()).days == 1
