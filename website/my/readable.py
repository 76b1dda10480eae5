"""The copy of somebody's data as they read it: the same as the file says, in words instead of codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from registration.domain.registrations.answers import Answers, answers_of
from registration.domain.registrations.review import summary_of
from registration.models import MagicLink, Participant, Registration, SignUp
from registration.privacy_facts import agreements_in_words

Rows = list[tuple[str, str]]


@dataclass(frozen=True)
class ReadableRegistration:
    """What is known of somebody at one conference: answers, state and agreements; places; what waits in mailed links
    to be confirmed.
    """

    name: str
    answers: Rows
    places: list[SignUp]
    waiting: list[Rows]


def readable_registrations(participant: Participant) -> list[ReadableRegistration]:
    """Six queries for each conference."""
    found = Registration.objects.for_participant(participant).select_related("conference", "participant")
    return [_readable(registration) for registration in found.order_by("pk")]


def _readable(registration: Registration) -> ReadableRegistration:
    conference = registration.conference
    # The address stands above all of them.
    answers = summary_of(conference, answers_of(registration), email="")
    more = [
        (_("Name in Latin letters for the badge"), registration.latin_name),
        (_("State"), registration.get_state_display()),
        (_("Agreed to"), agreements_in_words(_versions(registration.consents))),
        (_("Mails about your sessions"), registration.get_updates_display()),
        (_("Your time zone"), registration.zone_name),
    ]
    typed = MagicLink.objects.filter(registration=registration).exclude(answers={}).order_by("pk")
    places = SignUp.objects.filter(registration=registration).select_related("session").order_by("pk")
    return ReadableRegistration(
        str(conference.name),
        [*answers, *((term, value) for term, value in more if value)],
        list(places),
        [summary_of(conference, Answers.from_data(link.answers), email="") for link in typed],
    )


def _versions(consents: Mapping[str, Any]) -> dict[str, int]:
    return {purpose: int(one["version"]) for purpose, one in consents.items()}
