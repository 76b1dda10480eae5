"""Sessions: what the programme consists of, before anything has a time or a room."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from schedule.models.conference import LONGEST_LEAD, Conference
from schedule.models.imports.keys import import_key, one_row_a_key
from schedule.models.people import Body, Person
from schedule.models.rooms import Room
from schedule.validators import code_validator
from schedule.vocabulary.limits import LONGEST_SESSION, MOST_AT_ONCE, MOST_COUNTED
from values.fields import I18nLineField, I18nLinesField, LineField, LinesArrayField, WebAddressField

if TYPE_CHECKING:
    from accounts.models import User


class SignupPolicy(models.TextChoices):
    OPEN = "open", _("open")
    LIMITED = "limited", _("limited places")
    INVITATION = "invitation", _("by invitation")


class Kind(models.Model):
    """A kind of session (plenary, thematic, break...). Kinds are data, not code."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="kinds")
    code = LineField(_("code"), max_length=40, validators=[code_validator])
    name = I18nLineField(_("name"), max_length=120)
    signup = models.CharField(_("sign-up"), max_length=10, choices=SignupPolicy.choices, default=SignupPolicy.OPEN)
    is_break = models.BooleanField(_("a break or meal"), default=False)
    max_parallel = models.PositiveSmallIntegerField(
        _("at once, at most"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_AT_ONCE)],
        help_text=_("How many sessions of this kind may run at the same time; empty for any number."),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    import_key = import_key()

    class Meta:
        verbose_name = _("kind of session")
        verbose_name_plural = _("kinds of session")
        ordering = ("position", "code")
        constraints = [
            models.UniqueConstraint(fields=["conference", "code"], name="kind_code_is_unique_in_its_conference"),
            models.CheckConstraint(condition=Q(signup__in=SignupPolicy.values), name="kind_signup_is_known"),
            models.CheckConstraint(
                condition=Q(max_parallel__isnull=True) | Q(max_parallel__gte=1), name="kind_may_run_at_least_once"
            ),
            one_row_a_key("kind_has_its_import_key_alone"),
        ]

    def __str__(self) -> str:
        return str(self.name)


class Theme(models.Model):
    """What several sessions are about. Themes are data, not code; a session has at most one."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="themes")
    code = LineField(_("code"), max_length=40, validators=[code_validator])
    name = I18nLineField(_("name"), max_length=120)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    import_key = import_key()

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ("position", "code")
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "code"],
                name="theme_code_is_unique_in_its_conference",
                violation_error_message=_("There is a theme with this code."),
            ),
            one_row_a_key("theme_has_its_import_key_alone"),
        ]

    def __str__(self) -> str:
        return str(self.name)


class SessionQuerySet(models.QuerySet["Session"]):
    def for_user(self, user: User) -> SessionQuerySet:
        return self.filter(conference__in=Conference.objects.for_user(user))

    def for_conference(self, conference: Conference) -> SessionQuerySet:
        return self.filter(conference=conference)

    def in_release(self, release_id: int) -> SessionQuerySet:
        """Sessions that have a time and a room in this release."""
        return self.filter(released_placements__release_id=release_id)

    def released(self) -> SessionQuerySet:
        """Sessions that some release had. All others are unknown to the public."""
        return self.filter(released_placements__isnull=False).distinct()

    def taking_signups(self) -> SessionQuerySet:
        """Sessions a participant may sign up for by themselves."""
        return self.filter(kind__is_break=False, state=Session.State.ACCEPTED).exclude(signup=SignupPolicy.INVITATION)


class Session(models.Model):
    """One item of the programme. `code` and `uid` are its public identity and never change."""

    class State(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        CANCELLED = "cancelled", _("cancelled")

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="sessions")
    code = LineField(_("code"), max_length=40, validators=[code_validator])
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.ForeignKey(Kind, models.PROTECT, related_name="sessions")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ACCEPTED)
    theme = models.ForeignKey(
        Theme, models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("theme")
    )
    title = I18nLineField(_("title"), max_length=300)
    abstract = I18nLinesField(
        _("abstract"),
        blank=True,
        help_text=_(
            "Markdown or HTML. An empty line begins a paragraph; **strong**, *emphasis*, "
            "[a link](https://example.org), “- ” or “1. ” before list items, “# ” before headings. "
            "Pictures are not shown; calendars and files get the text alone."
        ),
    )
    duration_minutes = models.PositiveIntegerField(
        _("minutes"), validators=[MinValueValidator(1), MaxValueValidator(LONGEST_SESSION)]
    )
    languages = LinesArrayField(LineField(max_length=12), verbose_name=_("languages"), default=list, blank=True)
    interpretation_pairs = LinesArrayField(
        LineField(max_length=24), verbose_name=_("interpretation"), default=list, blank=True
    )
    sign_languages = LinesArrayField(
        LineField(max_length=12), verbose_name=_("sign languages"), default=list, blank=True
    )
    caption_languages = LinesArrayField(LineField(max_length=12), verbose_name=_("captions"), default=list, blank=True)
    required_features = LinesArrayField(LineField(max_length=60), verbose_name=_("needs"), default=list, blank=True)
    expected_attendance = models.PositiveIntegerField(
        _("expected attendance"), default=0, validators=[MaxValueValidator(MOST_COUNTED)]
    )
    signup = models.CharField(_("sign-up"), max_length=10, choices=SignupPolicy.choices, default=SignupPolicy.OPEN)
    capacity_cap = models.PositiveIntegerField(
        _("places at most"), null=True, blank=True, validators=[MaxValueValidator(MOST_COUNTED)]
    )
    signup_closes_minutes = models.PositiveIntegerField(
        _("minutes before its start that sign-up closes"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(LONGEST_LEAD)],
        help_text=_("Empty: as the conference has it; 0: when it starts."),
    )
    held_seats = models.PositiveIntegerField(
        _("seats held back"), default=0, validators=[MaxValueValidator(MOST_COUNTED)]
    )
    # For those who have a place, and for nobody else.
    online_url = WebAddressField(
        _("address to join online"), max_length=500, blank=True, validators=[URLValidator(schemes=["http", "https"])]
    )
    fixed_start = models.DateTimeField(_("fixed start"), null=True, blank=True)
    fixed_room = models.ForeignKey(
        Room, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("fixed room")
    )
    not_before = models.DateTimeField(_("not before"), null=True, blank=True)
    not_after = models.DateTimeField(_("not after"), null=True, blank=True)
    blocks_all = models.BooleanField(_("nothing else at that time"), default=False)
    hosts: models.ManyToManyField[Body, SessionHost] = models.ManyToManyField(
        Body, through="SessionHost", related_name="sessions"
    )
    import_key = import_key()

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ("code",)
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "code"],
                name="session_code_is_unique_in_its_conference",
                violation_error_message=_("There is a session with this code."),
            ),
            models.CheckConstraint(
                condition=Q(duration_minutes__gte=1),
                name="session_lasts_at_least_a_minute",
                violation_error_message=_("A session lasts at least one minute."),
            ),
            models.CheckConstraint(condition=Q(signup__in=SignupPolicy.values), name="session_signup_is_known"),
            models.CheckConstraint(condition=Q(state__in=["accepted", "cancelled"]), name="session_state_is_known"),
            models.CheckConstraint(
                condition=Q(not_after__isnull=True) | Q(not_before__isnull=True) | Q(not_after__gt=F("not_before")),
                name="session_window_ends_after_it_starts",
                violation_error_message=_("The end must be after the start."),
            ),
            models.CheckConstraint(
                condition=Q(online_url="") | Q(online_url__regex=r"^https?://[^[:space:][:cntrl:]]+$"),
                name="session_is_joined_at_a_web_address",
                violation_error_message=_("Give an address that starts with https:// and has no blanks."),
            ),
            one_row_a_key("session_has_its_import_key_alone"),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def needs_interpreters(self) -> bool:
        return bool(self.interpretation_pairs or self.sign_languages)

    @property
    def takes_signups(self) -> bool:
        """Whether participants may sign up by themselves. Reads `self.kind`: a query if not loaded."""
        return self.signup != SignupPolicy.INVITATION and not self.kind.is_break and self.state == self.State.ACCEPTED


class SessionHost(models.Model):
    """An organisation running a session, in a set order."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="host_links")
    body = models.ForeignKey(Body, models.PROTECT, related_name="session_links")
    position = models.PositiveSmallIntegerField(default=0)
    # A host that is only assumed binds the timetable, but nothing public names it.
    is_shown = models.BooleanField(_("named on public pages"), default=True)

    class Meta:
        verbose_name = _("host")
        verbose_name_plural = _("hosts")
        ordering = ("position",)
        constraints = [models.UniqueConstraint(fields=["session", "body"], name="body_hosts_a_session_once")]

    def __str__(self) -> str:
        return f"{self.session_id} / {self.body_id}"


class Role(models.Model):
    """Who appears in a session and as what. A role may still be without a person."""

    class Mode(models.TextChoices):
        IN_PERSON = "in-person", _("in person")
        RECORDED = "recorded", _("recorded")
        REMOTE = "remote", _("online")

    session = models.ForeignKey(Session, models.CASCADE, related_name="roles")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="roles")
    role = LineField(_("role"), max_length=60)
    mode = models.CharField(_("takes part"), max_length=10, choices=Mode.choices, default=Mode.IN_PERSON)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["session", "person", "role"], name="person_has_a_role_in_a_session_once"),
            models.CheckConstraint(
                condition=Q(mode__in=["in-person", "recorded", "remote"]), name="role_mode_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} / {self.person_id} / {self.role}"


class SessionOrder(models.Model):
    """`earlier` ends before `later` starts."""

    earlier = models.ForeignKey(Session, models.CASCADE, related_name="order_after", verbose_name=_("earlier session"))
    later = models.ForeignKey(Session, models.CASCADE, related_name="order_before", verbose_name=_("later session"))

    class Meta:
        verbose_name = _("order of sessions")
        verbose_name_plural = _("orders of sessions")
        constraints = [
            models.UniqueConstraint(fields=["earlier", "later"], name="order_of_two_sessions_is_named_once"),
            models.CheckConstraint(condition=~Q(earlier=F("later")), name="session_is_not_before_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.earlier_id} < {self.later_id}"


class NotParallel(models.Model):
    """Two sessions that must not run at the same time. Kept once: `first` has the smaller key."""

    first = models.ForeignKey(Session, models.CASCADE, related_name="not_parallel_first", verbose_name=_("session"))
    second = models.ForeignKey(
        Session, models.CASCADE, related_name="not_parallel_second", verbose_name=_("not at the same time as")
    )

    class Meta:
        verbose_name = _("pair that is not parallel")
        verbose_name_plural = _("pairs that are not parallel")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="not_parallel_pair_is_named_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="not_parallel_pair_is_in_key_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} | {self.second_id}"
