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


class Draft(models.Model):
    """A named timetable being worked on. `version` rises with every change, so two editors notice each other."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="drafts")
    name = LineField(_("name"), max_length=120)
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # How a solver's draft came about: seed, seconds, objective, terms, bound.
    origin = models.JSONField(default=dict, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ("-created_at",)
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
