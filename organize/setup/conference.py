"""The conference itself: its names, its days with their hours, and the rules that hold for all its sessions."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from organize.setup.rows.forms import Kept, Label, LinesFormSet, RowForm
from organize.setup.rows.lines import LineForm, Offers, Table
from organize.setup.rows.section import Section
from organize.setup.sessions import LanguagesField
from schedule.domain.editing.lines import DAYS, Line
from schedule.models import Conference
from values.instant_fields import ClockForms
from values.instants import SkippedByClocks, at, naive
from values.validators import validate_day

_CLOCKS = {"opens": "opens_at", "closes": "closes_at", "core_begins": "core_from", "core_ends": "core_until"}


def _clock() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class DayLine(LineForm):
    """The hours of one day, on the conference's clocks; what ends no later than the day opens ends after midnight."""

    date = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[validate_day],
    )
    opens = forms.TimeField(label=_("Opens"), required=False, widget=_clock())
    closes = forms.TimeField(
        label=_("Closes"), required=False, widget=_clock(), help_text=_("At or before it opens: after midnight.")
    )
    core_begins = forms.TimeField(label=_("Core hours from"), required=False, widget=_clock())
    core_ends = forms.TimeField(label=_("Core hours until"), required=False, widget=_clock())

    def offer(self, offers: Offers) -> None:
        self.zone = offers.conference.zone

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors or not cleaned.get("date"):
            return cleaned
        if not self.has_changed():  # an hour that comes twice stays the one it is
            return cleaned | {"line": self.initial["line"]}
        if cleaned["opens"] is None or cleaned["closes"] is None:
            raise ValidationError(_("Give both: when the day opens, and when it closes."))
        line = {"date": cleaned["date"]}
        for name, column in _CLOCKS.items():
            line[column] = self._instant(name, cleaned)
        return cleaned | {"line": line}

    def _instant(self, name: str, cleaned: dict[str, Any]) -> datetime | None:
        clock, opens, day = cleaned[name], cleaned["opens"], cleaned["date"]
        if clock is None:
            return None
        is_end = name in ("closes", "core_ends")
        is_next = clock <= opens if is_end else clock < opens
        shown = naive(day + timedelta(days=1) if is_next else day, clock)
        try:
            return at(shown, self.zone, ends=is_end)
        except SkippedByClocks:
            try:
                return ClockForms(self.zone).instant(shown, None)  # which says it in words
            except ValidationError as said:
                self.add_error(name, said)
                return None


def _shown(line: Line, conference: Conference) -> dict[str, Any]:
    """A day as its line of the form shows it."""
    clocks: dict[str, time | None] = {
        name: conference.local(line[column]).time() if line[column] else None for name, column in _CLOCKS.items()
    }
    return {"date": line["date"], "line": line} | clocks


HOURS = Table(
    DAYS.relation,
    DayLine,
    _("Days and hours"),
    _("When sessions can be. The scheduler prefers the core hours."),
    needs="date",
)
_RULES: list[tuple[Label, list[str]]] = [
    (_("When and for whom"), ["starts_on", "ends_on", "timezone", "languages", "slug", "is_public", "accent"]),
    (_("Registrations and places"), ["expected_participants", "capacity", "overlap_rule", "offer_hours"]),
    (
        _("Rules of the timetable"),
        [
            *("slot_minutes", "room_changeover_minutes", "person_gap_same_group_minutes"),
            *("person_gap_other_group_minutes", "interpreter_teams", "max_parallel_open_sessions"),
        ],
    ),
    (
        _("Mails"),
        [
            *("contact_email", "gather_seconds", "quiet_from", "quiet_until", "agenda_reminder_at"),
            *("session_reminder_minutes", "survey_url"),
        ],
    ),
]


class ConferenceForm(RowForm):
    texts = ("name", "theme", "venue", "sample_note")
    languages = LanguagesField(
        label=_("Languages"),
        named=True,
        max_length=200,
        help_text=_("For example: en, ko. The first is the conference’s own."),
    )

    class Meta(RowForm.Meta):
        model = Conference
        fields = tuple(name for _heading, names in _RULES for name in names)

    def arrange(self) -> None:
        for name, why in (
            ("slug", _("It stands in mails and calendars, so it never changes.")),
            ("timezone", _("It decides what published times mean, so it never changes.")),
        ):
            self.fields[name].disabled, self.fields[name].help_text = True, why
        self.fields["is_public"].help_text = _("Anybody may open the programme then, and search engines find it.")

    def make_tables(self, data: Any) -> list[LinesFormSet]:
        kept = [_shown(line, self.conference) for line in self.kept.get(DAYS.relation, ())]
        return [HOURS.formset(data, kept, Offers(self.conference))]

    @property
    def groups(self) -> list[tuple[Label, list[forms.BoundField]]]:
        told = {name for _heading, names in _RULES for name in names}
        texts = [name for name in self.fields if name not in told and name != "version"]
        return [(heading, [self[name] for name in names]) for heading, names in [("", texts), *_RULES]]

    @property
    def lines(self) -> Kept:
        return {DAYS.relation: [line["line"] for line in HOURS.lines(self.tables[0])]}


def _rows(conference: Conference) -> QuerySet[Conference]:
    return Conference.objects.filter(pk=conference.pk)


CONFERENCE = Section(
    many="home",
    one="conference",
    model=Conference,
    form=ConferenceForm,
    title=_("Overview"),
    lead="",
    new="",
    nothing="",
    columns=(),
    rows=_rows,
    is_single=True,
)
