"""What is kept beside a whole conference: groups of sessions, and when somebody or something is away."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError

from schedule.domain.editing.groups import objections_to
from schedule.domain.editing.lines import Line, Lines
from schedule.models import Conference, SessionGroup, Unavailability

_ABSENCE = ("room_id", "person_id", "body_id", "starts_at", "ends_at", "reason")


def _groups(conference: Conference) -> list[Line]:
    found = SessionGroup.objects.filter(conference=conference).prefetch_related("sessions").order_by("pk")
    return [{"same": one.same, "sessions": sorted(session.pk for session in one.sessions.all())} for one in found]


def _keep_groups(conference: Conference, lines: Sequence[Line]) -> None:
    """Groups that are wanted and there already stay. Refuses one that cannot be kept beside the others."""
    wanted = [(str(line["same"]), frozenset(line["sessions"])) for line in lines]
    for one in SessionGroup.objects.filter(conference=conference).prefetch_related("sessions").order_by("pk"):
        is_there = (one.same, frozenset(session.pk for session in one.sessions.all()))
        if is_there in wanted:
            wanted.remove(is_there)
        else:
            one.delete()
    for same, sessions in wanted:
        refused = objections_to(conference, same=same, sessions=set(sessions), group=None)
        if refused:
            raise ValidationError(refused)
        SessionGroup.objects.create(conference=conference, same=same).sessions.set(sessions)


def _absences(conference: Conference) -> list[Line]:
    found = Unavailability.objects.filter(conference=conference).order_by("starts_at", "pk")
    return [dict(one) for one in found.values(*_ABSENCE)]


def _keep_absences(conference: Conference, lines: Sequence[Line]) -> None:
    """All anew: nothing hangs on the rows."""
    Unavailability.objects.filter(conference=conference).delete()
    Unavailability.objects.bulk_create(Unavailability(conference=conference, **line) for line in lines)


GROUPS = Lines("session_groups", _groups, _keep_groups)
ABSENCES = Lines("unavailabilities", _absences, _keep_absences)
