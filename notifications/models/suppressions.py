"""Addresses that mails came back from. Nothing is sent there until an organizer says that it may be."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications.models.messages import Message
from registration.models import Registration
from schedule.models import Conference


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    def active(self) -> SuppressionQuerySet:
        return self.filter(lifted_at=None)

    def for_conference(self, conference: Conference) -> SuppressionQuerySet:
        """Addresses that take part in this conference, or that a mail of it was withheld from."""
        registrations = Registration.objects.for_conference(conference)
        here = registrations.alias(key=Lower("participant__email")).filter(key=OuterRef("address"))
        withheld = Message.objects.for_conference(conference).filter(suppression=OuterRef("pk"))
        return self.filter(Q(Exists(here)) | Q(Exists(withheld)))


class Suppression(models.Model):
    """An address whose own mail server said that it takes no mail. `address` is in lower case."""

    class Reason(models.TextChoices):
        REFUSED = "refused", _("the mail server says that there is no such mailbox")
        BOUNCED = "bounced", _("a mail came back: there is no such mailbox")

    address = models.CharField(_("e-mail address"), max_length=254)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    # What the server said, word for word.
    answer = models.TextField(_("answer"), blank=True)
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    lifted_at = models.DateTimeField(_("lifted"), null=True)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["address"], condition=Q(lifted_at=None), name="one_suppression_per_address"
            ),
            models.CheckConstraint(condition=Q(address=Lower("address")), name="suppressed_address_is_lower_case"),
        ]

    def __str__(self) -> str:
        return f"{self.address} since {self.created_at:%Y-%m-%d}"
