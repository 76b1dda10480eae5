"""Rooms: seats, features, where they are, and the smaller rooms they are joined from."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from organize.setup.rows.forms import Kept, Label, RowForm
from organize.setup.rows.section import ListColumn, Section
from schedule.domain.editing.lines import PARTS
from schedule.domain.programme.names import feature_name
from schedule.models import Conference, Room
from schedule.vocabulary.features import FEATURES
from values.forms import LineFormField


class FeaturesForm(RowForm):
    """A row with features of rooms: those everybody knows, those of this conference, and new ones."""

    features_field = "features"
    more_features = LineFormField(
        label=_("Further features"),
        required=False,
        max_length=300,
        help_text=_("What your rooms have and no line above names, separated by commas."),
    )

    def arrange(self) -> None:
        used = self.features_used() | set(getattr(self.instance, self.features_field) or [])
        known = dict.fromkeys([*FEATURES, *sorted(used)])
        self.choose(self.features_field, [(code, feature_name(code)) for code in known])

    def features_used(self) -> set[str]:
        """What the rooms of the conference have."""
        rooms = Room.objects.filter(conference=self.conference).values_list("features", flat=True)
        return {code for codes in rooms for code in codes}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        more = [one.strip() for one in cleaned.get("more_features", "").split(",")]
        chosen = dict.fromkeys([*cleaned.get(self.features_field, []), *filter(None, more)])
        # Those that stay keep their order, which is not the one on the page: it would be told as a change.
        stay = [code for code in getattr(self.instance, self.features_field) or [] if code in chosen]
        cleaned[self.features_field] = list(dict.fromkeys([*stay, *chosen]))
        return cleaned


class RoomForm(FeaturesForm):
    texts = ("name",)
    features = forms.MultipleChoiceField(
        label=_("Features"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("Access is shown to all.")
    )
    parts = forms.TypedMultipleChoiceField(
        label=_("Joined from these rooms"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("While this room is in use, so are its parts; and while a part is in use, this room is not free."),
    )

    class Meta(RowForm.Meta):
        model = Room
        fields = (
            "capacity",
            "code",
            "distance_group",
            "features",
            "allows_parallel_use",
            "breaks_only",
            "position",
        )

    def arrange(self) -> None:
        super().arrange()
        self.fields["distance_group"].help_text = _("Ways between rooms with the same words here are short.")
        self.fields["position"].required = False
        rooms = Room.objects.filter(conference=self.conference).exclude(pk=self.instance.pk)
        self.choose("parts", [(room.pk, str(room.name)) for room in rooms])
        self.initial["parts"] = [line["part_id"] for line in self.kept.get(PARTS.relation, ())]

    @property
    def groups(self) -> list[tuple[Label, list[forms.BoundField]]]:
        joined = ["parts"] if cast("forms.ChoiceField", self.fields["parts"]).choices else []
        use = [*joined, "allows_parallel_use", "breaks_only", "position"]
        first = [name for name in self.fields if name not in {*use, "parts", "version", "features", "more_features"}]
        return [
            ("", [self[name] for name in first]),
            (_("What it has"), [self["features"], self["more_features"]]),
            (_("How it is used"), [self[name] for name in use]),
        ]

    @property
    def lines(self) -> Kept:
        return {PARTS.relation: [{"part_id": key} for key in self.cleaned_data["parts"]]}

    def clean_position(self) -> int:
        return self.cleaned_data.get("position") or 0

    def _field_named(self, name: str) -> str | None:
        return "parts" if name == PARTS.relation else super()._field_named(name)


def _rows(conference: Conference) -> QuerySet[Room]:
    counted = Room.objects.filter(conference=conference).annotate(
        closures=Count("unavailabilities", distinct=True), joined=Count("part_links", distinct=True)
    )
    return counted.order_by("position", "code")


ROOMS = Section(
    many="rooms",
    one="room",
    model=Room,
    form=RoomForm,
    title=_("Rooms"),
    lead=_("Where sessions can be: seats, features, and when a room is closed."),
    new=_("New room"),
    nothing=_("No rooms yet"),
    columns=(
        ListColumn(_("Seats"), lambda room: room.capacity, is_number=True),
        ListColumn(_("Floor or building"), lambda room: room.distance_group),
        ListColumn(_("Features"), lambda room: ", ".join(map(feature_name, room.features))),
        ListColumn(_("Parts"), lambda room: room.joined or "", is_number=True),
        ListColumn(_("Closures"), lambda room: room.closures or "", is_number=True),
    ),
    rows=_rows,
    absences=_("Closed"),
    absence=_("Close the room for a time"),
    absence_end=_("Open again"),
    absence_help=_(
        "Rooms joined from it close as well. What is published stays until you publish a draft that avoids the room."
    ),
)
