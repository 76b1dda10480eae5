"""Places: rooms, what they hold and have, and the smaller rooms a combined room is joined from."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from schedule.models.conference import Conference
from schedule.models.imports.keys import import_key, one_row_a_key
from schedule.validators import code_validator
from schedule.vocabulary.limits import MOST_COUNTED
from values.fields import I18nLineField, LineField, LinesArrayField


class Room(models.Model):
    """A place with capacity and features. A combined room occupies its parts."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="rooms")
    code = LineField(_("code"), max_length=40, validators=[code_validator])
    name = I18nLineField(_("name"), max_length=200)
    capacity = models.PositiveIntegerField(_("seats"), validators=[MaxValueValidator(MOST_COUNTED)])
    features = LinesArrayField(LineField(max_length=60), verbose_name=_("features"), default=list, blank=True)
    distance_group = LineField(_("floor or building"), max_length=60, blank=True)
    allows_parallel_use = models.BooleanField(_("several sessions at once"), default=False)
    breaks_only = models.BooleanField(_("breaks only"), default=False)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    parts: models.ManyToManyField[Room, RoomPart] = models.ManyToManyField(
        "self", through="RoomPart", symmetrical=False, related_name="joined_rooms", through_fields=("room", "part")
    )
    import_key = import_key()

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ("position", "code")
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "code"],
                name="room_code_is_unique_in_its_conference",
                violation_error_message=_("There is a room with this code."),
            ),
            one_row_a_key("room_has_its_import_key_alone"),
        ]

    def __str__(self) -> str:
        return str(self.name)


class RoomPart(models.Model):
    """`part` is taken while `room` is in use, and the other way round."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="part_links")
    part = models.ForeignKey(Room, models.CASCADE, related_name="whole_links")

    class Meta:
        verbose_name = _("part of a room")
        verbose_name_plural = _("parts of rooms")
        constraints = [
            models.UniqueConstraint(fields=["room", "part"], name="room_part_is_named_once"),
            models.CheckConstraint(condition=~Q(room=F("part")), name="room_is_not_its_own_part"),
        ]

    def __str__(self) -> str:
        return f"{self.room_id} > {self.part_id}"
