"""What an organizer should look at, most pressing first.

Some is at hand; what is wrong with the programme takes a look at all of it (`OverviewFindings`), which the overview
does not wait for: each of `LOOKS` has an address of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.rights import Area
from notifications.models import Message
from notifications.ports.attention import AttentionItem
from organize.overview.findings import OverviewFindings
from organize.programme.conflict_rows import Subject, subject_key, subject_name, subjects_of
from organize.queries import DemandTotals, demand_totals, registration_counts
from organize.webhooks.queries import disabled_webhooks
from registration.models import Registration
from schedule.domain.programme.closing_times import Phase, registration_times
from schedule.domain.programme.conference_texts import missing_for_registration
from schedule.models import Conference, Release

# More are not named one by one.
MOST_NAMED = 5
State = Registration.State
PRESSING = ("danger", "warning")


def at_hand(
    conference: Conference,
    *,
    release: Release | None,
    demand: DemandTotals,
    registrations: Mapping[str, int],
    failed: int,
) -> list[AttentionItem]:
    """What needs no look at the whole programme. Asks for the webhooks (one query); is given the rest."""
    items = [*_failed(conference, failed), *_full(conference, demand)]
    items += [*_switched_off(conference), *_registrations(conference, registrations)]
    if demand.offers:
        title = ngettext(
            "%(count)d offered place waits for an answer", "%(count)d offered places wait for an answer", demand.offers
        )
        items.append(
            AttentionItem(
                Area.DESK,
                "info",
                title % {"count": demand.offers},
                reverse("organize:signups", args=[conference.slug]),
                _("Show"),
            )
        )
    return [*items, *_next_steps(conference, release)]


def by_pressure(items: Iterable[AttentionItem]) -> list[AttentionItem]:
    """The most pressing first."""
    order = {"danger": 0, "warning": 1, "info": 2}
    return sorted(items, key=lambda item: order[item.tone])


def pressing(conference: Conference, since: datetime) -> list[AttentionItem]:
    """What the morning's mail says: conflicts of the newest draft and release, full sessions, mails that failed since.

    About thirty queries. `notifications.ports.attention` asks for it.
    """
    subjects = subjects_of(conference)
    failed = Message.objects.for_conference(conference).filter(state=Message.State.FAILED)
    items = at_hand(
        conference,
        release=next((one for one in subjects if isinstance(one, Release)), None),
        demand=demand_totals(conference),
        registrations=registration_counts(conference),
        failed=failed.filter(tries__at__gte=since).distinct().count(),
    )
    findings = OverviewFindings(conference)
    for look in LOOKS.values():
        items += look.find(conference, subjects, findings)
    return by_pressure(item for item in items if item.tone in PRESSING)


def _conflicts(conference: Conference, subjects: Sequence[Subject], findings: OverviewFindings) -> list[AttentionItem]:
    # The newest draft is what is being worked on; the release is what everybody sees. Older drafts can wait.
    looked_at = [*subjects[:1], *(one for one in subjects[1:] if isinstance(one, Release))]
    items = []
    for subject, found in zip(looked_at, findings.conflicts(looked_at), strict=True):
        address = f"{reverse('organize:conflicts', args=[conference.slug])}?of={subject_key(subject)}"
        name = subject_name(subject)
        blocking, unplaced, warnings = found.blocking, found.unplaced, found.warnings
        if blocking:
            title = ngettext("%(count)d conflict must be solved", "%(count)d conflicts must be solved", blocking)
            items.append(AttentionItem(Area.PROGRAMME, "danger", title % {"count": blocking}, address, _("Show"), name))
        if unplaced:
            title = ngettext("%(count)d session has no time", "%(count)d sessions have no time", unplaced)
            items.append(
                AttentionItem(Area.PROGRAMME, "warning", title % {"count": unplaced}, address, _("Show"), name)
            )
        if warnings:
            title = ngettext("%(count)d conflict is worth a look", "%(count)d conflicts are worth a look", warnings)
            items.append(
                AttentionItem(Area.PROGRAMME, "warning", title % {"count": warnings}, address, _("Show"), name)
            )
    return items


def _failed(conference: Conference, failed: int) -> list[AttentionItem]:
    if not failed:
        return []
    title = ngettext("%(count)d mail could not be delivered", "%(count)d mails could not be delivered", failed)
    address = f"{reverse('organize:outbox', args=[conference.slug])}?state=failed"
    return [AttentionItem(Area.MAILS, "danger", title % {"count": failed}, address, _("Show"))]


def _switched_off(conference: Conference) -> list[AttentionItem]:
    text = _("Nothing could be delivered to it. What happens meanwhile is sent when you resume it.")
    return [
        AttentionItem(
            Area.WEBHOOKS,
            "danger",
            _("The webhook “%(name)s” is switched off") % {"name": one.name},
            reverse("organize:webhook", args=[conference.slug, one.uid]),
            _("Show"),
            text,
        )
        for one in disabled_webhooks(conference)
    ]


def _registrations(conference: Conference, counts: Mapping[str, int]) -> list[AttentionItem]:
    """Those that await a decision, and room for those on the waiting list: nobody but an organizer accepts them."""
    address = f"{reverse('organize:registrations', args=[conference.slug])}?state="
    items = []
    for state in (State.SUBMITTED, State.UNDER_REVIEW):
        if count := counts[state]:
            title = ngettext(
                "%(count)d registration awaits a decision", "%(count)d registrations await a decision", count
            )
            items.append(
                AttentionItem(Area.REGISTRATIONS, "warning", title % {"count": count}, f"{address}{state}", _("Show"))
            )
    waiting, taken = counts[State.WAITLISTED], sum(counts[state] for state in Registration.ACTIVE)
    room = waiting if conference.capacity is None else min(waiting, conference.capacity - taken)
    if room > 0:
        title = ngettext(
            "There is room for %(count)d registration that waits",
            "There is room for %(count)d registrations that wait",
            room,
        )
        items.append(
            AttentionItem(
                Area.REGISTRATIONS, "warning", title % {"count": room}, f"{address}{State.WAITLISTED}", _("Show")
            )
        )
    return items


def _left_out(conference: Conference, subjects: Sequence[Subject], findings: OverviewFindings) -> list[AttentionItem]:
    found = findings.left_out() if any(isinstance(one, Release) for one in subjects) else []
    if not found:
        return []
    title = ngettext(
        "%(count)d session is missing from all calendars",
        "%(count)d sessions are missing from all calendars",
        len(found),
    )
    text = "; ".join(f"{code}: {reason}" for code, reason in found[:MOST_NAMED])
    address = reverse("organize:programme", args=[conference.slug])
    return [AttentionItem(Area.PROGRAMME, "warning", title % {"count": len(found)}, address, _("Show"), text)]


def _unshown(conference: Conference, subjects: Sequence[Subject], findings: OverviewFindings) -> list[AttentionItem]:
    release = next((one for one in subjects if isinstance(one, Release)), None)
    found = findings.unshown(release) if release is not None else []
    if not found:
        return []
    title = ngettext(
        "%(count)d text has characters that the printed programme cannot show",
        "%(count)d texts have characters that the printed programme cannot show",
        len(found),
    )
    text = "; ".join(f"{one.place}: {one.named}" for one in found[:MOST_NAMED])
    address = reverse("website:export", args=[conference.slug, "pdf"])
    return [AttentionItem(Area.PROGRAMME, "warning", title % {"count": len(found)}, address, _("Show"), text)]


def _full(conference: Conference, demand: DemandTotals) -> list[AttentionItem]:
    if not demand.full:
        return []
    title = ngettext(
        "%(count)d session is full with people waiting", "%(count)d sessions are full with people waiting", demand.full
    )
    said = ngettext("%(count)d person waits", "%(count)d people wait", demand.waiting) % {"count": demand.waiting}
    address = f"{reverse('organize:signups', args=[conference.slug])}?show=waiting"
    return [AttentionItem(Area.DESK, "warning", title % {"count": demand.full}, address, _("Show"), said)]


def _next_steps(conference: Conference, release: Release | None) -> list[AttentionItem]:
    items = []
    if release is None:
        address = reverse("organize:programme", args=[conference.slug])
        items.append(
            AttentionItem(Area.PROGRAMME, "info", _("The programme is not published yet"), address, _("To the drafts"))
        )
    if not conference.is_public:
        items.append(
            AttentionItem(
                Area.SETUP,
                "info",
                _("Only your team can see the conference"),
                reverse("organize:conference_edit", args=[conference.slug]),
                _("Make it public"),
            )
        )
    if missing_for_registration(conference):
        items.append(
            AttentionItem(
                Area.SETUP,
                "info",
                _("Registration cannot open yet"),
                reverse("organize:texts", args=[conference.slug]),
                _("To the texts"),
                text=_("It needs a privacy notice, and a contact: a text, or an address for questions."),
            )
        )
    elif release is not None and registration_times(conference, now=timezone.now()).phase is Phase.CLOSED:
        address = reverse("organize:registration_times", args=[conference.slug])
        items.append(AttentionItem(Area.REGISTRATIONS, "info", _("Registration is closed"), address, _("Open it")))
    return items


@dataclass(frozen=True)
class ProgrammeLook:
    """A look at the whole programme: what it is called, how it is done, and what is said where it finds nothing."""

    name: str | Promise
    find: Callable[[Conference, Sequence[Subject], OverviewFindings], list[AttentionItem]]
    fine: str | Promise


LOOKS = {
    "conflicts": ProgrammeLook(gettext_lazy("Look for conflicts"), _conflicts, gettext_lazy("There are no conflicts.")),
    "calendars": ProgrammeLook(
        gettext_lazy("Look at what calendars can hold"), _left_out, gettext_lazy("Calendars can hold every session.")
    ),
    "print": ProgrammeLook(
        gettext_lazy("Look at what can be printed"), _unshown, gettext_lazy("Every text can be printed.")
    ),
}
"""By their names in addresses. At most thirteen queries beside the gate's and those for `subjects`."""
