"""What mails say beyond one place: lists of sessions, appearances in the programme, and moments of the recipient."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from notifications import addresses
from notifications.mails.render_input import Letter, place_of
from notifications.rules.timing import zone_of
from notifications.wordings.mail_lists import happened
from notifications.wordings.texts import clocks, day, page_language, span, text_in
from registration.models import SignUp
from schedule.domain.programme.names import role_name
from schedule.models import Conference


def list_context(letter: Letter, conference: Conference) -> dict[str, Any]:
    """For the kinds that list sessions or speak of the conference as a whole; empty for others."""
    language = letter.language
    if letter.message.kind == "agenda_reminder":
        tomorrow = date.fromisoformat(letter.data["day"])
        return {
            "day": day(tomorrow, language),
            "lines": [_line(one, conference, letter) for one in letter.agenda],
            "zone": conference.timezone,
        }
    if letter.message.kind == "digest":
        return {"lines": [{**_line(row.signup, conference, letter), "said": happened(row.what)} for row in letter.news]}
    if letter.message.kind == "organizer_digest":
        lines = [{"title": one.title, "text": one.text, "url": addresses.absolute(one.url)} for one in letter.attention]
        home, mails_page = addresses.organizers(conference.slug), addresses.organizer_mails(conference.slug)
        return {"lines": lines, "home": home, "mails_page": mails_page}
    if letter.message.kind == "thanks":
        return {"survey": conference.survey_url}
    return {}


def _line(signup: SignUp, conference: Conference, letter: Letter) -> dict[str, str]:
    """One session of a list. Its clocks are enough where the day stands above it."""
    place, language = place_of(signup, {}), letter.language
    line = {"title": text_in(signup.session.title, language), "room": "", "when": "", "clocks": ""}
    if place:
        line["room"] = text_in(place.room, language)
        line["when"] = span(place.start, place.end, conference.zone, language)
        line["clocks"] = clocks(place.start, place.end, conference.zone)
    return line


def appearance_context(letter: Letter, conference: Conference) -> dict[str, Any]:
    """For mails to speakers and hosts: the session, in what role, and whom they may ask."""
    session = letter.session
    if session is None:
        return {}
    return {
        "session": text_in(session.title, letter.language),
        "page": addresses.session(conference.slug, session.code),
        "role": role_name(letter.data["role"]) if letter.data.get("role") else "",
        "cancelled": session.state == session.State.CANCELLED,
        "contact": conference.contact_email,
        "answer_link": addresses.invitation(UUID(letter.data["invitation"])) if letter.data.get("invitation") else "",
    }


def here(letter: Letter, conference: Conference) -> str:
    """The place's time on the recipient's own clocks, where they named a zone that differs then; else empty."""
    registration, place = letter.message.registration, letter.place
    if registration is None or place is None or not registration.zone_name:
        return ""
    zone = zone_of(conference, registration.zone_name)
    if place.start.astimezone(zone).utcoffset() == place.start.astimezone(conference.zone).utcoffset():
        return ""
    said = _("your time: %(when)s")
    return said % {"when": span(place.start, place.end, zone, page_language(letter.language))}
