"""What people agree to: each agreement belongs to what it is about, wherever that is saved, and names the version of
the text that was agreed to. The database keeps no access needs and no meals without theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from registration.models import Registration
from registration.privacy_facts import ConsentsChanged
from schedule.models import Conference, ConferenceText


class Purpose(StrEnum):
    """What an agreement is about; the keys of `Registration.consents`."""

    PRIVACY = "privacy"
    CONDUCT = "conduct"
    ACCESS = "access"
    MEALS = "meals"


# The text that says what is done with it.
TEXT_OF: Mapping[Purpose, str] = {
    Purpose.PRIVACY: ConferenceText.Kind.PRIVACY.value,
    Purpose.CONDUCT: ConferenceText.Kind.CONDUCT.value,
    Purpose.ACCESS: ConferenceText.Kind.PRIVACY.value,
    Purpose.MEALS: ConferenceText.Kind.PRIVACY.value,
}
# By purpose, when it was agreed to and which version said what; as `Registration.consents` holds it.
Agreements = Mapping[str, Mapping[str, Any]]


class ConsentMissing(Exception):
    """Something was to be kept that nobody has agreed to. `purposes` says what."""

    def __init__(self, purposes: Collection[Purpose]) -> None:
        super().__init__(", ".join(purposes))
        self.purposes = tuple(purposes)


def needed(conference: Conference, *, access: bool, meals: bool) -> tuple[Purpose, ...]:
    """What must be agreed to before these answers are kept. No code of conduct where there is none. No query."""
    asked = {
        Purpose.PRIVACY: True,
        Purpose.ACCESS: access,
        Purpose.MEALS: meals,
        Purpose.CONDUCT: TEXT_OF[Purpose.CONDUCT] in conference.published_texts,
    }
    return tuple(purpose for purpose, is_asked in asked.items() if is_asked)


def agree(purposes: Iterable[Purpose], versions: Mapping[str, int], *, now: datetime) -> dict[str, dict[str, Any]]:
    """Agreements given now. `versions` are the numbers of the texts that were shown, by kind."""
    return {
        purpose.value: {"at": now.isoformat(), "version": versions.get(TEXT_OF[purpose], 0)} for purpose in purposes
    }


def keep(registration: Registration, agreed: Agreements, *, access: bool, meals: bool) -> ConsentsChanged | None:
    """Set the agreements of a registration: those given now, those it has, and none to what it has no answers for.

    The caller saves `consents` and `consented_at` and records the fact, if there is one. Raises `ConsentMissing` for
    answers that nobody has agreed to.
    """
    had: dict[str, Any] = registration.consents
    holds = {Purpose.ACCESS.value: access, Purpose.MEALS.value: meals}
    kept = {purpose: one for purpose, one in {**had, **agreed}.items() if holds.get(purpose, True)}
    missing = [Purpose(purpose) for purpose, is_held in holds.items() if is_held and purpose not in kept]
    if missing:
        raise ConsentMissing(missing)
    given = {purpose: int(one["version"]) for purpose, one in kept.items() if had.get(purpose) != one}
    withdrawn = tuple(sorted(purpose for purpose in had if purpose not in kept))
    registration.consents = kept
    if Purpose.PRIVACY.value in agreed:
        registration.consented_at = datetime.fromisoformat(agreed[Purpose.PRIVACY.value]["at"])
    if not given and not withdrawn:
        return None
    return ConsentsChanged(
        conference_id=registration.conference_id, subject_id=registration.pk, given=given, withdrawn=withdrawn
    )
