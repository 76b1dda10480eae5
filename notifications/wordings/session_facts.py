"""What a calendar entry says of a session besides time and place: who, in which languages, and where to read on."""

from __future__ import annotations

from functools import lru_cache

from django.utils import translation
from django.utils.translation import gettext as _

from notifications.wordings.texts import page_language, text_in, text_of
from schedule.domain.programme.rich_text import as_text
from schedule.domain.published.values import PublishedSession
from schedule.vocabulary.languages import language_name

# Abstracts are cut here, so that the feed of a thousand sessions stays below what calendars import.
MAX_ABSTRACT = 400


def description_of(session: PublishedSession, language: str) -> str:
    """What it is about, without markup, and who is in it, as far as its reader may know that. No query."""
    text = as_text(text_of(session.abstract.source, language))
    text = text if len(text) <= MAX_ABSTRACT else text[:MAX_ABSTRACT].rstrip() + "…"
    return "\n\n".join(filter(None, (text, session_facts(session, language))))


def session_facts(session: PublishedSession, language: str) -> str:
    """Speakers, hosts, languages and the page's address, a line each; only what its reader may know of it.

    In the words of `language`. No query.
    """
    people, hosts, spoken = _labels(language)
    lines = []
    if session.roles:
        lines.append(people % ", ".join([text_in(one.name.source, language) for one in session.people]))
    if session.hosts:
        lines.append(hosts % ", ".join([text_in(one.source, language) for one in session.hosts]))
    if session.languages:
        lines.append(spoken % _names(session.languages, language))
    return "\n".join([*lines, session.url])


# Kept, as a calendar says them a thousand times, and switching languages takes longer than all else.
@lru_cache(maxsize=32)
def _labels(language: str) -> tuple[str, str, str]:
    with translation.override(page_language(language)):
        return _("With: %s"), _("Hosted by: %s"), _("Language: %s")


@lru_cache(maxsize=512)
def _names(codes: tuple[str, ...], language: str) -> str:
    with translation.override(page_language(language)):
        return ", ".join(language_name(code) for code in codes)
