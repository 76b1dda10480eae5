"""What of a batch is not sent now: what says nothing true or new, what nobody would get, what must wait its turn."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from notifications.delivery import throttle
from notifications.delivery.superseding import is_back, is_pointless
from notifications.delivery.suppression import listed, suppressions_of
from notifications.mails.render_input import Group, RenderInput
from notifications.mails.together.grouping import groups_of
from notifications.models import Suppression
from notifications.rules.account_mails import PROOF, RESET


@dataclass(frozen=True)
class Screened:
    """What of a batch goes now, by the mail that tells it, and the keys of the messages that do not.

    `superseded` ones say nothing true or new, by the sequence of their calendar entry that the reader knows without
    being told. `withheld` ones would go to an address that takes no mail, by why it does not. `waits` are the seconds
    after which those have their turn that a provider would not take now.
    """

    going: Sequence[Group]
    superseded: Mapping[int | None, Sequence[int]]
    withheld: Mapping[Suppression, Sequence[int]]
    waits: Mapping[int, float]


def screen(inputs: Sequence[RenderInput], *, urgent: bool, now: datetime) -> Screened:
    """Decide what of a batch goes now; writes nothing. One query, or none, and what `throttle.admit` costs."""
    current: list[RenderInput] = []
    superseded: dict[int | None, list[int]] = defaultdict(list)
    for one in inputs:
        if is_pointless(one, now):
            # Of a place that is back where it was, its reader knows the newest state without being told.
            back = one.message.signup if is_back(one) else None
            superseded[back.sequence if back else None].append(one.message.pk)
        else:
            current.append(one)

    reachable: list[RenderInput] = []
    withheld: dict[Suppression, list[int]] = defaultdict(list)
    # A link that somebody asks for goes all the same: the list may be wrong, and nobody is to be locked out by it.
    listable = [one.message.address for one in current if not _is_asked_for(one)]
    found = suppressions_of(listable) if listable else {}
    for one in current:
        suppression = found.get(listed(one.message.address))
        if suppression is not None and not _is_asked_for(one):
            withheld[suppression].append(one.message.pk)
        else:
            reachable.append(one)

    going: list[Group] = []
    waits: dict[int, float] = {}
    groups = groups_of(reachable)
    providers = [throttle.provider_of(group[0].message.address) for group in groups]
    admissions, asked = throttle.admit(Counter(providers), urgent=urgent), Counter[str]()
    for group, provider in zip(groups, providers, strict=True):
        admission, before = admissions[provider], asked[provider]
        asked[provider] += 1
        if before < admission.granted:
            going.append(group)
        else:
            wait = admission.wait + (before - admission.granted) * admission.step
            waits |= {one.message.pk: wait for one in group}
    return Screened(going, superseded, withheld, waits)


def _is_asked_for(one: RenderInput) -> bool:
    """A link that lets somebody in or proves an address, mailed because they have just asked for it."""
    return one.message.magic_link is not None or one.message.kind in (RESET, PROOF)
