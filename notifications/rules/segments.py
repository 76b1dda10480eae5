"""Whom an announcement is for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from notifications.models import Announcement
from notifications.wordings.own_texts import text_language
from registration.models import Registration, SignUp

SAMPLES = 5


def everybody_in(announcement: Announcement) -> Q:
    """Whose registration fits, whether they want announcements or not. Reads `sessions`: one query.

    A draft's address was never proved, and one that is proved is known from its participant.
    """
    fits = Q(
        conference=announcement.conference_id,
        state__in=announcement.registration_states,
        participant__verified_at__isnull=False,
    )
    if announcement.languages:
        fits &= Q(language__in=announcement.languages)
    if announcement.countries:
        fits &= Q(country__in=announcement.countries)
    sessions = list(announcement.sessions.values_list("pk", flat=True))
    if sessions or announcement.signup_states:
        places = SignUp.objects.filter(registration=OuterRef("pk"))
        places = places.filter(state__in=announcement.signup_states or [SignUp.State.CONFIRMED])
        if sessions:
            places = places.filter(session__in=sessions)
        fits &= Q(Exists(places))
    return fits


def wants_mail() -> Q:
    return Q(announcements_by_mail=True)


def is_for(announcement: Announcement, registration: Registration) -> bool:
    """Whether an announcement that is on its way may still reach this person. No query."""
    return (
        announcement.state != Announcement.State.STOPPED
        and registration.announcements_by_mail
        and registration.state in announcement.registration_states
    )


@dataclass(frozen=True)
class Audience:
    """Who would get an announcement now.

    `unwilling` fit but have turned announcements off; `languages` counts readers by the language they read mails in,
    `fallback` those among them for whom there is no text in it; `samples` are some of them.
    """

    count: int
    unwilling: int
    languages: dict[str, int]
    fallback: dict[str, tuple[str, int]]
    samples: list[Registration]


def audience_of(announcement: Announcement) -> Audience:
    """Count and show whom the announcement is for as things stand. Three queries. Reads `conference`."""
    fits = Registration.objects.filter(everybody_in(announcement))
    willing: Counter[str] = Counter()
    unwilling = 0
    rows = fits.order_by().values_list("language", "announcements_by_mail").annotate(count=Count("pk"))
    for language, wants, count in rows:
        if wants:
            willing[language] += count
        else:
            unwilling += count
    fallback = {}
    for language, count in sorted(willing.items()):
        shown = text_language(announcement.texts, language, announcement.conference.languages)
        if shown is not None and shown != language:
            fallback[language] = (shown, count)
    samples = fits.filter(wants_mail()).select_related("participant").order_by("pk")[:SAMPLES]
    return Audience(sum(willing.values()), unwilling, dict(sorted(willing.items())), fallback, list(samples))
