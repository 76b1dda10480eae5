"""Announcements in words for their organizers."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language, gettext

from notifications.models import Announcement
from notifications.wordings.own_texts import text_language
from registration.domain.registrations.countries import name_of
from registration.models import Registration, SignUp
from schedule.models import Conference
from schedule.vocabulary.languages import language_name


def subject_of(announcement: Announcement, conference: Conference) -> str:
    """Its subject as the organizer reads it: in the page's language where there is one. `conference` is its own."""
    texts: Mapping[str, Mapping[str, str]] = announcement.texts
    language = text_language(texts, get_language() or "en", conference.languages)
    return texts[language]["subject"] if language else gettext("Without a subject")


def segment_words(announcement: Announcement) -> list[tuple[str, str]]:
    """Whom it is for, as terms and values; only what narrows. One query."""
    states, places = announcement.registration_states, announcement.signup_states
    sessions = announcement.sessions.order_by("code")
    parts = [
        (gettext("State of the registration"), [str(Registration.State(one).label) for one in states]),
        (gettext("Language for mails"), [language_name(one) for one in announcement.languages]),
        (gettext("Country"), [name_of(one) for one in announcement.countries]),
        (gettext("Whose place in a session is"), [str(SignUp.State(one).label) for one in places]),
        (gettext("Sessions"), [str(session.title) for session in sessions]),
    ]
    return [(term, ", ".join(values)) for term, values in parts if values]
