"""What the two programme formats of the frab family share (c3voc's JSON schema and XML schema, read by schedule apps).

Both take one language per file. Neither has a place for hosts or interpretation, which matter to those who come, so
these stand in the description.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from schedule.domain.programme.names import interpretation_name, sign_language_name
from schedule.domain.published.programme import PublishedProgramme
from schedule.domain.published.values import PublishedSession
from schedule.vocabulary.languages import language_name

GENERATOR = "Plenary"


def acronym(programme: PublishedProgramme) -> str:
    """The slug as both schemas take it: no hyphens (JSON), at least four characters."""
    return programme.slug.lower().replace("-", "").ljust(4, "_")


def slug(programme: PublishedProgramme, session: PublishedSession) -> str:
    """Unique within the file: codes may differ in their case only, and the schemas want small letters."""
    return f"{acronym(programme)}-{session.code.lower()}-{session.guid.hex[:6]}"


def clock(minutes: int) -> str:
    """A length as hours:minutes."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def languages(session: PublishedSession) -> str:
    """Several languages of one session in their order: "ko, en"."""
    return ", ".join(session.languages)


def track(session: PublishedSession, language: str) -> str:
    """The session's theme; where everybody is shown none, its kind, so that apps which colour by track still can."""
    return (session.theme.name if session.theme else session.kind.name).in_language(language)


def description(session: PublishedSession, language: str) -> str:
    """Hosts and access, one line each, in words."""
    with override(language):
        return _described(session, language)


def _described(session: PublishedSession, language: str) -> str:
    values = (
        (gettext_noop("Hosts"), [host.in_language(language) for host in session.hosts]),
        (gettext_noop("Interpretation"), [interpretation_name(pair) for pair in session.interpretation_pairs]),
        (gettext_noop("Sign language"), [sign_language_name(code) for code in session.sign_languages]),
        (gettext_noop("Captions"), [language_name(code) for code in session.caption_languages]),
    )
    return "\n".join(f"{_(label)}: {', '.join(value)}" for label, value in values if value)
