"""What the words of a mail are filled with, for each family of kinds: places, appearances, and lists."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from notifications import addresses
from notifications.mails.calendar_entries import location
from notifications.mails.calendar_place import place_of
from notifications.mails.changes import changes, renamings
from notifications.mails.render_input import RenderInput
from notifications.mails.unsubscribing import REFUSABLE, unsubscribe_address
from notifications.rules.timing import zone_of
from notifications.wordings.mail_lists import happened
from notifications.wordings.mail_reasons import REASONS
from notifications.wordings.texts import clocks, day, moment, one_line, span, text_in
from registration.models import SignUp
from schedule.domain.programme.names import role_name
from schedule.models import Conference

SENDER_NAME = "Plenary"


def context_of(to: RenderInput) -> dict[str, Any]:
    """All that the files and organizers' wordings of a kind may name. Our language for the reader must be active."""
    message, conference = to.message, to.message.conference
    context: dict[str, Any] = {
        "language": to.our_language,
        "name": _recipient_name(to),
        "conference": text_in(conference.name, to.language) if conference else SENDER_NAME,
        "site": settings.SITE_URL,
        "reason": to.data.get("reason", ""),
        "by": to.data.get("by", ""),
        "why": REASONS[message.kind],
        "contact": conference.contact_email if conference else "",
    }
    if link := message.magic_link:
        minutes = round((link.expires_at - link.created_at).total_seconds() / 60)
        context |= {"link": addresses.magic_link(link.uid), "minutes": minutes, "hours": minutes // 60}
    if message.registration and message.kind in REFUSABLE:
        context["unsubscribe"] = unsubscribe_address(message.registration)
    if conference is None:
        return context
    pages = addresses.pages(conference.slug)
    context |= {"programme": pages.programme, "my_page": pages.my_page, "mails_page": pages.mails_page}
    if message.signup:
        return context | _place(to, message.signup, conference)
    return context | (_appearance(to, conference) if message.person else _lists(to, conference))


def _recipient_name(to: RenderInput) -> str:
    """The name they chose; none in mails to an address that may not be theirs: it would carry a stranger's words."""
    registration, person, user = to.message.registration, to.message.person, to.message.user
    if person is not None:
        return text_in(person.name, to.language)
    if user is not None:
        return one_line(user.name)
    if registration is None or to.message.magic_link is not None:
        return ""
    return one_line(registration.display_name)


def _place(to: RenderInput, signup: SignUp, conference: Conference) -> dict[str, Any]:
    """For mails about somebody's place in a session."""
    language = to.language
    context = _time_and_room(to, conference)
    context |= {
        "session": text_in(signup.session.title, language),
        "page": addresses.session(conference.slug, signup.session.code),
        "position": to.position,
        "join": to.place.online if to.place and signup.state == SignUp.State.CONFIRMED else "",
        "join_changed": "online" in context["changed"],
    }
    if to.message.kind == "decline_asked":
        context["answer_link"] = addresses.declined_place(signup.uid)
    if signup.offered_until:
        context["until"] = moment(signup.offered_until, conference.zone, language)
    if to.clash:
        held = place_of(to.clash, {})
        context["clash"] = text_in(to.clash.session.title, language)
        context["clash_when"] = span(held.start, held.end, conference.zone, language) if held else ""
    return context


def _appearance(to: RenderInput, conference: Conference) -> dict[str, Any]:
    """For mails to speakers and hosts: the session, in what role, and whom they may ask."""
    context, session = _time_and_room(to, conference), to.message.session
    if session is not None:
        context |= {
            "session": text_in(session.title, to.language),
            "page": addresses.session(conference.slug, session.code),
            "role": role_name(to.data["role"]) if to.data.get("role") else "",
            "cancelled": session.state == session.State.CANCELLED,
            "answer_link": addresses.invitation(UUID(to.data["invitation"])) if to.data.get("invitation") else "",
        }
    return context


def _time_and_room(to: RenderInput, conference: Conference) -> dict[str, Any]:
    """When and where, what was before, and under "changed" the names of what differs."""
    place, old, language, zone = to.place, to.old, to.language, conference.zone
    context: dict[str, Any] = {"changed": changes(old, place, language) if old and place else frozenset()}
    if place:
        context["when"] = span(place.start, place.end, zone, language)
        context["room"] = text_in(place.room, language)
        context["venue"] = text_in(place.venue, language)
        registration = to.message.registration
        # On the recipient's own clocks too, where they named a zone that differs then.
        if registration and registration.zone_name:
            theirs = zone_of(conference, registration.zone_name)
            if place.start.astimezone(theirs).utcoffset() != place.start.astimezone(zone).utcoffset():
                said = _("your time: %(when)s") % {"when": span(place.start, place.end, theirs, to.our_language)}
                context["when"] += f", {said}"
    if old:
        # Of a session that has no place any more, all is told that it had.
        told = context["changed"] if place else {"time", "room"}
        context["old_when"] = span(old.start, old.end, zone, language) if "time" in told else ""
        context["old_room"] = text_in(old.room, language) if "room" in told else ""
        context["old_title"] = text_in(old.title, language) if "title" in told else ""
        context["renamings"] = renamings(old, place, language) if place else []
    return context


def _lists(to: RenderInput, conference: Conference) -> dict[str, Any]:
    """For the kinds that list sessions or speak of the conference as a whole; empty for others."""
    if to.message.kind == "agenda_reminder":
        tomorrow = date.fromisoformat(to.data["day"])
        return {
            "day": day(tomorrow, to.language),
            "lines": [_line(one, conference, to.language) for one in to.agenda],
            "zone": conference.timezone,
        }
    if to.message.kind == "digest":
        return {
            "lines": [{**_line(row.signup, conference, to.language), "said": happened(row.what)} for row in to.news]
        }
    if to.message.kind == "organizer_digest":
        lines = [{"title": one.title, "text": one.text, "url": addresses.absolute(one.url)} for one in to.attention]
        home, mails_page = addresses.organizers(conference.slug), addresses.organizer_mails(conference.slug)
        return {"lines": lines, "home": home, "mails_page": mails_page}
    if to.message.kind == "thanks":
        return {"survey": conference.survey_url}
    return {}


def _line(signup: SignUp, conference: Conference, language: str) -> dict[str, str]:
    """One session of a list. Its clocks are enough where the day stands above it."""
    place = place_of(signup, {})
    page = addresses.session(conference.slug, signup.session.code)
    line = {"title": text_in(signup.session.title, language), "page": page, "where": "", "when": "", "clocks": ""}
    if place:
        line["where"] = location(place, language)
        line["when"] = span(place.start, place.end, conference.zone, language)
        line["clocks"] = clocks(place.start, place.end, conference.zone)
    return line
