"""Which journal entry makes which mail: the one table, read by `intake` and shown in docs/reference/messages.md."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from journal.facts import Fact, Thing
from notifications.models import Message
from notifications.rules import account_mails
from notifications.wordings.mail_placeholders import REQUIRED
from registration.facts import (
    REGISTRATION,
    LinkRequested,
    OfferExpired,
    PlaceAwaited,
    PlaceChanged,
    PlaceConfirmed,
    PlaceDeclined,
    PlaceLeft,
    PlaceLost,
    PlaceOffered,
    RegistrationApproved,
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationDeclined,
    RegistrationReceived,
    RegistrationWaitlisted,
)
from registration.line_facts import RegistrationLineEnded, RegistrationQueued
from registration.privacy_facts import ParticipantAddressChanged
from schedule.facts.invitations import HostInvited, SpeakerInvited
from schedule.facts.programme import ReleasePublished, SessionCancelled, SessionReinstated

URGENT, BULK = Message.Queue.URGENT, Message.Queue.BULK


class To(StrEnum):
    """Whom a mail is for. A session's people are those in its roles, and the contacts of the bodies that host it."""

    PARTICIPANT = "the participant"
    PEOPLE = "speakers and hosts"
    ORGANIZERS = "organizers"


class Calendar(StrEnum):
    """What the mail does to the recipient's calendar.

    CANCEL is sent only to somebody who was sent a REQUEST for the entry and no CANCEL since.
    """

    NONE = ""
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True)
class MailRule:
    """One row. `given` narrows it to entries whose data hold one of the named values; `kind` None means no mail.

    `gathers`: the mail waits for the conference's gathering time, and further entries of the kind re-use it.
    `always`: somebody who has asked for one mail a day, or for none, gets it all the same and at once.
    """

    fact: type[Fact]
    kind: str | None
    says: str
    queue: str = BULK
    calendar: Calendar = Calendar.NONE
    given: Mapping[str, Sequence[str]] = field(default_factory=dict)
    to: To = To.PARTICIPANT
    gathers: bool = False
    always: bool = False

    @property
    def verb(self) -> str:
        return self.fact.verb

    @property
    def subject(self) -> Thing | None:
        """What an entry's `subject_id` is the key of."""
        return self.fact.subject

    def fits(self, data: Mapping[str, Any]) -> bool:
        return all(data.get(name) in values for name, values in self.given.items())


# The first row that fits an entry decides. A verb that has no row makes no mail.
RULES = (
    MailRule(
        LinkRequested, "confirm_address", "confirm your address", URGENT,
        given={"purpose": ["confirm"]},
    ),
    MailRule(
        LinkRequested, "already_registered", "you are registered already; sign in, and see what was typed", URGENT,
        given={"purpose": ["known"]},
    ),
    MailRule(
        LinkRequested, "new_address", "a link that proves a new address, to the new address", URGENT,
        given={"purpose": ["address"]},
    ),
    MailRule(LinkRequested, "sign_in", "a link to sign in", URGENT),
    MailRule(ParticipantAddressChanged, "address_changed", "your address was changed, to the former address", URGENT),
    MailRule(RegistrationReceived, "registration_received", "we have your registration"),
    MailRule(RegistrationApproved, "registration_approved", "your registration is accepted"),
    MailRule(RegistrationDeclined, "registration_declined", "your registration is declined"),
    MailRule(RegistrationWaitlisted, "registration_waitlisted", "you wait for a registration"),
    MailRule(
        RegistrationConfirmed, "registration_from_line", "a place came free; you are registered",
        given={"by": ["line"]},
    ),
    MailRule(RegistrationConfirmed, "registration_confirmed", "you are registered"),
    MailRule(RegistrationQueued, "registration_in_line", "the conference is full; you are in line"),
    MailRule(RegistrationLineEnded, "registration_line_ended", "registration closed before your turn came"),
    MailRule(RegistrationCancelled, "registration_cancelled", "your registration is cancelled"),
    # What took it away is gone before or after its owner was told of that.
    MailRule(
        PlaceConfirmed, "place_back", "you have your place again",
        calendar=Calendar.REQUEST, given={"by": ["back"]},
    ),
    MailRule(PlaceConfirmed, "place_confirmed", "you have a place", calendar=Calendar.REQUEST),
    # Somebody who gave a place back and waits again at once may have it in their calendar still.
    MailRule(PlaceAwaited, "place_waiting", "you are on the waiting list", calendar=Calendar.CANCEL),
    MailRule(
        PlaceOffered, "place_offered", "a place is kept for you until", calendar=Calendar.CANCEL,
        always=True,
    ),
    MailRule(OfferExpired, "offer_expired", "the offered place is gone", calendar=Calendar.CANCEL),
    # Leaving a line by oneself needs no mail; with the registration, the mail about that says it.
    MailRule(PlaceLeft, None, "", given={"was": ["waiting"], "reason": ["self", "registration"]}),
    # What was over when it went concerns nobody any more.
    MailRule(PlaceLeft, None, "", given={"reason": ["over"]}),
    MailRule(
        PlaceLeft, "line_closed", "the waiting list has closed; you have no place",
        calendar=Calendar.CANCEL, given={"reason": ["closed"]},
    ),
    # Somebody who asked to be forgotten is not written to again.
    MailRule(PlaceLeft, None, "", given={"reason": ["erased"]}),
    MailRule(
        PlaceLeft, "session_cancelled", "the session does not take place",
        calendar=Calendar.CANCEL, given={"reason": ["session"]},
    ),
    MailRule(PlaceLeft, "place_left", "you gave your place back", calendar=Calendar.CANCEL),
    MailRule(
        PlaceLost, "place_lost", "the session got smaller; you wait again",
        calendar=Calendar.CANCEL,
    ),
    MailRule(
        PlaceChanged, "place_changed", "time, place or name changed", calendar=Calendar.REQUEST,
        gathers=True,
    ),
    MailRule(
        PlaceDeclined, "decline_asked", "your calendar declined; do you give your place back?",
        always=True,
    ),
    MailRule(SpeakerInvited, "speaking_invitation", "will you take part in the session?", to=To.PEOPLE),
    MailRule(HostInvited, "hosting_invitation", "will you host the session?", to=To.PEOPLE),
    MailRule(
        ReleasePublished, "appearance_placed", "your session has a time and a room",
        calendar=Calendar.REQUEST, to=To.PEOPLE, given={"change": ["added"]},
    ),
    MailRule(
        ReleasePublished, "appearance_changed", "your session has another time or room",
        calendar=Calendar.REQUEST, to=To.PEOPLE, given={"change": ["moved"]}, gathers=True,
    ),
    MailRule(
        ReleasePublished, "appearance_ended", "you do not appear in the session any more",
        calendar=Calendar.CANCEL, to=To.PEOPLE, given={"change": ["ended"]},
    ),
    MailRule(
        ReleasePublished, "appearance_cancelled", "your session is out of the programme",
        calendar=Calendar.CANCEL, to=To.PEOPLE, given={"change": ["removed"]},
    ),
    MailRule(
        SessionCancelled, "appearance_cancelled", "your published session is cancelled",
        calendar=Calendar.CANCEL, to=To.PEOPLE,
    ),
    MailRule(
        SessionReinstated, "appearance_placed", "your session takes place after all",
        calendar=Calendar.REQUEST, to=To.PEOPLE,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Timed:
    """A mail that a moment causes, not an entry; `mails.reminders` and `mails.organizer_digests` write its rows."""

    kind: str
    to: To
    when: str
    says: str
    queue: str = BULK


TIMED = (
    Timed("agenda_reminder", To.PARTICIPANT, "the evening before a day with places", "your sessions tomorrow"),
    Timed("session_reminder", To.PARTICIPANT, "some minutes before a session", "your session begins soon"),
    Timed("digest", To.PARTICIPANT, "once a day, if asked for and something happened", "what is new in your sessions"),
    Timed("thanks", To.PARTICIPANT, "the day after the conference, if it has a survey", "thank you; tell us"),
    Timed("organizer_digest", To.ORGANIZERS, "in the morning, if something needs attention", "failed mails, conflicts"),
)

# About sessions in which somebody appears: after these they know that it stands in the programme, or that it does not.
STANDS = frozenset({"appearance_placed", "appearance_changed"})
APPEARANCES = STANDS | {"appearance_cancelled", "appearance_ended"}
INVITATIONS = frozenset({"speaking_invitation", "hosting_invitation"})
# What asks instead of telling: it makes nothing older pointless, and its reader knows no more after it than before.
QUESTIONS = frozenset({"decline_asked"})

# A newer mail about a place makes an older unsent one pointless; except that the older one, rendered when it is sent,
# already says what a mere change would add.
ADDS_TO = {
    "place_changed": frozenset({"place_confirmed", "place_back", "place_changed", *QUESTIONS}),
    "appearance_placed": INVITATIONS,
    "appearance_changed": frozenset({"appearance_placed", "appearance_changed"}) | INVITATIONS,
    # Each asks about a role or host of its own.
    "speaking_invitation": INVITATIONS,
    "hosting_invitation": INVITATIONS,
}


def _by_verb() -> dict[str, list[MailRule]]:
    rules: dict[str, list[MailRule]] = defaultdict(list)
    for rule in RULES:
        rules[rule.verb].append(rule)
    return dict(rules)


_RULES = _by_verb()
CALENDAR_OF = {rule.kind: rule.calendar for rule in RULES if rule.kind}
_TIMED = frozenset(row.kind for row in TIMED)
CALENDAR_OF |= dict.fromkeys(sorted(_TIMED), Calendar.NONE)
KINDS = tuple(CALENDAR_OF)
# Of these a newer one about the same registration replaces an older unsent one (see `supersedes`).
ABOUT_REGISTRATIONS = frozenset(rule.kind for rule in RULES if rule.kind and rule.subject is REGISTRATION)
# Written by an organizer, not caused by an entry: see notifications.announcements.announcing.
ANNOUNCEMENT = "announcement"
CALENDAR_OF[ANNOUNCEMENT] = Calendar.NONE
# About organizers' accounts: see notifications.rules.account_mails.
CALENDAR_OF |= dict.fromkeys(account_mails.KINDS, Calendar.NONE)


def facts_that_cause_mail() -> set[type[Fact]]:
    """Every class of fact that has a row which makes a mail."""
    return {rule.fact for rule in RULES if rule.kind} | {rule.fact for rule in account_mails.RULES}


def rule_for(verb: str, data: Mapping[str, Any]) -> MailRule | None:
    """The row that decides about an entry, or None when no mail is due for it."""
    for rule in _RULES.get(verb, ()):
        if rule.fits(data):
            return rule if rule.kind else None
    return None


def supersedes(newer: str, older: str) -> bool:
    """Whether an unsent message of kind `older` is pointless once one of kind `newer` follows about the same thing."""
    if newer in QUESTIONS:
        return older == newer
    if older in _TIMED:
        return False
    return older not in ADDS_TO.get(newer, ())


def tells(older: str, newer: str) -> bool:
    """Whether an unsent message of kind `older`, rendered when it is sent, says all that one of `newer` would."""
    return older in ADDS_TO.get(newer, ()) and older not in QUESTIONS


def as_markdown() -> str:
    """The table as a page of the reference."""
    lines = [
        "# Messages",
        "",
        "Every mail is caused by one journal entry, or by a moment of the programme.",
        "",
        "## Caused by a journal entry",
        "",
        "Every entry below causes exactly one mail to each recipient. The first row that fits decides.",
        "A mail about a place replaces an older one about the same place that has not been sent yet.",
        "CANCEL is attached only for somebody who was sent a REQUEST before.",
        "",
        "Mails with REQUEST or CANCEL attached are about one session each. Other mails about sessions that leave for",
        "one reader at the same time are told in one that lists them, unless they ask for an answer or organizers have",
        "worded them: see ADR 5. Somebody who follows a feed and takes several places within a minute gets one mail.",
        "",
        "- *gathers*: the mail waits for the conference's gathering time, at most 15 minutes; every further change of",
        "  the same entry re-uses it, and it tells the net change. Moved and moved back: no mail. What comes from a",
        "  release that was published to be told at once does not wait.",
        "- *always*: sent at once also to somebody who has asked for one mail a day, or for none. So is every mail",
        "  about a session that begins before the daily mail would come, or that an invitation put in their calendar.",
        "- Quiet hours delay every mail but urgent ones, answers to what the recipient has just done themselves, and",
        "  mails about a session that begins within three hours of the end of the quiet hours.",
        "",
        "Made by `manage.py messages_reference`; do not edit.",
        "",
        "| journal entry | where | about | to | message | queue | calendar | waits | says |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for rule in RULES:
        where = ", ".join(f"{name} is {' or '.join(values)}" for name, values in rule.given.items())
        message = (rule.to, rule.kind, rule.queue) if rule.kind else ("", "none", "")
        waits = "gathers" if rule.gathers else "always" if rule.always else ""
        cells = [rule.verb, where, rule.subject.code if rule.subject else "", *message, rule.calendar, waits, rule.says]
        lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    lines += [
        "",
        "## Caused by a moment",
        "",
        "A row is written shortly before, with the time it is due; what it says, and whether it is still true, is",
        "found out when it is sent.",
        "",
        "| message | to | when | queue | says |",
        "|---|---|---|---|---|",
    ]
    lines += [f"| {row.kind} | {row.to} | {row.when} | {row.queue} | {row.says} |" for row in TIMED]
    lines += [
        "",
        "## To organizers about their own accounts",
        "",
        "Sent at once, in the language of the account, whatever the quiet hours of a conference. Organizers word none",
        "of them, and their links are made when they are sent: no table holds one.",
        "",
        "| journal entry | about | message | says |",
        "|---|---|---|---|",
    ]
    for about in account_mails.RULES:
        thing = about.fact.subject
        lines.append(f"| {about.fact.verb} | {thing.code if thing else ''} | {about.kind} | {about.says} |")
    lines += [
        "",
        "## What organizers may change",
        "",
        "The wording of every mail above, for each conference and language, with a fixed list of placeholders that the",
        "page of each wording names. One that lacks what its mail is of no use without is refused, with the place.",
        "",
        "| message | never without |",
        "|---|---|",
    ]
    lines += [f"| {kind} | {', '.join(f'{{{name}}}' for name in names)} |" for kind, names in REQUIRED.items()]
    return "\n".join(lines) + "\n"
