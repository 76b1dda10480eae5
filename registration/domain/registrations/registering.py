"""Registering for a conference, proving the address, and giving the registration back.

Whoever knows an address may start a registration for it; nobody but its owner finishes one. What was typed waits in
the link that is mailed there (`MagicLink.answers`) and reaches the registration when the link is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journal.actors import SYSTEM, Actor
from journal.facts import Fact
from journal.recording import record, record_all
from journal.retrying import retried
from registration.domain.registrations import tokens
from registration.domain.registrations.answers import MOST_WISHES, Answers, wished_sessions
from registration.domain.signups.locks import lock_registration
from registration.domain.signups.signing_up import leave_all
from registration.facts import (
    InterestsChanged,
    LinkRequested,
    RegistrationAnswered,
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationReceived,
    SignInRefused,
)
from registration.models import Interest, MagicLink, Participant, Registration
from schedule.models import Conference, Session
from values.hosts import one_mailbox
from values.presses import SAME_PRESS

SIGN_IN_VALID_FOR = timedelta(minutes=30)
CONFIRM_VALID_FOR = timedelta(hours=48)
State = Registration.State
# From these a person takes part by their own decision; the others are the organizers' to change.
OPEN_STATES = (State.DRAFT, State.CANCELLED)


class LinkPurpose(StrEnum):
    """Why a link is mailed; names the message."""

    CONFIRM = "confirm"
    SIGN_IN = "sign_in"


class LinkRefused(Exception):
    """The link is unknown, was used, or has run out."""


class ConferenceFull(Exception):
    """The conference has as many registrations as it takes."""

    message = _("The conference is full. Your answers are kept; try again when a place has come free.")


def participant_with(email: str) -> Participant | None:
    """The participant with this address, however it is capitalised. One query."""
    return Participant.objects.alias(key=Lower("email")).filter(key=Lower(Value(one_mailbox(email.strip())))).first()


def begin(conference: Conference, *, email: str, language: str) -> Registration:
    """The registration of this address for this conference: the one there is, or a new and empty draft."""
    try:
        return _begin(conference, email, language)
    except IntegrityError:  # somebody was faster with the same address, and is found now
        return _begin(conference, email, language)


@retried
@transaction.atomic
def _begin(conference: Conference, email: str, language: str) -> Registration:
    known = participant_with(email)
    found = Registration.objects.filter(conference=conference, participant=known).first() if known else None
    if found is None:
        participant = known or Participant.objects.create(email=email.strip(), language=language)
        found = Registration.objects.create(conference=conference, participant=participant, language=language)
    found.conference, found.participant = conference, known or found.participant
    return found


def submit(registration: Registration, answers: Answers, *, now: datetime) -> MagicLink:
    """Have a link mailed that confirms the registration with these answers.

    A registration that is confirmed already is not touched: the link then only signs its owner in.
    """
    page = reverse("website:my_conference", args=[registration.conference.slug])
    if registration.state in OPEN_STATES:
        return _mail_link(
            registration.participant,
            LinkPurpose.CONFIRM,
            until=now + CONFIRM_VALID_FOR,
            now=now,
            next_path=page,
            registration=registration,
            answers=answers,
        )
    return _mail_link(
        registration.participant,
        LinkPurpose.SIGN_IN,
        until=now + CONFIRM_VALID_FOR,
        now=now,
        next_path=page,
        conference_id=registration.conference_id,
    )


@retried
def request_link(email: str, *, now: datetime, next_path: str = "") -> MagicLink | None:
    """Have a link mailed that signs the owner of this address in. None when nobody has it.

    Both cases cost the same: a look-up and a journal entry, written before the worker is woken.
    """
    participant = participant_with(email)
    if participant is None:
        with transaction.atomic():
            record(SignInRefused(conference_id=None, purpose=LinkPurpose.SIGN_IN), actor=SYSTEM)
        return None
    return _mail_link(participant, LinkPurpose.SIGN_IN, until=now + SIGN_IN_VALID_FOR, now=now, next_path=next_path)


@retried
def _mail_link(
    participant: Participant,
    purpose: LinkPurpose,
    *,
    until: datetime,
    now: datetime,
    next_path: str,
    registration: Registration | None = None,
    answers: Answers | None = None,
    conference_id: int | None = None,
) -> MagicLink:
    """A new link and its mail; or the link that was asked for a moment ago, whose mail is on its way. Locks the owner.

    One with other answers is another link: whoever types somebody's address must not change what they will confirm.
    """
    uid = uuid4()
    kept = answers.as_data() if answers else {}
    with transaction.atomic():
        Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
        asked = MagicLink.objects.filter(participant=participant, registration=registration, used_at=None, answers=kept)
        recent = asked.filter(next_path=next_path, created_at__gt=now - SAME_PRESS)
        if (same := recent.filter(expires_at=F("created_at") + (until - now)).first()) is not None:
            record(SignInRefused(conference_id=None, purpose=purpose), actor=SYSTEM)
            return same
        link = MagicLink.objects.create(
            uid=uid,
            participant=participant,
            registration=registration,
            token_hash=tokens.hash_of(tokens.token_for(tokens.TokenPurpose.MAGIC_LINK, uid)),
            next_path=next_path,
            answers=kept,
            created_at=now,
            expires_at=until,
        )
        fact = LinkRequested(
            conference_id=registration.conference_id if registration else conference_id,
            subject_id=link.pk,
            purpose=purpose,
            participant=participant.pk,
            registration=registration.pk if registration else None,
        )
        record(fact, actor=SYSTEM)
    return link


def link_for(token: str) -> MagicLink | None:
    """The link with this token, used or not, with its participant and conference. One query."""
    links = MagicLink.objects.select_related("participant", "registration__conference")
    return links.filter(token_hash=tokens.hash_of(token)).first()


def is_usable(link: MagicLink, *, now: datetime) -> bool:
    return link.used_at is None and link.expires_at > now


@retried
@transaction.atomic
def redeem(token: str, *, now: datetime) -> Participant:
    """Use a link: its owner has proved the address, and the registration it belongs to is taken in.

    Raises `LinkRefused` when it cannot be used; of two who use it at once, one is refused. When the conference has
    become full the owner is still signed in, and the registration stays a draft with its answers.
    """
    links = MagicLink.objects.select_for_update(of=("self",)).select_related("participant", "registration__conference")
    needed = ("used_at", "expires_at", "created_at", "answers", "participant")
    asked = ("registration__conference__capacity", "registration__conference__approves_registrations")
    link = links.only(*needed, *asked).filter(token_hash=tokens.hash_of(token)).first()
    if link is None or not is_usable(link, now=now):
        raise LinkRefused
    participant, answers = link.participant, link.answers
    if participant.verified_at is None:
        participant.verified_at = now
        participant.save(update_fields=["verified_at"])
    if link.registration is not None:
        given = Answers.from_data(answers) if answers else None
        _use_for(link.registration, participant, given, agreed_at=link.created_at, now=now)
    link.used_at, link.answers = now, {}
    link.save(update_fields=["used_at", "answers"])
    return participant


def _use_for(
    registration: Registration, participant: Participant, answers: Answers | None, *, agreed_at: datetime, now: datetime
) -> None:
    """Give a registration the answers that waited in its link, and take it in unless the conference is full."""
    # In the order of everything that locks both: the conference first.
    conference = _lock_if_limited(registration.conference)
    registration = lock_registration(registration.pk)
    registration.conference, registration.participant = conference, participant
    names: list[str] = []
    facts: list[Fact] = []
    if registration.state in OPEN_STATES and answers is not None:
        names, facts = _answer(registration, answers, agreed_at=agreed_at)
    if takes_more(conference):
        taken, said = _take_in(registration, conference, now=now)
        names, facts = names + taken, facts + said
    if names:
        registration.save(update_fields=names)
    record_all(facts, actor=registration.actor)


def _lock_if_limited(conference: Conference) -> Conference:
    """Where places are limited, the last one must be given once; elsewhere nobody waits for anybody."""
    if conference.capacity is None:
        return conference
    return Conference.objects.select_for_update(no_key=True).get(pk=conference.pk)


@retried
@transaction.atomic(savepoint=False)
def answer(
    registration: Registration, answers: Answers, *, actor: Actor, agreed_at: datetime | None = None
) -> Registration:
    """Write answers and wishes into a registration whose owner is known to be speaking. Locks it: of two who save at
    once the later one's answers and wishes stand, whole.
    """
    lock_registration(registration.pk)
    names, facts = _answer(registration, answers, agreed_at=agreed_at)
    registration.save(update_fields=names)
    record_all(facts, actor=actor)
    return registration


def _answer(
    registration: Registration, answers: Answers, *, agreed_at: datetime | None
) -> tuple[list[str], list[Fact]]:
    """Set the registration's fields and write its wishes; the caller saves the fields named and records the facts."""
    if registration.participant.language != answers.language:
        registration.participant.language = answers.language
        registration.participant.save(update_fields=["language"])
    names = answers.write_to(registration)
    if agreed_at is not None:
        registration.consented_at = agreed_at
        names.append("consented_at")
    said = RegistrationAnswered(conference_id=registration.conference_id, subject_id=registration.pk)
    return names, [said, *_write_interests(registration, wished_sessions(registration.conference, answers.wishes))]


@retried
@transaction.atomic
def take_part(registration: Registration, *, actor: Actor, now: datetime) -> Registration:
    """Take in a draft or cancelled registration that has been agreed to. Asking twice changes nothing.

    Accepts it, or has the organizers decide where their conference is so. Raises `ConferenceFull`. Locks the
    conference where its places are limited, so that the last one is given once.
    """
    conference = _lock_if_limited(registration.conference)
    locked = lock_registration(registration.pk)
    if not takes_more(conference):
        raise ConferenceFull
    names, facts = _take_in(locked, conference, now=now)
    if names:
        locked.save(update_fields=names)
        record_all(facts, actor=actor)
    registration.refresh_from_db()
    return registration


def _take_in(registration: Registration, conference: Conference, *, now: datetime) -> tuple[list[str], list[Fact]]:
    """The step of a locked registration that may come in; the caller saves the fields named and records the facts."""
    if registration.state not in OPEN_STATES or registration.consented_at is None:
        return [], []
    if conference.approves_registrations:
        registration.state = State.SUBMITTED
        return ["state"], [RegistrationReceived(conference_id=conference.pk, subject_id=registration.pk)]
    registration.state, registration.confirmed_at = State.ACCEPTED, now
    said = RegistrationConfirmed(conference_id=conference.pk, subject_id=registration.pk)
    return ["state", "confirmed_at"], [said]


@retried
@transaction.atomic
def set_interests(registration: Registration, sessions: Sequence[Session], *, actor: Actor) -> None:
    """Replace the wishes of a registration; the first session is the dearest. Unchanged wishes write nothing."""
    lock_registration(registration.pk)
    record_all(_write_interests(registration, sessions), actor=actor)


@retried
@transaction.atomic
def add_interests(registration: Registration, sessions: Sequence[Session], *, actor: Actor) -> int:
    """Wish for these sessions as well, after what is wished for already; how many were new. One fact, if any was."""
    lock_registration(registration.pk)
    held = [interest.session for interest in registration.interests.select_related("session").order_by("rank")]
    known = {session.pk for session in held}
    new = [session for session in sessions if session.pk not in known][: max(0, MOST_WISHES - len(held))]
    record_all(_write_interests(registration, [*held, *new]), actor=actor)
    return len(new)


def _write_interests(registration: Registration, sessions: Sequence[Session]) -> list[Fact]:
    """`set_interests` under the caller's lock of the registration; the caller records what is returned."""
    wanted = [session.pk for session in sessions]
    had = list(registration.interests.order_by("rank").values_list("session_id", flat=True))
    if wanted == had:
        return []
    if had:
        registration.interests.all().delete()
    Interest.objects.bulk_create(
        [Interest(registration=registration, session_id=pk, rank=rank) for rank, pk in enumerate(wanted, start=1)]
    )
    about = InterestsChanged(
        conference_id=registration.conference_id, subject_id=registration.pk, sessions=tuple(wanted)
    )
    return [about]


@retried
@transaction.atomic
def cancel(registration: Registration, *, actor: Actor) -> Registration:
    """Give the registration back, with every place it holds; those go to whoever waits. Twice changes nothing."""
    leave_all(registration, actor=actor, reason="registration")
    active = Registration.objects.filter(pk=registration.pk, state__in=Registration.ACTIVE)
    if active.update(state=State.CANCELLED):
        fact = RegistrationCancelled(conference_id=registration.conference_id, subject_id=registration.pk)
        record(fact, actor=actor)
    registration.refresh_from_db()
    return registration


def takes_more(conference: Conference) -> bool:
    """Whether a registration may come in: there is room, or organizers decide who gets it. One query at most."""
    if conference.capacity is None or conference.approves_registrations:
        return True
    return Registration.objects.for_conference(conference).active().count() < conference.capacity


def register(conference: Conference, *, email: str, answers: Answers, now: datetime | None = None) -> MagicLink:
    """`begin` and `submit` in one: everything the registration form does when it is sent."""
    return submit(begin(conference, email=email, language=answers.language), answers, now=now or timezone.now())
