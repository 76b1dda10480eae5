"""Who was asked to appear in a session or to host it, and what they answered."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schedule.models.people import Person
from schedule.models.sessions import Role, Session, SessionHost


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def current(self) -> InvitationQuerySet:
        """Those whose person is still named for the role, or still answers for the organisation."""
        return self.filter(Q(role__person_id=models.F("person_id")) | Q(host__body__contact_id=models.F("person_id")))


class Invitation(models.Model):
    """One person was asked about one role or one host of a session. Asking them again renews it."""

    class Answer(models.TextChoices):
        YES = "yes", _("Accepted")
        NO = "no", _("Declined")

    # The secret of the address at which it is answered is made from it.
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(Session, models.CASCADE, related_name="invitations")
    role = models.ForeignKey(Role, models.CASCADE, null=True, related_name="invitations")
    host = models.ForeignKey(SessionHost, models.CASCADE, null=True, related_name="invitations")
    person = models.ForeignKey(Person, models.CASCADE, related_name="invitations")
    invited_at = models.DateTimeField(_("invited"))
    answer = models.CharField(_("answer"), max_length=3, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(
                condition=Q(role__isnull=False, host__isnull=True) | Q(role__isnull=True, host__isnull=False),
                name="invitation_is_for_a_role_or_a_host",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | Q(answer__in=["yes", "no"], answered_at__isnull=False),
                name="invitation_answer_has_a_time",
            ),
            models.UniqueConstraint(fields=["role", "person"], name="person_is_invited_to_a_role_once"),
            models.UniqueConstraint(fields=["host", "person"], name="person_is_invited_to_host_once"),
        ]
        indexes = [models.Index(fields=["session", "person"], name="invitations_of_a_person")]

    def __str__(self) -> str:
        return f"{self.session_id} / {self.person_id} / {self.answer}"
