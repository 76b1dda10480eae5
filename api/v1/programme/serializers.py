"""What the API says of the programme. Texts are objects with one entry per language."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from schedule.domain.programme.rich_text import as_text
from schedule.models import Conference, Kind, ReleasedPlacement, Role, Session


@extend_schema_field(
    {"type": "object", "additionalProperties": {"type": "string"}, "example": {"en": "Hello", "ko": "안녕하세요"}}
)
class TextField(serializers.Field):
    """A text in several languages, by language code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Any) -> dict[str, str]:
        data = value.data if hasattr(value, "data") else value
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
        )
        read_only_fields = fields


class KindSerializer(serializers.ModelSerializer[Kind]):
    name = TextField()

    class Meta:
        model = Kind
        fields = ("code", "name", "is_break")
        read_only_fields = fields


class RoleSerializer(serializers.ModelSerializer[Role]):
    name = TextField(source="person.name")
    affiliation = serializers.CharField(source="person.affiliation", read_only=True)

    class Meta:
        model = Role
        fields = ("name", "affiliation", "role", "mode")
        read_only_fields = fields


class SessionSerializer(serializers.ModelSerializer[ReleasedPlacement]):
    """A session where and when the newest release has it. Times carry the conference's offset."""

    code = serializers.CharField(source="session.code", read_only=True)
    uid = serializers.UUIDField(source="session.uid", read_only=True)
    state = serializers.ChoiceField(source="session.state", choices=Session.State.choices, read_only=True)
    title = TextField(source="session.title")
    abstract = LongTextField(source="session.abstract")
    kind = KindSerializer(source="session.kind", read_only=True)
    start = serializers.SerializerMethodField()
    end = serializers.SerializerMethodField()
    room = serializers.CharField(source="room.code", read_only=True)
    room_name = TextField(source="room.name")
    languages = serializers.ListField(source="session.languages", child=serializers.CharField(), read_only=True)
    interpretation = serializers.ListField(
        source="session.interpretation_pairs", child=serializers.CharField(), read_only=True
    )
    sign_languages = serializers.ListField(
        source="session.sign_languages", child=serializers.CharField(), read_only=True
    )
    captions = serializers.ListField(source="session.caption_languages", child=serializers.CharField(), read_only=True)
    signup = serializers.CharField(source="session.signup", read_only=True)
    hosts = serializers.SerializerMethodField()
    people = serializers.SerializerMethodField()

    class Meta:
        model = ReleasedPlacement
        fields = (
            "code",
            "uid",
            "state",
            "title",
            "abstract",
            "kind",
            "start",
            "end",
            "room",
            "room_name",
            "languages",
            "interpretation",
            "sign_languages",
            "captions",
            "signup",
            "hosts",
            "people",
        )

    def _local(self, instant: Any) -> str:
        conference: Conference = self.context["conference"]
        return conference.local(instant).isoformat()

    @extend_schema_field({"type": "string", "format": "date-time"})
    def get_start(self, placement: ReleasedPlacement) -> str:
        return self._local(placement.start)

    @extend_schema_field({"type": "string", "format": "date-time"})
    def get_end(self, placement: ReleasedPlacement) -> str:
        return self._local(placement.end)

    @extend_schema_field(serializers.ListSerializer(child=TextField()))
    def get_hosts(self, placement: ReleasedPlacement) -> list[dict[str, str]]:
        text = TextField()
        return [text.to_representation(link.body.name) for link in placement.session.host_links.all()]

    @extend_schema_field(RoleSerializer(many=True))
    def get_people(self, placement: ReleasedPlacement) -> Any:
        """Roles that are still without a person are not shown."""
        named = [role for role in placement.session.roles.all() if role.person_id is not None]
        return RoleSerializer(named, many=True).data
