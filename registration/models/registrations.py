"""A person's participation in one conference, and the sessions they wish to attend."""

from __future__ import annotations

import uuid

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journal.actors import Actor
from registration.models.participants import Participant
from schedule.models import Conference, Session
from schedule.validators import validate_timezone
from values.fields import LineField, LinesArrayField, LinesField

REGISTRATION_STATES = [
    "draft",
    "submitted",
    "under-review",
    "waitlisted",
    "accepted",
    "declined",
    "cancelled",
    "checked-in",
]


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def for_participant(self, participant: Participant) -> RegistrationQuerySet:
        return self.filter(participant=participant)

    def for_conference(self, conference: Conference) -> RegistrationQuerySet:
        return self.filter(conference=conference)

    def active(self) -> RegistrationQuerySet:
        """Registrations that may hold places."""
        return self.filter(state__in=Registration.ACTIVE)


class Registration(models.Model):
    """One participant at one conference.

    States follow the forum's registration form: draft (being filled in, address unproved), submitted, under-review,
    waitlisted, accepted, declined, cancelled, checked-in.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        UNDER_REVIEW = "under-review", _("Under review")
        WAITLISTED = "waitlisted", _("On the waiting list")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        CANCELLED = "cancelled", _("Cancelled")
        CHECKED_IN = "checked-in", _("Checked in")

    class Updates(models.TextChoices):
        """How a person is told about their places."""

        EACH = "each", _("a mail for each change")
        DIGEST = "digest", _("one mail a day")
        FEED = "feed", _("none: my calendar feed shows them")

    ACTIVE = (State.ACCEPTED, State.CHECKED_IN)
    # From these a person takes part by their own decision; the others are the organizers' to change.
    UNCONFIRMED = (State.DRAFT, State.CANCELLED)

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conference = models.ForeignKey(Conference, models.PROTECT, related_name="registrations")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="registrations")
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.DRAFT)
    display_name = LineField(_("name to be shown"), max_length=120, blank=True)
    latin_name = LineField(_("name in Latin letters for the badge"), max_length=120, blank=True)
    affiliation = LineField(_("organisation"), max_length=200, blank=True)
    country = LineField(_("country"), max_length=2, blank=True)
    language = LineField(_("language for mails"), max_length=12, default="en")
    interpretation = LineField(_("interpretation needed into"), max_length=12, blank=True)
    access_needs = LinesArrayField(LineField(max_length=40), verbose_name=_("access needs"), default=list, blank=True)
    access_note = LinesField(_("other access needs"), max_length=1000, blank=True)
    diet = LineField(_("meals"), max_length=20, blank=True)
    invites_by_mail = models.BooleanField(_("calendar invitations by mail"), default=True)
    # Whether they have said how their places reach their calendar; asked once they have one.
    calendar_chosen = models.BooleanField(default=False, editable=False)
    announcements_by_mail = models.BooleanField(_("announcements by mail"), default=True)
    updates = models.CharField(_("mails about sessions"), max_length=6, choices=Updates.choices, default=Updates.EACH)
    # Empty: the conference's.
    zone_name = LineField(_("time zone"), max_length=64, blank=True, validators=[validate_timezone])
    agenda_reminder = models.BooleanField(_("tomorrow's sessions by mail, the evening before"), default=True)
    # Empty: as the conference has it; 0: none.
    reminder_minutes = models.PositiveSmallIntegerField(
        _("minutes before a session that a reminder is mailed"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(1440)],
    )
    consented_at = models.DateTimeField(_("agreed to the privacy notice"), null=True, blank=True)
    # What else was agreed to: by purpose, when ("at", ISO 8601) and to which version of the text that says it
    # ("version"; 0 where the conference has published none). See registration.domain.privacy.consents.
    consents = models.JSONField(_("agreements"), default=dict, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    # Since when somebody is in line for a conference that is full; with CANCELLED, they were until registration closed.
    # See registration.domain.conference_line.
    queued_at = models.DateTimeField(_("in line since"), null=True, blank=True, editable=False)
    # When its owner opened their page: last, and last before that look began; see registration.domain.attending.since.
    looked_at = models.DateTimeField(null=True, editable=False)
    looked_before = models.DateTimeField(null=True, editable=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "participant"],
                name="one_registration_per_conference_and_participant",
                violation_error_message=_("This person is registered already."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=REGISTRATION_STATES),
                name="registration_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "checked-in"]) | Q(consented_at__isnull=False),
                name="registration_is_accepted_only_with_consent",
            ),
            models.CheckConstraint(
                condition=Q(access_needs=[], access_note="") | Q(consents__has_key="access"),
                name="access_needs_are_kept_only_with_consent",
                violation_error_message=_("Access needs can concern health: they are kept only with consent."),
            ),
            models.CheckConstraint(
                condition=Q(diet="") | Q(consents__has_key="meals"),
                name="meals_are_kept_only_with_consent",
                violation_error_message=_("A wish for meals can reveal belief: it is kept only with consent."),
            ),
            models.CheckConstraint(
                condition=Q(queued_at__isnull=True)
                | Q(state__in=["waitlisted", "cancelled"], consented_at__isnull=False),
                name="registration_in_line_waits_or_did",
            ),
            models.CheckConstraint(
                condition=Q(updates__in=["each", "digest", "feed"]), name="registration_updates_are_known"
            ),
        ]
        indexes = [
            models.Index(fields=["conference", "state"], name="registration_by_state"),
            models.Index(fields=["conference", "-created_at", "-id"], name="registrations_by_age"),
            models.Index(
                fields=["conference", "queued_at"],
                name="registration_in_line",
                condition=Q(queued_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or str(self.uid)

    @property
    def is_active(self) -> bool:
        return self.state in self.ACTIVE

    @property
    def actor(self) -> Actor:
        """How the journal names a participant acting on their own registration."""
        return Actor.participant(self.uid)


class Interest(models.Model):
    """A wish to attend a session; rank 1 is the dearest."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="interests")
    session = models.ForeignKey(Session, models.CASCADE, related_name="interests")
    rank = models.PositiveSmallIntegerField(_("rank"))

    class Meta:
        verbose_name = _("interest")
        verbose_name_plural = _("interests")
        ordering = ("rank",)
        constraints = [
            models.UniqueConstraint(fields=["registration", "session"], name="interest_names_a_session_once"),
            models.UniqueConstraint(
                fields=["registration", "rank"],
                name="interest_rank_is_given_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=Q(rank__gte=1), name="interest_ranks_start_at_one"),
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} #{self.rank} {self.session_id}"
