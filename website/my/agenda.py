"""The participant's sessions in the order in which they matter: now, next, today, later; what is over comes last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from registration.domain.signups.queries import SessionPlace, SessionPlaces
from registration.models import SignUp
from schedule.domain.programme.days import ProgrammeDays


@dataclass(frozen=True)
class Agenda:
    """Each place is in one of these."""

    # What the person has a place in and takes place at this moment.
    now: list[SessionPlace]
    # What they have a place in and begins next: one, or several at once where that is allowed.
    next: list[SessionPlace]
    today: list[SessionPlace]
    later: dict[date, list[SessionPlace]]
    over: list[SessionPlace]

    def __bool__(self) -> bool:
        return bool(self.now or self.next or self.today or self.later or self.over)


def agenda_of(places: SessionPlaces, days: ProgrammeDays, *, now: datetime) -> Agenda:
    """No query."""
    mine = places.mine()
    over = [place for place in mine if place.is_over]
    held = [place for place in mine if place.state == SignUp.State.CONFIRMED and not place.is_over]
    running = [place for place in held if place.has_begun]
    coming = [place for place in held if not place.has_begun]
    first = [place for place in coming if place.start == coming[0].start]
    shown = {place.code for place in (*over, *running, *first)}
    rest = [place for place in mine if place.code not in shown]
    day = days.day_at(now)
    today = [place for place in rest if days.day_of(place.start) == day]
    later = days.by_day(place for place in rest if place not in today)
    return Agenda(running, first, today, later, over)
