"""What must happen so that a kind of mail is due; how places come and go stands in `mails.test_rendering`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from journal.recording import record
from notifications.mails import organizer_digests, reminders
from notifications.models import Message
from notifications.rules.intake import take_in
from registration.domain.privacy.addresses import ask_for_address, confirm_address
from registration.domain.registrations import deciding, registering, tokens
from registration.domain.registrations.answers import Answers
from registration.models import MagicLink, Registration
from schedule.domain.editing.rows import change_row, version_of
from schedule.domain.programme.closing_times import change_times
from schedule.domain.programme.invitations import invite_to_host, invite_to_speak
from schedule.domain.programme.sessions import cancel_session
from schedule.models import Conference, Person, Role, SessionHost
from tests.factories import at, make_body, make_person, make_team, make_user
from tests.facts import a_fact
from tests.notifications.places import ACTOR, Stage


def speaker(stage: Stage, language: str = "", **fields: object) -> Person:
    """Somebody with an address who speaks in the stage's session."""
    fields = {"email": "speaker@example.org", "language": language} | fields
    person = make_person(stage.conference, **fields)
    Role.objects.create(session=stage.session, person=person, role="speaker")
    return person


def host(stage: Stage, language: str = "") -> SessionHost:
    """An organisation whose contact has an address, hosting the stage's session."""
    contact = make_person(stage.conference, email="host@example.org", language=language)
    body = make_body(stage.conference, contact=contact)
    return SessionHost.objects.create(session=stage.session, body=body)


def received(stage: Stage, language: str) -> Registration:
    stage.conference.approves_registrations = True
    person = stage.person(language=language, state="draft", confirmed_at=None)
    return registering.take_part(person, actor=ACTOR, now=timezone.now())


def approved(stage: Stage, language: str) -> None:
    deciding.approve(received(stage, language), actor=ACTOR, now=timezone.now())


def invited(stage: Stage, language: str) -> None:
    speaker(stage, language)
    invite_to_speak(Role.objects.get(), actor=ACTOR)


def told(stage: Stage, old: str, new: str) -> None:
    """A release that moves the session, as the journal tells it to speakers and hosts."""
    stage.move(old)
    stage.move(new)
    release = stage.conference.releases.first()
    assert release is not None
    with transaction.atomic():
        record(
            a_fact(
                "release.published",
                conference_id=stage.conference.pk,
                subject_id=release.pk,
                number=release.number,
                previous=release.number - 1,
            ),
            actor=ACTOR,
        )


def placed(stage: Stage, language: str) -> None:
    speaker(stage, language)
    release = stage.conference.releases.get()
    with transaction.atomic():
        record(
            a_fact(
                "release.published",
                conference_id=stage.conference.pk,
                subject_id=release.pk,
                number=release.number,
                previous=None,
            ),
            actor=ACTOR,
        )


def in_calendar(stage: Stage, language: str) -> None:
    """A mail has put the session into the calendar of its speaker."""
    placed(stage, language)
    take_in()
    Message.objects.update(state="sent", calendar_method="REQUEST", sent_at=timezone.now())


def moved(stage: Stage, language: str) -> None:
    speaker(stage, language)
    told(stage, "10:00", "12:00")


def appearance_cancelled(stage: Stage, language: str) -> None:
    in_calendar(stage, language)
    cancel_session(stage.session, actor=ACTOR)


def appearance_ended(stage: Stage, language: str) -> None:
    """A release after its speaker was taken out of the session."""
    in_calendar(stage, language)
    stage.session.roles.all().delete()
    told(stage, "10:00", "10:00")


def evening(stage: Stage) -> datetime:
    """The evening before the first day, when tomorrow's sessions are mailed."""
    return at(stage.conference, "17:00") - timedelta(days=1)


def agenda(stage: Stage, language: str) -> None:
    stage.place(language=language)
    reminders.plan(evening(stage))


def soon(stage: Stage, language: str) -> None:
    stage.place(language=language, reminder_minutes=30)
    reminders.plan(at(stage.conference, "09:30"))


def digest(stage: Stage, language: str) -> None:
    stage.place(language=language, updates="digest")
    take_in(now=evening(stage) - timedelta(days=3))


def thanks(stage: Stage, language: str) -> None:
    stage.conference.survey_url = "https://forum.example.org/survey"
    stage.conference.save()
    stage.person(language=language)
    reminders.plan(at(stage.conference, "10:00", day=2))


def attention(stage: Stage, language: str) -> None:
    """A mail that has failed, and an organizer who is told in the morning."""
    team = make_team()
    user = make_user(name="Olivia", language=language)
    team.memberships.create(user=user, role="owner")
    stage.conference.team = team
    stage.conference.save()
    place = stage.place()
    now = at(stage.conference, "08:00")
    failed = Message.objects.create(
        conference=stage.conference,
        participant=place.registration.participant,
        kind="sign_in",
        dedup_key="failed",
        state="failed",
    )
    failed.tries.create(at=now - timedelta(hours=2), outcome="refused")
    organizer_digests.plan(now)


def known(stage: Stage, language: str) -> None:
    """Somebody registers who is registered."""
    person = stage.person(language=language)
    answers = Answers("Somebody", language=language)
    registering.register(stage.conference, email=person.participant.email, answers=answers)


def new_address(stage: Stage, language: str) -> None:
    now = timezone.now()
    ask_for_address(stage.person(language=language), "new@example.org", now=now, next_path="/my/")


def address_changed(stage: Stage, language: str) -> None:
    new_address(stage, language)
    link = MagicLink.objects.get()
    confirm_address(tokens.token_for(tokens.TokenPurpose.MAGIC_LINK, link.uid), now=timezone.now())


def limited(stage: Stage, capacity: int, *, is_open: bool = True) -> None:
    """The conference takes so many, as organizers say it."""
    stored = Conference.objects.get(pk=stage.conference.pk)
    version = version_of(stored)
    stored.capacity = capacity
    change_row(stored, version=version, actor=ACTOR)
    change_times(stored, is_open=is_open, opens_at=None, closes_at=None, signup_minutes=0, actor=ACTOR)


def in_line(stage: Stage, language: str) -> None:
    """Somebody has confirmed a registration for a conference that takes nobody more."""
    limited(stage, 0)
    person = stage.person(language=language, state="draft", confirmed_at=None)
    registering.take_part(person, actor=ACTOR, now=timezone.now())


def from_line(stage: Stage, language: str) -> None:
    in_line(stage, language)
    limited(stage, 1)


def line_ended(stage: Stage, language: str) -> None:
    in_line(stage, language)
    limited(stage, 0, is_open=False)


SCENES: dict[str, Callable[[Stage, str], object]] = {
    "already_registered": known,
    "new_address": new_address,
    "address_changed": address_changed,
    "registration_received": received,
    "registration_approved": approved,
    "registration_declined": lambda stage, language: deciding.decline(received(stage, language), actor=ACTOR),
    "registration_waitlisted": lambda stage, language: deciding.waitlist(received(stage, language), actor=ACTOR),
    "registration_in_line": in_line,
    "registration_from_line": from_line,
    "registration_line_ended": line_ended,
    "speaking_invitation": invited,
    "hosting_invitation": lambda stage, language: invite_to_host(host(stage, language), actor=ACTOR),
    "appearance_placed": placed,
    "appearance_changed": moved,
    "appearance_cancelled": appearance_cancelled,
    "appearance_ended": appearance_ended,
    "agenda_reminder": agenda,
    "session_reminder": soon,
    "digest": digest,
    "thanks": thanks,
    "organizer_digest": attention,
}
# English subject of each; %s is the session's title or the conference's name.
SUBJECTS = {
    "already_registered": "You are registered already: %s",
    "new_address": "Confirm your new e-mail address: %s",
    "address_changed": "Your e-mail address was changed: %s",
    "registration_received": "We have your registration: %s",
    "registration_approved": "Your registration is accepted: %s",
    "registration_declined": "Your registration is declined: %s",
    "registration_waitlisted": "You are on the waiting list: %s",
    "registration_in_line": "The conference is full, you are in line: %s",
    "registration_from_line": "A place came free, you are registered: %s",
    "registration_line_ended": "No place came free: %s",
    "speaking_invitation": "Will you take part? %s",
    "hosting_invitation": "Will you host it? %s",
    "appearance_placed": "In the programme: %s",
    "appearance_changed": "New time: %s",
    "appearance_cancelled": "Cancelled: %s",
    "appearance_ended": "You do not appear in it any more: %s",
    "agenda_reminder": "Tomorrow: your sessions at %s",
    "session_reminder": "Soon: %s",
    "digest": "News of your sessions: %s",
    "thanks": "Thank you: %s",
    "organizer_digest": "Needs attention: %s",
}
