"""Who appears in and who hosts sessions. One record each, used everywhere."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField

from schedule.models.conference import Conference
from schedule.validators import code_validator


class Body(models.Model):
    """An organisation that hosts sessions."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="bodies")
    code = models.CharField(_("code"), max_length=60, validators=[code_validator])
    name = I18nCharField(_("name"), max_length=300)
    # Who is written to about the sessions it hosts.
    contact = models.ForeignKey(
        "Person", models.SET_NULL, null=True, blank=True, related_name="bodies", verbose_name=_("contact")
    )
    single_team = models.BooleanField(_("one team: cannot run two sessions at once"), default=False)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ("code",)
        constraints = [
            models.UniqueConstraint(fields=["conference", "code"], name="body_code_is_unique_in_its_conference")
        ]

    def __str__(self) -> str:
        return str(self.name)


class Person(models.Model):
    """Somebody who appears in the programme. Not an account, not a participant."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="people")
    code = models.CharField(_("code"), max_length=60, validators=[code_validator])
    name = I18nCharField(_("name"), max_length=200)
    affiliation = models.CharField(_("affiliation"), max_length=300, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    # Never published; mails about this person's sessions go there.
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    language = models.CharField(_("language for mails"), max_length=12, blank=True)
    # Since when nothing public names them; see schedule.domain.programme.people.
    taken_down_at = models.DateTimeField(_("not named in public since"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ("code",)
        constraints = [
            models.UniqueConstraint(fields=["conference", "code"], name="person_code_is_unique_in_its_conference")
        ]

    def __str__(self) -> str:
        return str(self.name)
