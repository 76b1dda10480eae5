"""Links that are mailed: asked for, looked up, used, and sent anew. What they do is in the modules that ask for them.

Of several that are on their way each works, until a newer one is used: then those before it are dead.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Lower

from journal.actors import SYSTEM
from journal.recording import record
from journal.retrying import retried
from registration.domain.registrations import tokens
from registration.domain.registrations.answers import Answers
from registration.facts import LinkRequested, SignInRefused
from registration.models import MagicLink, Participant, Registration
from schedule.domain.programme.closing_times import registration_times
from schedule.models import Conference
from values.hosts import one_mailbox
from values.presses import SAME_PRESS

SIGN_IN_VALID_FOR = timedelta(minutes=30)
CONFIRM_VALID_FOR = timedelta(hours=48)
# The key that no row has.
_NOBODY = 0


class LinkPurpose(StrEnum):
    """Why a link is mailed; names the message."""

    CONFIRM = "confirm"
    # To confirm what is confirmed already: it signs in, and what was typed is offered.
    KNOWN = "known"
    SIGN_IN = "sign_in"
    ADDRESS = "address"


class LinkRefused(Exception):
    """The link is unknown, was used, or has run out."""


def participant_with(email: str) -> Participant | None:
    """The participant with this address, however it is capitalised. One query."""
    return Participant.objects.alias(key=Lower("email")).filter(key=Lower(Value(one_mailbox(email.strip())))).first()


@retried
def request_link(email: str, *, now: datetime, next_path: str = "") -> MagicLink | None:
    """Have a link mailed that signs the owner of this address in. None when nobody has it.

    Every case costs the same statements, committed before the worker is woken: how long it takes tells nobody.
    """
    participant = participant_with(email)
    if participant is None:
        mail_nothing(LinkPurpose.SIGN_IN)
        return None
    return mail_link(participant, LinkPurpose.SIGN_IN, until=now + SIGN_IN_VALID_FOR, now=now, next_path=next_path)


@retried
@transaction.atomic
def mail_nothing(purpose: LinkPurpose) -> None:
    """What `mail_link` does, for an address that is mailed nothing: as many statements, which find no row."""
    Participant.objects.select_for_update(no_key=True).filter(pk=_NOBODY).first()
    MagicLink.objects.filter(participant=_NOBODY, used_at=None).first()
    _write_no_link(purpose)


def _write_no_link(purpose: LinkPurpose) -> None:
    """In place of a link and the fact that it was asked for."""
    MagicLink.objects.filter(pk=_NOBODY).update(used_at=None)
    record(SignInRefused(conference_id=None, purpose=purpose), actor=SYSTEM)


@retried
def mail_link(
    participant: Participant,
    purpose: LinkPurpose,
    *,
    until: datetime,
    now: datetime,
    next_path: str,
    registration: Registration | None = None,
    answers: Answers | None = None,
    new_address: str = "",
    leaves_at: datetime | None = None,
) -> MagicLink:
    """A new link and its mail; or the link that was asked for a moment ago, whose mail is on its way. Locks the owner.

    The mail leaves at `leaves_at`, where many were asked for (`limits.MailPace`), or at once.

    One with other answers is another link: whoever types somebody's address must not change what they will confirm.
    """
    uid = uuid4()
    kept = answers.as_data() if answers else {}
    with transaction.atomic():
        Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
        asked = MagicLink.objects.filter(
            participant=participant, registration=registration, used_at=None, answers=kept, new_address=new_address
        )
        recent = asked.filter(next_path=next_path, created_at__gt=now - SAME_PRESS)
        if (same := recent.filter(expires_at=F("created_at") + (until - now)).first()) is not None:
            _write_no_link(purpose)
            return same
        link = MagicLink.objects.create(
            uid=uid,
            participant=participant,
            registration=registration,
            token_hash=tokens.hash_of(tokens.token_for(tokens.TokenPurpose.MAGIC_LINK, uid)),
            next_path=next_path,
            answers=kept,
            new_address=new_address,
            created_at=now,
            expires_at=until,
        )
        fact = LinkRequested(
            conference_id=registration.conference_id if registration else None,
            subject_id=link.pk,
            purpose=purpose,
            participant=participant.pk,
            registration=registration.pk if registration else None,
            leaves_at=leaves_at if leaves_at is not None and leaves_at > now else None,
        )
        record(fact, actor=SYSTEM)
    return link


def link_for(token: str) -> MagicLink | None:
    """The link with this token, used or not, with its participant and conference. One query."""
    links = MagicLink.objects.select_related("participant", "registration__conference")
    return links.filter(token_hash=tokens.hash_of(token)).first()


def is_usable(link: MagicLink, *, now: datetime) -> bool:
    return link.used_at is None and link.expires_at > now


def used_since(uid: UUID, conference: Conference) -> bool:
    """Whether this link of a registration for the conference was used, or another for the same one since. One query."""
    asked = MagicLink.objects.filter(uid=uid, registration__conference=conference)
    since = MagicLink.objects.filter(registration=OuterRef("registration"), used_at__gte=OuterRef("created_at"))
    return asked.filter(Exists(since)).exists()


def may_be_sent_again(link: MagicLink, *, now: datetime) -> bool:
    """Whether another may follow a dead link: none that would confirm a registration while that is closed, or nobody
    who once filled in the form would ever be too late (invariant 10). No query.
    """
    registration = link.registration if link.used_at is None else None
    if registration is None or registration.state not in Registration.UNCONFIRMED:
        return True
    return registration_times(registration.conference, now=now).is_open


def send_again(link: MagicLink, *, now: datetime) -> MagicLink:
    """Mail another link to the address that a dead one was for, with everything that one held.

    One that was used has nothing left but its owner: the new one signs in. Raises `LinkRefused` where none may follow.
    """
    if not may_be_sent_again(link, now=now):
        raise LinkRefused
    purpose, valid = LinkPurpose.SIGN_IN, SIGN_IN_VALID_FOR
    registration = link.registration if link.used_at is None else None
    if registration is not None:
        is_open = registration.state in Registration.UNCONFIRMED
        purpose, valid = LinkPurpose.CONFIRM if is_open else LinkPurpose.KNOWN, CONFIRM_VALID_FOR
    return mail_link(
        link.participant,
        purpose,
        until=now + valid,
        now=now,
        next_path=link.next_path,
        registration=registration,
        answers=Answers.from_data(link.answers) if registration and link.answers else None,
    )


@retried
@transaction.atomic
def use(token: str, *, now: datetime, act: Callable[[MagicLink], None]) -> MagicLink:
    """Use a link: its owner has proved the address, `act` does what the link is for, and older ones die.

    Raises `LinkRefused` when it cannot be used; of two who use it at once, one is refused. What `act` raises undoes
    all of it.
    """
    links = MagicLink.objects.select_for_update(of=("self",)).select_related("participant", "registration__conference")
    link = links.filter(token_hash=tokens.hash_of(token)).first()
    if link is None or not is_usable(link, now=now):
        raise LinkRefused
    participant = link.participant
    if participant.verified_at is None and not link.new_address:
        participant.verified_at = now
        participant.save(update_fields=["verified_at"])
    act(link)
    link.used_at, link.answers = now, {}
    link.save(update_fields=["used_at", "answers", "former_address"])
    older = MagicLink.objects.filter(participant=participant, used_at=None, created_at__lte=link.created_at)
    older = older.exclude(pk=link.pk).filter(expires_at__gt=now)
    # What another registration waits for is not answered by this one, nor is a change of address.
    older.filter(new_address="").filter(Q(registration=None) | Q(registration=link.registration)).update(
        expires_at=now, answers={}
    )
    return link
