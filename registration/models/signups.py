"""Places: what the newest release offers of each session, and who holds or awaits a place.

`registration/sql/` puts the invariants into the database: the count of taken places is kept by a trigger and checked
against the capacity, a person's confirmed places never overlap, a calendar entry's UID never changes and its sequence
rises by one with every change of time, place (its room, the names of room and venue, the address to join online), title
or status.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registration.models.participants import Participant
from registration.models.registrations import Registration
from schedule.models import Conference, Room, Session


class Seats(models.Model):
    """What is on offer of one session: when and where the newest release has it, how many places, how many are taken.

    Lock this row (FOR UPDATE) before changing the session's sign-ups; rows are locked in order of their key.
    `taken` counts confirmed and offered places and is kept by the database.
    """

    session = models.OneToOneField(Session, models.CASCADE, primary_key=True, related_name="seats")
    conference = models.ForeignKey(Conference, models.CASCADE, related_name="+")
    during = DateTimeRangeField(_("time"), null=True)
    # From here on nobody signs up, waits or moves up any more: the start, less the minutes that the session or the
    # conference has. Kept with `during` by seats_follow; the database compares it (sign_up_closes_by_its_start.sql).
    closes_at = models.DateTimeField(_("sign-up closes"), null=True)
    room = models.ForeignKey(Room, models.PROTECT, null=True, related_name="+")
    title = models.TextField(_("title"), blank=True)
    online_url = models.TextField(blank=True)
    # In all languages, as the rows of the room and the conference hold them; the database refuses anything else.
    room_name = models.TextField(blank=True)
    venue = models.TextField(blank=True)
    # Whether participants may sign up by themselves: on offer, no break, not by invitation.
    bookable = models.BooleanField(default=False)
    # Whether a second place at the same time is refused (the conference's overlap rule).
    exclusive = models.BooleanField(default=True)
    capacity = models.PositiveIntegerField(_("places"), default=0)
    taken = models.PositiveIntegerField(_("taken"), default=0)

    class Meta:
        verbose_name = _("seats")
        verbose_name_plural = _("seats")
        constraints = [
            models.CheckConstraint(
                condition=Q(during__isnull=True, closes_at__isnull=True)
                | Q(during__isnull=False, closes_at__isnull=False),
                name="sign_up_closes_where_there_is_a_time",
            ),
            models.CheckConstraint(
                condition=Q(taken__lte=F("capacity")),
                name="signups_never_exceed_capacity",
                violation_error_message=_("This session is full."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id}: {self.taken}/{self.capacity}"

    @property
    def free(self) -> int:
        return self.capacity - self.taken

    def is_closed(self, now: datetime) -> bool:
        """Whether its time is over: nothing of it is given, promised or waited for any more (invariant 10)."""
        return self.closes_at is not None and self.closes_at <= now


class Exchange(models.TextChoices):
    """What happens when the turn comes of somebody who waits and has another place at that time."""

    ASK = "ask", _("ask me")
    SWAP = "swap", _("swap by itself")


class SignUpQuerySet(models.QuerySet["SignUp"]):
    def for_participant(self, participant: Participant) -> SignUpQuerySet:
        return self.filter(registration__participant=participant)

    def for_conference(self, conference: Conference) -> SignUpQuerySet:
        return self.filter(registration__conference=conference)

    def confirmed(self) -> SignUpQuerySet:
        return self.filter(state=SignUp.State.CONFIRMED)

    def holding(self) -> SignUpQuerySet:
        """Sign-ups that take one of the session's places."""
        return self.filter(state__in=SignUp.HOLDING)

    def waiting(self) -> SignUpQuerySet:
        """Waiting sign-ups, the first in line first."""
        return self.filter(state=SignUp.State.WAITING).order_by("queued_at", "id")

    def waiting_to_swap(self) -> SignUpQuerySet:
        """Waiting sign-ups of people who take part, for which they give up by themselves what is in the way."""
        active = self.filter(registration__state__in=Registration.ACTIVE)
        return active.filter(state=SignUp.State.WAITING, exchange=Exchange.SWAP)

    def with_position(self) -> models.QuerySet[Any]:
        """Each with its `position` in the session's waiting line, 1 for the first; None when it does not wait."""
        waits = Q(state=SignUp.State.WAITING)
        earlier = Q(queued_at__lt=OuterRef("queued_at")) | Q(queued_at=OuterRef("queued_at"), pk__lt=OuterRef("pk"))
        line = SignUp.objects.filter(waits, earlier, session=OuterRef("session")).order_by().values("session")
        ahead = Coalesce(Subquery(line.annotate(number=Count("*")).values("number"), output_field=IntegerField()), 0)
        return self.annotate(position=Case(When(waits, then=ahead + 1), output_field=IntegerField()))


class SignUp(models.Model):
    """A registration's place in one session. One row per pair for ever, so its calendar identity stays the same."""

    class State(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed")
        WAITING = "waiting", _("waiting")
        OFFERED = "offered", _("offered")
        LEFT = "left", _("left")

    # What takes one of a session's places; registration_holds() in the database says the same.
    HOLDING = (State.CONFIRMED, State.OFFERED)

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="signups")
    session = models.ForeignKey(Session, models.PROTECT, related_name="signups")
    state = models.CharField(_("state"), max_length=9, choices=State.choices)
    queued_at = models.DateTimeField(_("in line since"), default=timezone.now)
    offered_until = models.DateTimeField(_("offered until"), null=True, blank=True)
    # While waiting: whether the places in the way are given up by itself, or only with the offer that is then made.
    exchange = models.CharField(
        _("when it is their turn"),
        max_length=4,
        choices=Exchange.choices,
        default=Exchange.ASK,
        db_default=Exchange.ASK.value,
    )
    # What it was before a change of the programme took it: before it became an offer, lost its place to a smaller room,
    # or its session was taken off the programme or moved to where its time was over. Empty otherwise. When what brought
    # that about ends, the person has this again (invariant 12). The database takes it away where they have the place.
    stood_as = models.CharField(max_length=9, blank=True, default="", db_default="", editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Copied from Seats by the database with every write; never set here.
    during = DateTimeRangeField(null=True, editable=False)
    exclusive = models.BooleanField(default=True, editable=False)
    room = models.ForeignKey(Room, models.PROTECT, null=True, editable=False, related_name="+")
    title = models.TextField(blank=True, editable=False)
    online_url = models.TextField(blank=True, editable=False)
    room_name = models.TextField(blank=True, editable=False)
    venue = models.TextField(blank=True, editable=False)
    # RFC 5545 3.8.7.4; raised by the database.
    sequence = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    # Left because the waiting line closed before its turn came. Whatever else becomes of the row takes the mark away,
    # in the database.
    line_closed = models.BooleanField(default=False, db_default=False, editable=False)
    # Entered by an organizer, which is possible after sign-up has closed. The database takes the mark away with the
    # place.
    by_hand = models.BooleanField(default=False, db_default=False, editable=False)

    objects = SignUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")
        constraints = [
            models.UniqueConstraint(fields=["registration", "session"], name="one_signup_per_registration_and_session"),
            models.CheckConstraint(
                condition=Q(state__in=["confirmed", "waiting", "offered", "left"]), name="signup_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="offered", offered_until__isnull=False)
                | (~Q(state="offered") & Q(offered_until__isnull=True)),
                name="only_an_offered_place_has_a_deadline",
            ),
            models.CheckConstraint(condition=Q(exchange__in=["ask", "swap"]), name="signup_exchange_is_known"),
            models.CheckConstraint(
                condition=Q(stood_as__in=["", "confirmed", "waiting", "offered"]), name="signup_stood_as_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(during__isnull=False), name="confirmed_signup_has_a_time"
            ),
            ExclusionConstraint(
                name="nobody_is_confirmed_in_two_places_at_once",
                expressions=[("registration", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(state="confirmed", exclusive=True),
                # Checked at the end of each statement: one UPDATE may let two sessions exchange their times.
                deferrable=models.Deferrable.IMMEDIATE,
                violation_error_message=_("This overlaps a session you already have a place in."),
            ),
        ]
        indexes = [
            models.Index(fields=["session", "queued_at", "id"], name="waiting_line", condition=Q(state="waiting")),
            models.Index(fields=["offered_until"], name="offers_by_deadline", condition=Q(state="offered")),
            models.Index(
                fields=["registration"], name="waits_that_swap", condition=Q(state="waiting", exchange="swap")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} / {self.session_id} / {self.state}"

    @property
    def called_off(self) -> bool:
        """Left because the session does not take place, while they held a place: calendars show it as cancelled."""
        return self.state == self.State.LEFT and self.stood_as == self.State.CONFIRMED
