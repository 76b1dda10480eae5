"""Which sessions of the programme to show."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from schedule.models import Conference, ReleasedPlacement


class SessionFilter(django_filters.FilterSet):  # type: ignore[misc]  # has no types
    """By kind, day, room and language; several are combined."""

    kind = django_filters.CharFilter(field_name="session__kind__code", label=_("code of a kind of session"))
    room = django_filters.CharFilter(field_name="room__code", label=_("code of a room"))
    language = django_filters.CharFilter(method="in_language", label=_("language code spoken in the session"))
    day = django_filters.DateFilter(method="on_day", label=_("day on the conference's calendar"))

    class Meta:
        model = ReleasedPlacement
        fields = ("kind", "room", "language", "day")

    def in_language(
        self, placements: QuerySet[ReleasedPlacement], name: str, value: str
    ) -> QuerySet[ReleasedPlacement]:
        return placements.filter(session__languages__contains=[value])

    def on_day(self, placements: QuerySet[ReleasedPlacement], name: str, value: date) -> QuerySet[ReleasedPlacement]:
        """Sessions that start on this day, from midnight to midnight of the conference's clocks."""
        conference: Conference = self.request.conference
        # A day beyond what the programme can hold would have no midnight in some zone.
        if value not in conference.dates:
            return placements.none()
        midnight = datetime.combine(value, time(), conference.zone)
        tomorrow = datetime.combine(value + timedelta(days=1), time(), conference.zone)
        return placements.filter(start__gte=midnight, start__lt=tomorrow)
