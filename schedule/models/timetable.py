"""Drafts, which are worked on, and releases, which are published and never change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schedule.models.conference import Conference
from schedule.models.rooms import Room
from schedule.models.sessions import Session
from values.fields import I18nLineField, I18nLinesField, LineField

if TYPE_CHECKING:
    from accounts.models import User


class DraftQuerySet(models.QuerySet["Draft"]):
    def for_user(self, user: User) -> DraftQuerySet:
        return self.filter(conference__in=Conference.objects.for_user(user))

    def worked_on(self) -> DraftQuerySet:
        """Those that are not put aside."""
        return self.filter(archived_at=None)


class Draft(models.Model):
    """A named timetable being worked on. `version` rises with every change of a time or room in it."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="drafts")
    name = LineField(_("name"), max_length=120)
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Since when it is put aside: it can be looked at and copied, and is changed and published no more.
    archived_at = models.DateTimeField(null=True, editable=False)
    # How a solver's draft came about: seed, seconds, objective, terms, bound.
    origin = models.JSONField(default=dict, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ("-created_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "name"],
                name="draft_name_is_unique_in_its_conference",
                violation_error_message=_("There is a draft with this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Placement(models.Model):
    """A session's start, end and room in one draft. Conflicts are allowed here; that is what drafts are for."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="placements")
    session = models.ForeignKey(Session, models.CASCADE, related_name="placements")
    room = models.ForeignKey(Room, models.PROTECT, related_name="placements")
    start = models.DateTimeField(_("start"))
    end = models.DateTimeField(_("end"))
    # The version its draft had once this was changed last, so two who move the same session notice each other.
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        ordering = ("start", "room__position", "session__code")
        constraints = [
            models.UniqueConstraint(fields=["draft", "session"], name="session_is_placed_once_in_a_draft"),
            models.CheckConstraint(
                condition=Q(end__gt=F("start")),
                name="placement_ends_after_it_starts",
                violation_error_message=_("The end must be after the start."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} @ {self.start:%Y-%m-%d %H:%M %Z}"


class DraftStep(models.Model):
    """What one person did to a draft at once: the moves that are undone, and done again, together.

    Steps are what undoing works on; what happened is told by the journal. Whoever takes a new step gives up their own
    steps that are undone.
    """

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="steps")
    actor = models.CharField(max_length=80)
    made_at = models.DateTimeField(default=timezone.now)
    # The version its draft had once this was done, undone or done again, whichever was last.
    version = models.PositiveIntegerField()
    is_undone = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("change of a draft")
        verbose_name_plural = _("changes of a draft")
        ordering = ("-version",)
        constraints = [
            models.UniqueConstraint(fields=["draft", "version"], name="one_step_of_a_draft_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} v{self.version}"


class StepMove(models.Model):
    """Where a step found a session and where it left it; without a start it had, or has, no time.

    A place with a start and no room was in a room that is gone.
    """

    step = models.ForeignKey(DraftStep, models.CASCADE, related_name="moves")
    session = models.ForeignKey(Session, models.CASCADE, related_name="+")
    old_room = models.ForeignKey(Room, models.SET_NULL, null=True, related_name="+")
    old_start = models.DateTimeField(null=True)
    old_end = models.DateTimeField(null=True)
    new_room = models.ForeignKey(Room, models.SET_NULL, null=True, related_name="+")
    new_start = models.DateTimeField(null=True)
    new_end = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("move of a session")
        verbose_name_plural = _("moves of sessions")
        ordering = ("step", "session__code")
        constraints = [
            models.UniqueConstraint(fields=["step", "session"], name="session_is_moved_once_in_a_step"),
            models.CheckConstraint(
                condition=Q(old_start__isnull=True, old_end__isnull=True, old_room__isnull=True)
                | Q(old_start__isnull=False, old_end__gt=F("old_start")),
                name="step_finds_a_session_with_start_and_end_or_neither",
            ),
            models.CheckConstraint(
                condition=Q(new_start__isnull=True, new_end__isnull=True, new_room__isnull=True)
                | Q(new_start__isnull=False, new_end__gt=F("new_start")),
                name="step_leaves_a_session_with_start_and_end_or_neither",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step_id} {self.session_id}"


class Release(models.Model):
    """An immutable, numbered, published timetable. The public sees the newest."""

    conference = models.ForeignKey(Conference, models.PROTECT, related_name="releases")
    number = models.PositiveIntegerField(_("number"))
    published_at = models.DateTimeField(_("published at"), default=timezone.now)
    note = I18nLinesField(_("note"), max_length=500, blank=True)
    # Set as the last step of publishing; from then on nothing below this release can be added or changed.
    sealed = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(fields=["conference", "number"], name="release_number_is_unique_in_its_conference"),
            models.CheckConstraint(condition=Q(number__gte=1), name="release_numbers_start_at_one"),
        ]

    def __str__(self) -> str:
        return f"{self.conference_id} #{self.number}"


class ReleasedPlacement(models.Model):
    """A session's time and room in a release, with the words it was published under.

    The database keeps rooms (with their parts) free of double use and refuses any change; see `schedule/sql/`.
    """

    release = models.ForeignKey(Release, models.PROTECT, related_name="placements")
    session = models.ForeignKey(Session, models.PROTECT, related_name="released_placements")
    room = models.ForeignKey(Room, models.PROTECT, related_name="released_placements")
    start = models.DateTimeField(_("start"))
    end = models.DateTimeField(_("end"))
    title = I18nLineField(_("title"), max_length=300)
    room_name = I18nLineField(_("room"), max_length=200)

    class Meta:
        verbose_name = _("released placement")
        verbose_name_plural = _("released placements")
        ordering = ("start", "room__position", "session__code")
        constraints = [
            models.UniqueConstraint(fields=["release", "session"], name="session_is_placed_once_in_a_release"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="released_placement_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} @ {self.start:%Y-%m-%d %H:%M %Z}"


class RoomUse(models.Model):
    """One smallest room taken by one released placement. Written by the database alone (`schedule/sql/`)."""

    placement = models.ForeignKey(ReleasedPlacement, models.PROTECT, related_name="room_uses", editable=False)
    release = models.ForeignKey(Release, models.PROTECT, related_name="+", editable=False)
    room = models.ForeignKey(Room, models.PROTECT, related_name="+", editable=False)
    during = DateTimeRangeField(editable=False)

    class Meta:
        verbose_name = _("use of a room")
        verbose_name_plural = _("uses of rooms")
        constraints = [
            ExclusionConstraint(
                name="no_room_hosts_two_sessions_at_once",
                expressions=[
                    ("release", RangeOperators.EQUAL),
                    ("room", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.room_id} {self.during}"
