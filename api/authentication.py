"""Who calls the API: the participant of this browser session."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.request import Request

from registration.domain.registrations.access import current_participant
from registration.models import Participant


class ParticipantSession(BaseAuthentication):
    """The cookie a magic link gives. Whatever is not only read needs the CSRF token as well, as on the pages."""

    def authenticate(self, request: Request) -> tuple[Participant, None] | None:
        participant = current_participant(request._request)
        if participant is None:
            return None
        SessionAuthentication().enforce_csrf(request)
        return participant, None

    def authenticate_header(self, request: Request) -> str:
        """Makes the answer to a stranger 401, not 403."""
        return "Session"


class ParticipantSessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # has no types
    """How the schema names it."""

    target_class = "api.authentication.ParticipantSession"
    name = "participantSession"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "Set by a sign-in link. Changing requests also need the header X-CSRFToken.",
        }
