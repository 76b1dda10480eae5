"""Reads shaped for the organizers' pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from registration.domain.signups.queries import SeatsLeft
from registration.models import Interest, Registration, Seats, SignUp
from schedule.models import Conference, Session

State = SignUp.State


@dataclass(frozen=True)
class DemandRow:
    """One session's places and who wants them."""

    code: str
    title: str
    start: datetime | None
    end: datetime | None
    room: str
    seats: SeatsLeft
    offered: int
    wanted: int

    @property
    def level(self) -> str:
        """How pressing: "over" with people waiting, "full" without a free place, otherwise empty."""
        if self.seats.waiting:
            return "over"
        return "full" if self.seats.left <= 0 else ""


@dataclass(frozen=True)
class DemandTotals:
    """Places of all sessions that people sign up for by themselves. `full` are sessions that people wait for."""

    taken: int
    waiting: int
    offers: int
    full: int


def demand_totals(conference: Conference) -> DemandTotals:
    """What is taken, waited for and offered. One query."""
    seats = Seats.objects.filter(session__in=Session.objects.taking_signups().filter(conference=conference))
    asked = SignUp.objects.filter(session=OuterRef("session"), state=State.WAITING).order_by().values("session")
    offered = SignUp.objects.filter(session=OuterRef("session"), state=State.OFFERED).order_by().values("session")
    rows = seats.annotate(
        waits=Coalesce(Subquery(asked.annotate(n=Count("pk")).values("n")), 0),
        offers=Coalesce(Subquery(offered.annotate(n=Count("pk")).values("n")), 0),
    )
    found = rows.aggregate(
        all_taken=Sum("taken"),
        all_waits=Sum("waits"),
        all_offers=Sum("offers"),
        full=Count("pk", filter=Q(waits__gt=0)),
    )
    return DemandTotals(
        taken=found["all_taken"] or 0,
        waiting=found["all_waits"] or 0,
        offers=found["all_offers"] or 0,
        full=found["full"],
    )


def demand_rows(conference: Conference) -> list[DemandRow]:
    """Every session people sign up for by themselves, in order of time; those without a time last. Three queries."""
    sessions = Session.objects.taking_signups().filter(conference=conference)
    seats = Seats.objects.filter(session__in=sessions).select_related("session", "room")
    states = _states(conference)
    wanted = wishes(conference)
    ordered = seats.order_by(F("during").asc(nulls_last=True), "session__code")
    return [_demand(conference, row, states.get(row.session_id, {}), wanted.get(row.session_id, 0)) for row in ordered]


def wishes(conference: Conference) -> dict[int, int]:
    """Session -> how many people wish for it; none where nobody does. One query."""
    active = Interest.objects.filter(registration__conference=conference, registration__state__in=Registration.ACTIVE)
    return dict(active.order_by().values_list("session_id").annotate(Count("pk")))


def _states(conference: Conference) -> dict[int, dict[str, int]]:
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    rows = SignUp.objects.for_conference(conference).exclude(state=State.LEFT).order_by()
    for session, state, count in rows.values_list("session_id", "state").annotate(Count("pk")):
        counts[session][state] = count
    return counts


def _demand(conference: Conference, row: Seats, states: dict[str, int], wanted: int) -> DemandRow:
    during = row.during
    return DemandRow(
        code=row.session.code,
        title=str(row.session.title),
        start=conference.local(during.lower) if during else None,
        end=conference.local(during.upper) if during else None,
        room=str(row.room.name) if row.room else "",
        seats=SeatsLeft(row.capacity, row.taken, states.get(State.WAITING, 0)),
        offered=states.get(State.OFFERED, 0),
        wanted=wanted,
    )


def registration_counts(conference: Conference) -> dict[str, int]:
    """How many registrations are in each state; every state is named. One query."""
    rows = Registration.objects.for_conference(conference).order_by().values_list("state").annotate(Count("pk"))
    return {str(state): 0 for state in Registration.State.values} | dict(rows)


def people_of(session: Session) -> list[SignUp]:
    """Who holds, was offered or awaits a place, the confirmed first, then the line in its order. One query."""
    rows = SignUp.objects.filter(session=session).exclude(state=State.LEFT).select_related("registration")
    order = {State.CONFIRMED: 0, State.OFFERED: 1, State.WAITING: 2}
    return sorted(rows, key=lambda row: (order[State(row.state)], row.queued_at, row.pk))


def people_with_places(sessions: Collection[int]) -> int:
    """How many people hold or were offered a place in any of these sessions. One query."""
    holding = SignUp.objects.holding().filter(session_id__in=sessions)
    return holding.values("registration_id").distinct().count()


def people_waiting(sessions: Collection[int]) -> int:
    """How many people wait for a place in any of these sessions. One query; none without sessions."""
    waiting = SignUp.objects.waiting().filter(session_id__in=sessions)
    return waiting.values("registration_id").distinct().count() if sessions else 0


@dataclass(frozen=True)
class Bar:
    """One line of the picture of demand against capacity; lengths in units of the picture's width."""

    row: DemandRow
    y: int
    capacity: int
    taken: int
    wanted: int


BAR_HEIGHT, BAR_LEFT, BAR_WIDTH = 26, 300, 560


def demand_picture(rows: Sequence[DemandRow]) -> list[Bar]:
    """Bars for a picture, all on the scale of the largest number."""
    largest = max((max(row.seats.capacity, row.wanted) for row in rows), default=0) or 1

    def length(number: int) -> int:
        return round(number / largest * BAR_WIDTH)

    return [
        Bar(row, n * BAR_HEIGHT, length(row.seats.capacity), length(row.seats.taken), BAR_LEFT + length(row.wanted))
        for n, row in enumerate(rows)
    ]
