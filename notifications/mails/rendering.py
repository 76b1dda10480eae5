"""From what was gathered to the mail: subject, text, HTML and calendar part in the recipient's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from notifications.calendars.checks import mail_address
from notifications.calendars.entries import Method
from notifications.calendars.files import invite
from notifications.calendars.mail_parts import policy_for, with_calendar
from notifications.mails.account_mails import SUBJECTS as ACCOUNT_SUBJECTS
from notifications.mails.calendar_entries import calendar_info, mailed_entry, method_of
from notifications.mails.context import context_of
from notifications.mails.render_input import Group, RenderInput
from notifications.mails.together.listing import written_list
from notifications.mails.unsubscribing import unsubscribe_headers
from notifications.models import Message
from notifications.rules.mail_rules import QUESTIONS
from notifications.wordings.mail_files import rendered
from notifications.wordings.own_texts import announcement_wording, in_words
from notifications.wordings.texts import one_line
from values.hosts import ascii_mailbox

MAX_SUBJECT = 400

SUBJECTS = {
    "confirm_address": gettext_noop("Confirm your e-mail address: %(conference)s"),
    "already_registered": gettext_noop("You are registered already: %(conference)s"),
    "new_address": gettext_noop("Confirm your new e-mail address: %(conference)s"),
    "address_changed": gettext_noop("Your e-mail address was changed: %(conference)s"),
    "sign_in": gettext_noop("Your link to sign in: %(conference)s"),
    "registration_received": gettext_noop("We have your registration: %(conference)s"),
    "registration_approved": gettext_noop("Your registration is accepted: %(conference)s"),
    "registration_declined": gettext_noop("Your registration is declined: %(conference)s"),
    "registration_waitlisted": gettext_noop("You are on the waiting list: %(conference)s"),
    "registration_confirmed": gettext_noop("You are registered: %(conference)s"),
    "registration_from_line": gettext_noop("A place came free, you are registered: %(conference)s"),
    "registration_in_line": gettext_noop("The conference is full, you are in line: %(conference)s"),
    "registration_line_ended": gettext_noop("No place came free: %(conference)s"),
    "registration_cancelled": gettext_noop("Your registration is cancelled: %(conference)s"),
    "place_confirmed": gettext_noop("You have a place: %(session)s"),
    "place_back": gettext_noop("You have your place again: %(session)s"),
    "place_waiting": gettext_noop("You are on the waiting list: %(session)s"),
    "place_offered": gettext_noop("Please decide: %(session)s"),
    "offer_expired": gettext_noop("Your offered place has been given on: %(session)s"),
    "line_closed": gettext_noop("The waiting list has closed: %(session)s"),
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
    "appearance_ended": gettext_noop("You do not appear in it any more: %(session)s"),
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
class ComposedMail:
    """A mail ready to be sent, and what is kept about it."""

    message: EmailMessage
    recipient: str
    subject: str
    method: str
    # What the mail is known by: in its Message-ID and in the address that reports of its delivery come to.
    uid: UUID
    # Each message it tells, with the number of the calendar entry that its reader knows by it.
    sequences: Mapping[int, int | None]

    @property
    def sequence(self) -> int | None:
        """The same of a mail that tells one message."""
        [sequence] = self.sequences.values()
        return sequence


def compose(group: Group, now: datetime) -> ComposedMail:
    """Write the mail for the messages of a group from what holds now. No query.

    Raises ValueError (CalendarError among them) when an address or a time cannot be written truthfully.
    """
    to, session = group[0], group[0].session
    recipient = mail_address("recipient", ascii_mailbox(to.message.address))
    with translation.override(to.our_language):
        context = context_of(to)
        method, calendar = _calendar_part(group, context, recipient)
        context["calendar"] = method
        subject, text, html = _written(to, context) if len(group) == 1 else written_list(group, context)
    name = f"{session.code}.ics" if session and calendar else ""
    mail = with_calendar(text, html, calendar, method, name, policy_for(recipient))
    for header, value in headers_of(to, context, recipient, subject, now).items():
        mail[header] = value
    sequences = {one.message.pk: sequence_of(one, calendar=calendar is not None) for one in group}
    return ComposedMail(mail, recipient, subject[:MAX_SUBJECT], method or "", uid_of_mail(to.message), sequences)


def sequence_of(to: RenderInput, *, calendar: bool) -> int | None:
    """The number of the calendar entry that the reader knows by a message. `calendar`: its mail has a calendar part.

    What asks, or what a moment caused, carries none: after it the reader's calendar knows no more.
    """
    message = to.message
    if message.signup:
        return message.signup.sequence if message.journal_entry_id and message.kind not in QUESTIONS else None
    return to.told.calendar_mails if calendar else None


def _calendar_part(group: Group, context: dict[str, Any], recipient: str) -> tuple[Method | None, bytes | None]:
    """What the mail does to the recipient's calendar, if anything, and the file that does it. A list does nothing."""
    to, conference = group[0], group[0].message.conference
    method = method_of(to) if len(group) == 1 else None
    entry = mailed_entry(to, conference, method) if conference and method else None
    if conference is None or method is None or entry is None:
        return None, None
    return method, invite(
        entry,
        method=method,
        organizer_name=context["conference"],
        organizer_address=settings.MAIL_FROM,
        attendee_name=context["name"],
        attendee_address=recipient,
        info=calendar_info(conference, to.language),
    )


def _written(to: RenderInput, context: dict[str, Any]) -> tuple[str, str, str]:
    """Subject, text and HTML: in an organizer's words where there are some, otherwise in ours."""
    kind, conference, announcement = to.message.kind, to.message.conference, to.message.announcement
    wording = to.wording
    if announcement and conference:
        wording = announcement_wording(announcement, to.language, conference.languages)
    if wording is not None:
        worded = in_words(wording, kind, context)
        return worded.subject, worded.text, worded.html
    about = ACCOUNT_SUBJECTS.get(kind) or SUBJECTS[kind]
    if kind in ("place_changed", "appearance_changed") or (kind == "place_back" and context.get("changed")):
        about = _CHANGED_SUBJECTS.get(frozenset(context.get("changed", ())), SUBJECTS["place_changed"])
    subject = one_line(_(about) % context)
    return subject, rendered(f"{kind}.txt", context), rendered(f"{kind}.html", context | {"subject": subject})


def uid_of_mail(first: Message) -> UUID:
    """What a mail is known by whose first message this is: one that may have arrived keeps what it was known by."""
    return first.known_by if first.cut_offs else first.uid


def headers_of(to: RenderInput, context: dict[str, Any], recipient: str, subject: str, now: datetime) -> dict[str, str]:
    """Every header that is not about the body. The policy refuses a value with a line break."""
    # A word such as "=?utf-8?q?a=0D=0Ab?=" in people's text would be decoded (RFC 2047), and up to Python 3.12 written
    # with the line breaks in it: without its beginning it is no such word.
    sender, name, about = (text.replace("=?", "= ?") for text in (context["conference"], context["name"], subject))
    local, _at, domain = recipient.rpartition("@")
    headers = {
        "From": str(Address(sender, addr_spec=settings.MAIL_FROM)),
        # In two parts: given in one, Python refuses letters beyond ASCII.
        "To": str(Address(name, local, domain)),
        "Reply-To": ascii_mailbox(context["contact"]) if context["contact"] else "",
        "Subject": about,
        "Date": format_datetime(now),
        # From the row, so that a mail which leaves twice after a crash is recognised as the same.
        "Message-ID": f"<{uid_of_mail(to.message)}@{settings.CALENDAR_DOMAIN}>",
        "Auto-Submitted": "auto-generated",
    }
    if address := context.get("unsubscribe"):
        headers |= unsubscribe_headers(address)
    return {header: value for header, value in headers.items() if value} | {"Content-Language": to.our_language}
