"""What came into the robot mailbox, and which declined places their owners were asked about. No mail is kept."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registration.models import SignUp


class ReceivedMail(models.Model):
    """One mail that was looked at, known by the hash of its Message-ID: none is handled twice.

    `outcome` is empty until a handler is done with it; `tries` counts how often that was begun.
    """

    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=1)
    outcome = models.CharField(_("outcome"), max_length=40, blank=True)
    first_seen_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("received mail")
        verbose_name_plural = _("received mails")
        indexes = [models.Index(fields=["first_seen_at"], name="received_mails_by_age")]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", settled_at__isnull=True) | (~Q(outcome="") & Q(settled_at__isnull=False)),
                name="a_received_mail_has_an_outcome_once_settled",
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_seen_at:%Y-%m-%d %H:%M} {self.outcome}"


class DeclinedPlace(models.Model):
    """A place whose owner's calendar program said no, and what they were asked because of it.

    The address in the mail is derived from the sign-up's `uid` and the site's secret key; only its hash is kept.
    """

    signup = models.OneToOneField(SignUp, models.CASCADE, related_name="declined")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    # The state of the calendar entry that was declined: each is asked about once.
    sequence = models.PositiveIntegerField()
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("declined place")
        verbose_name_plural = _("declined places")

    def __str__(self) -> str:
        return f"{self.signup_id} {self.asked_at:%Y-%m-%d %H:%M}"
