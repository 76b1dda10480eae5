"""What the API says of sign-ups, and what it takes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.v1.programme.serializers import TextField
from registration.domain.signups.clash import clash
from registration.models import Exchange, SignUp
from values.serializers import CodeInputField


class SignUpSerializer(serializers.ModelSerializer[SignUp]):
    """One place: confirmed, waiting or offered. Times carry the conference's offset."""

    session = serializers.CharField(source="session.code", read_only=True)
    title = TextField(source="session.title")
    position = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="1 is the first in line; null unless waiting"
    )
    waiting = serializers.SerializerMethodField(help_text="how many stand in the line; null unless waiting")
    willing = serializers.SerializerMethodField(
        help_text="how many of those with a place here wait for another session at that time; null unless waiting"
    )
    exchange = serializers.ChoiceField(
        choices=Exchange.choices,
        read_only=True,
        help_text="what happens when the turn comes of somebody who has another place at that time: "
        "asked by an offer, or swapped by itself",
    )
    gives_up = serializers.SerializerMethodField(
        help_text="codes of the sessions that having this place would give up; empty where it is had already"
    )
    offered_until = serializers.DateTimeField(read_only=True, allow_null=True)
    start = serializers.SerializerMethodField()
    end = serializers.SerializerMethodField()
    room = serializers.SerializerMethodField(help_text="code of the room")

    class Meta:
        model = SignUp
        fields = (
            "uid",
            "session",
            "title",
            "state",
            "position",
            "waiting",
            "willing",
            "exchange",
            "gives_up",
            "offered_until",
            "start",
            "end",
            "room",
        )
        read_only_fields = ("uid", "state")

    @extend_schema_field({"type": "integer", "nullable": True})
    def get_waiting(self, signup: SignUp) -> int | None:
        return vars(signup)["waiting"] if signup.state == SignUp.State.WAITING else None

    @extend_schema_field({"type": "integer", "nullable": True})
    def get_willing(self, signup: SignUp) -> int | None:
        return vars(signup)["willing"] if signup.state == SignUp.State.WAITING else None

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_gives_up(self, signup: SignUp) -> list[str]:
        if signup.state == SignUp.State.CONFIRMED:
            return []
        return [held.session.code for held in self.context["held"] if clash(held, signup)]

    @extend_schema_field({"type": "string", "format": "date-time", "nullable": True})
    def get_start(self, signup: SignUp) -> str | None:
        return self._local(signup.during.lower) if signup.during else None

    @extend_schema_field({"type": "string", "format": "date-time", "nullable": True})
    def get_end(self, signup: SignUp) -> str | None:
        return self._local(signup.during.upper) if signup.during else None

    def get_room(self, signup: SignUp) -> str | None:
        return signup.room.code if signup.room else None

    def _local(self, instant: Any) -> str:
        local: str = self.context["conference"].local(instant).isoformat()
        return local


class SignUpRequestSerializer(serializers.Serializer[Any]):
    """Which session to take a place in."""

    session = CodeInputField(max_length=40, help_text="code of the session")
    exchange = serializers.ChoiceField(
        choices=Exchange.choices,
        default=Exchange.ASK,
        help_text="what happens to places at the same time: kept until the turn comes and then asked for, or given up "
        "by itself when a place is had (at once, where one is free)",
    )


class ChangeSerializer(serializers.Serializer[Any]):
    """One of the two: the choice of somebody who waits, or the answer of somebody who is offered a place."""

    exchange = serializers.ChoiceField(
        choices=Exchange.choices,
        required=False,
        help_text="while waiting: what happens when the turn comes and another place is held at that time",
    )
    state = serializers.ChoiceField(
        choices=[SignUp.State.CONFIRMED.value],
        required=False,
        help_text="takes the place that is offered; those it gives up (`gives_up`) go to others",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            raise serializers.ValidationError(_("Give either `exchange` or `state`."))
        return attrs


class ConflictErrorSerializer(serializers.Serializer[Any]):
    code = serializers.ChoiceField(
        choices=[
            "not-on-offer",
            "by-invitation",
            "not-registered",
            "clash",
            "full",
            "not-offered",
            "gone",
            "too-often",
            "closed",
        ]
    )
    detail = serializers.CharField()
    attr = serializers.CharField(allow_null=True)


class ConflictSerializer(serializers.Serializer[Any]):
    """The rules do not allow it; nothing was changed."""

    type = serializers.ChoiceField(choices=["client_error"])
    errors = ConflictErrorSerializer(many=True)  # type: ignore[assignment]  # a field; DRF takes it out of the class
