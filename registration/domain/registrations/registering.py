"""Registering for a conference, proving the address, and giving the registration back.

Whoever knows an address may start a registration for it; nobody but its owner finishes one. What was typed waits in
the link that is mailed there (`MagicLink.answers`) and reaches the registration when the link is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from journal.actors import Actor
from journal.facts import Fact
from journal.recording import record, record_all
from journal.retrying import retried
from registration.domain import conference_line
from registration.domain.consents import Agreements, ConsentMissing, Purpose, keep, needed
from registration.domain.registrations import links
from registration.domain.registrations.answers import MOST_WISHES, Answers, sessions_asked_about, wished_sessions
from registration.domain.registrations.links import (
    CONFIRM_VALID_FOR,
    LinkPurpose,
    LinkRefused,
    mail_link,
    participant_with,
)
from registration.domain.signups.coming_again import comes_again_too_often
from registration.domain.signups.locks import lock_registration
from registration.domain.signups.signing_up import leave_all
from registration.facts import (
    InterestsChanged,
    RegistrationAnswered,
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationReceived,
)
from registration.models import Interest, MagicLink, Participant, Registration
from schedule.domain.programme.closing_times import Phase, RegistrationTimes, end_of, registration_times
from schedule.models import Conference, Session

State = Registration.State
OPEN_STATES = Registration.UNCONFIRMED


class RegistrationClosed(Exception):
    """The conference takes no registrations now: not yet, not any more, or nobody has said when."""

    @property
    def message(self) -> Promise | str:
        return {
            Phase.SOON: _("Registration has not opened yet."),
            Phase.OVER: _("Registration is over."),
        }.get(self.times.phase, _("Registration is closed."))

    def __init__(self, times: RegistrationTimes) -> None:
        super().__init__(times.phase)
        self.times = times


class CameBackTooOften(RegistrationClosed):
    """A registration was cancelled and handed in again so often that its owner must wait a while."""

    message = _("You have cancelled your registration and registered again very often. Wait an hour, then try again.")


def check_open(conference: Conference, *, now: datetime) -> None:
    """Raises `RegistrationClosed` unless the conference takes registrations at this moment (invariant 10). No query."""
    times = registration_times(conference, now=now)
    if not times.is_open:
        raise RegistrationClosed(times)


def begin(conference: Conference, *, email: str, language: str) -> Registration:
    """The registration of this address for this conference: the one there is, or a new and empty draft.

    The same four statements whoever has the address, and where two ask at once: what is there already is not written.
    """
    try:
        return _begin(conference, email, language)
    except (ObjectDoesNotExist, IntegrityError):  # whoever had the address was erased meanwhile; it is a new one now
        return _begin(conference, email, language)


@retried
@transaction.atomic
def _begin(conference: Conference, email: str, language: str) -> Registration:
    Participant.objects.bulk_create([Participant(email=email, language=language)], ignore_conflicts=True)
    if (participant := participant_with(email)) is None:
        raise Participant.DoesNotExist
    draft = Registration(conference=conference, participant=participant, language=language)
    Registration.objects.bulk_create([draft], ignore_conflicts=True)
    found = Registration.objects.get(conference=conference, participant=participant)
    found.conference, found.participant = conference, participant
    return found


def submit(
    registration: Registration, answers: Answers, *, now: datetime, leaves_at: datetime | None = None
) -> MagicLink:
    """Have a link mailed that confirms the registration with these answers; its mail leaves at `leaves_at`, or at once.

    A registration that is confirmed already is not touched: the link then signs its owner in, and they are offered what
    was typed. Raises `RegistrationClosed`, alike for everybody.
    """
    check_open(registration.conference, now=now)
    is_open = registration.state in OPEN_STATES
    return mail_link(
        registration.participant,
        LinkPurpose.CONFIRM if is_open else LinkPurpose.KNOWN,
        until=now + CONFIRM_VALID_FOR,
        now=now,
        next_path=reverse("website:my_conference", args=[registration.conference.slug]),
        registration=registration,
        answers=answers,
        leaves_at=leaves_at,
    )


@dataclass(frozen=True)
class Redeemed:
    """Who used a link, and what it held that was not written anywhere: answers for a registration that has its own."""

    participant: Participant
    offered: Answers | None = None


@retried
def redeem(token: str, *, now: datetime, agreed: Agreements = MappingProxyType({})) -> Redeemed:
    """Use a link: its owner has proved the address, and the registration it belongs to is taken in.

    `agreed` is what they agreed to while they saw the answers that wait in the link; nobody else can agree for them.
    Raises `LinkRefused` when it cannot be used, `ConsentMissing` when something was not agreed to. When the conference
    has become full they are in line for it (`conference_line`). What was sent before registration closed may be
    confirmed afterwards, as long as the link can be used; where the conference is full then, or over, the owner is
    signed in all the same, and the registration stays a draft with its answers.
    """
    offered: list[Answers] = []

    def take_in(link: MagicLink) -> None:
        if link.new_address:
            raise LinkRefused
        given = Answers.from_data(link.answers) if link.answers else None
        if link.registration is None:
            return
        if link.registration.state in OPEN_STATES:
            _use_for(link.registration, link.participant, given, agreed=agreed, now=now)
        elif given is not None:
            offered.append(given)

    link = links.use(token, now=now, act=take_in)
    return Redeemed(link.participant, offered[0] if offered else None)


def _use_for(
    registration: Registration, participant: Participant, answers: Answers | None, *, agreed: Agreements, now: datetime
) -> None:
    """Give a registration the answers that waited in its link, and take it in, or in line."""
    # In the order of everything that locks both: the conference first.
    conference = _lock_if_limited(registration.conference)
    registration = lock_registration(registration.pk)
    registration.conference, registration.participant = conference, participant
    names: list[str] = []
    facts: list[Fact] = []
    if registration.state in OPEN_STATES and answers is not None:
        _check_all(registration, answers, agreed)
        names, facts = _answer(registration, answers, agreed=agreed)
    if now < end_of(conference):
        taken, said = _take_in(registration, conference, now=now)
        names, facts = names + taken, facts + said
    if names:
        registration.save(update_fields=names)
    record_all(facts, actor=registration.actor)


def purposes_of(conference: Conference, answers: Answers) -> tuple[Purpose, ...]:
    """What must be agreed to before somebody takes part with these answers. No query."""
    return needed(conference, access=answers.has_access_needs, meals=bool(answers.diet))


def _check_all(registration: Registration, answers: Answers, agreed: Agreements) -> None:
    """Everything these answers need is agreed to anew, by whoever takes part with them. Raises `ConsentMissing`."""
    missing = [purpose for purpose in purposes_of(registration.conference, answers) if purpose not in agreed]
    if missing:
        raise ConsentMissing(missing)


def _lock_if_limited(conference: Conference) -> Conference:
    """Where places are limited, the last one must be given once; elsewhere nobody waits for anybody. Read anew, for a
    limit may have been set or lifted since.
    """
    if limited := conference_line.lock_limited(conference.pk):
        return limited[0]
    if conference.capacity is not None:
        conference.refresh_from_db(fields=["capacity"])
    return conference


@retried
@transaction.atomic(savepoint=False)
def answer(
    registration: Registration, answers: Answers, *, actor: Actor, agreed: Agreements = MappingProxyType({})
) -> Registration:
    """Write answers and wishes into a registration whose owner is known to be speaking. Locks it: of two who save at
    once the later one's answers and wishes stand, whole.

    `agreed` is added to what they have agreed to before. Raises `ConsentMissing` for answers that need more.
    """
    registration.consents = lock_registration(registration.pk).consents
    names, facts = _answer(registration, answers, agreed=agreed)
    registration.save(update_fields=names)
    record_all(facts, actor=actor)
    return registration


def _answer(registration: Registration, answers: Answers, *, agreed: Agreements) -> tuple[list[str], list[Fact]]:
    """Set the registration's fields and write its wishes; the caller saves the fields named and records the facts."""
    if registration.participant.language != answers.language:
        registration.participant.language = answers.language
        registration.participant.save(update_fields=["language"])
    consents = keep(registration, agreed, access=answers.has_access_needs, meals=bool(answers.diet))
    names = [*answers.write_to(registration), "consents", "consented_at"]
    said = RegistrationAnswered(conference_id=registration.conference_id, subject_id=registration.pk)
    wished = _write_interests(registration, wished_sessions(registration.conference, answers.wishes))
    return names, [said, *([consents] if consents else []), *wished]


@retried
@transaction.atomic
def take_part(registration: Registration, *, actor: Actor, now: datetime) -> Registration:
    """Take in a draft or cancelled registration that has been agreed to. Asking twice changes nothing.

    Accepts it, or has the organizers decide where their conference is so; where it is full, puts it in line. Raises
    `RegistrationClosed`, also where its owner cancels and comes back in a loop (`CameBackTooOften`). Locks the
    conference where its places are limited, so that the last one is given once.
    """
    conference = _lock_if_limited(registration.conference)
    locked = lock_registration(registration.pk)
    if locked.state in OPEN_STATES:
        check_open(conference, now=now)
    if locked.state == State.CANCELLED and actor == locked.actor and comes_again_too_often(locked, now=now):
        raise CameBackTooOften(registration_times(conference, now=now))
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
        registration.queued_at = None
        said: Fact = RegistrationReceived(conference_id=conference.pk, subject_id=registration.pk)
        return ["state", "queued_at"], [said]
    if not takes_more(conference):
        if registration_times(conference, now=now).is_open:
            return conference_line.queue(registration, now=now)
        return [], []
    registration.state, registration.confirmed_at, registration.queued_at = State.ACCEPTED, now, None
    said = RegistrationConfirmed(conference_id=conference.pk, subject_id=registration.pk)
    return ["state", "confirmed_at", "queued_at"], [said]


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
    """`set_interests` under the caller's lock of the registration; the caller records what is returned.

    Wishes that nobody is asked for now stay, last, where others change: the sign-up has closed, or the session was
    cancelled and may be reinstated.
    """
    wanted = [session.pk for session in sessions]
    held = registration.interests.order_by("rank")
    had = list(held.values_list("session_id", flat=True))
    hidden = held.exclude(session__in=sessions_asked_about(registration.conference))
    past = (
        [pk for pk in hidden.values_list("session_id", flat=True) if pk not in wanted] if had and wanted != had else []
    )
    if wanted == [pk for pk in had if pk not in past]:
        return []
    wanted += past
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
def cancel(registration: Registration, *, actor: Actor, now: datetime | None = None) -> Registration:
    """Give the registration back, with every place it holds; those go to whoever waits, and so does its place in the
    conference. Twice changes nothing.
    """
    limited = conference_line.lock_limited(registration.conference_id)
    leave_all(registration, actor=actor, reason="registration")
    active = Registration.objects.filter(pk=registration.pk, state__in=Registration.ACTIVE)
    was = active.select_for_update(no_key=True).values_list("state", flat=True).first()
    if was is not None:
        active.update(state=State.CANCELLED)
        fact = RegistrationCancelled(conference_id=registration.conference_id, subject_id=registration.pk, was=was)
        record(fact, actor=actor)
        conference_line.move_on(limited, actor=actor, now=now or timezone.now())
    registration.refresh_from_db()
    return registration


def takes_more(conference: Conference) -> bool:
    """Whether a registration may come in: there is room, or organizers decide who gets it. One query at most."""
    return conference.approves_registrations or conference_line.has_room(conference)


def register(
    conference: Conference,
    *,
    email: str,
    answers: Answers,
    now: datetime | None = None,
    leaves_at: datetime | None = None,
) -> MagicLink:
    """`begin` and `submit` in one: everything the registration form does when it is sent. Raises `RegistrationClosed`
    before anything is written.
    """
    now = now or timezone.now()
    check_open(conference, now=now)
    registration = begin(conference, email=email, language=answers.language)
    return submit(registration, answers, now=now, leaves_at=leaves_at)
