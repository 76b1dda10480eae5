"""What of a batch is not sent now: what says nothing true or new, what nobody would get, what must wait its turn."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from notifications.delivery import leases, throttle
from notifications.delivery.leases import Lease
from notifications.delivery.superseding import is_back, is_pointless
from notifications.delivery.suppression import WITHHELD, listed, suppressions_of
from notifications.mails.render_input import RenderInput
from notifications.models import Suppression


def without_pointless(claimed: Lease, inputs: Sequence[RenderInput]) -> list[RenderInput]:
    """Drop what says nothing true or new; return the rest."""
    now, current, pointless = timezone.now(), [], []
    for one in inputs:
        if is_pointless(one, now):
            pointless.append(one)
        else:
            current.append(one)
    known: dict[int | None, list[int]] = defaultdict(list)
    for one in pointless:
        # Of a place that is back where it was, its reader knows the newest state without being told.
        back = one.message.signup if is_back(one) else None
        known[back.sequence if back else None].append(one.message.pk)
    for sequence, ids in known.items():
        leases.supersede(claimed, ids, sequence=sequence)
    return current


def without_suppressed(claimed: Lease, inputs: list[RenderInput]) -> list[RenderInput]:
    """Withhold what would go to an address that takes no mail; return the rest. One query, or none."""
    found = suppressions_of([one.message.address for one in inputs]) if inputs else {}
    if not found:
        return inputs
    reachable = []
    withheld: dict[Suppression, list[int]] = defaultdict(list)
    for one in inputs:
        if suppression := found.get(listed(one.message.address)):
            withheld[suppression].append(one.message.pk)
        else:
            reachable.append(one)
    for suppression, ids in withheld.items():
        answer = WITHHELD % {"answer": suppression.answer}
        leases.withhold(claimed, ids, suppression_id=suppression.pk, answer=answer)
    return reachable


def without_early(claimed: Lease, inputs: list[RenderInput], *, urgent: bool) -> tuple[list[RenderInput], float | None]:
    """Give a later turn to what its provider would not take now; return the rest, and the seconds to the first turn."""
    providers = [throttle.provider_of(one.message.address) for one in inputs]
    admissions = throttle.admit(Counter(providers), urgent=urgent)
    going, waits, asked = [], {}, Counter[str]()
    for one, provider in zip(inputs, providers, strict=True):
        admission, before = admissions[provider], asked[provider]
        asked[provider] += 1
        if before < admission.granted:
            going.append(one)
        else:
            waits[one.message.pk] = admission.wait + (before - admission.granted) * admission.step
    if waits:
        now = timezone.now()
        leases.postpone(claimed, {pk: now + timedelta(seconds=wait) for pk, wait in waits.items()})
    return going, min(waits.values(), default=None)
