"""People who register. One mail address is one person; there is no password, only links sent by mail."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from values.fields import EmailAddressField, LineField


class Participant(models.Model):
    """A mail address that belongs to somebody, once they have proved it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = EmailAddressField(_("e-mail address"), max_length=254)
    language = LineField(_("language"), max_length=12, default="en")
    verified_at = models.DateTimeField(_("address proved"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_participant_per_email"),
        ]

    def __str__(self) -> str:
        return self.email

    # What Django REST framework's permissions ask of whoever is signed in.
    is_authenticated = True
    is_anonymous = False


class MagicLink(models.Model):
    """A link that signs one participant in once. Only the hash of its token is kept."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="magic_links")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    # Where the link leads after signing in: a path on this site.
    next_path = models.CharField(max_length=200, blank=True)
    # The registration this link confirms; without one it only signs in.
    registration = models.ForeignKey("Registration", models.CASCADE, null=True, related_name="magic_links")
    # What was typed before the address was proved. It reaches the registration when the link is used, and is then
    # emptied: nobody changes a registration by knowing its address.
    answers = models.JSONField(default=dict, blank=True)
    # The address that using this link gives its owner, and the one they had until then.
    new_address = EmailAddressField(max_length=254, blank=True)
    former_address = EmailAddressField(max_length=254, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("sign-in link")
        verbose_name_plural = _("sign-in links")
        indexes = [models.Index(fields=["participant", "-created_at"], name="magic_link_of_participant")]

    def __str__(self) -> str:
        return f"{self.participant_id} until {self.expires_at:%Y-%m-%d %H:%M}"


class SignedInBrowser(models.Model):
    """A browser in which a participant is signed in, so that they can see it and end it. Goes with its session."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="browsers")
    session_key = models.CharField(max_length=40, unique=True, editable=False)
    # Its name and system in words; not the whole of what it says about itself.
    name = LineField(_("browser"), max_length=80, blank=True)
    signed_in_at = models.DateTimeField(_("signed in"), default=timezone.now)

    class Meta:
        verbose_name = _("signed-in browser")
        verbose_name_plural = _("signed-in browsers")
        ordering = ("-signed_in_at", "-pk")

    def __str__(self) -> str:
        return f"{self.participant_id} {self.signed_in_at:%Y-%m-%d %H:%M}"
