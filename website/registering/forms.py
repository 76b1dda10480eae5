"""The registration form, in steps. Labels and help are those of the forum's form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from registration.domain.registrations.answers import (
    ACCESS_NEEDS,
    DIETS,
    interpretation_into,
    sessions_to_wish_for,
)
from registration.domain.registrations.countries import choices as countries
from registration.models import Registration
from schedule.models import Conference, Session
from schedule.vocabulary.languages import own_name
from values.forms import EmailFormField, LineFormField, LinesFormField, MailboxInput
from website.registering.widgets import Ranked, WishesWidget
from website.signing_in.forms import EMAIL_ERRORS


def _own_text(field: str, **kwargs: Any) -> LineFormField:
    """One line of text as long as the registration's column."""
    longest: int = getattr(Registration._meta.get_field(field), "max_length")  # noqa: B009  # relations have none
    return LineFormField(max_length=longest, **kwargs)


class StepForm(forms.Form):
    """A step. It is told the conference, and fills `Answers` by the names of its fields."""

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        self.conference = conference
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    def saved(self) -> dict[str, Any]:
        """What is kept of this step: plain values, under the names of the fields."""
        return dict(self.cleaned_data)


def _choice(form: forms.Form, name: str) -> forms.ChoiceField:
    return cast("forms.ChoiceField", form.fields[name])


class AboutYouForm(StepForm):
    """Step 1. Without `ask_email` it is for somebody whose address is known."""

    display_name = _own_text(
        "display_name",
        label=_("Name to be shown"),
        help_text=_("Any script. It may be a name you choose."),
        error_messages={"required": _("Enter the name to be shown.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = EmailFormField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("One address for one person."),
        error_messages=EMAIL_ERRORS,
        widget=MailboxInput({"autocomplete": "email"}),
    )
    country = forms.ChoiceField(
        label=_("Country or region"),
        help_text=_("Where you live or work, not your nationality."),
        error_messages={"required": _("Choose a country or region.")},
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )
    affiliation = _own_text(
        "affiliation",
        label=_("Organisation"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    language = forms.ChoiceField(label=_("Language for messages"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, ask_email: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choice(self, "country").choices = [("", _("Choose")), *countries()]
        spoken = [code for code, _name in settings.LANGUAGES if code in self.conference.languages]
        known = spoken or [code for code, _name in settings.LANGUAGES]
        _choice(self, "language").choices = [(code, own_name(code)) for code in known]
        if not ask_email:
            del self.fields["email"]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        return email.strip()


class NeedsForm(StepForm):
    """Step 2."""

    interpretation = forms.ChoiceField(label=_("Interpretation wanted"), required=False, widget=forms.RadioSelect)
    access_needs = forms.MultipleChoiceField(
        label=_("Access"), choices=ACCESS_NEEDS, required=False, widget=forms.CheckboxSelectMultiple
    )
    access_note = LinesFormField(
        label=_("Other access needs"),
        help_text=_("Every request gets an answer."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    diet = forms.ChoiceField(
        label=_("Meals"),
        help_text=_("Can reveal belief: never printed on a badge."),
        choices=DIETS,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(code, interpretation_into(code)) for code in self.conference.languages]
        _choice(self, "interpretation").choices = [("", _("Not needed")), *offered]
        self.fields["wishes"] = WishesField(sessions_to_wish_for(self.conference), self.conference)

    def keep_offering(self, held: Mapping[str, Any]) -> None:
        """Offer what was chosen when the conference had other languages, so that saving takes nothing back."""
        field, code = _choice(self, "interpretation"), held.get("interpretation", "")
        choices = cast("list[tuple[str, Any]]", field.choices)
        if code not in dict(choices):
            field.choices = [*choices, (code, interpretation_into(code))]


class WishesField(forms.Field):
    """Sessions somebody wishes for: codes, the dearest first."""

    widget: WishesWidget

    def __init__(self, sessions: list[Session], conference: Conference) -> None:
        self.codes = {session.code for session in sessions}
        self.titles = {session.code: str(session.title) for session in sessions}
        super().__init__(
            label=_("Sessions you wish for"),
            help_text=_(
                "The programme is planned so that as many wishes as possible come true. Places are given later."
            ),
            required=False,
            widget=WishesWidget(sessions, conference),
        )

    def clean(self, value: Ranked) -> Ranked:
        if not set(value) <= self.codes:
            raise ValidationError(_("One of these sessions cannot be chosen. Please look at the list again."))
        wrong = [
            ValidationError(_("The rank of “%(title)s” is no number from 1.") % {"title": self.titles[code]})
            for code in value.no_numbers
        ]
        wrong += [
            ValidationError(
                _("Several sessions have rank %(rank)d: %(titles)s. Give each another one.")
                % {"rank": rank, "titles": ", ".join(f"“{self.titles[code]}”" for code in codes)}
            )
            for rank, codes in value.shared.items()
        ]
        if wrong:
            raise ValidationError(wrong)
        return value


class WishesForm(StepForm):
    """Wishes alone, for somebody who is registered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wishes"] = WishesField(sessions_to_wish_for(self.conference), self.conference)
