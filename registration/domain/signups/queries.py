"""Reads shaped for pages and API: places of a conference as one person sees them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from registration.domain.signups.clash import clashes_with_outer, overlap
from registration.models import Exchange, Participant, Registration, Seats, SignUp
from schedule.models import Conference, Kind, Room, Session, SignupPolicy

State = SignUp.State
# What pages show of a place, or decide by; of a thousand sessions the rest is much.
_SHOWN = (
    *("during", "closes_at", "capacity", "taken"),
    *("session__code", "session__title", "session__state", "session__signup"),
    *("session__kind__name", "session__kind__is_break", "room__name"),
)
# Seats that are few in any room.
FEW = 5


@dataclass(frozen=True)
class SeatsLeft:
    """What is left of a session's places. `waiting` is how many stand in line, never who."""

    capacity: int
    taken: int
    waiting: int

    @property
    def left(self) -> int:
        return max(0, self.capacity - self.taken)

    @property
    def is_few(self) -> bool:
        """Whether those who think about it should hurry: five are left or fewer, be they all there are, or a tenth."""
        return self.left > 0 and (self.left <= FEW or self.left * 10 <= self.capacity)


@dataclass(frozen=True)
class SessionPlace:
    """One session on offer, and what the viewer has of it. Times are on the conference's clocks."""

    session: Session
    start: datetime
    end: datetime
    during: DateTimeTZRange
    room: Room | None
    # None where nobody signs up by themselves (breaks, sessions by invitation).
    seats: SeatsLeft | None
    signup: SignUp | None = None
    # From here on nobody signs up or moves up; None where nobody signs up by themselves.
    closes_at: datetime | None = None
    # Whether that, the start and the end have come.
    is_closed: bool = False
    has_begun: bool = False
    is_over: bool = False
    # Whether the viewer waited until the line closed.
    line_closed: bool = False
    # 1 is the first in line; only while waiting.
    position: int | None = None
    # How many of those who have a place here wait for another session at that time; only while waiting.
    willing: int = 0
    # The viewer's own confirmed places at the same time, where the conference refuses two: taking this gives them up.
    clashes: tuple[SessionPlace, ...] = field(default=(), compare=False)
    # The same, where the conference only warns.
    parallel: SessionPlace | None = field(default=None, compare=False)

    @property
    def code(self) -> str:
        return self.session.code

    @property
    def title(self) -> str:
        return str(self.session.title)

    @property
    def kind(self) -> Kind:
        return self.session.kind

    @property
    def state(self) -> str:
        """confirmed, waiting or offered; empty without a sign-up."""
        return self.signup.state if self.signup else ""

    @property
    def clash(self) -> SessionPlace | None:
        """The first of what taking this one gives up."""
        return self.clashes[0] if self.clashes else None

    @property
    def swaps(self) -> bool:
        """Whether what is in the way is given up by itself when the viewer's turn comes."""
        return self.signup is not None and self.signup.exchange == Exchange.SWAP

    @property
    def offer_ends(self) -> datetime | None:
        return self.signup.offered_until if self.signup else None


@dataclass(frozen=True)
class SessionPlaces:
    """The sessions on offer by their code, in order of time."""

    registration: Registration | None
    by_code: dict[str, SessionPlace]

    def __iter__(self) -> Iterator[SessionPlace]:
        return iter(self.by_code.values())

    def mine(self) -> list[SessionPlace]:
        """What the viewer holds, waits for or waited for until the line closed."""
        return [place for place in self if place.signup or place.line_closed]

    def to_choose(self) -> list[SessionPlace]:
        """What the viewer could still sign up for."""
        return [place for place in self if place.seats and not place.signup and not place.is_closed]


def signups_of(registration: Registration) -> QuerySet[SignUp]:
    """What a registration holds or waits for, in order of time, each with its `position` in line."""
    return _ever(registration).exclude(state=State.LEFT)


def with_chances(signups: QuerySet[SignUp]) -> QuerySet[SignUp]:
    """Each with how many wait in its session (`waiting`), and how many of those who have a place there wait for another
    session at that time (`willing`).
    """
    there = SignUp.objects.filter(session=OuterRef("session")).order_by().values("session")
    waits = SignUp.objects.filter(clashes_with_outer(), registration=OuterRef("registration"), state=State.WAITING)
    lines = {
        "waiting": there.filter(state=State.WAITING),
        "willing": there.filter(Exists(waits), state=State.CONFIRMED),
    }
    counted = {
        name: Coalesce(Subquery(rows.annotate(number=Count("*")).values("number"), output_field=IntegerField()), 0)
        for name, rows in lines.items()
    }
    return signups.annotate(**counted)


def _ever(registration: Registration) -> QuerySet[SignUp]:
    """The same, with what they waited for until its line closed."""
    there = SignUp.objects.filter(~Q(state=State.LEFT) | Q(line_closed=True), registration=registration)
    return there.select_related("session__kind", "room").with_position().order_by("during", "session__code")


def places_of(
    conference: Conference,
    registration: Registration | None,
    *,
    now: datetime | None = None,
    only: Collection[str] | None = None,
) -> SessionPlaces:
    """Everything on offer, with the registration's own places and clashes, as of `now`. One query, two for somebody
    registered, three for somebody who waits.

    `only` names the sessions that are asked about, by code: then these alone are read, and what the registration has.
    """
    now = now or timezone.now()
    waiting = Count("session__signups", filter=Q(session__signups__state=State.WAITING))
    on_offer = (
        Seats.objects.filter(conference=conference, during__isnull=False, session__state=Session.State.ACCEPTED)
        .select_related("session__kind", "room")
        .only(*_SHOWN)
        .annotate(waiting=waiting)
        .order_by("during", F("room__position").asc(nulls_last=True), "session__code")
    )
    held = {one.session_id: one for one in _ever(registration)} if registration else {}
    if only is not None:
        on_offer = on_offer.filter(Q(session__code__in=only) | Q(session_id__in=list(held)))
    zone = conference.zone
    plain = [_place(seats, seats.during, held.get(seats.session_id), zone, now) for seats in on_offer if seats.during]
    waited = [place.session.pk for place in plain if place.state == State.WAITING]
    if waited:
        willing = _willing(waited)
        plain = [replace(place, willing=willing.get(place.session.pk, 0)) for place in plain]
    confirmed = [place for place in plain if place.state == State.CONFIRMED]
    return SessionPlaces(registration, {place.code: _with_overlap(place, confirmed, conference) for place in plain})


def _place(seats: Seats, during: DateTimeTZRange, signup: SignUp | None, zone: tzinfo, now: datetime) -> SessionPlace:
    session = seats.session
    line_closed = signup is not None and signup.line_closed
    waiting: int = getattr(seats, "waiting", 0)
    return SessionPlace(
        session=session,
        start=during.lower.astimezone(zone),
        end=during.upper.astimezone(zone),
        during=during,
        room=seats.room,
        seats=SeatsLeft(seats.capacity, seats.taken, waiting) if session.takes_signups else None,
        signup=None if line_closed else signup,
        line_closed=line_closed,
        closes_at=seats.closes_at.astimezone(zone) if seats.closes_at and session.takes_signups else None,
        is_closed=seats.is_closed(now),
        has_begun=during.lower <= now,
        is_over=during.upper <= now,
        position=getattr(signup, "position", None),
    )


def _willing(sessions: list[int]) -> dict[int, int]:
    """For each of these sessions, how many of those who have a place there wait for another at that time."""
    waits = SignUp.objects.filter(clashes_with_outer(), registration=OuterRef("registration"), state=State.WAITING)
    held = SignUp.objects.confirmed().filter(Exists(waits), session_id__in=sessions)
    return dict(held.order_by().values_list("session_id").annotate(Count("pk")))


def _with_overlap(place: SessionPlace, confirmed: list[SessionPlace], conference: Conference) -> SessionPlace:
    """The place with what the viewer holds at the same time, by the conference's rule for it."""
    same_time = [held for held in confirmed if held.code != place.code and overlap(held.during, place.during)]
    if same_time and conference.overlap_rule == Conference.Overlap.WARN:
        return replace(place, parallel=same_time[0])
    if same_time and conference.overlap_rule == Conference.Overlap.REFUSE and place.state != State.CONFIRMED:
        return replace(place, clashes=tuple(same_time))
    return place


def seats_shown(conference: Conference, *, now: datetime) -> dict[str, SeatsLeft]:
    """The seats of every session people may still sign up for, by its code. One query, no rows of sessions."""
    on_offer = Seats.objects.filter(conference=conference, during__isnull=False, closes_at__gt=now).filter(
        session__kind__is_break=False, session__state=Session.State.ACCEPTED
    )
    waiting = Count("session__signups", filter=Q(session__signups__state=State.WAITING))
    rows = on_offer.exclude(session__signup=SignupPolicy.INVITATION).order_by().annotate(waiting=waiting)
    return {
        code: SeatsLeft(*seats) for code, *seats in rows.values_list("session__code", "capacity", "taken", "waiting")
    }


def states_of(registration: Registration) -> dict[str, tuple[str, int | None]]:
    """State and place in line of what a registration holds or waits for, by the session's code. One query."""
    rows = SignUp.objects.filter(registration=registration).exclude(state=State.LEFT).with_position()
    return {code: (state, position) for code, state, position in rows.values_list("session__code", "state", "position")}


def has_place(participant: Participant | None, session_id: int) -> bool:
    """Whether this participant holds a place in a session. One query, none for a visitor."""
    if participant is None:
        return False
    held = SignUp.objects.filter(registration__participant=participant, session_id=session_id, state=State.CONFIRMED)
    return held.exists()


def has_clash(signup: SignUp) -> bool:
    """Whether their owner has a place at the time of this one. One query."""
    held = SignUp.objects.confirmed().filter(registration_id=signup.registration_id).exclude(pk=signup.pk)
    mine = SignUp.objects.filter(clashes_with_outer(), pk=signup.pk)
    return held.filter(Exists(mine)).exists()


def registration_for(conference: Conference, participant: Participant | None) -> Registration | None:
    """This participant's active registration for the conference. One query, none for a visitor."""
    if participant is None:
        return None
    return Registration.objects.for_participant(participant).for_conference(conference).active().first()


def registrations_of(participant: Participant) -> QuerySet[Registration]:
    """All conferences a participant has registered for, the newest first.

    Drafts nobody has agreed to are left out: anybody who knows an address can start one.
    """
    begun = Q(state=Registration.State.DRAFT, consented_at=None)
    found = Registration.objects.for_participant(participant).exclude(begun).select_related("conference")
    return found.order_by("-conference__starts_on", "conference__slug")
