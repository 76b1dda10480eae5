"""Kinds and themes of sessions, and groups of sessions that belong together."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from organize.setup.rows.forms import Kept, LinesFormSet, RowForm
from organize.setup.rows.lines import Choosable, MemberLine, Offers, Table
from organize.setup.rows.section import ListColumn, Section
from schedule.domain.editing.lines import MEMBERS
from schedule.models import Conference, Kind, SessionGroup, Theme


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
        ListColumn(_("Sign-up"), lambda kind: kind.get_signup_display()),
        ListColumn(_("At once, at most"), lambda kind: kind.max_parallel or "", is_number=True),
        ListColumn(_("Sessions"), lambda kind: kind.many or "", is_number=True),
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
    columns=(ListColumn(_("Sessions"), lambda theme: theme.many or "", is_number=True),),
    rows=_themes,
)


class TogetherForm(RowForm):
    class Meta(RowForm.Meta):
        model = SessionGroup
        fields = ("same",)

    def make_tables(self, data: Any) -> list[LinesFormSet]:
        self.offers = Offers(self.conference)
        return [TOGETHER.formset(data, self.kept.get(MEMBERS.relation, ()), self.offers)]

    @property
    def suggestions(self) -> dict[str, list[Choosable]]:
        return {"sessions": self.offers.sessions}

    @property
    def lines(self) -> Kept:
        return {MEMBERS.relation: TOGETHER.lines(self.tables[0])}


TOGETHER = Table(
    MEMBERS.relation, MemberLine, _("Sessions"), _("Two or more that belong together."), needs="session_id", extra=2
)


def _groups(conference: Conference) -> QuerySet[SessionGroup]:
    return SessionGroup.objects.filter(conference=conference).prefetch_related("sessions").order_by("pk")


GROUPS = Section(
    many="groups",
    one="group",
    model=SessionGroup,
    form=TogetherForm,
    title=_("Groups"),
    lead=_("Sessions that start together, or share one room. The timetable keeps to it."),
    new=_("New group"),
    nothing=_("No groups yet"),
    columns=(ListColumn(_("Sessions"), lambda group: ", ".join(str(one) for one in group.sessions.all())),),
    rows=_groups,
)
