"""What of mails and webhooks is kept how long, and what has no term, with the reason; see
`registration.domain.privacy.retention`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from notifications.delivery import suppression
from notifications.models import Message
from notifications.webhooks import forgetting
from registration.domain.privacy.retention import TERMS as OF_PEOPLE
from registration.domain.privacy.retention import After, Term

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

KEEP_MAILS = timedelta(days=365)


def _mails(now: datetime) -> int:
    return _settled(Message.objects.filter(conference__ends_on__lt=(now - KEEP_MAILS).date()))


def _mails_of_none(now: datetime) -> int:
    return _settled(Message.objects.filter(conference=None, created_at__lt=now - KEEP_MAILS))


def _settled(messages: QuerySet[Message]) -> int:
    return messages.exclude(state__in=Message.OPEN).delete()[1].get(Message._meta.label, 0)


_MAILS = ("notifications.Message", "notifications.Attempt")
TERMS = (
    Term("mails", _("who was mailed what"), KEEP_MAILS.days, After.CONFERENCE, _MAILS, _mails),
    Term(
        "account_mails", _("who was mailed what that belongs to no conference"), KEEP_MAILS.days, After.END,
        _MAILS, _mails_of_none,
    ),
    Term(
        "deliveries", _("what was posted to webhooks"), forgetting.KEEP_DELIVERIES.days, After.END,
        ("notifications.WebhookDelivery", "notifications.WebhookTry"),
        lambda now: forgetting.forget_deliveries(now=now),
    ),
    Term(
        "received", _("which mails came in"), forgetting.KEEP_RECEIVED.days, After.END,
        ("notifications.ReceivedMail",), lambda now: forgetting.forget_received(now=now),
    ),
    Term(
        "suppressed", _("addresses that take no mail, once lifted"), suppression.KEEP_LIFTED.days, After.END,
        ("notifications.Suppression",), lambda now: suppression.forget(now=now),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Stays:
    """What is kept without a term, and why; `rows` are the labels of its models."""

    what: _StrPromise
    why: _StrPromise
    rows: tuple[str, ...]


WITHOUT_TERM = (
    Stays(
        _("the programme, with those who appear in it"),
        _("It is the record of the conference. Organizers take down whoever does not want to be named."),
        (
            "schedule.Conference", "schedule.ConferenceText", "schedule.Day", "schedule.Body", "schedule.Person",
            "schedule.Room", "schedule.RoomPart", "schedule.Kind", "schedule.Theme", "schedule.Session",
            "schedule.SessionHost", "schedule.Role", "schedule.Invitation", "schedule.Release",
            "schedule.ReleasedPlacement", "schedule.RoomUse", "registration.Seats",
        ),
    ),
    Stays(
        _("drafts of the timetable, rules for it, searches, ways of reading files"),
        _("Nobody who registered is in them; organizers delete what they do not need."),
        (
            "schedule.Draft", "schedule.Placement", "schedule.DraftStep", "schedule.StepMove", "schedule.SolverRun",
            "schedule.SolverAnswer", "schedule.SolverWeight", "schedule.Unavailability", "schedule.SessionOrder",
            "schedule.NotParallel", "schedule.SessionGroup", "schedule.SessionGroup_sessions", "schedule.Preference",
            "schedule.ReadingHabit",
        ),
    ),
    Stays(
        _("announcements, wordings of mails, addresses of webhooks"),
        _("Organizers wrote them, and no recipient is named in them."),
        (
            "notifications.Announcement", "notifications.Announcement_sessions", "notifications.MailTemplate",
            "notifications.WebhookSubscription",
        ),
    ),
    Stays(
        _("organizers' accounts and their teams"),
        _("Organizers work with them. One that is not wanted any more is made inactive: the history names it."),
        (
            "accounts.User", "accounts.User_groups", "accounts.User_user_permissions", "accounts.Team",
            "accounts.Membership", "account.EmailAddress", "account.EmailConfirmation", "mfa.Authenticator",
            "auth.Group", "auth.Group_permissions", "auth.Permission",
        ),
    ),
    Stays(
        _("the journal"),
        _("It holds keys, codes and numbers, and nobody's name, address or answers."),
        ("journal.Entry",),
    ),
    Stays(
        _("what the installation itself needs"),
        _("It says nothing about anybody."),
        ("accounts.SetupKey", "contenttypes.ContentType"),
    ),
)  # fmt: skip


def as_markdown() -> str:
    """Everything that is kept for a time, as the page of the reference, in English."""
    lines = [
        "# What is kept how long",
        "",
        "Carried out every hour by the beat (`registration.tasks.forget`, `notifications.tasks.forget`). Whatever is",
        "deleted by it is counted in the journal; organizers read the table and what was done at",
        "`/organize/<conference>/retention/`. People can erase themselves at any time before.",
        "",
        "Made by `manage.py retention_reference`; do not edit.",
        "",
        "| code | what | kept for |",
        "|---|---|---|",
    ]
    with translation.override("en"):
        lines += [f"| {term.code} | {term.what} | {term.duration} |" for term in (*OF_PEOPLE, *TERMS)]
        lines += ["", "## Without a term", "", "| what | why | rows |", "|---|---|---|"]
        lines += [f"| {one.what} | {one.why} | {', '.join(f'`{row}`' for row in one.rows)} |" for one in WITHOUT_TERM]
    return "\n".join(lines) + "\n"
