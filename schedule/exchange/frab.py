"""What the two programme formats of the frab family share (c3voc's JSON schema and XML schema, read by schedule apps).

Both take one language per file. Neither has a place for hosts or interpretation, which matter to those who come, so
these stand in the description.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import override

from schedule.exchange.published import PublishedProgramme, PublishedSession

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


def description(session: PublishedSession, language: str) -> str:
    """Hosts and access, one line each."""
    with override(language):
        lines = [
            (_("Hosts"), ", ".join(host.in_language(language) for host in session.hosts)),
            (_("Interpretation"), ", ".join(session.interpretation_pairs)),
            (_("Sign language"), ", ".join(session.sign_languages)),
            (_("Captions"), ", ".join(session.caption_languages)),
        ]
        # Translators: a label and its value, such as "Hosts: City of Gwangju".
        return "\n".join(
            _("%(label)s: %(value)s") % {"label": label, "value": value} for label, value in lines if value
        )
