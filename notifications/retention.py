"""What of mails and webhooks is kept how long; see `registration.domain.privacy.retention`."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from notifications.delivery import suppression
from notifications.models import Message
from notifications.webhooks import forgetting
from registration.domain.privacy.retention import TERMS as OF_PEOPLE
from registration.domain.privacy.retention import After, Term

KEEP_MAILS = timedelta(days=365)


def _mails(now: datetime) -> int:
    over = Message.objects.filter(conference__ends_on__lt=(now - KEEP_MAILS).date()).exclude(state__in=Message.OPEN)
    return over.delete()[1].get(Message._meta.label, 0)


TERMS = (
    Term("mails", _("who was mailed what"), KEEP_MAILS.days, After.CONFERENCE, _mails),
    Term(
        "deliveries", _("what was posted to webhooks"), forgetting.KEEP_DELIVERIES.days, After.END,
        lambda now: forgetting.forget_deliveries(now=now),
    ),
    Term(
        "received", _("which mails came in"), forgetting.KEEP_RECEIVED.days, After.END,
        lambda now: forgetting.forget_received(now=now),
    ),
    Term(
        "suppressed", _("addresses that take no mail, once lifted"), suppression.KEEP_LIFTED.days, After.END,
        lambda now: suppression.forget(now=now),
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
    return "\n".join(lines) + "\n"
