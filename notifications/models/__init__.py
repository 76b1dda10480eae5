"""The outbox, and the secret addresses of personal feeds."""

from notifications.models.feeds import FeedToken
from notifications.models.messages import Attempt, Message

__all__ = ["Attempt", "FeedToken", "Message"]
