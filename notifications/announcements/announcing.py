"""Announcements from the first draft to the last mail. Each function is one transaction unless it says otherwise.

The row of the announcement is locked for every step, so that two organizers, or an organizer and the worker that
composes messages, take turns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from journal.actors import SYSTEM, Actor
from journal.facts import Change
from journal.recording import record
from journal.retrying import retried
from notifications.delivery.retrying import FAILED
from notifications.delivery.withholding import WAITING
from notifications.facts import (
    AnnouncementCreated,
    AnnouncementDiscarded,
    AnnouncementEdited,
    AnnouncementScheduled,
    AnnouncementSent,
    AnnouncementStarted,
    AnnouncementStopped,
    AnnouncementTested,
    AnnouncementUnscheduled,
)
from notifications.models import Announcement, Message
from notifications.rules.mail_rules import ANNOUNCEMENT
from notifications.rules.segments import everybody_in, wants_mail
from notifications.wakeup import wake_announcements, wake_delivery
from notifications.wordings.own_texts import read_wording
from registration.models import Registration, SignUp
from schedule.domain.editing.changes import changes_of
from schedule.models import Conference, Session
from values.presses import SAME_PRESS

State = Announcement.State
BATCH = 500
# How many messages make another worker worth waking.
PER_WORKER = 50
TESTS_PER_HOUR = 30


class AnnouncementRefusedError(Exception):
    """Not possible in the state the announcement is in. `message` says so to the organizer."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))
        self.message = message


class AnnouncementChangedError(AnnouncementRefusedError):
    """Somebody else has changed it since it was read."""


@dataclass(frozen=True)
class Segment:
    """Whom it is for; an empty part narrows nothing. `registration_states` must name at least one."""

    registration_states: tuple[str, ...] = tuple(map(str, Registration.ACTIVE))
    sessions: tuple[Session, ...] = ()
    signup_states: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


@dataclass(frozen=True)
class Content:
    """What it says, `{language: (subject, body)}`, and to whom."""

    texts: Mapping[str, tuple[str, str]]
    segment: Segment = field(default_factory=Segment)


@retried
@transaction.atomic
def create_announcement(conference: Conference, content: Content, *, actor: Actor, now: datetime) -> Announcement:
    """Write a draft. Raises `WordingRefusedError` for a text that cannot be sent, ValueError for a foreign segment."""
    announcement = Announcement(conference=conference, created_at=now)
    _fill(announcement, content)
    announcement.save()
    announcement.sessions.set(content.segment.sessions)
    record(AnnouncementCreated(conference_id=conference.pk, subject_id=announcement.pk), actor=actor)
    return announcement


@retried
@transaction.atomic
def edit_announcement(announcement: Announcement, content: Content, *, version: int, actor: Actor) -> Announcement:
    """Change a draft that still is as it was read. Raises as `create_announcement`, and `AnnouncementChangedError`."""
    locked = _locked(announcement, State.DRAFT)
    if locked.version != version:
        raise AnnouncementChangedError(_("Somebody else has changed this announcement since you opened it."))
    before = set(locked.sessions.values_list("pk", flat=True))
    _fill(locked, content)
    # What it says is nobody's business but theirs who may open it, and it has not been sent.
    changes = {field: None if field == "texts" else said for field, said in changes_of(locked).items()}
    after = {one.pk for one in content.segment.sessions}
    if before != after:
        changes["sessions"] = Change(sorted(before), sorted(after))
    locked.version += 1
    locked.save(update_fields=["texts", "registration_states", "signup_states", "languages", "countries", "version"])
    locked.sessions.set(content.segment.sessions)
    if changes:
        fact = AnnouncementEdited(conference_id=locked.conference_id, subject_id=locked.pk, changes=changes)
        record(fact, actor=actor)
    return locked


def _fill(announcement: Announcement, content: Content) -> None:
    conference, segment = announcement.conference, content.segment
    # A language that the conference has no more keeps what was written in it.
    known = {*conference.languages, *announcement.texts}
    if not set(content.texts) & set(conference.languages) or not set(content.texts) <= known:
        raise ValueError("an announcement needs a text, in languages of its conference only")
    for language, (subject, body) in content.texts.items():
        read_wording(ANNOUNCEMENT, subject, body, language)
    for chosen, known in (
        (segment.registration_states, set(Registration.State.values) - {Registration.State.DRAFT}),
        (segment.signup_states, set(SignUp.State.values)),
    ):
        if not set(chosen) <= known:
            raise ValueError(f"an announcement cannot be for {chosen}")
    if not segment.registration_states or any(one.conference_id != conference.pk for one in segment.sessions):
        raise ValueError("an announcement is for people and sessions of its own conference")
    announcement.texts = {
        language: {"subject": subject, "body": body} for language, (subject, body) in content.texts.items()
    }
    announcement.registration_states = list(segment.registration_states)
    announcement.signup_states = list(segment.signup_states)
    announcement.languages = list(segment.languages)
    announcement.countries = list(segment.countries)


@retried
@transaction.atomic
def schedule_announcement(announcement: Announcement, *, due_at: datetime, version: int, actor: Actor) -> Announcement:
    """Have a draft sent at `due_at`, at once where that has passed. What is sent is what `version` says."""
    locked = _locked(announcement, State.DRAFT)
    if locked.version != version:
        raise AnnouncementChangedError(_("Somebody else has changed this announcement since you opened it."))
    locked.state, locked.due_at = State.SCHEDULED, due_at
    locked.save(update_fields=["state", "due_at"])
    fact = AnnouncementScheduled(conference_id=locked.conference_id, subject_id=locked.pk, due=due_at)
    record(fact, actor=actor)
    transaction.on_commit(wake_announcements)
    return locked


@retried
@transaction.atomic
def unschedule_announcement(announcement: Announcement, *, actor: Actor) -> Announcement:
    """Make a draft again of one that has not begun."""
    locked = _locked(announcement, State.SCHEDULED)
    locked.state, locked.due_at = State.DRAFT, None
    locked.save(update_fields=["state", "due_at"])
    record(AnnouncementUnscheduled(conference_id=locked.conference_id, subject_id=locked.pk), actor=actor)
    return locked


@retried
@transaction.atomic
def discard_announcement(announcement: Announcement, *, actor: Actor) -> None:
    """Throw a draft away, and the tests of it that organizers mailed themselves."""
    locked = _locked(announcement, State.DRAFT)
    record(AnnouncementDiscarded(conference_id=locked.conference_id, subject_id=locked.pk), actor=actor)
    locked.delete()


@retried
@transaction.atomic
def stop_announcement(announcement: Announcement, *, actor: Actor, now: datetime) -> int:
    """Withhold every message that has not left, and compose no more; return how many were withheld.

    What a worker is handing over at this moment still leaves; delivery looks again before each batch.
    """
    locked = _locked(announcement, State.SENDING)
    locked.state, locked.ended_at = State.STOPPED, now
    locked.save(update_fields=["state", "ended_at"])
    waiting = Message.objects.filter(announcement=locked, state__in=WAITING)
    withheld = waiting.filter(registration__isnull=False).update(state=Message.State.WITHHELD)
    fact = AnnouncementStopped(conference_id=locked.conference_id, subject_id=locked.pk, withheld=withheld)
    record(fact, actor=actor)
    return withheld


@retried
@transaction.atomic
def send_test(announcement: Announcement, *, user: User, actor: Actor, now: datetime) -> int:
    """Mail the announcement to an organizer, once in each language it has a text in; return in how many. Pressed again
    at once it is the same test, unless the text was changed between.

    Raises `AnnouncementRefusedError` once there have been TESTS_PER_HOUR.
    """
    recent = Message.objects.filter(kind=ANNOUNCEMENT, user=user, created_at__gt=now - timedelta(hours=1))
    # One press at a time: of four at once three find the first one's mails.
    Announcement.objects.select_for_update(no_key=True).get(pk=announcement.pk)
    if recent.filter(
        announcement=announcement, created_at__gt=now - SAME_PRESS, data__version=announcement.version
    ).exists():
        return len(announcement.texts)
    if recent.count() + len(announcement.texts) > TESTS_PER_HOUR:
        raise AnnouncementRefusedError(_("You have mailed yourself many tests. Wait an hour before the next."))
    Message.objects.bulk_create(
        Message(
            conference_id=announcement.conference_id,
            user=user,
            announcement=announcement,
            kind=ANNOUNCEMENT,
            dedup_key=f"{ANNOUNCEMENT}:{announcement.pk}:test:{uuid4()}",
            queue=Message.Queue.URGENT,
            data={"language": language, "version": announcement.version},
            due_at=now,
            created_at=now,
        )
        for language in announcement.texts
    )
    record(AnnouncementTested(conference_id=announcement.conference_id, subject_id=announcement.pk), actor=actor)
    transaction.on_commit(partial(wake_delivery, Message.Queue.URGENT))
    return len(announcement.texts)


def compose_due(*, now: datetime) -> int:
    """Begin what is due, compose the messages of what has begun, and end what has been sent; return how many messages.

    One short transaction for each batch of people; any number of workers may do this at once, and one that dies
    leaves the next to go on where it stopped.
    """
    made = 0
    due = Announcement.objects.filter(state__in=[State.SCHEDULED, State.SENDING], due_at__lte=now)
    for pk in list(due.order_by("due_at", "pk").values_list("pk", flat=True)):
        more = True
        while more:
            count, more = _step(pk, now)
            made += count
    return made


@retried
@transaction.atomic
def _step(pk: int, now: datetime) -> tuple[int, bool]:
    """One batch; return how many messages it made and whether there is more to do."""
    open_states = [State.SCHEDULED, State.SENDING]
    rows = Announcement.objects.select_for_update(skip_locked=True, of=("self",)).select_related("conference")
    announcement = rows.filter(pk=pk, state__in=open_states, due_at__lte=now).first()
    if announcement is None:
        return 0, False
    if announcement.state == State.SCHEDULED:
        _begin(announcement, now)
    if announcement.composed_at is not None:
        _end(announcement, now)
        return 0, False
    return _compose(announcement, now)


def _begin(announcement: Announcement, now: datetime) -> None:
    fits = Registration.objects.filter(everybody_in(announcement) & wants_mail())
    announcement.planned, announcement.started_at, announcement.state = fits.count(), now, State.SENDING
    announcement.save(update_fields=["planned", "started_at", "state"])
    fact = AnnouncementStarted(
        conference_id=announcement.conference_id, subject_id=announcement.pk, planned=announcement.planned
    )
    record(fact, actor=SYSTEM)


def _compose(announcement: Announcement, now: datetime) -> tuple[int, bool]:
    fits = Registration.objects.filter(everybody_in(announcement) & wants_mail(), pk__gt=announcement.composed_to)
    people = list(fits.order_by("pk").values_list("pk", "participant_id")[:BATCH])
    Message.objects.bulk_create(_messages(announcement, people, now), ignore_conflicts=True)
    if people:
        announcement.composed_to = people[-1][0]
        wake = partial(wake_delivery, Message.Queue.BULK, workers=-(-len(people) // PER_WORKER))
        transaction.on_commit(wake)
    more = len(people) == BATCH
    announcement.composed_at = None if more else now
    announcement.save(update_fields=["composed_to", "composed_at"])
    return len(people), more


def _messages(announcement: Announcement, people: Iterable[tuple[int, int]], now: datetime) -> list[Message]:
    return [
        Message(
            conference_id=announcement.conference_id,
            participant_id=participant,
            registration_id=registration,
            announcement=announcement,
            kind=ANNOUNCEMENT,
            # One person, one message: a batch that is composed again makes no second one.
            dedup_key=f"{ANNOUNCEMENT}:{announcement.pk}:{registration}",
            queue=Message.Queue.BULK,
            due_at=now,
            created_at=now,
        )
        for registration, participant in people
    ]


def _end(announcement: Announcement, now: datetime) -> None:
    """An announcement has been sent once nothing of it is on its way any more."""
    if Message.objects.filter(announcement=announcement, state__in=Message.OPEN).exclude(FAILED).exists():
        return
    announcement.state, announcement.ended_at = State.SENT, now
    announcement.save(update_fields=["state", "ended_at"])
    record(AnnouncementSent(conference_id=announcement.conference_id, subject_id=announcement.pk), actor=SYSTEM)


def _locked(announcement: Announcement, state: str) -> Announcement:
    """The row as it is now, locked. Raises `AnnouncementRefusedError` unless it is in `state`."""
    rows = Announcement.objects.select_for_update(of=("self",)).select_related("conference")
    locked = rows.filter(pk=announcement.pk).first()
    if locked is None or locked.state != state:
        raise AnnouncementRefusedError(_("This cannot be done any more: the announcement has moved on."))
    return locked
