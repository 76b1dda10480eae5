"""The mail that organizers get in the morning when something of their conference needs attention."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import translation

from accounts.models import Membership
from notifications.models import Message
from notifications.ports.attention import AttentionItem, pressing
from notifications.rules.timing import quiet_of
from notifications.wordings.texts import page_language
from schedule.models import Conference

KIND = "organizer_digest"
# On the conference's clocks; later than that it comes the next day.
FROM, UNTIL = time(8), time(12)
# Conferences are looked after until so long after their last day.
AFTERWARDS = timedelta(days=7)


def plan(now: datetime) -> int:
    """Write today's row for every organizer who wants one and may change something, where it is morning. Returns how
    many were new.

    What it says is found out when it is sent; without anything to say it is dropped.
    """
    today = {}
    for conference in Conference.objects.filter(ends_on__gte=_earliest_end(now), team__isnull=False):
        local = conference.local(now)
        if FROM <= local.time() < UNTIL:
            today[conference.pk] = (conference, local.date())
    teams = {conference.team_id for conference, _ in today.values() if conference.team_id is not None}
    members = Membership.objects.filter(team_id__in=teams, daily_digest=True, user__is_active=True)
    by_team: dict[int, list[int]] = {}
    for one in members.order_by("team_id", "user_id"):
        if one.rights.changes:
            by_team.setdefault(one.team_id, []).append(one.user_id)
    rows = [
        _row(conference, user, day, now)
        for conference, day in today.values()
        for user in by_team.get(conference.team_id or 0, [])
    ]
    there = set(
        Message.objects.filter(dedup_key__in=[row.dedup_key for row in rows]).values_list("dedup_key", flat=True)
    )
    new = [row for row in rows if row.dedup_key not in there]
    Message.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _earliest_end(now: datetime) -> date:
    return (now - AFTERWARDS).date()


def still_come(conference: Conference, *, now: datetime) -> bool:
    """Whether this mail is still written about the conference: until some days after its last one. No query."""
    return conference.ends_on >= _earliest_end(now)


def _row(conference: Conference, user: int, day: date, now: datetime) -> Message:
    quiet = quiet_of(conference)
    return Message(
        conference=conference,
        user_id=user,
        kind=KIND,
        dedup_key=f"{KIND}:{conference.pk}:{user}:{day}",
        data={"since": (now - timedelta(days=1)).isoformat()},
        due_at=quiet.over(now) if quiet else now,
        created_at=now,
    )


def attention_of(message: Message, language: str) -> list[AttentionItem]:
    """What is pressing now; those who are told the same share what it costs to find out."""
    if message.conference is None:
        return []
    with translation.override(page_language(language)):
        return pressing(message.conference, datetime.fromisoformat(message.data["since"]))
