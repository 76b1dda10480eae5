"""Sessions: what they are, who appears in them and hosts them, and all that the scheduler weighs."""

from __future__ import annotations

import re
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from organize.long_lists import number_of
from organize.setup.rooms import FeaturesForm
from organize.setup.rows.forms import Kept, Label, LinesFormSet, RowForm
from organize.setup.rows.lines import (
    ApartLine,
    Choosable,
    EarlierLine,
    HostLine,
    Offers,
    PreferenceLine,
    RoleLine,
    Table,
)
from organize.setup.rows.section import ListColumn, Section
from schedule.domain.editing.lines import APART, EARLIER, HOSTS, PREFERENCES, ROLES
from schedule.models import Body, Conference, Kind, Person, Role, Session, Theme
from schedule.vocabulary.languages import language_name
from values.forms import LineFormField

_CODE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


class CodesField(LineFormField):
    """Codes in one line, separated by commas. Its value is a list."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        codes = list(dict.fromkeys(filter(None, (one.strip() for one in str(text).split(",")))))
        if self.required and not codes:
            raise ValidationError(self.error_messages["required"], code="required")
        for code in codes:
            if not _CODE.fullmatch(code):
                raise ValidationError(_("“%(code)s” is no such code."), params={"code": code})
        return codes

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value


class LanguagesField(CodesField):
    """Language tags, in lower case as everything here is chosen by them (RFC 5646, 2.1.1: case says nothing)."""

    def __init__(self, *, named: bool = False, **options: Any) -> None:
        """`named`: only languages that have a name, for texts are written in them."""
        super().__init__(**options)
        self.named = named

    def clean(self, value: Any) -> Any:
        codes = list(dict.fromkeys(code.lower() for code in super().clean(value)))
        unknown = [code for code in codes if self.named and language_name(code) == code]
        if unknown:
            raise ValidationError(_("“%(code)s” is no such code."), params={"code": unknown[0]})
        return codes


TABLES = (
    Table(
        ROLES.relation,
        RoleLine,
        _("Who appears"),
        _("Speakers, moderators and others."),
        "role",
        in_order=True,
        extra=2,
    ),
    Table(HOSTS.relation, HostLine, _("Who hosts"), _("Organisations."), "body_id", in_order=True),
    Table(
        PREFERENCES.relation,
        PreferenceLine,
        _("Where and when it would like to be"),
        _("A room or a time on each line; the scheduler tries for any one of them."),
    ),
    Table(
        EARLIER.relation, EarlierLine, _("Comes after"), _("Sessions that end before this one starts."), "earlier_id"
    ),
    Table(APART.relation, ApartLine, _("Not at the same time as"), _("Sessions kept apart from it."), "other_id"),
)
_KEYS = ("kind", "theme", "fixed_room")


class SessionForm(FeaturesForm):
    features_field = "required_features"
    texts = ("title", "abstract")
    kind = forms.TypedChoiceField(label=_("Kind"), coerce=int)
    theme = forms.TypedChoiceField(label=_("Theme"), coerce=int, required=False, empty_value=None)
    fixed_room = forms.TypedChoiceField(label=_("Fixed room"), coerce=int, required=False, empty_value=None)
    required_features = forms.MultipleChoiceField(
        label=_("Features its room must have"), required=False, widget=forms.CheckboxSelectMultiple
    )
    languages = LanguagesField(label=_("Languages"), required=False, max_length=200, help_text=_("For example: en, ko"))
    interpretation_pairs = CodesField(
        label=_("Interpretation"), required=False, max_length=200, help_text=_("For example: ko-en, en-ko")
    )
    sign_languages = CodesField(
        label=_("Sign languages"), required=False, max_length=200, help_text=_("For example: KSL, IS")
    )
    caption_languages = LanguagesField(
        label=_("Captions"), required=False, max_length=200, help_text=_("For example: en, ko")
    )

    class Meta(RowForm.Meta):
        model = Session
        fields = (
            "code",
            "duration_minutes",
            "languages",
            "interpretation_pairs",
            "sign_languages",
            "caption_languages",
            "required_features",
            "expected_attendance",
            "signup",
            "capacity_cap",
            "held_seats",
            "online_url",
            "fixed_start",
            "not_before",
            "not_after",
            "blocks_all",
        )

    def arrange(self) -> None:
        self.offers = Offers(self.conference)
        self.rooms_features = {code for room in self.offers.rooms for code in room.features}
        super().arrange()
        self.fields["more_features"].label = _("Further features")
        self.fields["more_features"].help_text = _("Separated by commas.")
        self._offer("kind", [(one.pk, one.label) for one in self.offers.of(Kind)], needed=True)
        self._offer("theme", [(one.pk, one.label) for one in self.offers.of(Theme)])
        self._offer("fixed_room", [(room.pk, str(room.name)) for room in self.offers.rooms])
        for name in ("expected_attendance", "held_seats"):
            self.fields[name].required = False
        self.fields["fixed_start"].label = _("Fixed start")
        self.fields["capacity_cap"].help_text = _("Empty: as many as its room has.")
        if self.instance.pk is not None:
            self.fields["code"].disabled = True
            self.fields["code"].help_text = _("It stands in public addresses and calendars, so it never changes.")

    @property
    def suggestions(self) -> dict[str, list[Choosable]]:
        offers = self.offers
        return {"people": offers.of(Person), "bodies": offers.of(Body), "sessions": offers.sessions}

    def features_used(self) -> set[str]:
        return self.rooms_features

    def _offer(self, name: str, choices: list[tuple[int, str]], *, needed: bool = False) -> None:
        cast("forms.TypedChoiceField", self.fields[name]).choices = choices if needed else [("", "–"), *choices]
        self.initial[name] = getattr(self.instance, f"{name}_id")

    def make_tables(self, data: Any) -> list[LinesFormSet]:
        return [table.formset(data, self.kept.get(table.relation, ()), self.offers) for table in TABLES]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in _KEYS:
            if name in cleaned:
                setattr(self.instance, f"{name}_id", cleaned[name])
        for name in ("expected_attendance", "held_seats"):
            cleaned[name] = cleaned.get(name) or 0
        return cleaned

    @property
    def groups(self) -> list[tuple[Label, list[forms.BoundField]]]:
        texts = [name for name in self.fields if name.startswith(("title_", "abstract_"))]
        named: list[tuple[Label, list[str]]] = [
            ("", [*texts, "kind", "theme", "code", "duration_minutes"]),
            (_("Languages and access"), ["languages", "interpretation_pairs", "sign_languages", "caption_languages"]),
            (_("Places"), ["signup", "capacity_cap", "held_seats", "expected_attendance", "online_url"]),
            (
                _("What the timetable keeps to"),
                [
                    *("required_features", "more_features", "fixed_room", "fixed_start", "not_before", "not_after"),
                    "blocks_all",
                ],
            ),
        ]
        return [(heading, [self[name] for name in names]) for heading, names in named]

    @property
    def lines(self) -> Kept:
        return {table.relation: table.lines(formset) for table, formset in zip(TABLES, self.tables, strict=True)}


def _rows(conference: Conference) -> QuerySet[Session]:
    found = Session.objects.filter(conference=conference).select_related("kind", "theme")
    return found.annotate(people=number_of(Role.objects.all(), "session")).order_by("code")


def _beside(session: Session) -> dict[str, Any]:
    return {"code": session.code, "is_cancelled": session.state == Session.State.CANCELLED}


SESSIONS = Section(
    many="setup_sessions",
    one="session",
    model=Session,
    form=SessionForm,
    title=_("Sessions"),
    lead=_("What the programme consists of, and what the timetable must keep to."),
    new=_("New session"),
    nothing=_("No sessions yet"),
    columns=(
        ListColumn(_("Kind"), lambda session: session.kind.name),
        ListColumn(_("Theme"), lambda session: session.theme.name if session.theme else ""),
        ListColumn(_("Minutes"), lambda session: session.duration_minutes, is_number=True),
        ListColumn(_("People"), lambda session: session.people or "", is_number=True),
        ListColumn(_("State"), lambda session: session.get_state_display()),
    ),
    rows=_rows,
    template="organize/setup/session.html",
    beside=_beside,
)
