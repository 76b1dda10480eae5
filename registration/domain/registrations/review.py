"""The answers of a registration, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from registration.domain.registrations.answers import ACCESS_NEEDS, DIETS, Answers, interpretation_into, wished_sessions
from registration.domain.registrations.countries import name_of
from schedule.models import Conference
from schedule.vocabulary.languages import own_name


def summary_of(conference: Conference, answers: Answers, email: str) -> list[tuple[str, str]]:
    """(term, value) for every answer that was given, in the active language. One query."""
    needs = [str(label) for code, label in ACCESS_NEEDS if code in answers.access_needs]
    wishes = [str(session.title) for session in wished_sessions(conference, answers.wishes)]
    rows = [
        (_("Name to be shown"), answers.display_name),
        (_("E-mail"), email),
        (_("Country or region"), name_of(answers.country) if answers.country else ""),
        (_("Organisation"), answers.affiliation),
        (_("Language for messages"), own_name(answers.language)),
        (_("Interpretation wanted"), interpretation_into(answers.interpretation) if answers.interpretation else ""),
        (_("Access"), ", ".join(needs)),
        (_("Other access needs"), answers.access_note),
        (_("Meals"), str(dict(DIETS)[answers.diet]) if answers.diet else ""),
        (_("Sessions you wish for"), "\n".join(f"{rank}. {title}" for rank, title in enumerate(wishes, start=1))),
    ]
    return [(term, value) for term, value in rows if value]
