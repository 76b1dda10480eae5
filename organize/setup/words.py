"""Kinds and themes of sessions."""

from __future__ import annotations

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from organize.setup.forms import RowForm
from organize.setup.section import Column, Section
from schedule.models import Conference, Kind, Theme


class InOrderForm(RowForm):
    """A row with a place in an order; without one it is first."""

    texts = ("name",)

    def arrange(self) -> None:
        self.fields["position"].required = False

    def clean_position(self) -> int:
        return self.cleaned_data.get("position") or 0


class KindForm(InOrderForm):
    class Meta(RowForm.Meta):
        model = Kind
        fields = ("signup", "max_parallel", "is_break", "position", "code")


class ThemeForm(InOrderForm):
    class Meta(RowForm.Meta):
        model = Theme
        fields = ("position", "code")


def _kinds(conference: Conference) -> QuerySet[Kind]:
    return Kind.objects.filter(conference=conference).annotate(many=Count("sessions")).order_by("position", "code")


def _themes(conference: Conference) -> QuerySet[Theme]:
    return Theme.objects.filter(conference=conference).annotate(many=Count("sessions")).order_by("position", "code")


KINDS = Section(
    many="kinds",
    one="kind",
    model=Kind,
    form=KindForm,
    title=_("Kinds"),
    lead=_("Plenaries, workshops, breaks: what kinds of sessions there are."),
    new=_("New kind"),
    nothing=_("No kinds yet"),
    columns=(
        Column(_("Sign-up"), lambda kind: kind.get_signup_display()),
        Column(_("At once, at most"), lambda kind: kind.max_parallel or "", is_number=True),
        Column(_("Sessions"), lambda kind: kind.many or "", is_number=True),
    ),
    rows=_kinds,
)
THEMES = Section(
    many="themes",
    one="theme",
    model=Theme,
    form=ThemeForm,
    title=_("Themes"),
    lead=_("What sessions are about; exports call it the track."),
    new=_("New theme"),
    nothing=_("No themes yet"),
    columns=(Column(_("Sessions"), lambda theme: theme.many or "", is_number=True),),
    rows=_themes,
)
