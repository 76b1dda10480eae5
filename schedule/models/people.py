"""Who appears in and who hosts sessions. One record each, used everywhere."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from schedule.models.conference import Conference
from schedule.models.imports.keys import import_key, one_row_a_key
from schedule.validators import code_validator
from values.fields import EmailAddressField, I18nLineField, I18nLinesField, LineField


class Body(models.Model):
    """An organisation that hosts sessions."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="bodies")
    code = LineField(_("code"), max_length=60, validators=[code_validator])
    name = I18nLineField(_("name"), max_length=300)
    # Who is written to about the sessions it hosts.
    contact = models.ForeignKey(
        "Person", models.SET_NULL, null=True, blank=True, related_name="bodies", verbose_name=_("contact")
    )
    single_team = models.BooleanField(_("one team: cannot run two sessions at once"), default=False)
    import_key = import_key()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ("code",)
        constraints = [
            models.UniqueConstraint(fields=["conference", "code"], name="body_code_is_unique_in_its_conference"),
            one_row_a_key("body_has_its_import_key_alone"),
        ]

    def __str__(self) -> str:
        return str(self.name)


class Person(models.Model):
    """Somebody who appears in the programme. Not an account, not a participant."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="people")
    code = LineField(_("code"), max_length=60, validators=[code_validator])
    name = I18nLineField(_("name"), max_length=200)
    affiliation = LineField(_("affiliation"), max_length=300, blank=True)
    country = LineField(_("country"), max_length=2, blank=True)
    # Never published; mails about this person's sessions go there.
    email = EmailAddressField(_("e-mail address"), max_length=254, blank=True)
    language = LineField(_("language for mails"), max_length=12, blank=True)
    # For organizers alone, as long as nobody has said that it may be public.
    biography = I18nLinesField(_("about the person"), blank=True)
    # Whether mails about their sessions bring a calendar entry; theirs to decide.
    entries_by_mail = models.BooleanField(_("calendar entries by mail"), default=True, editable=False)
    # Since when nothing public names them; see schedule.domain.programme.people.
    taken_down_at = models.DateTimeField(_("not named in public since"), null=True, blank=True, editable=False)
    import_key = import_key()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ("code",)
        constraints = [
            models.UniqueConstraint(fields=["conference", "code"], name="person_code_is_unique_in_its_conference"),
            one_row_a_key("person_has_its_import_key_alone"),
        ]

    def __str__(self) -> str:
        return str(self.name)
