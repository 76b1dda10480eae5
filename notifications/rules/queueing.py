"""What a batch of cases does to the outbox: new messages, unsent ones that are re-used, and ones made pointless."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q

from journal.models import Entry
from notifications.models import Message
from notifications.rules.mail_rules import ABOUT_REGISTRATIONS, QUESTIONS, supersedes, tells
from notifications.rules.recipients import Case, Key
from notifications.rules.timing import GATHER_AT_MOST, due_at, next_digest, quiet_of, waits_for_digest, zone_of
from notifications.rules.together import WAIT, joins
from registration.facts import SIGNUP
from registration.models import Registration
from schedule.facts.programme import ReleasePublished
from schedule.models import Conference
from values.instants import after

State = Message.State
DIGEST = "digest"
BACK = "place_back"
# What somebody gives back and takes again: by what tells that it was given back, all that tells of either.
TO_AND_FRO = {
    "place_left": ("place_confirmed", BACK, "place_waiting", "place_left"),
    "registration_cancelled": (
        "registration_confirmed", "registration_received", "registration_in_line", "registration_cancelled",
    ),
}  # fmt: skip


class Queueing:
    """One batch, in the order of the journal. Eight queries at most, whatever its size; `save` makes three more."""

    def __init__(self, cases: Sequence[Case], now: datetime) -> None:
        self.now = now
        self.new: list[Message] = []
        self._later: dict[int, Message] = {}
        self._pointless: list[int] = []
        # What this batch lets leave at once, by identity: a new message has no key yet.
        self._hurried: set[int] = set()
        ids = {case.entry.conference_id for case in cases if case.entry.conference_id}
        self._conferences = Conference.objects.in_bulk(ids)
        self._unsent, self._left_lately = _unsent(cases, now)
        self._in_calendar, self._asked = _in_calendar(cases)
        self._digests = _digests(cases)
        self._at_once = _told_at_once(cases)
        for case in cases:
            self._take(case)

    @property
    def leaving(self) -> list[Message]:
        """What leaves because of the batch: new messages, and unsent ones that tell it as well. What a later entry of
        the batch made pointless is none of them.
        """
        return [one for one in (*self._later.values(), *self.new) if one.state == State.QUEUED]

    def save(self) -> None:
        """Write the batch. A message whose key is there already is left as it is."""
        Message.objects.bulk_create(self.new, ignore_conflicts=True)
        queued = Message.objects.filter(state=State.QUEUED)
        if self._later:
            queued.bulk_update(self._later.values(), ["due_at"], batch_size=500)
        if self._pointless:
            queued.filter(pk__in=self._pointless).update(state=State.SUPERSEDED)

    def _take(self, case: Case) -> None:
        key = case.key
        if key is None:
            self._add(case)
            return
        unsent, kind = self._unsent[key], case.rule.kind or ""
        last = next((message for message in reversed(unsent) if message.kind not in QUESTIONS), None)
        if case.rule.gathers and last and tells(last.kind, kind):
            self._reuse(case, last)
            return
        for older in [older for older in unsent if supersedes(kind, older.kind)]:
            self._drop(older)
            unsent.remove(older)
        if self._waits_for_digest(case):
            self._add_to_digest(case)
        else:
            unsent.append(self._add(case))

    def _add(self, case: Case) -> Message:
        gathered = after(self.now, seconds=self._gather_seconds(case))
        due = self._due(case, gathered if case.rule.gathers else self.now)
        if self._goes_to_and_fro(case):  # also shortly before the session: it is their own doing, and minutes only
            due = max(due, gathered)
        joining = joins(case.rule.kind or "", entries=case.recipient.entries)
        if joining and case.answers and case.recipient.signup_id is not None and not case.recipient.entries:
            due = max(due, self.now + WAIT)
        if leaves_at := case.entry.data.get("leaves_at"):
            due = max(due, datetime.fromisoformat(leaves_at))
        message = self._message(case, case.rule.kind or "", case.dedup_key, due)
        message.queue, message.joins = case.rule.queue, joining
        message.signup_id, message.magic_link_id = case.recipient.signup_id, case.recipient.magic_link_id
        message.data = dict(case.data)
        if case.recipient.address:
            message.data["to"] = case.recipient.address
        return message

    def _goes_to_and_fro(self, case: Case) -> bool:
        """Whether a place, or a registration, is given back or taken again, and its owner was told a moment ago that it
        was given back.

        What follows within the gathering time is told once, as it is then: each mail replaces the one before.
        """
        told = self._left_lately.get(case.key) if case.key else None
        return (
            told is not None
            and case.rule.kind in TO_AND_FRO[told.kind]
            and told.sent_at is not None
            and told.sent_at > after(self.now, seconds=-self._gather_seconds(case))
        )

    def _message(self, case: Case, kind: str, key: str, due: datetime) -> Message:
        to = case.recipient
        message = Message(
            conference_id=case.entry.conference_id,
            participant_id=to.participant_id,
            person_id=to.person_id,
            registration_id=to.registration_id,
            session_id=to.session_id,
            kind=kind,
            dedup_key=key,
            journal_entry_id=case.entry.pk,
            due_at=due,
            created_at=self.now,
        )
        self.new.append(message)
        self._note_hurry(message)
        return message

    def _reuse(self, case: Case, message: Message) -> None:
        """Let an unsent message tell this as well: it is rendered when it is sent. It waits for what else may come."""
        if message.kind != case.rule.kind:
            return
        # What is late leaves, and tells this too: what follows on a release that is told at once does not hold it up.
        if message.due_at >= self.now and id(message) not in self._hurried:
            self._wait_for_more(case, message)
        if message.pk is not None:
            self._later[message.pk] = message

    def _wait_for_more(self, case: Case, message: Message) -> None:
        waited = after(self.now, seconds=self._gather_seconds(case))
        gathered = max(self.now, min(waited, message.created_at + GATHER_AT_MOST))
        due = self._due(case, gathered)
        message.due_at = min(message.due_at, due) if due <= self.now else max(message.due_at, due)
        self._note_hurry(message)

    def _note_hurry(self, message: Message) -> None:
        if message.due_at <= self.now:
            self._hurried.add(id(message))

    def _drop(self, message: Message) -> None:
        message.state = State.SUPERSEDED
        if message.pk is not None:
            self._pointless.append(message.pk)
            self._later.pop(message.pk, None)

    def _due(self, case: Case, gathered: datetime) -> datetime:
        conference = self._conferences.get(case.entry.conference_id or 0)
        if conference is None or case.answers or case.rule.queue == Message.Queue.URGENT:
            return gathered
        quiet = quiet_of(conference, case.recipient.zone_name)
        return due_at(self.now, gathered, quiet=quiet, begins=case.begins)

    def _gather_seconds(self, case: Case) -> int:
        # What a release changed is recorded before the release itself; what was edited since, after it.
        release = case.entry.data.get("release", case.entry.data.get("number"))
        if case.entry.pk <= self._at_once.get((case.entry.conference_id, release), 0):
            return 0
        conference = self._conferences.get(case.entry.conference_id or 0)
        return conference.gather_seconds if conference else 0

    def _waits_for_digest(self, case: Case) -> bool:
        to, conference = case.recipient, self._conferences.get(case.entry.conference_id or 0)
        if case.rule.subject != SIGNUP or case.rule.always or conference is None:
            return False
        # An entry that an invitation put into their calendar must be kept right by mail.
        if to.signup_id in self._in_calendar:
            return False
        # Who was told at once that they must decide is told at once that they need not.
        if case.rule.kind == BACK and to.signup_id in self._asked:
            return False
        return waits_for_digest(to.updates, self.now, zone_of(conference, to.zone_name), case.begins)

    def _add_to_digest(self, case: Case) -> None:
        """A digest tells what the journal says since the entry that caused it, so one that waits is enough."""
        to, conference = case.recipient, self._conferences[case.entry.conference_id or 0]
        if to.updates != Registration.Updates.DIGEST or to.registration_id in self._digests:
            return
        due, quiet = next_digest(self.now, zone_of(conference, to.zone_name)), quiet_of(conference, to.zone_name)
        key = f"digest:{to.registration_id}:{case.entry.pk}"
        self._message(case, DIGEST, key, quiet.over(due) if quiet else due)
        self._digests.add(to.registration_id or 0)


def _unsent(cases: Iterable[Case], now: datetime) -> tuple[dict[Key, list[Message]], dict[Key, Message]]:
    """Messages still in the queue about the same things, the oldest first; and the last that told lately of places and
    registrations that they were given back. One query for each kind of key.
    """
    keys: dict[str, set[int]] = defaultdict(set)
    for case in cases:
        if case.key is not None:
            keys[case.key[0]].add(case.key[1])
    found: dict[Key, list[Message]] = defaultdict(list)
    lately: dict[Key, Message] = {}
    told = Q(state=State.SENT, kind__in=TO_AND_FRO, sent_at__gt=now - GATHER_AT_MOST)
    ours = Message.objects.filter(journal_entry_id__isnull=False).order_by("journal_entry_id")
    ours = ours.only(
        "kind", "state", "signup_id", "person_id", "session_id", "registration_id", "due_at", "created_at", "sent_at"
    )
    queued = ours.filter(state=State.QUEUED)
    if signups := keys["signup"]:
        for message in ours.filter(Q(state=State.QUEUED) | told, signup_id__in=signups):
            key: Key = ("signup", message.signup_id or 0, 0)
            if message.state == State.SENT:
                lately[key] = message
            else:
                found[key].append(message)
    if people := keys["person"]:
        for message in queued.filter(person_id__in=people, session_id__isnull=False):
            found["person", message.person_id or 0, message.session_id or 0].append(message)
    if registrations := keys["registration"]:
        about = ours.filter(Q(state=State.QUEUED) | told, kind__in=ABOUT_REGISTRATIONS)
        for message in about.filter(registration_id__in=registrations):
            key = ("registration", message.registration_id or 0, 0)
            if message.state == State.SENT:
                lately[key] = message
            else:
                found[key].append(message)
    return found, lately


def _in_calendar(cases: Iterable[Case]) -> tuple[set[int | None], set[int | None]]:
    """Of those who want no mail for each change: places whose entry an invitation has put into their calendar, and
    those about which they were asked last whether they take them.
    """
    asked = {
        case.recipient.signup_id
        for case in cases
        if case.recipient.signup_id is not None and case.recipient.updates != Registration.Updates.EACH
    }
    if not asked:
        return set(), set()
    rows = Message.objects.filter(signup_id__in=asked).order_by("journal_entry_id")
    last_method: dict[int | None, str] = {}
    last_kind: dict[int | None, str] = {}
    for signup, method, kind, state in rows.values_list("signup_id", "calendar_method", "kind", "state"):
        if method:
            last_method[signup] = method
        if state == State.SENT:
            last_kind[signup] = kind
    return (
        {signup for signup, method in last_method.items() if method == "REQUEST"},
        {signup for signup, kind in last_kind.items() if kind == "place_offered"},
    )


def _told_at_once(cases: Iterable[Case]) -> dict[tuple[int | None, int | None], int]:
    """Of the releases that changes came from: those that are told at once, and the key of the entry about each."""
    gathering = [case.entry for case in cases if case.rule.gathers]
    if not gathering:
        return {}
    rows = Entry.objects.filter(
        verb=ReleasePublished.verb,
        conference_id__in={entry.conference_id for entry in gathering},
        pk__gte=min(entry.pk for entry in gathering),
        data__at_once=True,
    )
    return {
        (conference, number): pk for conference, number, pk in rows.values_list("conference_id", "data__number", "pk")
    }


def _digests(cases: Iterable[Case]) -> set[int]:
    """Registrations with a digest that has not left yet."""
    wanting = {
        case.recipient.registration_id
        for case in cases
        if case.recipient.registration_id is not None and case.recipient.updates == Registration.Updates.DIGEST
    }
    if not wanting:
        return set()
    rows = Message.objects.filter(state=State.QUEUED, kind=DIGEST, registration_id__in=wanting)
    return {pk for pk in rows.values_list("registration_id", flat=True) if pk is not None}
