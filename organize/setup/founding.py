"""A new conference: one page of seven fields, or a copy of an earlier one at another time."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from datetime import date
from typing import Any, cast

from django import forms
from django.contrib import messages as notices
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from i18nfield.strings import LazyI18nString

from accounts.domain.founders import may_found_team, teams_to_found_for
from accounts.models import Team, User
from journal.actors import Actor
from journal.presses.once import done_once
from organize.access import private
from organize.setup.sessions import LanguagesField
from schedule.domain.editing.founding import copy_conference, found_conference
from schedule.models import Conference
from schedule.models.conference import LONGEST, MOST_DAYS
from schedule.validators import validate_slug_is_free
from values.forms import LineFormField
from values.validators import validate_day

NEW_TEAM = "new"


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class FoundingForm(forms.Form):
    """What both ways ask for. `team` is on the page only where there is a choice."""

    name = LineFormField(label=gettext_lazy("Name"), max_length=200)
    slug = forms.SlugField(
        label=gettext_lazy("Address"),
        max_length=50,
        validators=[validate_slug_is_free],
        help_text=gettext_lazy("Letters, digits and hyphens. It stands in every link, so it never changes."),
    )
    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=_day(), validators=[validate_day])
    team = forms.ChoiceField(label=gettext_lazy("Team"))

    def __init__(self, data: Any, *, user: User, teams: list[Team], is_new_team: bool) -> None:
        """`is_new_team`: a team may be made for it."""
        super().__init__(data, label_suffix="")
        self.user = user
        self.teams: dict[str, Team | None] = {str(team.pk): team for team in teams}
        choices = [(str(team.pk), team.name) for team in teams]
        if is_new_team:
            self.teams[NEW_TEAM] = None
            choices.append((NEW_TEAM, _("A new team, which I own")))
        cast("forms.ChoiceField", self.fields["team"]).choices = choices
        if len(choices) == 1:
            del self.fields["team"]

    @property
    def chosen_team(self) -> Team | None:
        """None for a team that is to be made."""
        return self.teams[self.cleaned_data["team"]] if "team" in self.fields else next(iter(self.teams.values()))

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"])
        if Conference.objects.filter(slug=slug).exists():
            raise ValidationError(_("There is a conference at this address."))
        return slug


class NewConferenceForm(FoundingForm):
    ends_on = forms.DateField(label=gettext_lazy("Last day"), widget=_day(), validators=[validate_day])
    timezone = forms.ChoiceField(label=gettext_lazy("Time zone"))
    languages = LanguagesField(
        label=gettext_lazy("Languages"),
        named=True,
        max_length=200,
        help_text=gettext_lazy("For example: en, ko. The first is the conference’s own."),
    )
    venue = LineFormField(label=gettext_lazy("Venue"), max_length=300, required=False)
    field_order = ("name", "slug", "starts_on", "ends_on", "timezone", "languages", "venue", "team")

    def __init__(self, data: Any, **options: Any) -> None:
        super().__init__(data, **options)
        zones = sorted(one for one in zoneinfo.available_timezones() if "/" in one and not one.startswith("Etc/"))
        zone = cast("forms.ChoiceField", self.fields["timezone"])
        zone.choices = [("", "–"), *((one, one.replace("_", " ")) for one in [*zones, "UTC"])]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day must not be before the first."))
        elif first and last and (last - first).days > MOST_DAYS:
            self.add_error("ends_on", LONGEST % {"days": MOST_DAYS})
        return cleaned

    def made(self, actor: Actor) -> Conference:
        """Make what the valid form says."""
        said, language = self.cleaned_data, self.cleaned_data["languages"][0]
        conference = Conference(
            team=self.chosen_team,
            name=LazyI18nString({language: said["name"]}),
            venue=LazyI18nString({language: said["venue"]}) if said["venue"] else "",
            **{name: said[name] for name in ("slug", "starts_on", "ends_on", "timezone", "languages")},
        )
        return found_conference(conference, founder=self.user, actor=actor)


class CopyForm(FoundingForm):
    earlier = forms.ChoiceField(label=gettext_lazy("Earlier conference"))
    field_order = ("earlier", "name", "slug", "starts_on", "team")

    def __init__(self, data: Any, *, teams: list[Team], **options: Any) -> None:
        super().__init__(data, teams=teams, **options | {"is_new_team": False})
        self.sources = {one.slug: one for one in Conference.objects.filter(team__in=teams)}
        choices = [(slug, str(one.name)) for slug, one in self.sources.items()]
        cast("forms.ChoiceField", self.fields["earlier"]).choices = choices

    def made(self, actor: Actor) -> Conference:
        """Make what the valid form says."""
        earlier, team = self.sources[self.cleaned_data["earlier"]], self.chosen_team
        if team is None:
            raise TypeError("what is copied has a team")
        starts_on: date = self.cleaned_data["starts_on"]
        return copy_conference(
            earlier,
            team=team,
            slug=self.cleaned_data["slug"],
            name=LazyI18nString({earlier.languages[0]: self.cleaned_data["name"]}),
            starts_on=starts_on,
            actor=actor,
        )


def _founding(form_class: type[NewConferenceForm | CopyForm], title: Any, lead: Any) -> Callable[..., HttpResponse]:
    """A page that makes a conference, for whoever may make one; nobody else is told that it is there."""

    def page(request: HttpRequest) -> HttpResponse:
        user = cast("User", request.user)  # login_required has seen to it
        teams, is_new_team = list(teams_to_found_for(user)), may_found_team(user)
        if not teams and not (is_new_team and form_class is NewConferenceForm):
            raise Http404
        data = request.POST if request.method == "POST" else None
        form = form_class(data, user=user, teams=teams, is_new_team=is_new_team)
        if form.is_bound and form.is_valid():
            try:
                made = form.made(Actor.organizer(user.pk))
            except ValidationError as refusal:
                form.add_error(None, refusal.messages)
            else:
                notices.success(request, _("“%(name)s” is made. Only your team sees it.") % {"name": made.name})
                return redirect("organize:home", made.slug)
        context = {
            "form": form,
            "title": title,
            "lead": lead,
            "section": "organize",
            "has_earlier": Conference.objects.filter(team__in=teams).exists(),
        }
        return render(request, "organize/setup/founding.html", context, status=422 if form.errors else 200)

    @private
    @login_required
    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: HttpRequest) -> HttpResponse:
        return done_once(request, Actor.organizer(cast("User", request.user).pk), lambda: page(request))

    return view


new_conference = _founding(
    NewConferenceForm,
    gettext_lazy("New conference"),
    gettext_lazy("Seven answers, and it is there: for your team alone, until you make it public."),
)
copied_conference = _founding(
    CopyForm,
    gettext_lazy("Copy an earlier conference"),
    gettext_lazy(
        "Its rules, hours, rooms, kinds, themes and organisations, at another time. Sessions and people stay behind."
    ),
)
