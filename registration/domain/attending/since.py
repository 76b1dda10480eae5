"""What has become of somebody's sessions since they last looked: where each was, and where it is now.

A look lasts as long as the person goes on opening their page: news stay on it through reloads, and are old once they
come back after a pause.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, QuerySet, Subquery

from journal.models import Entry
from registration.facts import PlaceLeft
from registration.models import Registration, SignUp
from schedule.models import Release, ReleasedPlacement, Room, Session

State = SignUp.State
# After so long a pause, opening the page again is another look.
PAUSE = timedelta(minutes=30)
# How exact the time of a look is: whoever reloads at once writes nothing.
EXACT = timedelta(minutes=1)


@dataclass(frozen=True)
class Spot:
    """When and where, on the conference's clocks."""

    start: datetime
    end: datetime
    room: Room


@dataclass(frozen=True)
class MovedPlace:
    """A session somebody has a place in or waits for; `new` is None where it does not take place any more."""

    session: Session
    old: Spot
    new: Spot | None


def look(registration: Registration, *, now: datetime, seen: bool = True) -> datetime:
    """Note that the person looks now, if it is seen; returns since when what happened is news to them.

    One query at most.
    """
    last, before = registration.looked_at, registration.looked_before
    if last is None or before is None:
        before = last or now
    elif now - last > PAUSE:
        before = last
    if seen and (last is None or now - last > EXACT):
        Registration.objects.filter(pk=registration.pk).update(looked_at=now, looked_before=before)
        registration.looked_at, registration.looked_before = now, before
    return before


def moved_since(registration: Registration, since: datetime) -> list[MovedPlace]:
    """In order of the times they had. Two queries; one more where a session of theirs is out of the programme."""
    signups = {one.session_id: one for one in _signups(registration)}
    gone = [one.pk for one in signups.values() if one.state == State.LEFT and not one.line_closed]
    told = _cancelled(registration, gone, since) if gone else set()
    found = []
    for placed in _placed(registration, signups, since):
        signup = signups[placed.session_id]
        moved = _moved(placed, signup, registration, is_off=signup.pk in told)
        if moved is not None:
            found.append(moved)
    return found


def _signups(registration: Registration) -> QuerySet[SignUp]:
    """What they hold, wait for or waited for, and what left the programme."""
    concerns = ~Q(state=State.LEFT) | Q(line_closed=True) | Q(session__seats__during=None)
    return SignUp.objects.filter(concerns, registration=registration).select_related("session__seats__room")


def _placed(registration: Registration, sessions: Iterable[int], since: datetime) -> QuerySet[ReleasedPlacement]:
    """Where the release that stood then had these sessions."""
    known = Release.objects.filter(conference=OuterRef("session__conference"), published_at__lte=since)
    newest = Subquery(known.order_by("-number").values("pk")[:1])
    rows = ReleasedPlacement.objects.filter(release=newest, session__in=list(sessions))
    return rows.filter(session__conference=registration.conference_id).select_related("room").order_by("start", "pk")


def _cancelled(registration: Registration, signups: Iterable[int], since: datetime) -> set[int | None]:
    """Of these sign-ups, those that ended with their session."""
    entries = Entry.objects.filter(conference_id=registration.conference_id, verb=PlaceLeft.verb, at__gt=since)
    return set(entries.filter(subject_id__in=signups, data__reason="session").values_list("subject_id", flat=True))


def _moved(placed: ReleasedPlacement, signup: SignUp, registration: Registration, *, is_off: bool) -> MovedPlace | None:
    local = registration.conference.local
    old = Spot(local(placed.start), local(placed.end), placed.room)
    seats = signup.session.seats
    if seats.during is None or seats.room is None:
        return MovedPlace(signup.session, old, None) if is_off else None
    new = Spot(local(seats.during.lower), local(seats.during.upper), seats.room)
    return MovedPlace(signup.session, old, new) if new != old else None
