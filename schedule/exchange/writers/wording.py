"""What files for people say of a session, in the language that is active."""

from __future__ import annotations

from django.utils.translation import gettext as _

from schedule.domain.programme.ends import end_in_words
from schedule.domain.programme.names import captions_name, interpretation_name, sign_language_name
from schedule.domain.published.values import PublishedSession


def span(session: PublishedSession) -> str:
    """From when until when."""
    return f"{session.start:%H:%M}–{end_in_words(session.start, session.end)}"


def about(session: PublishedSession, language: str) -> list[str]:
    """Kind, theme and how it can be followed. `language` is the one that is active."""
    return [
        session.kind.name.in_language(language),
        *([session.theme.name.in_language(language)] if session.theme else []),
        *([_("by invitation")] if session.is_by_invitation else []),
        *(_("interpretation %(name)s") % {"name": interpretation_name(pair)} for pair in session.interpretation_pairs),
        *(sign_language_name(name) for name in session.sign_languages),
        *(captions_name(name) for name in session.caption_languages),
    ]
