"""The signed-in participant's own sign-ups."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.signups.serializers import ChangeSerializer, ConflictSerializer, SignUpRequestSerializer, SignUpSerializer
from registration.domain.registrations.access import access_registration
from registration.domain.signups import signing_up
from registration.domain.signups.queries import signups_of, with_chances
from registration.domain.signups.refusals import SignUpRefused
from registration.models import Exchange, Registration, SignUp
from schedule.models import Session


class Refused(APIException):
    """A domain refusal as an answer: 409 with its code and sentence."""

    status_code = status.HTTP_409_CONFLICT

    def __init__(self, refusal: SignUpRefused) -> None:
        super().__init__(detail=refusal.message, code=refusal.code)


class OwnSignUps(GenericAPIView[SignUp]):
    """Reaches nothing but the caller's own registration; a conference they are not registered for is not found."""

    permission_classes = (IsAuthenticated,)
    serializer_class = SignUpSerializer
    filter_backends = ()
    lookup_field = "uid"
    queryset = SignUp.objects.none()
    registration: Registration

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.registration = access_registration(request._request, self.kwargs["slug"])

    def get_queryset(self) -> QuerySet[SignUp]:
        if getattr(self, "swagger_fake_view", False):
            return SignUp.objects.none()
        return with_chances(signups_of(self.registration))

    def get_serializer_context(self) -> dict[str, Any]:
        registration = getattr(self, "registration", None)
        held = SignUp.objects.filter(registration=registration).confirmed().select_related("session").order_by("during")
        return {
            **super().get_serializer_context(),
            "conference": registration.conference if registration else None,
            # Read once, when the first sign-up asks what it would give up.
            "held": held,
        }


@extend_schema(tags=["signups"])
class SignUps(OwnSignUps):
    @extend_schema(operation_id="signups_list", responses=SignUpSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """What I hold, wait for or am offered, in order of time."""
        return self.get_paginated_response(
            self.get_serializer(self.paginate_queryset(self.get_queryset()), many=True).data
        )

    @extend_schema(
        operation_id="signups_create",
        request=SignUpRequestSerializer,
        responses={201: SignUpSerializer, 200: SignUpSerializer, 409: ConflictSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Take a place, or a place in line when the session is full. 200 when I was in it already.

        With a place at the same time: a full session is waited for and the place kept; a free place is refused
        ("clash") unless `exchange` is "swap".
        """
        asked = SignUpRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        sessions = Session.objects.for_conference(self.registration.conference).released()
        session = sessions.filter(code=asked.validated_data["session"]).first()
        if session is None:
            raise Http404
        now = timezone.now()
        try:
            signup = signing_up.sign_up(
                self.registration,
                session,
                exchange=Exchange(asked.validated_data["exchange"]),
                actor=self.registration.actor,
                now=now,
            )
        except SignUpRefused as refusal:
            raise Refused(refusal) from refusal
        body = self.get_serializer(self.get_queryset().get(pk=signup.pk)).data
        return Response(body, status=status.HTTP_201_CREATED if signup.queued_at == now else status.HTTP_200_OK)


@extend_schema(tags=["signups"])
class OneSignUp(OwnSignUps):
    @extend_schema(operation_id="signups_retrieve", responses=SignUpSerializer)
    def get(self, request: Request, slug: str, uid: str) -> Response:
        """One of my sign-ups."""
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(
        operation_id="signups_partial_update",
        request=ChangeSerializer,
        responses={200: SignUpSerializer, 409: ConflictSerializer},
    )
    def patch(self, request: Request, slug: str, uid: str) -> Response:
        """While I wait: choose what happens when my turn comes and I have another place at that time. While I am
        offered a place: take it, giving up what I have at that time; DELETE declines it.
        """
        signup = self.get_object()
        asked = ChangeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        actor, now = self.registration.actor, timezone.now()
        try:
            if (exchange := asked.validated_data.get("exchange")) is not None:
                signing_up.choose_exchange(signup, Exchange(exchange), actor=actor, now=now)
            else:
                signing_up.take_offer(signup, actor=actor, now=now)
        except SignUpRefused as refusal:
            raise Refused(refusal) from refusal
        return Response(self.get_serializer(self.get_queryset().get(pk=signup.pk)).data)

    @extend_schema(operation_id="signups_destroy", responses={204: None})
    def delete(self, request: Request, slug: str, uid: str) -> Response:
        """Give the place, the offer or the place in line back."""
        signing_up.leave(self.get_object(), actor=self.registration.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)
