"""The outbox and what steers it, secret addresses of feeds, received mails, and webhooks."""

from notifications.models.announcements import Announcement
from notifications.models.feeds import FeedToken
from notifications.models.messages import Attempt, Message
from notifications.models.received import DeclinedPlace, ReceivedMail
from notifications.models.suppressions import Suppression
from notifications.models.templates import MailTemplate
from notifications.models.webhooks import WebhookDelivery, WebhookSubscription, WebhookTry

__all__ = [
    "Announcement",
    "Attempt",
    "DeclinedPlace",
    "FeedToken",
    "MailTemplate",
    "Message",
    "ReceivedMail",
    "Suppression",
    "WebhookDelivery",
    "WebhookSubscription",
    "WebhookTry",
]
