"""Second factors: what an account has set up, and what a change of it leaves in the journal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts.facts import RecoveryCodesReplaced, SecondFactorAdded, SecondFactorRemoved
from accounts.models import User
from accounts.queries import CODES
from journal.actors import Actor
from journal.facts import Fact
from journal.recording import record_all
from journal.retrying import retried


@contextmanager
def changes_told(user: User) -> Iterator[None]:
    """One transaction in which whatever happens to the account's second factors leaves its facts.

    What happened is found by comparing, so that no way through the library that keeps them is missed. Two queries, and
    one for the entries.
    """
    with transaction.atomic():
        User.objects.select_for_update().only("pk").get(pk=user.pk)
        before = _factors(user)
        yield
        record_all(_differences(user.pk, before, _factors(user)), actor=Actor.organizer(user.pk))


@retried
@transaction.atomic
def remove_all(user: User, *, actor: Actor) -> int:
    """Take every second factor from an account, for somebody who has lost theirs. Returns how many there were."""
    before = _factors(user)
    Authenticator.objects.filter(user=user).delete()
    record_all(_differences(user.pk, before, {}), actor=actor)
    return len(before)


def _factors(user: User) -> dict[int, str]:
    return dict(Authenticator.objects.filter(user=user).order_by("pk").values_list("pk", "type"))


def _differences(account: int, before: dict[int, str], after: dict[int, str]) -> list[Fact]:
    """Codes come and go with the factor they stand in for; of them only a replacement is told."""
    gone = [kind for pk, kind in before.items() if pk not in after]
    new = [kind for pk, kind in after.items() if pk not in before]
    told: list[Fact] = []
    for kind in new:
        if kind != CODES:
            told.append(SecondFactorAdded(conference_id=None, subject_id=account, factor=kind))
        elif CODES in gone:
            told.append(RecoveryCodesReplaced(conference_id=None, subject_id=account))
    told += [SecondFactorRemoved(conference_id=None, subject_id=account, factor=kind) for kind in gone if kind != CODES]
    return told
