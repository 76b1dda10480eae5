"""The outbox, organizers' own mails and wordings, addresses that take no mail, and the addresses of personal feeds."""

from notifications.models.announcements import Announcement
from notifications.models.feeds import FeedToken
from notifications.models.messages import Attempt, Message
from notifications.models.suppressions import Suppression
from notifications.models.templates import MailTemplate

__all__ = ["Announcement", "Attempt", "FeedToken", "MailTemplate", "Message", "Suppression"]
