"""What publishing would do to people, found by doing it and taking it back.

Nothing guesses at the rules of seats and lines a second time: the release is made in a transaction that is rolled back,
and what became of every place is compared. It takes as long as the release itself and holds the same locks as long.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from django.db import transaction

from journal.actors import Actor
from journal.retrying import retried
from registration.models import Interest, Registration, SignUp
from schedule.domain.timetables.changes import Timetable
from schedule.domain.timetables.releasing import ReleaseRefused, release
from schedule.models import Conference, Draft, Release, Session

State = SignUp.State
# Names on the page; how many there are is said besides.
MOST_NAMES = 50


@dataclass(frozen=True, slots=True)
class PlaceFate:
    """What becomes of one person's place in one session."""

    person: str
    session: str


@dataclass(frozen=True, slots=True)
class Group:
    """Those who fare alike: how many people there are, in how many sessions (`count`: one for each session of each),
    and the first of them; nobody for whom names are not.
    """

    people: int
    count: int
    first: list[PlaceFate]

    @property
    def more(self) -> int:
        return self.count - len(self.first)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Who loses a place, is given or offered one, waits no more or again; pairs of wishes of one person at one time."""

    lose: Group
    given: Group
    offered: Group
    wait_no_more: Group
    wait_again: Group
    overlaps_before: int
    overlaps_after: int


def rehearse(draft: Draft, published: Timetable | None, *, actor: Actor, names: bool) -> Rehearsal | None:
    """What a release of the draft would do; None where it would be refused. Nothing of it stays.

    `names` where its reader may see who has which place.
    """
    with suppress(ReleaseRefused):
        return rehearsed(draft.conference, published, lambda: release(draft, actor=actor), names=names)
    return None


@retried
def rehearsed(
    conference: Conference, published: Timetable | None, publish: Callable[[], Release | None], *, names: bool
) -> Rehearsal:
    """What it would do to people if `publish` were called; it returns the release, None where it makes none.

    It is called, and what it does is taken back. Raises what `publish` raises.
    """
    before = _places(conference)
    with transaction.atomic():
        made = publish() or published
        after, times_after = _places(conference), _times(made)
        transaction.set_rollback(True)
    holding = (State.CONFIRMED, State.OFFERED)
    wishes = _wishes(conference)
    lost = [key for key, state in before.items() if state in holding and after.get(key) not in holding]
    given = [key for key, state in after.items() if state == State.CONFIRMED and before.get(key) not in holding]
    offered = [key for key, state in after.items() if state == State.OFFERED and before.get(key) != State.OFFERED]
    no_more = [key for key, state in before.items() if state == State.WAITING and key not in after]
    again = [key for key, state in after.items() if state == State.WAITING and key not in before]
    return Rehearsal(
        lose=_group(lost, names),
        given=_group(given, names),
        offered=_group(offered, names),
        wait_no_more=_group(no_more, names),
        wait_again=_group(again, names),
        overlaps_before=_overlaps(wishes, _times(published)),
        overlaps_after=_overlaps(wishes, times_after),
    )


def _places(conference: Conference) -> dict[tuple[int, int], str]:
    """The state of every place there is or was asked for, by the keys of registration and session."""
    rows = SignUp.objects.filter(registration__conference=conference).exclude(state=State.LEFT)
    return {(person, session): state for person, session, state in rows.values_list("registration", "session", "state")}


def _group(keys: Iterable[tuple[int, int]], names: bool) -> Group:
    found = sorted(keys)
    people = len({person for person, _ in found})
    if not names:
        return Group(people, len(found), [])
    shown = found[:MOST_NAMES]
    rows = SignUp.objects.filter(
        registration__in=[person for person, _ in shown], session__in=[session for _, session in shown]
    ).select_related("registration", "session")
    named = {
        (row.registration_id, row.session_id): PlaceFate(row.registration.display_name, str(row.session.title))
        for row in rows
    }
    return Group(people, len(found), [named[key] for key in shown if key in named])


def _wishes(conference: Conference) -> dict[int, list[int]]:
    """The keys of the sessions that each active registration wishes for."""
    rows = Interest.objects.filter(registration__in=Registration.objects.for_conference(conference).active())
    found: dict[int, list[int]] = defaultdict(list)
    for person, session in rows.values_list("registration", "session"):
        found[person].append(session)
    return found


def _times(timetable: Timetable | None) -> dict[int, tuple[datetime, datetime]]:
    """From when until when each session is."""
    if timetable is None:
        return {}
    rows = timetable.placements.exclude(session__state=Session.State.CANCELLED)
    return {session: (start, end) for session, start, end in rows.values_list("session", "start", "end")}


def _overlaps(wishes: Mapping[int, list[int]], times: Mapping[int, tuple[datetime, datetime]]) -> int:
    """Pairs of sessions that one person wishes for and that are at the same time."""
    return sum(
        1
        for wanted in wishes.values()
        for one, other in combinations([times[session] for session in wanted if session in times], 2)
        if one[0] < other[1] and other[0] < one[1]
    )
