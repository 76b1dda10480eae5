"""Counting what really happened, from the database and the inbox; nothing here knows what was asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.conf import settings

from notifications.models import Message
from ops.inbox.store import Inbox, StoredMail
from registration.models import Registration, SignUp
from schedule.conflicts import Level, find_conflicts
from schedule.domain.problem import problem_for, timetable_of
from schedule.domain.timetables.changes import changes_between
from schedule.domain.timetables.queries import newest_release
from schedule.models import Conference, Release, ReleasedPlacement


def message_id(message: Message) -> str:
    return f"<{message.known_by}@{settings.CALENDAR_DOMAIN}>"


def counts(conference: Conference, inbox: Inbox) -> dict[str, Any]:
    """Programme, places and messages as they stand."""
    release = newest_release(conference)
    placements = list(release.placements.select_related("session", "room")) if release else []
    conflicts = find_conflicts(problem_for(conference), timetable_of(conference, placements))
    signups = list(SignUp.objects.for_conference(conference).select_related("session"))
    due = [
        message_id(message)
        for message in Message.objects.exclude(state=Message.State.SUPERSEDED).filter(conference=conference)
    ]
    arrived = Counter(mail.message_id for mail in inbox.messages())
    return {
        "sessions": conference.sessions.count(),
        "placed": len(placements),
        "hard_conflicts": sum(conflict.level is Level.BLOCK for conflict in conflicts),
        "registrations": Registration.objects.for_conference(conference).active().count(),
        "signups_confirmed": sum(one.state == SignUp.State.CONFIRMED for one in signups),
        "signups_waiting": sum(one.state == SignUp.State.WAITING for one in signups),
        "oversold": _oversold(placements, signups),
        "double_booked": _double_booked(placements, signups),
        "messages_due": len(due),
        "messages_sent": sum(arrived[key] > 0 for key in due),
        "messages_lost": sum(arrived[key] == 0 for key in due),
        "messages_doubled": sum(count - 1 for count in arrived.values()),
        "invites_attached": sum(
            b"method=REQUEST" in mail.raw or b'method="REQUEST"' in mail.raw for mail in inbox.messages()
        ),
    }


def _oversold(placements: Iterable[ReleasedPlacement], signups: Iterable[SignUp]) -> int:
    """Sessions with more confirmed places than min(cap, room - held seats), counted anew from the rows."""
    held = Counter(one.session_id for one in signups if one.state == SignUp.State.CONFIRMED)
    over = 0
    for row in placements:
        seats = row.room.capacity - row.session.held_seats
        cap = row.session.capacity_cap
        over += held[row.session_id] > (seats if cap is None else min(cap, seats))
    return over


def _double_booked(placements: Iterable[ReleasedPlacement], signups: Iterable[SignUp]) -> int:
    """Pairs of confirmed places of one registration that overlap by the published times."""
    times = {row.session_id: (row.start, row.end) for row in placements}
    mine: dict[int, list[tuple[Any, Any]]] = {}
    for one in signups:
        if one.state == SignUp.State.CONFIRMED:
            mine.setdefault(one.registration_id, []).append(times[one.session_id])
    return sum(
        first[0] < second[1] and second[0] < first[1]
        for held in mine.values()
        for first, second in combinations(held, 2)
    )


@dataclass(frozen=True)
class Before:
    """How things stood before a change: the release, every sign-up's state, and the last mail in the inbox."""

    release: Release
    states: Mapping[int, tuple[int, str]]
    last_mail: int


def effect(
    conference: Conference, inbox: Inbox, before: Before, *, room: str, states: Mapping[int, tuple[int, str]]
) -> dict[str, Any]:
    """What a change did to people, and whom it told.

    Affected is whoever holds (or held) a place in a session with another time or room, and whoever's sign-up changed
    its state; found by comparing releases and sign-ups, not from what the change reported.
    """
    release = newest_release(conference)
    if release is None:
        raise LookupError("nothing is published")
    moved = changes_between(before.release, release)
    sessions = {change.session.pk for change in moved}
    held = SignUp.objects.filter(session__in=sessions).values_list("pk", flat=True)
    affected = {states[pk][0] for pk in held if before.states.get(pk, (0, ""))[1] in SignUp.HOLDING}
    affected |= {now[0] for pk, now in states.items() if before.states.get(pk) != now}
    addresses = dict(Registration.objects.for_conference(conference).values_list("participant__email", "pk"))
    mails = list(inbox.messages(after=before.last_mail))
    told = {addresses[mail.recipient] for mail in mails if mail.recipient in addresses}
    return {
        "room": room,
        "moved": len(moved),
        "people_affected": len(affected),
        "people_told": len(told & affected),
        "told_without_cause": len(told - affected) + sum(mail.recipient not in addresses for mail in mails),
        "told_twice": _told_twice(mails),
    }


def _told_twice(mails: Iterable[StoredMail]) -> int:
    """Mails beyond the first to one person about one calendar entry."""
    about = Counter((mail.recipient, _entry(mail)) for mail in mails)
    return sum(count - 1 for count in about.values())


def _entry(mail: StoredMail) -> str:
    lines = mail.text("text/calendar").replace("\r\n ", "").splitlines()
    return next((line for line in lines if line.startswith("UID:")), mail.message_id)
