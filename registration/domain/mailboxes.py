"""Several registrations of one conference that arrive in one mailbox: finding them, and keeping one of them.

One address is one person, and an address with a "+tag" is another address: nobody is refused for it, since a couple or
an office may share a mailbox. But whoever takes two places for one person takes one from somebody else; organizers see
it here and decide.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Case, CharField, Count, F, Func, Q, QuerySet, Value, When
from django.db.models.functions import Collate, Concat, Lower
from django.utils.translation import gettext_lazy as _

from journal.actors import Actor
from journal.retrying import retried
from registration.domain import conference_line
from registration.domain.registrations.deciding import OPEN, withdraw
from registration.domain.registrations.registering import cancel
from registration.domain.signups.signing_up import leave_all
from registration.models import Registration
from registration.models.registrations import RegistrationQuerySet
from schedule.models import Conference
from values.hosts import MAILBOX_HOSTS, MAILBOX_UNREAD, mailbox_key

# Those that hold something, or may come to: the others take nothing from anybody.
LIVE = (*OPEN, *Registration.ACTIVE)


class KeepingRefused(Exception):
    """The registration that should be kept is over, so that none would be left."""


def key_of(address: str) -> Case:
    """`values.hosts.mailbox_key` in SQL, of a column whose addresses are kept in their one form."""
    untagged = _replaced(Lower(Collate(F(address), "C")), r"^([^+]+)\+.*@", r"\1@")
    local = _replaced(untagged, "@[^@]*$", "")
    cases = []
    for host in sorted({*MAILBOX_HOSTS, *MAILBOX_HOSTS.values(), *MAILBOX_UNREAD}):
        one = MAILBOX_HOSTS.get(host, host)
        unread = Value(MAILBOX_UNREAD.get(one, ""))
        name = Func(local, unread, Value(""), function="translate", output_field=CharField())
        cases.append(When(Q(**{f"{address}__iendswith": f"@{host}"}), then=Concat(name, Value(f"@{one}"))))
    return Case(*cases, default=untagged, output_field=CharField())


def _replaced(text: Func, pattern: str, by: str) -> Func:
    return Func(text, Value(pattern), Value(by), function="regexp_replace", output_field=CharField())


def _live(conference: Conference) -> RegistrationQuerySet:
    return Registration.objects.for_conference(conference).filter(state__in=LIVE)


def _shared(conference: Conference) -> QuerySet[Registration, tuple[str, int]]:
    """The mailboxes of several live registrations, with how many they are."""
    keys = _live(conference).order_by().annotate(mailbox=key_of("participant__email")).values("mailbox")
    return keys.annotate(number=Count("pk")).filter(number__gt=1).values_list("mailbox", "number")


def share_a_mailbox(conference: Conference) -> RegistrationQuerySet:
    """The live registrations whose mailbox has another one. A query for the mailboxes."""
    rows = _live(conference).alias(mailbox=key_of("participant__email"))
    return rows.filter(mailbox__in=[mailbox for mailbox, _number in _shared(conference)])


def numbers_sharing(conference: Conference, registrations: Iterable[Registration]) -> dict[int, int]:
    """By key, of which of these, read with their participants, the mailbox has several, and how many. One query."""
    keys = {one.pk: mailbox_key(one.participant.email) for one in registrations if one.state in LIVE}
    numbers = dict(_shared(conference)) if keys else {}
    return {pk: numbers[key] for pk, key in keys.items() if key in numbers}


def of_the_mailbox(registration: Registration) -> RegistrationQuerySet:
    """The live registrations of the same conference and mailbox: the ones accepted first, of these who came first.

    One query; this one is among them if it is live.
    """
    rank = Case(
        When(state=Registration.State.CHECKED_IN, then=0), When(state=Registration.State.ACCEPTED, then=1), default=2
    )
    rows = _live(registration.conference).alias(mailbox=key_of("participant__email"))
    rows = rows.filter(mailbox=mailbox_key(registration.participant.email))
    return rows.select_related("participant").order_by(rank, "created_at", "pk")


@retried
@transaction.atomic
def keep_one(kept: Registration, others: Iterable[Registration], *, actor: Actor) -> list[Registration]:
    """Cancel the others of the mailbox of `kept`; returns those cancelled. Twice changes nothing.

    What they hold goes to whoever waits, but to none of them. Of `others` those that are over, or that are not of this
    mailbox, stay as they are. Raises `KeepingRefused` when `kept` is over by now.
    Locks the conference where its places are limited, the seats of all of them, then the registrations.
    """
    conference_line.lock_limited(kept.conference_id)
    concerned = {one.pk for one in others} - {kept.pk}
    extra = list(of_the_mailbox(kept).filter(pk__in=concerned))
    leave_all(*extra, actor=actor)
    locked = Registration.objects.select_for_update(no_key=True).filter(pk__in=[kept.pk, *(one.pk for one in extra)])
    live = {one.pk for one in locked.order_by("pk") if one.state in LIVE}
    if kept.pk not in live:
        raise KeepingRefused(str(_("The registration that you wanted to keep is over. Nothing was cancelled.")))
    still = [one for one in extra if one.pk in live]
    # Those in line leave it before a place comes free.
    ended = {one.pk: withdraw(one, actor=actor) for one in still if one.state in OPEN}
    return [ended[one.pk] if one.pk in ended else cancel(one, actor=actor) for one in still]
