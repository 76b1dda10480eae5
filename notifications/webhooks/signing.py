"""The secrets webhooks are signed with, and the headers of Standard Webhooks that carry the signatures.

A secret is derived from the site's secret key, the subscription's `uid` and a number that rises with each rotation: the
database holds nothing to steal, and the secret can be shown again.
"""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.utils.crypto import salted_hmac
from standardwebhooks import Webhook

from notifications.models import WebhookDelivery, WebhookSubscription

PREFIX = "whsec_"
# After a rotation receivers have this long to take over the new secret; until then both sign.
BOTH_FOR = timedelta(days=2)


def secret_of(uid: UUID, number: int) -> str:
    """The secret a receiver checks with: 256 bits, the way its libraries take it."""
    digest = salted_hmac(f"plenary.webhook.{number}", uid.bytes, algorithm="sha256").digest()
    return PREFIX + b64encode(digest).decode("ascii")


def message_id(delivery: WebhookDelivery) -> str:
    """What a receiver knows a delivery by: the same for every try and every replay."""
    return f"msg_{delivery.uid.hex}"


def secrets_of(subscription: WebhookSubscription, *, now: datetime) -> list[str]:
    """The secrets to sign with, the newest first."""
    numbers = [subscription.secret_number]
    if subscription.old_secret_until is not None and subscription.old_secret_until > now:
        numbers.append(subscription.secret_number - 1)
    return [secret_of(subscription.uid, number) for number in numbers]


def headers_of(delivery: WebhookDelivery, subscription: WebhookSubscription, *, now: datetime) -> dict[str, str]:
    """The headers of one try. Receivers refuse a timestamp that is too old, so each try has its own."""
    name = message_id(delivery)
    # The library reads the clock of the timestamp as that of UTC, whatever its zone.
    timestamp = now.astimezone(UTC)
    signatures = [Webhook(secret).sign(name, timestamp, delivery.body) for secret in secrets_of(subscription, now=now)]
    return {
        "Content-Type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
