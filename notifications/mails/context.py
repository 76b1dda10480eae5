"""What the words of a mail are filled with, for each family of kinds: places, appearances, and lists."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from notifications import addresses
from notifications.mails.account_mails import account_context
from notifications.mails.calendar_entries import location
from notifications.mails.calendar_place import place_of
from notifications.mails.render_input import RenderInput
from notifications.mails.session_context import appearance_context, place_context
from notifications.mails.unsubscribing import REFUSABLE
from notifications.rules.account_mails import KINDS as ABOUT_ACCOUNTS
from notifications.rules.account_mails import PROOF
from notifications.rules.mail_rules import STANDS
from notifications.wordings.mail_lists import happened
from notifications.wordings.mail_reasons import REASONS
from notifications.wordings.texts import clocks, day, days, one_line, span, text_in
from registration.domain.registrations.tokens import TokenPurpose
from registration.models import SignUp
from schedule.domain.programme.closing_times import registration_times
from schedule.models import Conference
from values.instants import minutes_between

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
        **_secret_address(to),
    }
    if link := message.magic_link:
        minutes = minutes_between(link.created_at, link.expires_at)
        context |= {"minutes": minutes, "hours": minutes // 60}
    if message.kind in ABOUT_ACCOUNTS:
        return context | account_context(to)
    if conference is None:
        return context
    pages = addresses.pages(conference.slug)
    context |= {"programme": pages.programme, "my_page": pages.my_page, "mails_page": pages.mails_page}
    context["texts"] = addresses.conference_texts(conference)
    if message.signup:
        return context | place_context(to, message.signup, conference)
    return context | (appearance_context(to, conference) if message.person else _lists(to, conference))


def _recipient_name(to: RenderInput) -> str:
    """The name they chose; none in mails to an address that may not be theirs: it would carry a stranger's words.

    Nor is there one for somebody who was taken down: mails lie about in more places than their reader's.
    """
    registration, person, user = to.message.registration, to.message.person, to.message.user
    if person is not None:
        return "" if person.taken_down_at else text_in(person.name, to.language)
    if user is not None:
        return "" if to.message.kind == PROOF else one_line(user.name)
    if registration is None or to.message.magic_link is not None:
        return ""
    return one_line(registration.display_name)


def _secret_address(to: RenderInput) -> dict[str, str]:
    """Where whoever has this mail may do the one thing that it asks or offers, without signing in."""
    message = to.message
    if message.magic_link:
        name, purpose, uid = "link", TokenPurpose.MAGIC_LINK, message.magic_link.uid
    elif message.kind in REFUSABLE and message.registration:
        name, purpose, uid = "unsubscribe", TokenPurpose.UNSUBSCRIBE, message.registration.uid
    elif message.kind == "decline_asked" and message.signup:
        name, purpose, uid = "answer_link", TokenPurpose.DECLINE, message.signup.uid
    elif message.kind in STANDS and message.person and message.person.entries_by_mail and to.appears:
        name, purpose, uid = "refuse_link", TokenPurpose.ENTRIES, message.uid
    elif to.data.get("invitation"):
        name, purpose, uid = "answer_link", TokenPurpose.INVITATION, UUID(to.data["invitation"])
    else:
        return {}
    return {name: addresses.secret(purpose, uid)}


def _lists(to: RenderInput, conference: Conference) -> dict[str, Any]:
    """For the kinds that list sessions or speak of the conference as a whole; empty for others."""
    sessions = [(one, "") for one in to.agenda] or [(row.signup, happened(row.what)) for row in to.news]
    lines = [_line(signup, said, conference, to.language) for signup, said in sessions]
    if to.message.kind == "agenda_reminder":
        tomorrow = date.fromisoformat(to.data["day"])
        return {"day": day(tomorrow, to.language), "lines": lines, "zone": conference.timezone}
    if to.message.kind == "organizer_digest":
        wanting = [{"title": one.title, "text": one.text, "url": addresses.absolute(one.url)} for one in to.attention]
        home, mails_page = addresses.organizers(conference.slug), addresses.organizer_mails(conference.slug)
        return {"lines": wanting, "home": home, "mails_page": mails_page}
    if to.message.kind == "registration_in_line":
        return {"position": to.position, "back": bool(to.data.get("back"))}
    if to.message.kind == "registration_cancelled":
        return {"closed": not registration_times(conference, now=timezone.now()).is_open}
    if to.message.kind in ("registration_confirmed", "registration_from_line"):
        return {
            "days": days(conference.starts_on, conference.ends_on, to.language),
            "venue": text_in(conference.venue, to.language),
            "conference_calendar": addresses.conference_calendar(conference.slug),
        }
    said: dict[str, dict[str, Any]] = {"digest": {"lines": lines}, "thanks": {"survey": conference.survey_url}}
    return said.get(to.message.kind, {})


def _line(signup: SignUp, said: str, conference: Conference, language: str) -> dict[str, str]:
    """One session of a list, and what is `said` of it. Its clocks are enough where the day stands above it."""
    place = place_of(signup, {})
    line = {"title": text_in(signup.session.title, language), "said": said, "where": "", "when": "", "clocks": ""}
    line["page"] = addresses.session(conference.slug, signup.session.code)
    if place:
        line["where"] = location(place, language)
        line["when"] = span(place.start, place.end, conference.zone, language)
        line["clocks"] = clocks(place.start, place.end, conference.zone, language)
    return line
