"""Signatures that receivers' libraries accept."""

from __future__ import annotations

from base64 import b64decode
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from notifications.models import WebhookDelivery, WebhookSubscription
from notifications.webhooks.signing import BOTH_FOR, headers_of, secret_of, secrets_of, signature

UID = UUID(int=7)
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def test_published_vector() -> None:
    """From the reference libraries of Standard Webhooks."""
    assert (
        signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, '{"test": 2432232314}'
        )
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


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
def test_reference_library_accepts_what_we_send(rotated: bool) -> None:
    reference = pytest.importorskip("standardwebhooks", reason="the reference library is not installed here")
    now = datetime.now(UTC)
    until = now + timedelta(days=1) if rotated else None
    subscription = WebhookSubscription(uid=UID, secret_number=2, old_secret_until=until)
    delivery = WebhookDelivery(uid=UUID(int=9), body='{"type":"room.closed","data":{"room":"도시"}}')
    headers = headers_of(delivery, subscription, now=now)
    for number in (2, 1)[: 1 + rotated]:
        reference.Webhook(secret_of(UID, number)).verify(delivery.body, headers)
    with pytest.raises(reference.WebhookVerificationError):
        reference.Webhook(secret_of(UID, 3)).verify(delivery.body, headers)
