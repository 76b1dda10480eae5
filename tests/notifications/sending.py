"""Sending what is due and looking at what arrived."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from notifications.delivery import delivering
from notifications.delivery.delivering import deliver
from notifications.models import Message
from notifications.rules.intake import take_in
from tests.smtp_sink import SmtpSink


def send(queue: str = "bulk") -> delivering.Delivered:
    take_in()
    return deliver(queue)


def told(sink: SmtpSink) -> list[tuple[str, str]]:
    """Recipient and calendar method of every mail, in the order of arrival."""
    found = []
    for taken in sink.taken:
        parts = [part for part in taken.message.walk() if part.get_content_type() == "text/calendar"]
        found.append((taken.recipient, str(parts[0].get_param("method")) if parts else ""))
    return found


def later() -> None:
    """Let time pass for everything that is due later or in a worker's hands."""
    now = timezone.now()
    Message.objects.filter(state__in=["queued", "unknown"]).update(due_at=now)
    Message.objects.filter(state__in=["claimed", "sending"]).update(claimed_until=now - timedelta(seconds=1))
