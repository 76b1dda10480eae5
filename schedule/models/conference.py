"""The conference itself: names, zone, days, and the rules that hold for all its sessions."""

from __future__ import annotations

import uuid
import zoneinfo
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone as clock
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from accounts.queries import has_second_factor
from schedule.validators import validate_slug_is_free, validate_timezone
from schedule.vocabulary.limits import LONGEST_GAP, LONGEST_GATHERING, LONGEST_OFFER, MOST_AT_ONCE, MOST_COUNTED
from values.fields import (
    I18nLineField,
    I18nLinesField,
    LineField,
    LinesArrayField,
    SenderAddressField,
    WebAddressField,
)
from values.instants import midnight
from values.validators import validate_day

if TYPE_CHECKING:
    from accounts.models import User


# As many as its pages can show; between the first and the last.
MOST_DAYS = 60
LONGEST = _("A conference lasts at most %(days)d days.")
# Four weeks: what closes earlier is closed by hand.
LONGEST_LEAD = 40320


class ConferenceQuerySet(models.QuerySet["Conference"]):
    def for_user(self, user: User) -> ConferenceQuerySet:
        """Conferences of the teams this organizer belongs to; a superuser sees all.

        None of a team that asks for a second factor, as long as the account has none: see `awaiting_second_factor`.
        """
        asks = Q(team__requires_second_factor=True)
        return self._whoever(user).filter(~asks | has_second_factor(user))

    def awaiting_second_factor(self, user: User) -> ConferenceQuerySet:
        """Conferences this organizer would reach with a second factor."""
        return self._whoever(user).filter(~has_second_factor(user), team__requires_second_factor=True)

    def _whoever(self, user: User) -> ConferenceQuerySet:
        return self if user.is_superuser else self.filter(team__memberships__user=user)

    def public(self) -> ConferenceQuerySet:
        """Conferences whose pages anybody may open."""
        return self.filter(is_public=True)


class Conference(models.Model):
    """One event. Its slug stands in every public address and never changes."""

    class Overlap(models.TextChoices):
        REFUSE = "refuse", _("refuse a second place at the same time")
        WARN = "warn", _("warn, but allow it")
        OFF = "off", _("allow it")

    team = models.ForeignKey(Team, models.PROTECT, related_name="conferences", null=True, blank=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(_("address"), max_length=50, unique=True, validators=[validate_slug_is_free])
    name = I18nLineField(_("name"), max_length=200)
    theme = I18nLineField(_("theme"), max_length=300, blank=True)
    venue = I18nLineField(_("venue"), max_length=300, blank=True)
    timezone = LineField(_("time zone"), max_length=64, validators=[validate_timezone])
    starts_on = models.DateField(_("first day"), validators=[validate_day])
    ends_on = models.DateField(_("last day"), validators=[validate_day])
    languages = LinesArrayField(LineField(max_length=12), verbose_name=_("languages"))
    expected_participants = models.PositiveIntegerField(
        _("expected participants"), default=0, validators=[MaxValueValidator(MOST_COUNTED)]
    )
    # Set when parts of the programme are made up; public pages and files show it.
    sample_note = I18nLineField(_("remark on sample data"), max_length=500, blank=True)
    accent = models.SlugField(_("accent colour"), max_length=20, default="indigo")
    is_public = models.BooleanField(_("public"), default=False)
    registration_open = models.BooleanField(_("registration open"), default=False)
    # Both within `registration_open`, which opens and closes by hand; see schedule.domain.programme.closing_times.
    registration_opens_at = models.DateTimeField(
        _("registration opens"), null=True, blank=True, help_text=_("Empty: as soon as registration is open.")
    )
    registration_closes_at = models.DateTimeField(
        _("registration closes"), null=True, blank=True, help_text=_("Empty: at the end of the last day.")
    )
    signup_closes_minutes = models.PositiveIntegerField(
        _("minutes before a session that its sign-up closes"),
        default=0,
        validators=[MaxValueValidator(LONGEST_LEAD)],
        help_text=_("0: when it starts. A session may have its own."),
    )
    approves_registrations = models.BooleanField(
        _("organizers decide about each registration"),
        default=False,
        help_text=_("Whoever registers then waits for your decision instead of being registered at once."),
    )
    capacity = models.PositiveIntegerField(
        _("registrations at most"), null=True, blank=True, validators=[MaxValueValidator(MOST_COUNTED)]
    )
    overlap_rule = models.CharField(
        _("two places at the same time"), max_length=6, choices=Overlap.choices, default=Overlap.REFUSE
    )
    offer_hours = models.PositiveSmallIntegerField(
        _("hours an offered place is kept"),
        default=48,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_OFFER)],
    )

    # When people are written to; what is mailed and why stands in docs/reference/messages.md.
    contact_email = SenderAddressField(_("address for questions"), blank=True)
    gather_seconds = models.PositiveSmallIntegerField(
        _("seconds a change waits before it is mailed"),
        default=30,
        validators=[MaxValueValidator(LONGEST_GATHERING)],
        help_text=_("Further changes of the same entry within this time go into the same mail."),
    )
    quiet_from = models.TimeField(_("no mails from"), null=True, blank=True)
    quiet_until = models.TimeField(_("no mails until"), null=True, blank=True)
    agenda_reminder_at = models.TimeField(
        _("time of the mail with tomorrow's sessions"), null=True, blank=True, default=time(17)
    )
    session_reminder_minutes = models.PositiveSmallIntegerField(
        _("minutes before a session that a reminder is mailed"),
        null=True,
        blank=True,
        validators=[MinValueValidator(5), MaxValueValidator(1440)],
    )
    survey_url = WebAddressField(
        _("address of the survey after the conference"),
        max_length=500,
        blank=True,
        help_text=_("Given in the mail of thanks on the day after the conference; without it there is none."),
    )

    slot_minutes = models.PositiveSmallIntegerField(
        _("time grid in minutes"), default=15, validators=[MinValueValidator(1), MaxValueValidator(LONGEST_GAP)]
    )
    room_changeover_minutes = models.PositiveSmallIntegerField(
        _("minutes between two uses of a room"), default=0, validators=[MaxValueValidator(LONGEST_GAP)]
    )
    person_gap_same_group_minutes = models.PositiveSmallIntegerField(
        _("minutes to walk within a floor"), default=0, validators=[MaxValueValidator(LONGEST_GAP)]
    )
    person_gap_other_group_minutes = models.PositiveSmallIntegerField(
        _("minutes to walk between floors"), default=0, validators=[MaxValueValidator(LONGEST_GAP)]
    )
    # The conference's own calendar entry (RFC 5545 3.8.7.4); raised by the database with name, venue and days.
    entry_sequence = models.PositiveIntegerField(default=0, editable=False)
    entry_changed_at = models.DateTimeField(default=clock.now, editable=False)
    interpreter_teams = models.PositiveSmallIntegerField(
        _("interpretation teams"), null=True, blank=True, validators=[MaxValueValidator(MOST_AT_ONCE)]
    )
    max_parallel_open_sessions = models.PositiveSmallIntegerField(
        _("open sessions at once, at most"), null=True, blank=True, validators=[MaxValueValidator(MOST_AT_ONCE)]
    )

    # Which of its texts are published (`ConferenceText.Kind`). Kept by the database, so that pages can link to them.
    published_texts = LinesArrayField(LineField(max_length=10), default=list, blank=True, editable=False)

    objects = ConferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("conference")
        verbose_name_plural = _("conferences")
        ordering = ("-starts_on", "slug")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="conference_ends_after_it_starts",
                violation_error_message=_("The last day must not be before the first."),
            ),
            models.CheckConstraint(
                # A comparison with nothing is neither true nor false, and passes.
                condition=Q(registration_closes_at__gt=F("registration_opens_at")),
                name="registration_closes_after_it_opens",
                violation_error_message=_("Registration must close after it opens."),
            ),
            models.CheckConstraint(
                condition=Q(registration_open=False)
                | (
                    Q(published_texts__contains=["privacy"])
                    & (Q(published_texts__contains=["contact"]) | ~Q(contact_email=""))
                ),
                name="registration_opens_with_privacy_notice_and_contact",
                violation_error_message=_(
                    "Registration cannot open before the conference has a privacy notice and a contact. Publish both "
                    "among its texts first; an address for questions is a contact too."
                ),
            ),
            models.CheckConstraint(condition=Q(slot_minutes__gte=1), name="conference_grid_is_at_least_a_minute"),
            models.CheckConstraint(
                condition=Q(overlap_rule__in=["refuse", "warn", "off"]), name="conference_overlap_rule_is_known"
            ),
            models.CheckConstraint(condition=Q(languages__len__gte=1), name="conference_has_a_language"),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="conference_quiet_hours_have_both_ends",
                violation_error_message=_("Give both ends of the quiet hours, or neither."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @cached_property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.timezone)

    def clean(self) -> None:
        """Registration that opened only after the last day would never be open: it would be promised in vain."""
        super().clean()
        if self.starts_on and self.ends_on and (self.ends_on - self.starts_on).days > MOST_DAYS:
            raise ValidationError({"ends_on": LONGEST % {"days": MOST_DAYS}})
        opens, known = self.registration_opens_at, self.timezone in zoneinfo.available_timezones()
        if opens is None or self.ends_on is None or not known:
            return
        if opens >= midnight(self.ends_on + timedelta(days=1), self.zone):
            raise ValidationError(_("Registration must open before the conference ends."))

    @property
    def origin(self) -> datetime:
        """The first instant of the first day: minute 0 of this conference's timetables."""
        return midnight(self.starts_on, self.zone)

    @property
    def dates(self) -> list[date]:
        return [self.starts_on + timedelta(days=n) for n in range((self.ends_on - self.starts_on).days + 1)]

    @property
    def linked_texts(self) -> list[ConferenceText.Kind]:
        """The texts that have a page, in the order in which pages link to them. An address for questions makes one."""
        has_contact = [ConferenceText.Kind.CONTACT.value] if self.contact_email else []
        there = {*self.published_texts, *has_contact}
        return [kind for kind in ConferenceText.Kind if kind.value in there]

    def local(self, instant: datetime) -> datetime:
        """The same instant on this conference's clocks."""
        return instant.astimezone(self.zone)


class ConferenceText(models.Model):
    """One version of one text that the conference publishes about itself. Versions are never changed: people agreed to
    them (`Registration.consents` holds the number).
    """

    class Kind(models.TextChoices):
        """In the order in which pages link to them. The values stand in addresses."""

        PRIVACY = "privacy", _("Privacy notice")
        CONDUCT = "conduct", _("Code of conduct")
        CONTACT = "contact", _("Contact")
        IMPRINT = "imprint", _("Imprint")

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="texts")
    kind = models.CharField(_("text"), max_length=10, choices=Kind.choices)
    version = models.PositiveIntegerField(_("version"))
    # Markdown, in the conference's languages.
    body = I18nLinesField(_("wording"))
    published_at = models.DateTimeField(_("published at"), default=clock.now)

    class Meta:
        verbose_name = _("text of the conference")
        verbose_name_plural = _("texts of the conference")
        ordering = ("kind", "-version")
        constraints = [
            models.UniqueConstraint(fields=["conference", "kind", "version"], name="one_text_per_kind_and_version"),
            models.CheckConstraint(
                condition=Q(kind__in=["privacy", "conduct", "contact", "imprint"]), name="conference_text_kind_is_known"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="conference_text_versions_start_at_one"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.version}"


class Day(models.Model):
    """The opening hours of one day. A window may end after midnight."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="days")
    date = models.DateField(_("date"), validators=[validate_day])
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    core_from = models.DateTimeField(
        _("core hours from"),
        null=True,
        blank=True,
        help_text=_("Sessions outside the core hours are allowed; the scheduler avoids them."),
    )
    core_until = models.DateTimeField(_("core hours until"), null=True, blank=True)

    class Meta:
        verbose_name = _("day")
        verbose_name_plural = _("days")
        ordering = ("opens_at",)
        constraints = [
            models.UniqueConstraint(fields=["conference", "date"], name="one_window_per_day"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="day_closes_after_it_opens",
                violation_error_message=_("The end must be after the start."),
            ),
            models.CheckConstraint(
                condition=Q(core_from__isnull=True, core_until__isnull=True)
                | Q(
                    # A comparison with nothing is neither true nor false, and passes.
                    core_from__isnull=False,
                    core_until__isnull=False,
                    core_from__gte=F("opens_at"),
                    core_until__gt=F("core_from"),
                    core_until__lte=F("closes_at"),
                ),
                name="core_hours_lie_in_their_day",
                violation_error_message=_("Core hours have both ends, and lie between opening and closing."),
            ),
            ExclusionConstraint(
                name="days_of_a_conference_do_not_overlap",
                expressions=[
                    ("conference", RangeOperators.EQUAL),
                    # Half-open, as every interval here.
                    (Func("opens_at", "closes_at", function="tstzrange"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("The hours of two days overlap."),
            ),
        ]

    def __str__(self) -> str:
        return self.date.isoformat()
