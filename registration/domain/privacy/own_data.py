"""A copy of all that is known of somebody, for themselves. What mails were sent stands with the notifications."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from registration.domain.privacy.browsers import browsers_of
from registration.domain.privacy.long_over import kept_until
from registration.models import Interest, Participant, Registration, SignUp

# What a registration says about its owner, by column; the keys of the copy are the same.
_ANSWERS = (
    "display_name", "latin_name", "affiliation", "country", "language", "interpretation", "access_needs",
    "access_note", "diet", "invites_by_mail", "calendar_chosen", "announcements_by_mail", "updates", "zone_name",
    "agenda_reminder", "reminder_minutes", "consents",
)  # fmt: skip


def own_data(participant: Participant, *, now: datetime) -> dict[str, Any]:
    """Everything in the tables of registration, as JSON can hold it; times are ISO 8601 in UTC. Five queries."""
    theirs = Registration.objects.for_participant(participant).select_related("conference").order_by("pk")
    registrations = list(theirs)
    until = kept_until(registrations)
    wishes: dict[int, list[dict[str, Any]]] = {}
    for wish in Interest.objects.filter(registration__participant=participant).select_related("session"):
        row = {"rank": wish.rank, "session": wish.session.code, "title": str(wish.session.title)}
        wishes.setdefault(wish.registration_id, []).append(row)
    places: dict[int, list[dict[str, Any]]] = {}
    for place in SignUp.objects.filter(registration__participant=participant).select_related("session").order_by("pk"):
        places.setdefault(place.registration_id, []).append(
            {
                "session": place.session.code,
                "title": str(place.session.title),
                "state": place.state,
                "in_line_since": _time(place.queued_at),
                "offered_until": _time(place.offered_until),
                "when_it_is_my_turn": place.exchange,
                "entered_by_an_organizer": place.by_hand,
                "signed_up_at": _time(place.created_at),
                "changed_at": _time(place.changed_at),
                "starts": _time(place.during.lower if place.during else None),
                "ends": _time(place.during.upper if place.during else None),
            }
        )
    return {
        "email": participant.email,
        "language": participant.language,
        "address_proved_at": _time(participant.verified_at),
        "known_since": _time(participant.created_at),
        "kept_until": until.isoformat() if until else None,
        "registrations": [
            {
                "conference": registration.conference.slug,
                "name": str(registration.conference.name),
                "state": registration.state,
                **{name: getattr(registration, name) for name in _ANSWERS},
                "agreed_at": _time(registration.consented_at),
                "created_at": _time(registration.created_at),
                "confirmed_at": _time(registration.confirmed_at),
                "in_line_since": _time(registration.queued_at),
                "looked_at": _time(registration.looked_at),
                "wishes": wishes.get(registration.pk, []),
                "places": places.get(registration.pk, []),
            }
            for registration in registrations
        ],
        "links": [
            {
                "asked_at": _time(link.created_at),
                "valid_until": _time(link.expires_at),
                "used_at": _time(link.used_at),
                "leads_to": link.next_path,
                "new_address": link.new_address,
                "former_address": link.former_address,
                "typed": link.answers,
            }
            for link in participant.magic_links.order_by("pk")
        ],
        "browsers": [
            {"browser": browser.name, "signed_in_at": _time(browser.signed_in_at)}
            for browser in browsers_of(participant, now=now)
        ],
    }


def _time(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
