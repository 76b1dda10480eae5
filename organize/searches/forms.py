"""Forms about searching for a timetable."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organize.programme.labels import in_order, term_name, unit_of
from schedule.domain.programme.days import programme_days
from schedule.domain.timetables.queries import newest_release
from schedule.models import Conference, Draft, Session, SolverRun
from schedule.models.searches import LONGEST, MOST_ANSWERS, SHORTEST
from schedule.models.weights import HEAVIEST
from schedule.solver.problem import Weights


class SearchForm(forms.Form):
    """Have the scheduler search for a timetable."""

    goal = forms.ChoiceField(
        label=_("What matters most"),
        choices=SolverRun.Goal.choices,
        initial=SolverRun.Goal.OWN,
        required=False,
        help_text=_("A goal gives what it is about a great weight; everything else counts as you have set it."),
    )
    seconds = forms.IntegerField(
        label=_("Seconds to search"),
        min_value=SHORTEST,
        max_value=LONGEST,
        initial=60,
        help_text=_("A first timetable comes within seconds; more time makes it better."),
    )
    base = forms.ModelChoiceField(
        label=_("Start from"),
        queryset=Draft.objects.none(),
        required=False,
        empty_label=_("Nothing: start afresh"),
        help_text=_("The result is never worse than a draft it starts from, as long as that keeps every rule."),
    )
    kept = forms.MultipleChoiceField(
        label=_("Keep these where they are"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Their times and rooms stay as in the draft; everything else may move."),
    )
    answers = forms.TypedChoiceField(
        label=pgettext_lazy("timetables", "Answers"),
        coerce=int,
        initial=1,
        choices=[(number, str(number)) for number in range(1, MOST_ANSWERS + 1)],
        help_text=_("Timetables of nearly the same quality at clearly other times; each becomes a draft of its own."),
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        min_value=0,
        max_value=2**31 - 1,
        initial=1,
        help_text=_("Another number leads to another timetable; the same one to the same."),
    )

    def __init__(self, data: Any, *, conference: Conference, start: str = "") -> None:
        """`start` is the key of the draft that is chosen to begin with. Sessions to keep are those of that draft."""
        drafts = Draft.objects.filter(conference=conference).worked_on()
        base = _draft_of(drafts, start if data is None else data.get("base", ""))
        super().__init__(data, initial={"base": base})
        self.conference = conference
        cast("forms.ModelChoiceField[Draft]", self.fields["base"]).queryset = drafts
        choices = _by_day(conference, base) if base else []
        cast("forms.MultipleChoiceField", self.fields["kept"]).choices = choices
        if not choices:
            del self.fields["kept"]

    def clean_goal(self) -> str:
        return self.cleaned_data["goal"] or SolverRun.Goal.OWN

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        goal = cleaned.get("goal")
        if goal == SolverRun.Goal.MOVES and cleaned.get("base"):
            self.add_error("base", _("This goal starts from what is published, not from a draft."))
        if goal == SolverRun.Goal.MOVES and newest_release(self.conference) is None:
            self.add_error("goal", _("Nothing is published yet that could be moved."))
        if goal == SolverRun.Goal.EVERY and cleaned.get("answers", 1) > 1:
            self.add_error("answers", _("Each goal has one timetable. Ask for one answer."))
        return cleaned

    def clean_kept(self) -> list[str]:
        return sorted(self.cleaned_data["kept"])


class WeightsForm(forms.Form):
    """How much each of the scheduler's terms counts."""

    def __init__(self, data: Any, *, weights: Weights) -> None:
        super().__init__(data, label_suffix="")
        given = asdict(Weights())
        for term, _value in in_order(given):
            self.fields[term] = forms.IntegerField(
                label=term_name(term),
                min_value=0,
                max_value=HEAVIEST,
                initial=getattr(weights, term),
                help_text=" ".join((str(unit_of(term)), _("Usually %(weight)s.") % {"weight": given[term]})),
            )

    @property
    def weights(self) -> Weights:
        """What was filled in."""
        return Weights(**self.cleaned_data)


def _draft_of(drafts: QuerySet[Draft], key: str) -> Draft | None:
    """The draft a form names; None where it names none, or another's."""
    return drafts.filter(pk=key).first() if key.isdecimal() and len(key) < 10 else None


def _by_day(conference: Conference, draft: Draft) -> list[tuple[str, list[tuple[str, str]]]]:
    """The sessions of a draft as choices, by day and in order of time. Two queries."""
    placed = draft.placements.filter(session__state=Session.State.ACCEPTED).select_related("session", "room")
    programme = programme_days(conference)
    days: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for one in placed:
        start = conference.local(one.start)
        text = f"{date_format(start, 'H:i')} {one.session.title}, {one.room.name}"
        days[date_format(programme.day_of(start), str(_("l, j F Y")))].append((one.session.code, text))
    return list(days.items())
