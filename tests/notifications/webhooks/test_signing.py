"""Signatures that receivers' libraries accept."""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from notifications.models import WebhookDelivery, WebhookSubscription
from notifications.webhooks.signing import BOTH_FOR, headers_of, secret_of, secrets_of

UID = UUID(int=7)
NOW = datetime(2037, 6, 1, tzinfo=UTC)


def test_secrets_are_long_stable_and_differ() -> None:
    made = [secret_of(UID, 1), secret_of(UID, 2), secret_of(UUID(int=8), 1)]
    assert made[0] == secret_of(UID, 1)
    assert len(set(made)) == 3
    assert {len(b64decode(secret.removeprefix("whsec_"))) for secret in made} == {32}


def test_both_secrets_sign_for_a_while_after_a_rotation() -> None:
    subscription = WebhookSubscription(uid=UID, secret_number=3, old_secret_until=NOW + BOTH_FOR)
    third, second = secret_of(UID, 3), secret_of(UID, 2)
    assert secrets_of(subscription, now=NOW) == [third, second]
    assert secrets_of(subscription, now=NOW + BOTH_FOR) == [third]


@pytest.mark.parametrize("rotated", [False, True])
def test_receivers_accept_what_we_send(rotated: bool) -> None:
    now = datetime.now(UTC)
    until = now + timedelta(days=1) if rotated else None
    subscription = WebhookSubscription(uid=UID, secret_number=2, old_secret_until=until)
    delivery = WebhookDelivery(uid=UUID(int=9), body='{"type":"room.closed","data":{"room":"도시"}}')
    headers = headers_of(delivery, subscription, now=now)
    for number in (2, 1)[: 1 + rotated]:
        Webhook(secret_of(UID, number)).verify(delivery.body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret_of(UID, 3)).verify(delivery.body, headers)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Seoul"])
def test_signature_is_that_of_the_specification(zone: str) -> None:
    """Standard Webhooks 1.0, symmetric signatures: HMAC-SHA-256 over "id.timestamp.body", whatever the clock's zone."""
    subscription, delivery = WebhookSubscription(uid=UID, secret_number=1), WebhookDelivery(uid=UUID(int=9), body="{}")
    headers = headers_of(delivery, subscription, now=NOW.astimezone(ZoneInfo(zone)))
    key = b64decode(secret_of(UID, 1).removeprefix("whsec_"))
    signed = f"msg_{UUID(int=9).hex}.{int(NOW.timestamp())}.{{}}".encode()
    expected = "v1," + b64encode(hmac.digest(key, signed, "sha256")).decode()
    assert (headers["webhook-timestamp"], headers["webhook-signature"]) == (str(int(NOW.timestamp())), expected)
