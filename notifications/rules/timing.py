"""When a message may leave: the gathering time of changes, quiet hours, the daily digest, and what cannot wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from registration.models import Registration
from schedule.models import Conference
from values.instants import next_reached

# However often something changes, what changed first is told after this time.
GATHER_AT_MOST = timedelta(minutes=15)
# Nobody should learn of a change later than this before the session because a mail had to wait.
NOTICE = timedelta(hours=3)
DIGEST_AT = time(18)


@dataclass(frozen=True)
class Quiet:
    """From when to when nobody is written to, on the clocks of `zone`; it may pass midnight."""

    starts: time
    ends: time
    zone: ZoneInfo

    def over(self, instant: datetime) -> datetime:
        """`instant`, or the end of the quiet hours it falls into."""
        clock = instant.astimezone(self.zone).time()
        if self.starts <= self.ends:
            inside = self.starts <= clock < self.ends
        else:
            inside = clock >= self.starts or clock < self.ends
        return next_reached(instant, self.ends, self.zone) if inside else instant


def zone_of(conference: Conference, zone_name: str) -> ZoneInfo:
    """The recipient's time zone, where they named one, else the conference's."""
    return ZoneInfo(zone_name) if zone_name else conference.zone


def quiet_of(conference: Conference, zone_name: str = "") -> Quiet | None:
    """The quiet hours of a conference on the recipient's clocks."""
    if conference.quiet_from is None or conference.quiet_until is None:
        return None
    return Quiet(conference.quiet_from, conference.quiet_until, zone_of(conference, zone_name))


def due_at(now: datetime, gathered: datetime, *, quiet: Quiet | None, begins: datetime | None) -> datetime:
    """When a mail caused now may leave: once changes are `gathered`, and not in the quiet hours.

    What begins before NOTICE would be left does not wait: `begins` is when the session starts, or started before.
    """
    due = quiet.over(gathered) if quiet else gathered
    return now if begins is not None and begins - NOTICE <= due else due


def next_digest(now: datetime, zone: ZoneInfo) -> datetime:
    """The next moment at which a daily mail leaves."""
    return next_reached(now, DIGEST_AT, zone)


def waits_for_digest(updates: str, now: datetime, zone: ZoneInfo, begins: datetime | None) -> bool:
    """Whether somebody who wants no mail of their own for each change can do without this one until the next digest."""
    if updates == Registration.Updates.EACH:
        return False
    return begins is not None and begins - NOTICE > next_digest(now, zone)
