"""Read access to public conferences and their newest release."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView, RetrieveAPIView

from api.v1.programme.filters import SessionFilter
from api.v1.programme.serializers import ConferenceSerializer, SessionSerializer
from schedule.domain.access import public_conference
from schedule.domain.timetables.queries import newest_release
from schedule.models import Conference, ReleasedPlacement, Role


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


class Sessions(ListAPIView[ReleasedPlacement]):
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
        if release is None:
            return ReleasedPlacement.objects.none()
        named = Prefetch("session__roles", Role.objects.select_related("person"))
        return (
            ReleasedPlacement.objects.filter(release=release)
            .select_related("session__kind", "room")
            .prefetch_related(named, "session__host_links__body")
            .order_by("start", "room__position", "session__code")
        )

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "conference": getattr(self.request, "conference", None)}

    @extend_schema(operation_id="sessions_list", tags=["programme"])
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """The sessions of the newest release, in order of time. Empty before the first release."""
        return super().get(request, *args, **kwargs)
