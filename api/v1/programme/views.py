"""Read access to public conferences and their newest release."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.response import Response

from api.v1.programme.filters import SessionFilter
from api.v1.programme.serializers import ConferenceSerializer, SessionSerializer
from schedule.domain.access import public_conference
from schedule.domain.published.lists import placements_of, read_rows
from schedule.domain.timetables.queries import newest_release
from schedule.models import Conference, ReleasedPlacement


class Conferences(ListAPIView[Conference]):
    """Conferences whose programme is public, the newest first."""

    queryset = Conference.objects.public()
    serializer_class = ConferenceSerializer
    filter_backends = ()


class OneConference(RetrieveAPIView[Conference]):
    """One conference."""

    queryset = Conference.objects.public()
    serializer_class = ConferenceSerializer
    lookup_field = "slug"
    filter_backends = ()

    def get_object(self) -> Conference:
        return public_conference(self.kwargs["slug"])


class Sessions(ListAPIView[Any]):
    """The sessions of the newest release, in order of time. Empty before the first release."""

    serializer_class = SessionSerializer
    filterset_class = SessionFilter
    # What the schema is made from; requests are answered from `get_queryset`.
    queryset = ReleasedPlacement.objects.none()

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        request.conference = public_conference(self.kwargs["slug"])

    def get_queryset(self) -> QuerySet[ReleasedPlacement]:
        if getattr(self, "swagger_fake_view", False):
            return ReleasedPlacement.objects.none()
        release = newest_release(self.request.conference)  # type: ignore[attr-defined]  # set in initial()
        return placements_of(release) if release else ReleasedPlacement.objects.none()

    def list(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """One page, as the public sees these sessions."""
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(read_rows(request.conference, rows), many=True).data)

    @extend_schema(operation_id="sessions_list", tags=["programme"])
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """The sessions of the newest release, in order of time. Empty before the first release."""
        return super().get(request, *args, **kwargs)
