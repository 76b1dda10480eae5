"""Which journal entry makes which mail: the one table, read by `intake` and shown in docs/reference/messages.md."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from notifications.models import Message

URGENT, BULK = Message.Queue.URGENT, Message.Queue.BULK


class Subject(StrEnum):
    """What an entry's `subject_id` is the key of."""

    MAGIC_LINK = "sign-in link"
    REGISTRATION = "registration"
    SIGNUP = "sign-up"


class Calendar(StrEnum):
    """What the mail does to the recipient's calendar.

    CANCEL is sent only to somebody who was sent a REQUEST for the entry and no CANCEL since.
    """

    NONE = ""
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True)
class Rule:
    """One row. `given` narrows it to entries whose data hold one of the named values; `kind` None means no mail."""

    verb: str
    subject: Subject
    kind: str | None
    says: str
    queue: str = BULK
    calendar: Calendar = Calendar.NONE
    given: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def fits(self, data: Mapping[str, Any]) -> bool:
        return all(data.get(name) in values for name, values in self.given.items())


# The first row that fits an entry decides. A verb that has no row makes no mail.
RULES = (
    Rule(
        "link.requested", Subject.MAGIC_LINK, "confirm_address", "confirm your address", URGENT,
        given={"purpose": ["confirm"]},
    ),
    Rule("link.requested", Subject.MAGIC_LINK, "sign_in", "a link to sign in", URGENT),
    Rule("registration.confirmed", Subject.REGISTRATION, "registration_confirmed", "you are registered"),
    Rule("registration.cancelled", Subject.REGISTRATION, "registration_cancelled", "your registration is cancelled"),
    Rule("signup.confirmed", Subject.SIGNUP, "place_confirmed", "you have a place", calendar=Calendar.REQUEST),
    Rule("signup.waiting", Subject.SIGNUP, "place_waiting", "you are on the waiting list"),
    Rule("signup.offered", Subject.SIGNUP, "place_offered", "a place is kept for you until", calendar=Calendar.CANCEL),
    Rule("signup.expired", Subject.SIGNUP, "offer_expired", "the offered place is gone", calendar=Calendar.CANCEL),
    # Leaving a line by oneself needs no mail; with the registration, the mail about that says it.
    Rule("signup.left", Subject.SIGNUP, None, "", given={"was": ["waiting"], "reason": ["self", "registration"]}),
    # Somebody who asked to be forgotten is not written to again.
    Rule("signup.left", Subject.SIGNUP, None, "", given={"reason": ["erased"]}),
    Rule(
        "signup.left", Subject.SIGNUP, "session_cancelled", "the session does not take place",
        calendar=Calendar.CANCEL, given={"reason": ["session"]},
    ),
    Rule("signup.left", Subject.SIGNUP, "place_left", "you gave your place back", calendar=Calendar.CANCEL),
    Rule(
        "signup.displaced", Subject.SIGNUP, "place_lost", "the session got smaller; you wait again",
        calendar=Calendar.CANCEL,
    ),
    Rule("signup.changed", Subject.SIGNUP, "place_changed", "time, room or title changed", calendar=Calendar.REQUEST),
    Rule("signup.declined", Subject.SIGNUP, "decline_asked", "your calendar declined; do you give your place back?"),
)  # fmt: skip

# What asks instead of telling: it makes nothing older pointless, and its reader knows no more after it than before.
QUESTIONS = frozenset({"decline_asked"})

# A newer mail about a place makes an older unsent one pointless; except that the older one, rendered when it is sent,
# already says what a mere change would add.
ADDS_TO = {"place_changed": frozenset({"place_confirmed", "place_changed", *QUESTIONS})}


def _by_verb() -> dict[str, list[Rule]]:
    rules: dict[str, list[Rule]] = defaultdict(list)
    for rule in RULES:
        rules[rule.verb].append(rule)
    return dict(rules)


_RULES = _by_verb()
CALENDAR_OF = {rule.kind: rule.calendar for rule in RULES if rule.kind}
KINDS = tuple(CALENDAR_OF)
# Written by an organizer, not caused by an entry: see notifications.announcing.
ANNOUNCEMENT = "announcement"
CALENDAR_OF[ANNOUNCEMENT] = Calendar.NONE


def rule_for(verb: str, data: Mapping[str, Any]) -> Rule | None:
    """The row that decides about an entry, or None when no mail is due for it."""
    for rule in _RULES.get(verb, ()):
        if rule.fits(data):
            return rule if rule.kind else None
    return None


def supersedes(newer: str, older: str) -> bool:
    """Whether an unsent message of kind `older` is pointless once one of kind `newer` follows for the same sign-up."""
    if newer in QUESTIONS:
        return older == newer
    return older not in ADDS_TO.get(newer, ())


def as_markdown() -> str:
    """The table as a page of the reference."""
    lines = [
        "# Messages",
        "",
        "Every mail is caused by one journal entry, and every entry below causes exactly one.",
        "The first row that fits decides.",
        "A mail about a place replaces an older one about the same place that has not been sent yet.",
        "CANCEL is attached only for somebody who was sent a REQUEST before.",
        "",
        "Made by `manage.py messages_reference`; do not edit.",
        "",
        "| journal entry | where | about | message | queue | calendar | says |",
        "|---|---|---|---|---|---|---|",
    ]
    for rule in RULES:
        where = ", ".join(f"{name} is {' or '.join(values)}" for name, values in rule.given.items())
        message = (rule.kind, rule.queue) if rule.kind else ("none", "")
        cells = [rule.verb, where, rule.subject, *message, rule.calendar, rule.says]
        lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return "\n".join(lines) + "\n"
