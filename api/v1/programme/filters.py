"""Which sessions of the programme to show."""

from __future__ import annotations

from datetime import date

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from schedule.domain.programme.days import programme_days, starting_in
from schedule.domain.published.disclosure import with_open_details
from schedule.models import Conference, ReleasedPlacement


class SessionFilter(django_filters.FilterSet):  # type: ignore[misc]  # has no types
    """By kind, theme, day, room and language; several are combined.

    Theme and language are details: they find only sessions that show them to everybody.
    """

    kind = django_filters.CharFilter(field_name="session__kind__code", label=_("code of a kind of session"))
    theme = django_filters.CharFilter(method="with_theme", label=_("code of a theme"))
    room = django_filters.CharFilter(field_name="room__code", label=_("code of a room"))
    language = django_filters.CharFilter(method="in_language", label=_("language code spoken in the session"))
    day = django_filters.DateFilter(method="on_day", label=_("day of the programme, which may end after midnight"))

    class Meta:
        model = ReleasedPlacement
        fields = ("kind", "theme", "room", "language", "day")

    def with_theme(self, placements: QuerySet[ReleasedPlacement], name: str, value: str) -> QuerySet[ReleasedPlacement]:
        return placements.filter(with_open_details(), session__theme__code=value)

    def in_language(
        self, placements: QuerySet[ReleasedPlacement], name: str, value: str
    ) -> QuerySet[ReleasedPlacement]:
        return placements.filter(with_open_details(), session__languages__contains=[value])

    def on_day(self, placements: QuerySet[ReleasedPlacement], name: str, value: date) -> QuerySet[ReleasedPlacement]:
        """Sessions that the programme lists under this day."""
        conference: Conference = self.request.conference
        return placements.filter(starting_in("start", programme_days(conference).stretches(value)))
