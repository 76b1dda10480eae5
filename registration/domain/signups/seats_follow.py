"""Letting sign-ups follow the programme: new times and rooms, more or fewer places, cancelled sessions.

Called (through `schedule.ports.follow`) as the last step of every change of the programme, in its transaction. It locks
the seats of the whole conference, so no sign-up happens between the old and the new programme.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F, Q

from journal.actors import Actor
from journal.facts import Fact
from journal.recording import record_all
from registration.domain import conference_line
from registration.domain.signups.clash import clash, overlap
from registration.domain.signups.closing import close_line, offer_until, reopen_lines
from registration.domain.signups.locks import lock_seats
from registration.domain.signups.steps.on_offer import Offer, kinds_of, offers_of, was_before
from registration.domain.signups.steps.writing_seats import write_seats
from registration.domain.signups.waiting_list import BACK, settle
from registration.facts import PlaceAwaited, PlaceChanged, PlaceConfirmed, PlaceLeft, PlaceLost, PlaceOffered
from registration.models import Registration, Seats, SignUp
from schedule.domain.timetables.queries import newest_release
from schedule.models import Conference, Release

State = SignUp.State


@dataclass
class Followed:
    """What a change of the programme meant for people. Each list holds keys of sign-ups."""

    changed: list[int] = field(default_factory=list)
    offered: list[int] = field(default_factory=list)
    displaced: list[int] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    returned: list[int] = field(default_factory=list)
    promoted: list[int] = field(default_factory=list)
    registrations: set[int] = field(default_factory=set)

    @property
    def affected(self) -> int:
        """People whose place changed; promotions are good news, not counted."""
        return len(self.registrations)


def follow(conference: Conference, *, actor: Actor, now: datetime, release: Release | None = None) -> Followed:
    """Bring seats and sign-ups in line with the newest release, the sessions' caps and the rooms' sizes.

    * A session that is no longer on offer: everybody in it has left, and is told.
    * One that is on offer again: everybody has again what they had, as far as there are places, the rest wait first in
      line; who has taken something else at that time is asked. While it runs: who had a place and took nothing else.
    * A time that moved into another place a person holds, or a rule that no longer allows two at once: the place is
      kept as an offer for the conference's `offer_hours`, at most until sign-up closes; the place that did not move
      stays confirmed. When nothing overlaps any more they have it again. One that is offered and moves is offered
      anew, and one whose time was cut short by its session's start has it in full again when that is later.
    * Fewer places than people: those who came last wait again, at the head of the line. They have theirs again before
      anybody else when there are more, also after sign-up has closed, until the session begins.
    * A session in which people do not sign up by themselves any more (by invitation, a break): places stay, the line
      is closed.
    * More places, or people freed by a move: the line moves on, where sign-up has not closed; a line that had closed
      and is open again stands as it stood.
    * The line for the conference itself moves on, closes and opens with it; no release changes that.
    """
    if release is None:
        conference_line.move_on([conference], actor=actor, now=now)
    release = release or newest_release(conference)
    offers = offers_of(conference, release)
    _make_missing(conference, offers)
    following = _Following(conference, offers, release, now)
    if following.changed:
        record_all(following.run(), actor=actor)
    return following.result


class _Following:
    """One run of `follow`, under the lock of all seats. The order of the steps is the order the database allows."""

    def __init__(
        self, conference: Conference, offers: dict[int, Offer], release: Release | None, now: datetime
    ) -> None:
        self.conference = conference
        self.offers = offers
        self.release = release
        self.now = now
        self.rows = lock_seats(offers)
        self.old = {pk: Offer.of(row) for pk, row in self.rows.items()}
        self.changed = sorted(pk for pk in self.rows if self.old[pk] != offers[pk])
        # What those who have a place in a changed session know of it.
        self.olds = {pk: was_before(self.old[pk]) for pk in self.changed}
        self.result = Followed()
        # Sessions in which somebody has lost a place.
        self.smaller: set[int] = set()

    def run(self) -> list[Fact]:
        facts = [*self.end(), *self.offer_clashing(), *self.displace()]
        self.write_seats()
        facts += self.tell_changed()
        opened = self.opened()
        facts += self.give_back(opened)
        facts += self.close_lines()
        facts += reopen_lines(opened, now=self.now)
        offered = self.offered()
        settled = settle(self.rows, now=self.now, touched=offered, exchanges=True)
        self.result.promoted = [fact.subject_id for fact in settled if fact.subject_id and type(fact) is PlaceConfirmed]
        turns = {fact.subject_id for fact in settled if type(fact) is PlaceOffered}
        return facts + settled + (self.offer_anew(turns) if offered else [])

    def offered(self) -> set[int]:
        """Whoever is offered a place: what was in its way may have moved."""
        theirs = SignUp.objects.for_conference(self.conference).filter(state=State.OFFERED)
        return set(theirs.values_list("registration_id", flat=True))

    def fact(self, kind: Callable[..., Fact], signup: SignUp, told: list[int], **data: Any) -> Fact:
        """What happened to one sign-up, noted in the result as well."""
        told.append(signup.pk)
        self.result.registrations.add(signup.registration_id)
        about = {"session": signup.session_id, "registration": signup.registration_id}
        return kind(conference_id=self.conference.pk, subject_id=signup.pk, **about, **data)

    def end(self) -> list[Fact]:
        """Everybody in a session that is no longer on offer has left; of one that was over nobody need be told."""
        gone = [pk for pk in self.changed if self.offers[pk].during is None]
        signups = list(SignUp.objects.filter(session_id__in=gone).exclude(state=State.LEFT).order_by("pk"))
        for stood in SignUp.State:
            _set([one for one in signups if one.state == stood], State.LEFT, stood_as=stood)
        for signup in signups:
            self.rows[signup.session_id].taken -= signup.state in SignUp.HOLDING
        told, olds = self.result.ended, self.olds
        over = {pk for pk in gone if (had := self.old[pk].during) is not None and had.upper <= self.now}
        return [
            self.fact(
                PlaceLeft,
                one,
                told,
                was=one.state,
                reason="over" if one.session_id in over else "session",
                old=olds[one.session_id],
            )
            for one in signups
        ]

    def opened(self) -> dict[int, Seats]:
        """Seats whose sign-up was closed, or that were not on offer."""
        was = {pk: self.old[pk] for pk in self.changed}
        shut = {pk for pk, old in was.items() if old.closes_at is None or old.closes_at <= self.now or not old.bookable}
        return {pk: self.rows[pk] for pk in self.changed if pk in shut}

    def give_back(self, opened: dict[int, Seats]) -> list[Fact]:
        """Who lost what they had to a change of the programme that is undone has it again: their place, until the
        session begins; their place in line, while sign-up is open. A session that was off has everybody back who had a
        place in it as long as it is not over: they are given nothing that they did not have in time.
        """
        more = {pk for pk in self.changed if self.offers[pk].capacity > self.old[pk].capacity}
        rows = {pk: self.rows[pk].during for pk in self.changed if pk in opened or pk in more}
        back = [pk for pk, during in rows.items() if during is not None and during.lower > self.now]
        lost = SignUp.objects.filter(state__in=[State.LEFT, State.WAITING]).exclude(stood_as="")
        # Whoever had lost their place before a session was off had none in it.
        there = Q(session_id__in=self.running_again(), stood_as=State.CONFIRMED, line_closed=False)
        lost = lost.filter(Q(session_id__in=back) | there)
        signups = list(lost.filter(registration__state__in=Registration.ACTIVE).order_by("queued_at", "pk"))
        facts = self.seat([one for one in signups if one.stood_as in SignUp.HOLDING])
        waited = [one for one in signups if one.stood_as == State.WAITING and not self.is_closed(one)]
        _set(waited, State.WAITING)
        return facts + [self.waits_again(one) for one in waited if one.state == State.LEFT]

    def running_again(self) -> list[int]:
        """Sessions that were off and take place at this moment."""
        was_off = {pk: self.rows[pk].during for pk in self.changed if self.old[pk].during is None}
        return [pk for pk, during in was_off.items() if during is not None and during.lower <= self.now < during.upper]

    def close_lines(self) -> list[PlaceLeft]:
        """Nobody waits for what begins too soon by now to sign up for it. Where people do not sign up by themselves any
        more nobody waits for that; but who lost a place does, until sign-up closes.
        """
        facts: list[PlaceLeft] = []
        for pk in self.changed:
            seats, offer, closed = self.rows[pk], self.offers[pk], self.old[pk].closes_at
            was_open = closed is not None and closed > self.now
            if (pk in self.smaller or was_open) and offer.during is not None and seats.is_closed(self.now):
                facts += close_line(seats)
            elif self.old[pk].bookable and not offer.bookable and offer.during is not None:
                facts += close_line(seats, but_displaced=True)
        self.result.registrations |= {fact.registration for fact in facts}
        return facts

    def is_closed(self, signup: SignUp) -> bool:
        return self.rows[signup.session_id].is_closed(self.now)

    def seat(self, signups: list[SignUp]) -> list[Fact]:
        """Places for those who had them, in the order in which they came; without one they wait, first in line. Whoever
        has another place by now is asked, but not once the session has begun.
        """
        people = {one.registration_id for one in signups}
        held: dict[int, list[SignUp]] = defaultdict(list)
        for one in SignUp.objects.confirmed().filter(registration_id__in=people):
            held[one.registration_id].append(one)
        facts: list[Fact] = []
        confirmed: list[SignUp] = []
        asked: list[SignUp] = []
        waiting: list[SignUp] = []
        for signup in signups:
            seats, mine = self.rows[signup.session_id], held[signup.registration_id]
            if seats.free <= 0:
                if signup.state == State.LEFT and not self.is_closed(signup):
                    waiting.append(signup)
                    facts.append(self.waits_again(signup))
                continue
            signup.during, signup.exclusive = seats.during, seats.exclusive
            if any(clash(signup, other) for other in mine):
                if signup.during is not None and signup.during.lower > self.now:
                    seats.taken += 1
                    asked.append(signup)
            else:
                seats.taken += 1
                mine.append(signup)
                confirmed.append(signup)
                facts.append(self.fact(PlaceConfirmed, signup, self.result.returned, by=BACK))
        _set(waiting, State.WAITING, stood_as=State.CONFIRMED)
        _set(confirmed, State.CONFIRMED)
        return facts + self.offer(asked, reason="back")

    def waits_again(self, signup: SignUp) -> Fact:
        return self.fact(PlaceAwaited, signup, self.result.returned, exchange=signup.exchange, back=True)

    def offer_clashing(self) -> list[Fact]:
        """Confirmed places that overlap another confirmed place, by their new time or by a rule that refuses it now,
        become offers.
        """
        moved = {pk for pk in self.changed if self.offers[pk].during not in (None, self.old[pk].during)}
        refused = {pk for pk in self.changed if self.offers[pk].exclusive and not self.old[pk].exclusive}
        if not (moved | refused) or self.conference.overlap_rule != Conference.Overlap.REFUSE:
            return []
        concerned = SignUp.objects.confirmed().filter(session_id__in=moved | refused).values("registration_id")
        held: dict[int, list[SignUp]] = defaultdict(list)
        for signup in SignUp.objects.confirmed().filter(registration_id__in=concerned):
            held[signup.registration_id].append(signup)
        clashing = [signup for mine in held.values() for signup in _least_settled(mine, moved, self.offers)]
        return self.offer(clashing, reason="clash" if moved else "rule")

    def offer_anew(self, turns: Collection[int | None]) -> list[Fact]:
        """Whoever was offered a place before (not only now, as in `turns`) in a session that has another time, and
        still must decide, is told so. Who had less time because the session was to begin earlier has it in full.
        """
        moved = [pk for pk in self.changed if self.offers[pk].during not in (None, self.old[pk].during)]
        facts = []
        theirs = SignUp.objects.filter(session_id__in=moved, state=State.OFFERED).exclude(offered_until__lte=self.now)
        new = {*turns, *self.result.offered}
        for signup in (one for one in theirs.order_by("pk") if one.pk not in new):
            old, offer = self.old[signup.session_id], self.offers[signup.session_id]
            until = signup.offered_until
            if old.during is not None and until in (old.during.lower, old.closes_at):
                until = offer_until(offer, hours=self.conference.offer_hours, now=self.now)
                SignUp.objects.filter(pk=signup.pk).update(offered_until=until)
            told, was = self.result.changed, self.olds[signup.session_id]
            facts.append(self.fact(PlaceOffered, signup, told, until=until, reason="moved", old=was))
        return facts

    def offer(self, signups: Iterable[SignUp], *, reason: str) -> list[Fact]:
        """Keep places for people who had them and must decide."""
        told, facts = self.result.offered, []
        for until, offered in _by_deadline(signups, self.offers, self.conference.offer_hours, self.now).items():
            _set(offered, State.OFFERED, until=until, stood_as=State.CONFIRMED)
            facts += [
                self.fact(PlaceOffered, one, told, until=until, reason=reason, old=self.olds[one.session_id])
                for one in offered
            ]
        return facts

    def displace(self) -> list[Fact]:
        """Where more places are held than there now are, those who came last wait again, keeping their time in line."""
        facts = []
        for pk in self.changed:
            excess = self.rows[pk].taken - self.offers[pk].capacity
            if excess <= 0:
                continue
            held = SignUp.objects.filter(session_id=pk, state__in=SignUp.HOLDING).order_by("-queued_at", "-pk")
            last = list(held[:excess])
            # Whoever was only asked before has an offer again; the others have a place.
            asked = [one for one in last if one.stood_as == State.WAITING]
            _set(asked, State.WAITING, stood_as=State.OFFERED)
            _set([one for one in last if one not in asked], State.WAITING, stood_as=State.CONFIRMED)
            self.rows[pk].taken -= len(last)
            self.smaller.add(pk)
            told = self.result.displaced
            facts += [self.fact(PlaceLost, one, told, was=one.state, reason="capacity") for one in last]
        return facts

    def write_seats(self) -> None:
        write_seats({pk: self.offers[pk] for pk in self.changed}, self.rows)

    def tell_changed(self) -> list[Fact]:
        """Copy what has changed to the sign-ups (the database does it on any write), and tell who holds a place."""
        on_offer = [pk for pk in self.changed if self.offers[pk].during is not None]
        kinds = {pk: kinds_of(self.old[pk], self.offers[pk]) for pk in on_offer}
        touched = [pk for pk in on_offer if kinds[pk] or self.old[pk].exclusive != self.offers[pk].exclusive]
        # One statement, so that sessions which exchange times are never compared half-way.
        live = SignUp.objects.filter(session_id__in=touched).exclude(state=State.LEFT)
        live.update(offered_until=F("offered_until"))
        were = {pk: data for pk in touched if kinds[pk] and (data := self.olds[pk])}
        number = self.release.number if self.release else None
        return [
            self.fact(
                PlaceChanged,
                one,
                self.result.changed,
                release=number,
                changed=tuple(kinds[one.session_id]),
                old=were[one.session_id],
            )
            for one in SignUp.objects.confirmed().filter(session_id__in=were).order_by("pk")
        ]


def _set(signups: Iterable[SignUp], state: str, *, until: datetime | None = None, stood_as: str = "") -> None:
    if keys := [one.pk for one in signups]:
        SignUp.objects.filter(pk__in=keys).update(state=state, offered_until=until, stood_as=stood_as)


def _make_missing(conference: Conference, offers: dict[int, Offer]) -> None:
    there = set(Seats.objects.filter(conference=conference).values_list("session_id", flat=True))
    Seats.objects.bulk_create(
        [Seats(session_id=pk, conference=conference) for pk in offers if pk not in there], ignore_conflicts=True
    )


def _least_settled(mine: Iterable[SignUp], moved: set[int], offers: dict[int, Offer]) -> list[SignUp]:
    """Of one person's places, those to give up as confirmed: what did not move stays first, then what came first."""
    kept: list[DateTimeTZRange] = []
    clashing = []
    for signup in sorted(mine, key=lambda one: (one.session_id in moved, one.queued_at, one.pk)):
        during = offers[signup.session_id].during
        if during is None:
            continue
        if any(overlap(during, other) for other in kept):
            clashing.append(signup)
        else:
            kept.append(during)
    return clashing


def _by_deadline(
    clashing: Iterable[SignUp], offers: dict[int, Offer], hours: int, now: datetime
) -> dict[datetime, list[SignUp]]:
    """Places that become offers, by how long those stand."""
    found: dict[datetime, list[SignUp]] = defaultdict(list)
    for signup in clashing:
        found[offer_until(offers[signup.session_id], hours=hours, now=now)].append(signup)
    return found
