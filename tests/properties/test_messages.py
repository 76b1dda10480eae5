"""Random lives of a conference: whatever happens, everybody concerned is told once, and nobody else.

After each while the mails that are due leave for a mail server. What people then know is worked out from the mails
alone, as their calendars would, and compared with what holds; what should have caused a mail is worked out from the
journal by rules of this file, which know nothing of the code under test.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test
from pytest_django import Settings

from journal.actors import SYSTEM
from journal.models import Entry
from journal.recording import record
from notifications.delivery import delivering
from notifications.models import Message
from notifications.rules.intake import take_in
from registration.domain.registrations import deciding, registering
from registration.domain.signups.signing_up import sign_up
from registration.models import Registration, SignUp
from schedule.domain.programme import sessions as editing
from schedule.domain.timetables.queries import newest_release
from schedule.models import Role, Room, Session
from tests.factories import make_conference, make_person, make_registration, make_room, make_session, publish
from tests.facts import a_fact
from tests.present import present
from tests.properties.lives import LivesOfAConference, any_session
from tests.smtp_sink import SmtpSink, running

PEOPLE = 6
# How each of them wants to be written to; the last follows a feed, so that one mail tells several places.
UPDATES = ["each", "each", "each", "digest", "feed", "each"]
SPEAKER = "speaker@example.org"
SILENT = {
    ("signup.left", "waiting", "self"),
    ("signup.left", "waiting", "registration"),
    ("signup.exchange_chosen", None, None),
}
people = st.integers(0, PEOPLE - 1)


def calendar_part(message: EmailMessage) -> dict[str, str]:
    """Method and properties of the one entry in a mail; empty without a calendar part."""
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            text = str(part.get_content()).replace("\r\n", "\n").replace("\n ", "")
            event = text[text.index("BEGIN:VEVENT") :]
            found = dict(re.findall(r"^(UID|SEQUENCE|DTSTART|DTEND|SUMMARY)[^:\n]*:(.*)$", event, re.MULTILINE))
            return found | {"METHOD": str(part.get_param("method"))}
    return {}


def plain(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    return "" if body is None else str(body.get_content())


class Lives(LivesOfAConference):
    sink: SmtpSink

    @initialize()
    def begin(self) -> None:
        self.open_life()
        soon = timezone.now().date() + timedelta(days=40)
        self.conference = make_conference(
            offer_hours=1, gather_seconds=600, starts_on=soon, ends_on=soon + timedelta(days=1)
        )
        self.rooms = [make_room(self.conference, capacity=capacity) for capacity in (1, 2, 4)]
        self.sessions = [make_session(self.conference) for _ in range(3)]
        self.people = [
            make_registration(self.conference, updates=updates, invites_by_mail=number + 1 < PEOPLE, language="en")
            for number, updates in enumerate(UPDATES)
        ]
        Role.objects.create(
            session=self.sessions[0], person=make_person(self.conference, email=SPEAKER, language="en"), role="speaker"
        )
        self.calendars: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
        self.told_until, self.steps = 0, 0
        self.sent: list[tuple[str, EmailMessage]] = []
        self.appeared: object = None
        self.stood: dict[int, tuple[object, ...]] = {}
        self.publish([0, 1, 3])
        for number, person in enumerate(self.people):
            sign_up(person, self.sessions[number % 3], actor=SYSTEM)
            self.allowed(partial(sign_up, person, self.sessions[number % 2], actor=SYSTEM))
        self.settle()

    def allowed(self, change: Callable[[], object]) -> None:
        with suppress(deciding.DecisionRefused):
            super().allowed(change)

    # --- What people and organizers do --------------------------------------------------------------------------

    @rule(who=people, what=any_session)
    def sign_up(self, who: int, what: int) -> None:
        self.people[who].refresh_from_db()
        self.allowed(lambda: sign_up(self.people[who], self.sessions[what], actor=SYSTEM))

    @rule(who=people, how=st.sampled_from(["cancel", "confirm", "decline", "approve"]))
    def begin_or_end(self, who: int, how: str) -> None:
        person = self.people[who]
        acts = {
            "cancel": lambda: registering.cancel(person, actor=SYSTEM),
            "confirm": lambda: registering.take_part(person, actor=SYSTEM, now=timezone.now()),
            "decline": lambda: deciding.decline(person, actor=SYSTEM),
            "approve": lambda: deciding.approve(person, actor=SYSTEM, now=timezone.now()),
        }
        self.allowed(acts[how])

    @rule(what=any_session, title=st.sampled_from(["Old", "New"]))
    def rename(self, what: int, title: str) -> None:
        editing.rename_session(self.sessions[what], title={"en": title, "ko": title}, actor=SYSTEM)

    def put(self, rows: list[tuple[Session, Room, datetime]]) -> None:
        """Publish, as the journal tells it."""
        previous = newest_release(self.conference)
        made = publish(self.conference, rows)
        with transaction.atomic():
            record(
                a_fact(
                    "release.published",
                    conference_id=self.conference.pk,
                    subject_id=made.pk,
                    number=made.number,
                    previous=previous.number if previous else None,
                ),
                actor=SYSTEM,
            )

    @rule(hours=st.integers(1, 4), back=st.booleans())
    def move_all(self, hours: int, back: bool) -> None:
        """Every session later, and perhaps back to where it was."""
        newest = newest_release(self.conference)
        assert newest is not None
        stood = [(row.session, row.room, row.start) for row in newest.placements.select_related("session", "room")]
        self.put([(session, room, start + timedelta(hours=hours)) for session, room, start in stood])
        if back:
            self.put(stood)

    # --- The workers --------------------------------------------------------------------------------------------

    @rule()
    def intake(self) -> None:
        take_in()

    @rule()
    def some_leave(self) -> None:
        """What is due leaves; changes that are being gathered and daily mails are not."""
        take_in()
        self.deliver()

    def deliver(self) -> list[tuple[str, EmailMessage]]:
        before = len(self.sink.taken)
        while delivering.deliver("bulk").more:
            pass
        left = [(taken.recipient, taken.message) for taken in self.sink.taken[before:]]
        for recipient, message in left:
            if event := calendar_part(message):
                kept = self.calendars[recipient]
                known = kept.get(event["UID"])
                assert known is None or int(known["SEQUENCE"]) < int(event["SEQUENCE"])
                if event["METHOD"] == "REQUEST":
                    kept[event["UID"]] = event
                else:
                    assert kept.pop(event["UID"], None) is not None, "a CANCEL for what was never there"
        self.sent.extend(left)
        return left

    @invariant()
    def from_time_to_time(self) -> None:
        if hasattr(self, "steps"):
            self.steps += 1
            if self.steps % 4 == 0:
                self.settle()

    def settle(self) -> None:
        """Time passes: everything that was gathered leaves."""
        take_in()
        Message.objects.filter(state="queued").update(due_at=timezone.now())
        self.deliver()
        assert take_in() == 0
        assert set(Message.objects.values_list("state", flat=True)) <= {"sent", "superseded"}
        self.everybody_is_told_of_what_concerns_them()
        self.calendars_are_right()
        self.speakers_calendar_is_right()
        self.net_changes_are_told_once()
        self.speaker_knows()
        self.told_until = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self.sent = []

    # --- What must hold then ------------------------------------------------------------------------------------

    def owner(self, entry: Entry) -> Registration | None:
        if entry.verb.startswith("signup."):
            return (
                SignUp.objects.select_related("registration__participant")
                .get(pk=present(entry.subject_id))
                .registration
            )
        if entry.verb in (
            "registration.confirmed",
            "registration.cancelled",
            "registration.approved",
            "registration.declined",
        ):
            return Registration.objects.select_related("participant").get(pk=present(entry.subject_id))
        return None

    def everybody_is_told_of_what_concerns_them(self) -> None:
        made = Counter(
            Message.objects.filter(participant__isnull=False, kind__in=SINGLE).values_list(
                "journal_entry_id", flat=True
            )
        )
        assert set(made.values()) <= {1}
        concerned: set[str] = set()
        causing: set[int] = set()
        told_before: set[int] = set()
        for entry in Entry.objects.filter(pk__gt=self.told_until).order_by("pk"):
            person = self.owner(entry)
            if person is None or (entry.verb, entry.data.get("was"), entry.data.get("reason")) in SILENT:
                assert entry.pk not in made
                continue
            concerned.add(person.participant.email)
            causing.add(entry.pk)
            place = entry.subject_id or 0
            if entry.verb.startswith("signup.") and person.updates != "each":
                # Only what needs an answer comes by itself, and that it needs none any more.
                if entry.data.get("by") != "back":
                    assert (entry.pk in made) == (entry.verb == "signup.offered")
            elif entry.verb == "signup.changed":
                # Told by a mail of its own, or by one about the same place that had not left yet.
                assert entry.pk in made or place in told_before
            else:
                assert entry.pk in made
            if entry.verb in ("signup.confirmed", "signup.changed"):
                told_before.add(place)
        assert {pk for pk in made if pk is not None and pk > self.told_until} <= causing
        assert {recipient for recipient, _ in self.sent} <= concerned | {SPEAKER}

    def calendars_are_right(self) -> None:
        """Every calendar holds what its owner has, and nothing else."""
        starts: dict[int, dict[str, str]] = defaultdict(dict)
        for one in SignUp.objects.confirmed():
            starts[one.registration_id][f"{one.uid}@"] = (
                f"{one.during.lower.astimezone(self.conference.zone):%Y%m%dT%H%M%S}"
            )
        names = {str(one.uid): one.session.title.localize("en") for one in SignUp.objects.select_related("session")}
        everybody = Registration.objects.select_related("participant").filter(updates="each", invites_by_mail=True)
        for person in everybody:
            kept = self.calendars.get(person.participant.email, {})
            assert {f"{uid.partition('@')[0]}@": event["DTSTART"] for uid, event in kept.items()} == starts[person.pk]
            assert {uid: event["SUMMARY"] for uid, event in kept.items()} == {
                uid: names[uid.partition("@")[0]] for uid in kept
            }

    def speakers_calendar_is_right(self) -> None:
        """The session they appear in, as the newest release has it."""
        newest = newest_release(self.conference)
        rows = newest.placements.filter(session=self.sessions[0]) if newest else []
        starts = [f"{row.start.astimezone(self.conference.zone):%Y%m%dT%H%M%S}" for row in rows]
        assert [event["DTSTART"] for event in self.calendars[SPEAKER].values()] == starts

    def net_changes_are_told_once(self) -> None:
        """A place that only changed, however often: one mail if it is not as it was, none if it is."""
        verbs: dict[int | None, set[str]] = defaultdict(set)
        for entry in Entry.objects.filter(pk__gt=self.told_until, verb__startswith="signup."):
            verbs[entry.subject_id].add(entry.verb)
        mails = Counter(calendar_part(message).get("UID", "").partition("@")[0] for _, message in self.sent)
        stands: dict[int, tuple[object, ...]] = {
            one.pk: (one.during, one.room_id, one.title) for one in SignUp.objects.filter(registration__updates="each")
        }
        follows = self.people[-1]
        listed = [plain(message) for recipient, message in self.sent if recipient == follows.participant.email]
        only_changed = SignUp.objects.filter(pk__in=[pk for pk, found in verbs.items() if found == {"signup.changed"}])
        for one in only_changed.select_related("session"):
            if one.pk in stands:
                told = mails[str(one.uid)]
                if one.registration_id == follows.pk:
                    told = sum(f"/sessions/{one.session.code}/" in text for text in listed)
                assert told == (stands[one.pk] != self.stood[one.pk])
        self.stood = stands

    def speaker_knows(self) -> None:
        """Of moves one mail, if the session is not where it was when the last one left; else none."""
        newest = newest_release(self.conference)
        placed = newest.placements.filter(session=self.sessions[0]).first() if newest else None
        now = (placed.start, placed.room_id) if placed else None
        mails = [message for recipient, message in self.sent if recipient == SPEAKER]
        since = Entry.objects.filter(pk__gt=self.told_until, verb="release.published")
        held = self.sessions[0].released_placements.filter(release_id__in=since.values("subject_id"))
        if self.appeared and held.count() == since.count():
            assert len(mails) == (now != self.appeared)
        elif now != self.appeared:
            assert mails
        self.appeared = now


# Kinds that one entry causes for one participant; a daily mail is caused by the first of several.
SINGLE = [
    "registration_confirmed",
    "registration_from_line",
    "registration_in_line",
    "registration_line_ended",
    "registration_cancelled",
    "registration_approved",
    "registration_declined",
    "place_confirmed",
    "place_back",
    "place_waiting",
    "place_offered",
    "offer_expired",
    "line_closed",
    "place_left",
    "session_cancelled",
    "place_lost",
    "place_changed",
]


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.timeout(600)
def test_everybody_concerned_is_told_once_and_nobody_else(settings: Settings) -> None:
    with running() as Lives.sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = Lives.sink.host, Lives.sink.port
        run_state_machine_as_test(
            Lives,
            settings=hypothesis_settings(
                max_examples=15,
                stateful_step_count=25,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
