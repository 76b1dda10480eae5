"""The tables of an archive of everything about mails, calendars and webhooks. What opens anything is in none."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from notifications.models import (
    Announcement,
    Attempt,
    FeedToken,
    MailTemplate,
    Message,
    WebhookDelivery,
    WebhookSubscription,
    WebhookTry,
)
from schedule.models import Conference
from schedule.ports.archive_tables import ArchiveTable


def archive_tables(conference: Conference) -> list[ArchiveTable]:
    """What was written to whom, in which words, and what others were told."""
    own = {"conference": conference}
    delivered = {"subscription__conference": conference}
    to = {"to_participant": "participant__email", "to_user": "user__email", "to_person": "person__email"}
    told = Announcement.sessions.through.objects.filter(announcement__conference=conference)
    return [
        ArchiveTable("mail_wordings", _("Own wordings of mails"), MailTemplate.objects.filter(**own)),
        ArchiveTable("announcements", _("Announcements with their texts"), Announcement.objects.filter(**own)),
        ArchiveTable("announcement_sessions", _("For whose sessions announcements are"), told),
        # Some data of a mail open something: what is left of a link that was mailed, and the like.
        ArchiveTable(
            "messages",
            _("Mails to each recipient, with their state"),
            Message.objects.filter(**own),
            to,
            frozenset({"data"}),
        ),
        ArchiveTable(
            "message_attempts", _("What mail servers answered"), Attempt.objects.filter(message__conference=conference)
        ),
        ArchiveTable(
            "calendar_addresses",
            _("Calendars people subscribed to, without their addresses"),
            FeedToken.objects.filter(registration__conference=conference),
        ),
        ArchiveTable(
            "webhooks",
            _("Webhooks, without their secrets"),
            WebhookSubscription.objects.filter(**own),
            {},
            frozenset({"secret_number"}),
        ),
        ArchiveTable(
            "webhook_deliveries", _("What was posted to webhooks"), WebhookDelivery.objects.filter(**delivered)
        ),
        ArchiveTable(
            "webhook_tries",
            _("What receivers answered"),
            WebhookTry.objects.filter(delivery__subscription__conference=conference),
        ),
    ]
