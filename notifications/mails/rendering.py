"""From a letter to the mail: subject, text, HTML and calendar part in the recipient's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address, HeaderRegistry
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from functools import cache, lru_cache
from typing import Any, cast

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from notifications import addresses
from notifications.calendars.checks import mail_address
from notifications.calendars.entries import Method
from notifications.calendars.files import invite
from notifications.calendars.mail_parts import with_calendar
from notifications.mails.calendar_entries import calendar_info, signup_entry
from notifications.mails.calendar_place import Place
from notifications.mails.list_context import appearance_context, here, list_context
from notifications.mails.renamings import renamings
from notifications.mails.render_input import Letter, place_of
from notifications.mails.unsubscribing import unsubscribe_address, unsubscribe_headers
from notifications.rules.mail_rules import CALENDAR_OF, QUESTIONS, Calendar
from notifications.wordings.mail_files import rendered, tidy
from notifications.wordings.own_texts import announcement_wording, in_words
from notifications.wordings.texts import moment, one_line, page_language, span, text_in
from registration.models import SignUp
from schedule.models import Conference

SENDER_NAME = "Plenary"
MAX_SUBJECT = 400


class _Headers(HeaderRegistry):
    """Makes the class of a header once, not for every header of every mail (a tenth of the time a mail takes)."""

    @cache  # noqa: B019  # there is one registry, as long as the process lives
    def __getitem__(self, name: str) -> type:
        kind: type = super().__getitem__(name)
        return kind


class _Policy(EmailPolicy):
    """Folds a header that many mails share once."""

    def fold_binary(self, name: str, value: str) -> bytes:
        return _folded(name, value)


@lru_cache(maxsize=1024)
def _folded(name: str, value: str) -> bytes:
    return EmailPolicy.fold_binary(POLICY, name, value)


# A policy of EmailMessage is one of Message, which the stubs of the standard library do not say.
POLICY = cast("EmailPolicy[EmailMessage]", _Policy(linesep="\r\n", header_factory=_Headers()))

SUBJECTS = {
    "confirm_address": gettext_noop("Confirm your e-mail address: %(conference)s"),
    "sign_in": gettext_noop("Your link to sign in: %(conference)s"),
    "registration_received": gettext_noop("We have your registration: %(conference)s"),
    "registration_approved": gettext_noop("Your registration is accepted: %(conference)s"),
    "registration_declined": gettext_noop("Your registration is declined: %(conference)s"),
    "registration_waitlisted": gettext_noop("You are on the waiting list: %(conference)s"),
    "registration_confirmed": gettext_noop("You are registered: %(conference)s"),
    "registration_cancelled": gettext_noop("Your registration is cancelled: %(conference)s"),
    "place_confirmed": gettext_noop("You have a place: %(session)s"),
    "place_waiting": gettext_noop("You are on the waiting list: %(session)s"),
    "place_offered": gettext_noop("Please decide: %(session)s"),
    "offer_expired": gettext_noop("Your offered place has been given on: %(session)s"),
    "place_left": gettext_noop("You have given back your place: %(session)s"),
    "session_cancelled": gettext_noop("Cancelled: %(session)s"),
    "place_lost": gettext_noop("You are on the waiting list again: %(session)s"),
    "place_changed": gettext_noop("Changed: %(session)s"),
    "decline_asked": gettext_noop("Do you want to give back your place? %(session)s"),
    "speaking_invitation": gettext_noop("Will you take part? %(session)s"),
    "hosting_invitation": gettext_noop("Will you host it? %(session)s"),
    "appearance_placed": gettext_noop("In the programme: %(session)s"),
    "appearance_changed": gettext_noop("Changed: %(session)s"),
    "appearance_cancelled": gettext_noop("Cancelled: %(session)s"),
    "agenda_reminder": gettext_noop("Tomorrow: your sessions at %(conference)s"),
    "session_reminder": gettext_noop("Soon: %(session)s"),
    "digest": gettext_noop("News of your sessions: %(conference)s"),
    "thanks": gettext_noop("Thank you: %(conference)s"),
    "organizer_digest": gettext_noop("Needs attention: %(conference)s"),
}
# What exactly changed, where it is one thing or time and room.
_CHANGED_SUBJECTS = {
    frozenset({"time"}): gettext_noop("New time: %(session)s"),
    frozenset({"room"}): gettext_noop("New room: %(session)s"),
    frozenset({"time", "room"}): gettext_noop("New time and room: %(session)s"),
    frozenset({"title"}): gettext_noop("New title: %(session)s"),
    frozenset({"online"}): gettext_noop("New online address: %(session)s"),
    frozenset({"room_name"}): gettext_noop("Room renamed: %(session)s"),
    frozenset({"venue"}): gettext_noop("Venue changed: %(session)s"),
}


@dataclass(frozen=True)
class Mail:
    """A mail ready to be sent, and what is kept about it."""

    message: EmailMessage
    recipient: str
    subject: str
    method: str
    sequence: int | None


def compose(letter: Letter, now: datetime) -> Mail:
    """Write a mail from what holds now. No query.

    Raises ValueError (CalendarError among them) when an address or a time cannot be written truthfully.
    """
    with translation.override(page_language(letter.language)):
        context = _context(letter)
        subject, text, html = _written(letter, context)
    recipient = mail_address("recipient", addresses.ascii_mailbox(letter.message.recipient.email))
    method = _method(letter)
    calendar = _invite(letter, method, recipient) if method else None
    name = f"{letter.signup.session.code}.ics" if calendar else ""
    message = with_calendar(text, html, calendar, method, name, POLICY)
    _address(message, letter, recipient, subject, now)
    # What asks, or what a moment caused, carries no calendar part: after it the reader's calendar knows no more.
    caused = letter.message.signup and letter.message.journal_entry_id and letter.message.kind not in QUESTIONS
    sequence = letter.signup.sequence if caused else None
    return Mail(message, recipient, subject[:MAX_SUBJECT], method or "", sequence)


def _written(letter: Letter, context: dict[str, Any]) -> tuple[str, str, str]:
    """Subject, text and HTML: in an organizer's words where there are some, otherwise in ours."""
    kind = letter.message.kind
    wording = letter.wording
    if letter.message.announcement and letter.message.conference:
        wording = announcement_wording(
            letter.message.announcement, letter.language, letter.message.conference.languages
        )
    if wording is None:
        subject = one_line(_(_subject(letter)) % context)
        text = tidy(rendered(f"{kind}.txt", context))
        html = rendered(f"{kind}.html", {**context, "subject": subject})
    else:
        worded = in_words(wording, kind, context)
        subject, text, html = worded.subject, worded.text, worded.html
    return subject, text, html


def _address(message: EmailMessage, letter: Letter, recipient: str, subject: str, now: datetime) -> None:
    """Every header that is not about the body. The policy refuses a value with a line break."""
    message["From"] = _header("From", str(Address(_sender_name(letter), addr_spec=settings.MAIL_FROM)))
    message["To"] = Address(_recipient_name(letter), addr_spec=recipient)
    if reply_to := getattr(settings, "MAIL_REPLY_TO", ""):
        message["Reply-To"] = reply_to
    message["Subject"] = subject
    message["Date"] = _header("Date", format_datetime(now))
    # From the row, so that a mail which leaves twice after a crash is recognised as the same.
    message["Message-ID"] = f"<{letter.message.uid}@{settings.CALENDAR_DOMAIN}>"
    message["Auto-Submitted"] = _header("Auto-Submitted", "auto-generated")
    if letter.message.announcement and letter.message.registration:
        for name, value in unsubscribe_headers(letter.message.registration).items():
            message[name] = value
    message["Content-Language"] = _header("Content-Language", page_language(letter.language))


@lru_cache(maxsize=256)
def _header(name: str, value: str) -> str:
    """A header that many mails share, parsed once: the policy stores a parsed one as it is. Refuses line breaks."""
    if "\r" in value or "\n" in value:
        raise ValueError(f"{name}: a line break in a header")
    header: str = POLICY.header_factory(name, value)
    return header


def _sender_name(letter: Letter) -> str:
    conference = letter.message.conference
    return text_in(conference.name, letter.language) if conference else SENDER_NAME


def _recipient_name(letter: Letter) -> str:
    """The name they chose; none in mails to an address that may not be theirs: it would carry a stranger's words."""
    registration, person, user = letter.message.registration, letter.message.person, letter.message.user
    if person is not None:
        return text_in(person.name, letter.language)
    if user is not None:
        return one_line(user.name)
    if registration is None or letter.message.magic_link is not None:
        return ""
    return one_line(registration.display_name)


def _subject(letter: Letter) -> str:
    if letter.message.kind in ("place_changed", "appearance_changed"):
        return _CHANGED_SUBJECTS.get(frozenset(_changes(letter)), SUBJECTS["place_changed"])
    return SUBJECTS[letter.message.kind]


def _context(letter: Letter) -> dict[str, Any]:
    message, language = letter.message, letter.language
    context: dict[str, Any] = {
        "language": page_language(language),
        "name": _recipient_name(letter),
        "conference": _sender_name(letter),
        "site": settings.SITE_URL,
        "reason": letter.data.get("reason", ""),
        "by": letter.data.get("by", ""),
    }
    if message.conference:
        slug = message.conference.slug
        context |= {"programme": addresses.programme(slug), "my_page": addresses.my_conference(slug)}
        context["mails_page"] = addresses.mail_preferences(slug)
    if message.magic_link:
        minutes = round((message.magic_link.expires_at - message.magic_link.created_at).total_seconds() / 60)
        context |= {"link": addresses.magic_link(message.magic_link.uid), "minutes": minutes, "hours": minutes // 60}
    if message.announcement and message.registration:
        context["unsubscribe"] = unsubscribe_address(message.registration)
    if message.signup and message.conference:
        context |= _place_context(letter, message.conference)
    if message.conference and not message.signup:
        context |= list_context(letter, message.conference)
        if message.person:
            context |= appearance_context(letter, message.conference) | _times_context(letter, message.conference)
    return context


def _place_context(letter: Letter, conference: Conference) -> dict[str, Any]:
    signup, language = letter.signup, letter.language
    context: dict[str, Any] = {
        "session": text_in(signup.session.title, language),
        "page": addresses.session(conference.slug, signup.session.code),
        "position": letter.position,
        "calendar": _method(letter),
    }
    if letter.place:
        context["join"] = letter.place.online if signup.state == SignUp.State.CONFIRMED else ""
    if letter.old:
        context["join_changed"] = "online" in _changes(letter)
    if letter.message.kind == "decline_asked":
        context["answer_link"] = addresses.declined_place(signup.uid)
    if signup.offered_until:
        context["until"] = moment(signup.offered_until, conference.zone, language)
    if letter.clash:
        context["clash"] = text_in(letter.clash.session.title, language)
        held = place_of(letter.clash, {})
        context["clash_when"] = span(held.start, held.end, conference.zone, language) if held else ""
    return context | _times_context(letter, conference)


def _times_context(letter: Letter, conference: Conference) -> dict[str, Any]:
    """When and where, and what was before."""
    context: dict[str, Any] = {}
    language = letter.language
    if letter.place:
        context["when"], context["room"] = _where(letter.place, conference, language)
        if own := here(letter, conference):
            context["when"] = f"{context['when']}, {own}"
    if letter.old:
        # Of a session that has no place any more, all is told that it had.
        changes = _changes(letter) if letter.place else {"time", "room"}
        when, room = _where(letter.old, conference, language)
        context["old_when"] = when if "time" in changes else ""
        context["old_room"] = room if "room" in changes else ""
        context["renamings"] = renamings(letter.old, letter.place, language) if letter.place else []
        context["old_title"] = text_in(letter.old.title, language) if "title" in changes else ""
    return context


def _where(place: Place, conference: Conference, language: str) -> tuple[str, str]:
    return span(place.start, place.end, conference.zone, language), text_in(place.room, language)


def _changes(letter: Letter) -> set[str]:
    """What differs between what was and what is now, which may be more than the entry that caused the message knew."""
    place, old = letter.place, letter.old
    if place is None or old is None:
        return set()
    pairs = {
        "time": ((place.start, place.end), (old.start, old.end)),
        "room": (place.room_id, old.room_id),
        "venue": (text_in(place.venue, letter.language), text_in(old.venue, letter.language)),
        "title": (text_in(place.title, letter.language), text_in(old.title, letter.language)),
        "online": (place.online_mark, old.online_mark),
    }
    changed = {name for name, (new, was) in pairs.items() if new != was}
    renamed = "room" not in changed and text_in(place.room, letter.language) != text_in(old.room, letter.language)
    return changed | {"room_name"} if renamed else changed


def _method(letter: Letter) -> Method | None:
    """What the mail does to the recipient's calendar, if anything."""
    wanted = CALENDAR_OF[letter.message.kind]
    registration = letter.message.registration
    if registration is None or letter.place is None:
        return None
    if wanted is Calendar.REQUEST and registration.invites_by_mail:
        return "REQUEST"
    return "CANCEL" if wanted is Calendar.CANCEL and letter.told.in_calendar else None


def _invite(letter: Letter, method: Method, recipient: str) -> bytes:
    conference, place = letter.message.conference, letter.place
    if conference is None or place is None:
        raise ValueError("an invite needs a conference and a time")
    return invite(
        signup_entry(letter.signup, place, conference, letter.language),
        method=method,
        organizer_name=_sender_name(letter),
        organizer_address=settings.MAIL_FROM,
        attendee_name=_recipient_name(letter),
        attendee_address=recipient,
        info=calendar_info(conference, letter.language),
    )
