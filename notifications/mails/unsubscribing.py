"""How announcements, and the survey after the conference, end: by one click in the mail program (RFC 8058), or by the
link at the foot of each. And how the calendar entries of those who appear in the programme do: by a link.
"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.utils.crypto import constant_time_compare

from notifications.rules.mail_rules import ANNOUNCEMENT
from registration.domain.registrations.tokens import TokenPurpose, token_for
from registration.models import Registration
from schedule.models import Person

# What nobody needs to take part: whoever wants no announcements gets none of these.
REFUSABLE = frozenset({ANNOUNCEMENT, "thanks"})


def unsubscribe_headers(address: str) -> dict[str, str]:
    """List-Unsubscribe (RFC 2369) and, where the site has https as RFC 8058 3.1 demands, the one click."""
    headers = {"List-Unsubscribe": f"<{address}>"}
    if settings.SITE_URL.startswith("https://"):
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def person_for(uid: UUID, token: str) -> Person | None:
    """Whose calendar entries this address ends: of whom a mail told; None for one that is none of ours. One query."""
    if not constant_time_compare(token, token_for(TokenPurpose.ENTRIES, uid)):
        return None
    return Person.objects.select_related("conference").filter(messages__uid=uid).first()


def registration_for(uid: UUID, token: str) -> Registration | None:
    """Whose announcements this address ends; None for an address that is none of ours. One query."""
    if not constant_time_compare(token, token_for(TokenPurpose.UNSUBSCRIBE, uid)):
        return None
    return Registration.objects.select_related("conference", "participant").filter(uid=uid).first()
