"""What is chosen about a team and its members."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.domain.teams import Granted
from accounts.models import Team
from accounts.rights import AccessLevel, Area, Rights, RoleName
from organize.kept_choices import with_held
from schedule.models import Conference, Theme
from schedule.vocabulary.languages import language_name
from values.forms import EmailFormField

# Chosen before anything else is: the least that helps.
FIRST_CHOICE = RoleName.VIEWER


class TeamRuleForm(forms.Form):
    """What the team asks of its members."""

    second_factor = forms.BooleanField(
        label=gettext_lazy("Members need a second factor"),
        required=False,
        help_text=gettext_lazy(
            "Whoever has none is sent to set one up, and sees nothing of the team's conferences before."
        ),
    )

    def __init__(self, data: Any, *, team: Team) -> None:
        super().__init__(data, initial={"second_factor": team.requires_second_factor}, label_suffix="")


class RightsForm(forms.Form):
    """A role, or areas one by one; for all themes of the team's conferences or for some.

    Offers what its reader has: nobody gives what they do not have. The domain decides.
    """

    role = forms.ChoiceField(label=gettext_lazy("Role"), widget=forms.RadioSelect)
    some_themes = forms.MultipleChoiceField(
        label=gettext_lazy("Only these themes"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Nothing ticked: all. Otherwise they change sessions of these themes only, and see no names of others."
        ),
    )

    def __init__(self, data: Any = None, *, team: Team, giver: Rights, present: Granted | None = None) -> None:
        shown = present or Granted(FIRST_CHOICE)
        super().__init__(data, initial={"role": shown.role, "some_themes": shown.themes or ()}, label_suffix="")
        roles = [(code, label) for code, label in RoleName.choices if giver.cover(_least(code, giver))]
        cast("forms.ChoiceField", self.fields["role"]).choices = roles
        for area, label in Area.choices:
            most = giver.level(area)
            levels = [(level.value, level.label) for level in AccessLevel if level <= most]
            self.fields[f"area_{area}"] = forms.TypedChoiceField(
                label=label, coerce=int, choices=levels, initial=shown.rights.level(area).value, required=False
            )
        themes = _themes(team, giver, shown.themes or ())
        if themes:
            cast("forms.MultipleChoiceField", self.fields["some_themes"]).choices = themes
        else:
            del self.fields["some_themes"]

    @property
    def areas(self) -> list[forms.BoundField]:
        """The fields of the matrix, which counts for rights chosen by hand."""
        return [self[f"area_{area}"] for area in Area.values]

    @property
    def granted(self) -> Granted:
        """What the valid form says."""
        said = self.cleaned_data
        role, themes = said["role"], tuple(said.get("some_themes") or ()) or None
        if role != RoleName.CUSTOM:
            return Granted(role, themes=None if role == RoleName.OWNER else themes)
        levels = {area: int(said.get(f"area_{area}") or 0) for area in Area.values}
        changes = tuple(area for area, level in levels.items() if level == AccessLevel.CHANGE)
        sees = tuple(area for area, level in levels.items() if level >= AccessLevel.SEE)
        return Granted(role, sees, changes, themes)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("role") == RoleName.CUSTOM and not self.granted.sees:
            raise ValidationError(_("Choose at least one area that may be seen."))
        return cleaned


class InviteForm(RightsForm):
    """Whom to invite into a team."""

    email = EmailFormField(label=gettext_lazy("E-mail address"))
    language = forms.ChoiceField(label=gettext_lazy("Language of the mail"))
    field_order = ("email", "language", "role")

    def __init__(self, data: Any = None, *, conference: Conference, team: Team, giver: Rights) -> None:
        super().__init__(data, team=team, giver=giver)
        languages = cast("forms.ChoiceField", self.fields["language"])
        languages.choices = [(code, language_name(code)) for code in conference.languages]


def _least(role: str, giver: Rights) -> Rights:
    """The rights of a role narrowed to the giver's own themes: who has some gives no more."""
    if role == RoleName.CUSTOM:
        return Rights(frozenset(), frozenset(), giver.themes)
    return Granted(role, themes=None if giver.themes is None else tuple(giver.themes)).rights


def _themes(team: Team, giver: Rights, held: Sequence[str]) -> list[tuple[str, str]]:
    """The themes of the team's conferences by code; of two with one code the newest names it. One query.

    With them those that are `held` and exist no more: whoever has only these would have all once that was saved.
    """
    found = Theme.objects.filter(conference__team=team).order_by("-conference__starts_on", "code")
    named: dict[str, str] = {}
    others = set()
    for theme in found:
        if giver.may_reach(theme.code):
            named.setdefault(theme.code, f"{theme.name} ({theme.code})")
        else:
            others.add(theme.code)
    return with_held(sorted(named.items(), key=lambda item: item[1]), [code for code in held if code not in others])
