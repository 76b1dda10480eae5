"""Who is to be written to because of an entry: one case is one entry, one row of the table, and one recipient."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from journal.actors import Actor
from journal.facts import Thing
from journal.models import Entry
from notifications.rules.mail_rules import MailRule, To, rule_for
from registration.facts import MAGIC_LINK, REGISTRATION, SIGNUP
from registration.models import MagicLink, Registration, SignUp

# What a message is about: messages with the same key replace or gather each other.
Key = tuple[str, int, int]
# What an entry is about: its thing, and the key of the row.
About = tuple[Thing | None, int | None]


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """A participant or a person of the programme, with what decides when and how they are written to."""

    participant_id: int | None = None
    person_id: int | None = None
    registration_id: int | None = None
    signup_id: int | None = None
    session_id: int | None = None
    magic_link_id: int | None = None
    # Where it goes, if not to the address they have now.
    address: str = ""
    # Who they are when they act themselves.
    actor: Actor | None = None
    zone_name: str = ""
    updates: str = Registration.Updates.EACH
    # Whether mails put what they are told of into their calendar.
    entries: bool = True
    begins: datetime | None = None


@dataclass(frozen=True)
class Case:
    """`data` is what the message keeps of its cause, where the entry alone does not say it."""

    entry: Entry
    rule: MailRule
    recipient: Recipient
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> Key | None:
        to = self.recipient
        if to.signup_id is not None:
            return "signup", to.signup_id, 0
        if to.person_id is not None and to.session_id is not None:
            return "person", to.person_id, to.session_id
        # Of whatever else is somebody's each is told.
        if to.registration_id is not None and self.rule.subject == REGISTRATION:
            return "registration", to.registration_id, 0
        return None

    @property
    def dedup_key(self) -> str:
        to = self.recipient
        whom = f":{to.person_id}:{to.session_id}" if to.person_id is not None else ""
        return f"journal:{self.entry.pk}{whom}"

    @property
    def answers(self) -> bool:
        """Whether the recipient has just done this themselves: they are awake, and wait for the mail."""
        return self.recipient.actor is not None and self.entry.actor == str(self.recipient.actor)

    @property
    def begins(self) -> datetime | None:
        """When the session it is about starts; for one that was moved, the earlier of then and now."""
        old = self.entry.data.get("old") or self.data.get("old")
        was = datetime.fromisoformat(old["start"]) if old else None
        return min(filter(None, (was, self.recipient.begins)), default=None)


def participants(entries: Sequence[Entry]) -> list[Case]:
    """The cases of participants, in the order of the entries. At most four queries."""
    wanted = [(entry, rule) for entry in entries if (rule := rule_for(entry.verb, entry.data))]
    wanted = [(entry, rule) for entry, rule in wanted if rule.to is To.PARTICIPANT]
    recipients = _recipients(wanted)
    found = ((entry, rule, recipients.get((rule.subject, entry.subject_id))) for entry, rule in wanted)
    return [Case(entry, rule, recipient) for entry, rule, recipient in found if recipient is not None]


def _recipients(wanted: Iterable[tuple[Entry, MailRule]]) -> dict[About, Recipient]:
    """Whom each subject that still exists belongs to."""
    ids: dict[Thing | None, list[int]] = defaultdict(list)
    registrations: dict[int, int | None] = {}
    for entry, rule in wanted:
        if entry.subject_id is not None:
            ids[rule.subject].append(entry.subject_id)
            if rule.subject == MAGIC_LINK:
                registrations[entry.subject_id] = entry.data.get("registration")
    return {
        **_of_signups(ids[SIGNUP]),
        **_of_registrations(ids[REGISTRATION]),
        **_of_links(ids[MAGIC_LINK], registrations),
    }


def _of_signups(keys: list[int]) -> dict[About, Recipient]:
    if not keys:
        return {}
    rows = SignUp.objects.filter(pk__in=keys).values_list(
        "pk",
        "registration_id",
        "during",
        "registration__participant_id",
        "registration__uid",
        "registration__zone_name",
        "registration__updates",
        "registration__invites_by_mail",
    )
    return {
        (SIGNUP, pk): Recipient(
            participant_id=person,
            registration_id=of,
            signup_id=pk,
            actor=Actor.participant(uid),
            zone_name=zone,
            updates=updates,
            entries=entries,
            begins=during.lower if during else None,
        )
        for pk, of, during, person, uid, zone, updates, entries in rows
    }


def _of_registrations(keys: list[int]) -> dict[About, Recipient]:
    if not keys:
        return {}
    rows = Registration.objects.filter(pk__in=keys).values_list("pk", "participant_id", "uid", "zone_name")
    return {
        (REGISTRATION, pk): Recipient(
            participant_id=person, registration_id=pk, actor=Actor.participant(uid), zone_name=zone
        )
        for pk, person, uid, zone in rows
    }


def _of_links(keys: list[int], registrations: Mapping[int, int | None]) -> dict[About, Recipient]:
    if not keys:
        return {}
    named = [of for of in registrations.values() if of is not None]
    there = set(Registration.objects.filter(pk__in=named).values_list("pk", flat=True))
    rows = MagicLink.objects.filter(pk__in=keys).values_list("pk", "participant_id", "new_address", "former_address")
    return {
        (MAGIC_LINK, pk): Recipient(
            participant_id=person,
            magic_link_id=pk,
            registration_id=registrations[pk] if registrations[pk] in there else None,
            # The new address is proved first; once it is changed, the one before is told.
            address=former or new,
        )
        for pk, person, new, former in rows
    }
