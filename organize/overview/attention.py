"""What an organizer should look at, most pressing first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.rights import Area
from notifications.feeds.public_feeds import left_out
from notifications.models import Message
from notifications.ports.attention import AttentionItem
from organize.programme.conflict_rows import Checks, Subject, subject_key, subject_name, subjects_of
from organize.queries import DemandRow, demand_rows, registration_counts
from organize.webhooks.queries import disabled_webhooks
from registration.models import Registration
from schedule.conflicts import ConflictKind, Level
from schedule.domain.programme.closing_times import Phase, registration_times
from schedule.domain.programme.conference_texts import missing_for_registration
from schedule.domain.published.programme import published
from schedule.exchange.writers.printed.unshown import unshown
from schedule.models import Conference, Release

# More are not named one by one.
MOST_NAMED = 5
State = Registration.State
PRESSING = ("danger", "warning")


def attention(
    conference: Conference,
    *,
    subjects: Sequence[Subject],
    release: Release | None,
    demand: Sequence[DemandRow],
    registrations: Mapping[str, int],
    failed: int,
) -> list[AttentionItem]:
    """Checks the newest draft and the newest release (17 queries for both), the webhooks (one), what calendars can hold
    (five) and what can be printed (six); is given the rest.
    """
    items = [*_conflicts(conference, subjects), *_failed(conference, failed), *_full(conference, demand)]
    items += [*_switched_off(conference), *_registrations(conference, registrations)]
    offers = sum(row.offered for row in demand)
    if offers:
        title = ngettext(
            "%(count)d offered place waits for an answer", "%(count)d offered places wait for an answer", offers
        )
        items.append(
            AttentionItem(
                Area.DESK,
                "info",
                title % {"count": offers},
                reverse("organize:signups", args=[conference.slug]),
                _("Show"),
            )
        )
    if release is not None:
        items += [*_left_out(conference), *_unshown(conference, release)]
    order = {"danger": 0, "warning": 1, "info": 2}
    return sorted([*items, *_next_steps(conference, release)], key=lambda item: order[item.tone])


def pressing(conference: Conference, since: datetime) -> list[AttentionItem]:
    """What the morning's mail says: conflicts of the newest draft and release, full sessions, mails that failed since.

    About thirty queries. `notifications.ports.attention` asks for it.
    """
    subjects = subjects_of(conference)
    failed = Message.objects.for_conference(conference).filter(state=Message.State.FAILED)
    items = attention(
        conference,
        subjects=subjects,
        release=next((one for one in subjects if isinstance(one, Release)), None),
        demand=demand_rows(conference),
        registrations=registration_counts(conference),
        failed=failed.filter(tries__at__gte=since).distinct().count(),
    )
    return [item for item in items if item.tone in PRESSING]


def _conflicts(conference: Conference, subjects: Sequence[Subject]) -> list[AttentionItem]:
    # The newest draft is what is being worked on; the release is what everybody sees. Older drafts can wait.
    looked_at = [*subjects[:1], *(one for one in subjects[1:] if isinstance(one, Release))]
    if not looked_at:
        return []
    checks, items = Checks(conference), []
    for subject in looked_at:
        found = checks.of(subject)
        address = f"{reverse('organize:conflicts', args=[conference.slug])}?of={subject_key(subject)}"
        unplaced = sum(conflict.kind is ConflictKind.UNPLACED for conflict in found)
        blocking = sum(conflict.level is Level.BLOCK for conflict in found)
        warnings = len(found) - blocking - unplaced
        name = subject_name(subject)
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


def _left_out(conference: Conference) -> list[AttentionItem]:
    found = left_out(conference)
    if not found:
        return []
    title = ngettext(
        "%(count)d session is missing from all calendars",
        "%(count)d sessions are missing from all calendars",
        len(found),
    )
    text = "; ".join(f"{session.code}: {reason}" for session, reason in found[:MOST_NAMED])
    address = reverse("organize:programme", args=[conference.slug])
    return [AttentionItem(Area.PROGRAMME, "warning", title % {"count": len(found)}, address, _("Show"), text)]


def _unshown(conference: Conference, release: Release) -> list[AttentionItem]:
    found = unshown(published(conference, release))
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


def _full(conference: Conference, demand: Sequence[DemandRow]) -> list[AttentionItem]:
    full = [row for row in demand if row.seats.waiting]
    if not full:
        return []
    waiting = sum(row.seats.waiting for row in full)
    title = ngettext(
        "%(count)d session is full with people waiting", "%(count)d sessions are full with people waiting", len(full)
    )
    text = ngettext("%(count)d person waits", "%(count)d people wait", waiting)
    address = f"{reverse('organize:signups', args=[conference.slug])}?show=waiting"
    return [
        AttentionItem(Area.DESK, "warning", title % {"count": len(full)}, address, _("Show"), text % {"count": waiting})
    ]


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
