"""What owners choose about their team."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Team


class TeamRuleForm(forms.Form):
    """What the team asks of its members."""

    second_factor = forms.BooleanField(
        label=_("Members need a second factor"),
        required=False,
        help_text=_("Whoever has none is sent to set one up, and sees nothing of the team's conferences before."),
    )

    def __init__(self, data: Any, *, team: Team) -> None:
        super().__init__(data, initial={"second_factor": team.requires_second_factor}, label_suffix="")


class RoleForm(forms.Form):
    """The role of one member."""

    role = forms.ChoiceField(label=_("Role"), choices=Membership.Role.choices)

    def __init__(self, data: Any = None, *, membership: Membership) -> None:
        super().__init__(data, initial={"role": membership.role}, label_suffix="", auto_id=f"id_{membership.pk}_%s")
