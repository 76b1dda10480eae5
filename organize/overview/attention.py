"""What an organizer should look at, most pressing first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.feeds.public_feeds import left_out
from organize.programme.conflict_rows import Checks, Subject, subject_key, subject_name
from organize.queries import Demand
from organize.webhooks.queries import disabled_webhooks
from registration.models import Registration
from schedule.conflicts import Kind, Level
from schedule.models import Conference, Release

# More are not named one by one.
MOST_NAMED = 5
State = Registration.State


@dataclass(frozen=True)
class Item:
    tone: str
    title: str
    url: str = ""
    action: str = ""
    text: str = ""


def attention(
    conference: Conference,
    *,
    subjects: Sequence[Subject],
    release: Release | None,
    demand: Sequence[Demand],
    registrations: Mapping[str, int],
    failed: int,
) -> list[Item]:
    """Checks the newest draft and the newest release (17 queries for both), the webhooks (one) and what calendars can
    hold (five); is given the rest.
    """
    items = [*_conflicts(conference, subjects), *_failed(conference, failed), *_full(conference, demand)]
    items += [*_switched_off(conference), *_registrations(conference, registrations)]
    offers = sum(row.offered for row in demand)
    if offers:
        title = ngettext(
            "%(count)d offered place waits for an answer", "%(count)d offered places wait for an answer", offers
        )
        items.append(
            Item("info", title % {"count": offers}, reverse("organize:signups", args=[conference.slug]), _("Show"))
        )
    if release is not None:
        items += _left_out(conference)
    order = {"danger": 0, "warning": 1, "info": 2}
    return sorted([*items, *_next_steps(conference, release)], key=lambda item: order[item.tone])


def _conflicts(conference: Conference, subjects: Sequence[Subject]) -> list[Item]:
    # The newest draft is what is being worked on; the release is what everybody sees. Older drafts can wait.
    looked_at = [*subjects[:1], *(one for one in subjects[1:] if isinstance(one, Release))]
    if not looked_at:
        return []
    checks, items = Checks(conference), []
    for subject in looked_at:
        found = checks.of(subject)
        address = f"{reverse('organize:conflicts', args=[conference.slug])}?of={subject_key(subject)}"
        unplaced = sum(conflict.kind is Kind.UNPLACED for conflict in found)
        blocking = sum(conflict.level is Level.BLOCK for conflict in found)
        warnings = len(found) - blocking - unplaced
        name = subject_name(subject)
        if blocking:
            title = ngettext("%(count)d conflict must be solved", "%(count)d conflicts must be solved", blocking)
            items.append(Item("danger", title % {"count": blocking}, address, _("Show"), name))
        if unplaced:
            title = ngettext("%(count)d session has no time", "%(count)d sessions have no time", unplaced)
            items.append(Item("warning", title % {"count": unplaced}, address, _("Show"), name))
        if warnings:
            title = ngettext("%(count)d conflict is worth a look", "%(count)d conflicts are worth a look", warnings)
            items.append(Item("warning", title % {"count": warnings}, address, _("Show"), name))
    return items


def _failed(conference: Conference, failed: int) -> list[Item]:
    if not failed:
        return []
    title = ngettext("%(count)d mail could not be delivered", "%(count)d mails could not be delivered", failed)
    address = f"{reverse('organize:outbox', args=[conference.slug])}?state=failed"
    return [Item("danger", title % {"count": failed}, address, _("Show"))]


def _switched_off(conference: Conference) -> list[Item]:
    text = _("Nothing could be delivered to it. What happens meanwhile is sent when you resume it.")
    return [
        Item(
            "danger",
            _("The webhook “%(name)s” is switched off") % {"name": one.name},
            reverse("organize:webhook", args=[conference.slug, one.uid]),
            _("Show"),
            text,
        )
        for one in disabled_webhooks(conference)
    ]


def _registrations(conference: Conference, counts: Mapping[str, int]) -> list[Item]:
    """Those that await a decision, and room for those on the waiting list: nobody but an organizer accepts them."""
    address = f"{reverse('organize:registrations', args=[conference.slug])}?state="
    items = []
    for state in (State.SUBMITTED, State.UNDER_REVIEW):
        if count := counts[state]:
            title = ngettext(
                "%(count)d registration awaits a decision", "%(count)d registrations await a decision", count
            )
            items.append(Item("warning", title % {"count": count}, f"{address}{state}", _("Show")))
    waiting, taken = counts[State.WAITLISTED], sum(counts[state] for state in Registration.ACTIVE)
    room = waiting if conference.capacity is None else min(waiting, conference.capacity - taken)
    if room > 0:
        title = ngettext(
            "There is room for %(count)d registration that waits",
            "There is room for %(count)d registrations that wait",
            room,
        )
        items.append(Item("warning", title % {"count": room}, f"{address}{State.WAITLISTED}", _("Show")))
    return items


def _left_out(conference: Conference) -> list[Item]:
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
    return [Item("warning", title % {"count": len(found)}, address, _("Show"), text)]


def _full(conference: Conference, demand: Sequence[Demand]) -> list[Item]:
    full = [row for row in demand if row.seats.waiting]
    if not full:
        return []
    waiting = sum(row.seats.waiting for row in full)
    title = ngettext(
        "%(count)d session is full with people waiting", "%(count)d sessions are full with people waiting", len(full)
    )
    text = ngettext("%(count)d person waits", "%(count)d people wait", waiting)
    address = f"{reverse('organize:signups', args=[conference.slug])}?show=waiting"
    return [Item("warning", title % {"count": len(full)}, address, _("Show"), text % {"count": waiting})]


def _next_steps(conference: Conference, release: Release | None) -> list[Item]:
    items = []
    if release is None:
        address = reverse("organize:programme", args=[conference.slug])
        items.append(Item("info", _("The programme is not published yet"), address, _("To the drafts")))
    if not conference.is_public:
        items.append(
            Item(
                "info",
                _("Only your team can see the conference"),
                text=_("Make it public in the administration pages."),
            )
        )
    if release is not None and not conference.registration_open:
        items.append(Item("info", _("Registration is closed"), text=_("Open it in the administration pages.")))
    return items
