"""Waiting lines: who gets a place that is free, and what follows from it.

Whatever changes places ends with `settle`, under its locks and in its transaction: nothing is left that could go on.
docs/adr/0018-swaps-and-exchanges.md says what is fair.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Case, Exists, F, OuterRef, Value, When

from journal.facts import Fact
from registration.domain.signups.clash import clash, clashes_with, clashes_with_outer
from registration.domain.signups.closing import close_line, offer_until
from registration.domain.signups.locks import lock_seats
from registration.domain.signups.steps.exchanges import SwapWish, next_exchange
from registration.facts import ExchangeChosen, OfferExpired, PlaceConfirmed, PlaceLeft, PlaceOffered
from registration.models import Exchange, Registration, Seats, SignUp
from registration.models.signups import SignUpQuerySet
from schedule.models import Conference

BATCH = 50
State = SignUp.State
# How somebody has a place, in the journal: their turn came; they have again what they had before; a place for which
# they let go by itself of another.
PROMOTED, BACK, EXCHANGED = "promotion", "back", "exchange"
_WISHES = """
SELECT waiting.id, waiting.registration_id, waiting.session_id, array_agg(held.session_id)
FROM registration_signup waiting
JOIN registration_registration registration ON registration.id = waiting.registration_id
JOIN registration_signup held ON held.registration_id = waiting.registration_id AND held.state = 'confirmed'
WHERE waiting.state = 'waiting' AND waiting.exchange = 'swap' AND waiting.session_id = ANY(%s)
  AND registration.state = ANY(%s)
  AND registration_clash(held.during, held.exclusive, waiting.during, waiting.exclusive)
GROUP BY waiting.id
ORDER BY waiting.queued_at, waiting.id
"""


def overlapping(registration: Registration, seats: Seats) -> SignUpQuerySet:
    """Confirmed places that rule out one in `seats` for the same registration."""
    mine = SignUp.objects.confirmed().filter(clashes_with(seats), registration=registration)
    return mine.exclude(session_id=seats.session_id)


def in_line(seats: Seats) -> SignUpQuerySet:
    """Who waits for these seats and would be given a place now, the first in line first."""
    return SignUp.objects.waiting().filter(session_id=seats.session_id, registration__state__in=Registration.ACTIVE)


def settle(
    rows: Mapping[int, Seats], *, now: datetime, touched: Iterable[int] = (), exchanges: bool = False
) -> list[Fact]:
    """Give on what is free in these seats (locked by the caller), and what that frees, until nothing can go on.

    * An offer to somebody with nothing in its way any more is a place they have.
    * A free place goes to the first in line. Who has another at that time leaves it, if they let it swap by itself,
      and otherwise is offered the place until a deadline, keeping the other.
    * With `exchanges` (the caller has locked all seats of the conference) people who let it swap by itself and each
      hold what another of them waits for are given that, all at once.

    `touched` names the registrations whose places the caller has changed. Returns the facts for the journal, in the
    order in which they happened. It ends: every step takes somebody out of a line, or ends an offer. Locks the
    registrations of those who are considered. Two queries more than nothing where nobody waits or is offered anything.
    """
    return _Settling(rows, now, set(touched), exchanges).run()


class _Settling:
    def __init__(self, rows: Mapping[int, Seats], now: datetime, touched: set[int], exchanges: bool) -> None:
        self.rows = dict(rows)
        self.now = now
        self.touched = touched
        self.exchanges = exchanges
        self.facts: list[Fact] = []

    def run(self) -> list[Fact]:
        while self.end_offers() or self.fill_all() or (self.exchanges and self.exchange()):
            pass
        return self.facts

    def tell(self, kind: Callable[..., Fact], signup: SignUp, **data: Any) -> None:
        conference = self.rows[signup.session_id].conference_id
        about = {"session": signup.session_id, "registration": signup.registration_id}
        self.facts.append(kind(conference_id=conference, subject_id=signup.pk, **about, **data))

    def end_offers(self) -> bool:
        """Those who were offered a place and have nothing in its way any more have it, the first in time first."""
        touched, self.touched = self.touched, set()
        offered = list(_causeless(touched)) if touched else []
        for signup in offered:
            if signup.session_id not in self.rows:
                self.rows |= lock_seats([signup.session_id])
            # What came first of the same person's may be in the way now.
            if not _causeless({signup.registration_id}).filter(pk=signup.pk).exists():
                continue
            seats = self.rows[signup.session_id]
            if seats.during is not None and seats.during.lower <= self.now:
                self.expire(signup, seats)
                continue
            SignUp.objects.filter(pk=signup.pk).update(state=State.CONFIRMED, offered_until=None)
            by = PROMOTED if signup.stood_as == State.WAITING else BACK
            self.tell(PlaceConfirmed, signup, by=by)
        return bool(offered)

    def expire(self, signup: SignUp, seats: Seats) -> None:
        """An offer of a session that has begun has run out, whatever is in its way. Should it turn out to begin later,
        they have again what they had (`seats_follow`).
        """
        SignUp.objects.filter(pk=signup.pk).update(state=State.LEFT, offered_until=None)
        seats.taken -= 1
        self.tell(OfferExpired, signup, was=State.OFFERED, reason="expired")

    def fill_all(self) -> bool:
        """Every free place to the first in its line, in order of the sessions' keys. Whether anybody got one."""
        free = [pk for pk, row in self.rows.items() if row.free > 0 and row.during is not None]
        lines = SignUp.objects.filter(state=State.WAITING, session_id__in=free) if free else SignUp.objects.none()
        moved = False
        for pk in sorted(set(lines.values_list("session_id", flat=True))):
            moved = self.fill(self.rows[pk]) or moved
        return moved

    def fill(self, seats: Seats) -> bool:
        """Once sign-up has closed nobody moves up any more: the line is closed instead (invariant 10)."""
        if seats.is_closed(self.now):
            self.facts += close_line(seats)
            return True
        filled = False
        while seats.free > 0:
            first = list(in_line(seats).values_list("pk", "registration_id")[: min(seats.free, BATCH)])
            if not first:
                break
            # Another transaction may be giving one of them a place elsewhere: wait for it, then look again.
            keys = sorted(registration for _, registration in first)
            list(
                Registration.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk").values_list("pk")
            )
            self.give(seats, list(in_line(seats).filter(pk__in=[pk for pk, _ in first])))
            filled = True
        return filled

    def give(self, seats: Seats, signups: list[SignUp]) -> None:
        """A place each to these who wait; all that is written takes as many queries for one as for many."""
        in_the_way: dict[int, list[SignUp]] = defaultdict(list)
        people = [one.registration_id for one in signups]
        for held in SignUp.objects.confirmed().filter(clashes_with(seats), registration_id__in=people).order_by("pk"):
            in_the_way[held.registration_id].append(held)
        asked = [one for one in signups if in_the_way[one.registration_id] and one.exchange == Exchange.ASK]
        takers = [one for one in signups if one not in asked]
        left = [held for one in takers for held in in_the_way[one.registration_id]]
        self.leave(left)
        SignUp.objects.filter(pk__in=[one.pk for one in takers]).update(state=State.CONFIRMED)
        seats.taken += len(signups)
        if asked:
            self.offer(seats, asked)
        for one in takers:
            swapped = bool(in_the_way[one.registration_id])
            # Whoever waits after they lost their place to a smaller room has that again.
            came = BACK if one.stood_as else PROMOTED
            self.tell(PlaceConfirmed, one, by=EXCHANGED if swapped else came)
            if swapped:
                self.ask_anew(one)

    def offer(self, seats: Seats, signups: list[SignUp]) -> None:
        hours = Conference.objects.values_list("offer_hours", flat=True).get(pk=seats.conference_id)
        until = offer_until(seats, hours=hours, now=self.now)
        SignUp.objects.filter(pk__in=[one.pk for one in signups]).update(
            state=State.OFFERED,
            offered_until=until,
            stood_as=Case(When(stood_as="", then=Value(State.WAITING)), default=F("stood_as")),
        )
        for one in signups:
            self.tell(PlaceOffered, one, until=until, reason="turn")

    def leave(self, held: list[SignUp]) -> None:
        """These places go, for others of the same people; whoever was offered one because of them may have it now."""
        if not held:
            return
        missing = {one.session_id for one in held} - self.rows.keys()
        if missing:  # somebody has begun to wait since the caller locked
            self.rows |= lock_seats(missing)
        SignUp.objects.filter(pk__in=[one.pk for one in held]).update(state=State.LEFT)
        for one in held:
            self.rows[one.session_id].taken -= 1
            self.touched.add(one.registration_id)
            self.tell(PlaceLeft, one, was=State.CONFIRMED, reason=EXCHANGED)

    def ask_anew(self, got: SignUp) -> None:
        """What somebody agreed to give up by itself is given up. Whether they would give up what they got for it, for
        another session they wait for at that time, they are asked.
        """
        seats = self.rows[got.session_id]
        others = SignUp.objects.filter(registration_id=got.registration_id, state=State.WAITING, exchange=Exchange.SWAP)
        for other in others.filter(clashes_with(seats)).select_related("session__seats").order_by("pk"):
            SignUp.objects.filter(pk=other.pk).update(exchange=Exchange.ASK)
            fact = ExchangeChosen(
                conference_id=seats.conference_id,
                subject_id=other.pk,
                session=other.session_id,
                registration=other.registration_id,
                exchange=Exchange.ASK,
            )
            self.facts.append(fact)

    def exchange(self) -> bool:
        """Carry out one exchange, if there is any."""
        open_ones = [pk for pk, row in self.rows.items() if not row.is_closed(self.now)]
        with connection.cursor() as cursor:
            cursor.execute(_WISHES, [open_ones, list(Registration.ACTIVE)])
            rows: list[tuple[int, int, int, list[int]]] = cursor.fetchall()
        wishes = [SwapWish(one, person, session, frozenset(gives)) for one, person, session, gives in rows]
        wanted = next_exchange(wishes, lambda one, other: not clash(self.rows[one], self.rows[other]))
        if not wanted:
            return False
        signups = SignUp.objects.in_bulk([wish.signup for wish in wanted])
        gives = {(wish.registration, session) for wish in wanted for session in wish.gives}
        held = SignUp.objects.confirmed().filter(registration_id__in={one for one, _ in gives})
        self.leave([one for one in held.order_by("pk") if (one.registration_id, one.session_id) in gives])
        SignUp.objects.filter(pk__in=signups).update(state=State.CONFIRMED)
        for wish in wanted:
            self.rows[wish.session].taken += 1
            self.tell(PlaceConfirmed, signups[wish.signup], by=EXCHANGED)
        for wish in wanted:
            self.ask_anew(signups[wish.signup])
        return True


def _causeless(registrations: Iterable[int]) -> SignUpQuerySet:
    """What these people are offered although nothing is in the way of it."""
    held = SignUp.objects.confirmed().filter(clashes_with_outer(), registration=OuterRef("registration"))
    offered = SignUp.objects.filter(state=State.OFFERED, registration_id__in=registrations)
    return offered.exclude(Exists(held)).order_by("queued_at", "pk")
