"""Mails that a moment causes: tomorrow's sessions, a session that begins soon, thanks after the conference.

`plan` is run every minute and writes rows with the time they are due; there is nothing to lose in a queue. Whether a
row is still true is found out when it is sent, and a session that moves gets a row for its new time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

from django.contrib.postgres.fields.ranges import RangeStartsWith
from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce

from notifications.mails.render_input import RenderInput
from notifications.models import Message
from notifications.rules.timing import quiet_of
from registration.models import Registration, SignUp
from schedule.domain.programme.days import programme_days, starting_in
from schedule.models import Conference
from values.instants import after, reached

AGENDA, SESSION, THANKS = "agenda_reminder", "session_reminder", "thanks"
# How long before it is due a row is written.
AHEAD = timedelta(minutes=10)
# A mail with tomorrow's sessions that could not be planned for so long comes too late to be of use.
AGENDA_LATE = timedelta(hours=5)
THANKS_AT, THANKS_LATE = time(10), timedelta(days=3)


def plan(now: datetime) -> int:
    """Write every row that becomes due in a moment. Returns how many are new. Twice changes nothing."""
    # A day more on either side: it is another date elsewhere.
    near = Conference.objects.filter(
        starts_on__lte=(now + timedelta(days=2)).date(), ends_on__gte=(now - timedelta(days=1)).date()
    )
    over = Conference.objects.filter(
        ends_on__lt=(now + timedelta(days=1)).date(), ends_on__gte=(now - THANKS_LATE - timedelta(days=3)).date()
    )
    made = sum(_plan_agenda(conference, now) for conference in near.exclude(agenda_reminder_at=None))
    made += _plan_sessions(near, now)
    return made + sum(_plan_thanks(conference, now) for conference in over.exclude(survey_url=""))


def _plan_agenda(conference: Conference, now: datetime) -> int:
    if conference.agenda_reminder_at is None:
        return 0
    today = conference.local(now + AHEAD).date()
    due, day = reached(today, conference.agenda_reminder_at, conference.zone), today + timedelta(days=1)
    if not due - AHEAD <= now < due + AGENDA_LATE:
        return 0
    tomorrow = starting_in("during__startswith", programme_days(conference).stretches(day))
    there = SignUp.objects.confirmed().filter(tomorrow, registration=OuterRef("pk"))
    wanting = Registration.objects.for_conference(conference).active().filter(Exists(there), agenda_reminder=True)
    planned = _standing().filter(registration=OuterRef("pk"), kind=AGENDA, data__day=day.isoformat())
    data = {"day": day.isoformat()}
    return _write(
        _row(one, AGENDA, f"{AGENDA}:{one.pk}:{day}", due, now, data)
        for one in wanting.exclude(Exists(planned)).select_related("conference")
    )


def _plan_sessions(near: QuerySet[Conference], now: datetime) -> int:
    start = RangeStartsWith("during")
    lead = Coalesce("registration__reminder_minutes", "registration__conference__session_reminder_minutes", Value(0))
    soon = ExpressionWrapper(
        Value(now + AHEAD, DateTimeField()) + F("lead") * Value(timedelta(minutes=1)), output_field=DateTimeField()
    )
    rows = SignUp.objects.confirmed().filter(registration__conference__in=near)
    rows = rows.annotate(lead=lead, start=start).filter(lead__gt=0, start__gt=now, start__lte=soon)
    found = list(rows.filter(registration__state__in=Registration.ACTIVE).select_related("registration__conference"))
    keys = {one.pk: f"{SESSION}:{one.pk}:{_start(one)}" for one in found}
    there = set(_standing().filter(dedup_key__in=keys.values()).values_list("dedup_key", flat=True))
    return _write(
        _row(
            one.registration,
            SESSION,
            keys[one.pk],
            after(one.start, -one.lead),
            now,
            {"start": _start(one)},
            signup=one,
        )
        for one in found
        if keys[one.pk] not in there
    )


def _start(signup: SignUp) -> str:
    """When it begins, written the same wherever the clocks are."""
    return signup.during.lower.astimezone(UTC).isoformat() if signup.during and signup.during.lower else ""


def _plan_thanks(conference: Conference, now: datetime) -> int:
    due = reached(conference.ends_on + timedelta(days=1), THANKS_AT, conference.zone)
    if not due - AHEAD <= now < due + THANKS_LATE:
        return 0
    told = _standing().filter(registration=OuterRef("pk"), kind=THANKS)
    people = Registration.objects.for_conference(conference).active().filter(announcements_by_mail=True)
    people = people.exclude(Exists(told))
    return _write(_row(one, THANKS, f"{THANKS}:{one.pk}", due, now, {}) for one in people.select_related("conference"))


def _row(  # noqa: PLR0917  # whom, what, under which key, when, as of when, with what: no order is more natural
    to: Registration,
    kind: str,
    key: str,
    due: datetime,
    now: datetime,
    data: dict[str, str],
    *,
    signup: SignUp | None = None,
) -> Message:
    quiet = quiet_of(to.conference, to.zone_name) if signup is None else None
    due = max(due, now)  # what is planned late, or again, waits for the end of the quiet hours it falls into
    return Message(
        conference_id=to.conference_id,
        participant_id=to.participant_id,
        registration=to,
        signup=signup,
        kind=kind,
        dedup_key=key,
        data=data,
        due_at=quiet.over(due) if quiet else due,
        created_at=now,
    )


def _standing() -> QuerySet[Message]:
    """Rows that were not dropped. One that was is planned again once it is true again: somebody who refused reminders,
    or gave a place back, has thought better of it.
    """
    return Message.objects.exclude(state=Message.State.SUPERSEDED)


def _write(rows: Iterable[Message]) -> int:
    """Write rows that are new, and take up those again that had been dropped. Two queries; one more for each moment at
    which rows are due again.
    """
    planned = list(rows)
    if not planned:
        return 0
    keys = [one.dedup_key for one in planned]
    dropped = Message.objects.filter(dedup_key__in=keys, state=Message.State.SUPERSEDED)
    again = set(dropped.values_list("dedup_key", flat=True))
    new = [one for one in planned if one.dedup_key not in again]
    Message.objects.bulk_create(new, ignore_conflicts=True, batch_size=1000)
    due_again: dict[datetime, list[str]] = defaultdict(list)
    for one in planned:
        if one.dedup_key in again:
            due_again[one.due_at].append(one.dedup_key)
    for due, those in due_again.items():
        dropped.filter(dedup_key__in=those).update(state=Message.State.QUEUED, due_at=due)
    return len(planned)


def is_over(to: RenderInput, now: datetime) -> bool:
    """Whether a row that was planned is of no use any more, as things stand."""
    registration, signup, kind = to.message.registration, to.message.signup, to.message.kind
    if registration is None or not registration.is_active:
        return True
    if kind == AGENDA:
        starts = [one.during.lower for one in to.agenda if one.during and one.during.lower]
        return not registration.agenda_reminder or not starts or min(starts) <= now
    if kind == SESSION:
        if signup is None or signup.state != SignUp.State.CONFIRMED or registration.reminder_minutes == 0:
            return True
        return _start(signup) != to.data["start"] or datetime.fromisoformat(_start(signup)) <= now
    if kind == THANKS:
        return not (registration.announcements_by_mail and to.message.conference and to.message.conference.survey_url)
    return False
