"""What the API says of the programme. Texts are objects with one entry per language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from schedule.domain.programme.closing_times import registration_times
from schedule.domain.programme.rich_text import as_text
from schedule.domain.published.values import (
    PublishedKind,
    PublishedRole,
    PublishedSession,
    PublishedText,
    PublishedTheme,
)
from schedule.models import Conference, Role, Session


@extend_schema_field(
    {"type": "object", "additionalProperties": {"type": "string"}, "example": {"en": "Hello", "ko": "안녕하세요"}}
)
class TextField(serializers.Field):
    """A text in several languages, by language code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Any) -> dict[str, str]:
        text = value.source if isinstance(value, PublishedText) else value
        data = text.data if hasattr(text, "data") else text
        if isinstance(data, dict):
            return {code: text for code, text in data.items() if text}
        return {"en": str(data)} if data else {}


class LongTextField(TextField):
    """A long text in several languages, by language code, without the markup it is written in."""

    def to_representation(self, value: Any) -> dict[str, str]:
        return {code: as_text(text) for code, text in super().to_representation(value).items()}


class ConferenceSerializer(serializers.ModelSerializer[Conference]):
    name = TextField()
    theme = TextField()
    venue = TextField()
    registration_open = serializers.SerializerMethodField(help_text="whether registration is open at this moment")
    registration_opens_at = serializers.SerializerMethodField(help_text="null: whenever the organizers open it")
    registration_closes_at = serializers.SerializerMethodField()

    class Meta:
        model = Conference
        fields = (
            "slug",
            "name",
            "theme",
            "venue",
            "timezone",
            "starts_on",
            "ends_on",
            "languages",
            "registration_open",
            "registration_opens_at",
            "registration_closes_at",
        )
        read_only_fields = fields

    def get_registration_open(self, conference: Conference) -> bool:
        return registration_times(conference, now=timezone.now()).is_open

    def get_registration_opens_at(self, conference: Conference) -> datetime | None:
        return registration_times(conference, now=timezone.now()).opens_at

    def get_registration_closes_at(self, conference: Conference) -> datetime:
        return registration_times(conference, now=timezone.now()).closes_at


class KindSerializer(serializers.Serializer[PublishedKind]):
    code = serializers.CharField(read_only=True)
    name = TextField()
    is_break = serializers.BooleanField(read_only=True)


class ThemeSerializer(serializers.Serializer[PublishedTheme]):
    code = serializers.CharField(read_only=True)
    name = TextField()


class RoleSerializer(serializers.Serializer[PublishedRole]):
    name = TextField(source="person.name")
    affiliation = serializers.CharField(source="person.affiliation", read_only=True)
    role = serializers.CharField(read_only=True)
    mode = serializers.ChoiceField(choices=Role.Mode.choices, read_only=True)


class SessionSerializer(serializers.Serializer[PublishedSession]):
    """A session where and when the newest release has it. Times carry the conference's offset.

    Of a session by invitation, and of one that was cancelled, there are title, kind, time and room; all else is empty.
    """

    code = serializers.CharField(read_only=True)
    uid = serializers.UUIDField(source="guid", read_only=True)
    state = serializers.SerializerMethodField()
    title = TextField()
    abstract = LongTextField()
    kind = KindSerializer(read_only=True)
    theme = ThemeSerializer(read_only=True, allow_null=True)
    start = serializers.SerializerMethodField()
    end = serializers.SerializerMethodField()
    room = serializers.CharField(source="room.code", read_only=True)
    room_name = TextField(source="room.name")
    languages = serializers.ListField(child=serializers.CharField(), read_only=True)
    interpretation = serializers.ListField(source="interpretation_pairs", child=serializers.CharField(), read_only=True)
    sign_languages = serializers.ListField(child=serializers.CharField(), read_only=True)
    captions = serializers.ListField(source="caption_languages", child=serializers.CharField(), read_only=True)
    signup = serializers.CharField(read_only=True)
    hosts = serializers.ListField(child=TextField(), read_only=True)
    people = RoleSerializer(source="roles", many=True, read_only=True)

    @extend_schema_field(serializers.ChoiceField(choices=Session.State.choices))
    def get_state(self, session: PublishedSession) -> str:
        return str(Session.State.CANCELLED if session.is_off else Session.State.ACCEPTED)

    @extend_schema_field({"type": "string", "format": "date-time"})
    def get_start(self, session: PublishedSession) -> str:
        return session.start.isoformat()

    @extend_schema_field({"type": "string", "format": "date-time"})
    def get_end(self, session: PublishedSession) -> str:
        return session.end.isoformat()
