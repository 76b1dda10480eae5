"""Forms of an import: the file, how it is to be read, and which rows of the preview are shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from organize.imports.words import column_choices
from schedule.exchange.imports.uploads import LARGEST
from schedule.exchange.readers.tables.cells import ENCODINGS
from schedule.exchange.readers.tables.sheets import Sheet, Sheets
from schedule.models import Conference, Kind
from schedule.vocabulary.limits import LONGEST_SESSION
from values.forms import LineFormField


class UploadForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("File"), max_length=200)

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, label_suffix="")
        self.fields["file"].help_text = _("At most %(most)d MB.") % {"most": LARGEST // 1_000_000}

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than %(most)s MB.") % {"most": LARGEST // 1_000_000})
        return file


class ReadingForm(forms.Form):
    """How a file is to be read. What does not matter for its format is not asked."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of sessions that say none"),
        required=False,
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes of sessions that say no length"),
        required=False,
        min_value=1,
        max_value=LONGEST_SESSION,
    )
    stamps = forms.ChoiceField(
        label=gettext_lazy("Times with the offset +00:00"),
        required=False,
        choices=(
            ("", gettext_lazy("Local times, where all have it")),
            ("local", gettext_lazy("Local times")),
            ("utc", gettext_lazy("UTC")),
        ),
    )
    encoding = forms.ChoiceField(label=gettext_lazy("Letters of the file"), required=False)

    def __init__(self, data: Any, *, conference: Conference, asked: dict[str, Any], table: Sheets | None) -> None:
        """`asked` is what is kept (`ProgrammeUpload.asked`), `table` what columns were recognised, if it has any."""
        super().__init__(data, initial=asked, label_suffix="")
        self.table = table
        kinds = [(kind.code, str(kind.name)) for kind in Kind.objects.filter(conference=conference, is_break=False)]
        first = kinds[0][1] if kinds else _("Session")
        choices = [("", _("The first there is: %(name)s") % {"name": first}), *kinds]
        cast("forms.ChoiceField", self.fields["kind"]).choices = choices
        if table is not None:
            del self.fields["stamps"]
        if table is not None and table.encoding:
            read_as = [("", _("As recognised: %(encoding)s") % {"encoding": table.encoding})]
            cast("forms.ChoiceField", self.fields["encoding"]).choices = [*read_as, *((one, one) for one in ENCODINGS)]
        else:
            del self.fields["encoding"]
        new = asked.get("new", {})
        for name, sheet, position in self._columns():
            field = forms.ChoiceField(
                label=sheet.headings[position] or _("Column %(number)d") % {"number": position + 1},
                required=False,
                choices=column_choices(conference),
                help_text=self._sample(sheet, position, is_new=position in new.get(sheet.name, ())),
            )
            self.fields[name] = field
            self.initial[name] = sheet.columns[position]

    def _columns(self) -> Iterator[tuple[str, Sheet, int]]:
        for number, sheet in enumerate(self.table.sheets if self.table else ()):
            for position in range(len(sheet.headings)):
                yield f"column_{number}_{position}", sheet, position

    def _sample(self, sheet: Sheet, position: int, *, is_new: bool) -> str:
        sample = sheet.sample(position)
        said = _("For example: %(sample)s") % {"sample": sample[:60]} if sample else _("Empty in every row.")
        return _("New: no earlier file had this column. %(sample)s") % {"sample": said} if is_new else said

    @property
    def general(self) -> list[forms.BoundField]:
        """The fields that are not about a column."""
        return [self[name] for name in self.fields if not name.startswith("column_")]

    @property
    def sheets(self) -> list[tuple[Sheet, str, list[forms.BoundField]]]:
        """Each sheet with how many rows it has, in words, and the fields of its columns."""
        found: dict[int, tuple[Sheet, str, list[forms.BoundField]]] = {}
        for name, sheet, _position in self._columns():
            count = len(sheet.rows)
            said = ngettext("%(count)d row", "%(count)d rows", count) % {"count": count}
            found.setdefault(id(sheet), (sheet, said, []))[2].append(self[name])
        return list(found.values())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        met: dict[tuple[int, str], str] = {}
        for name, sheet, position in self._columns():
            held = cleaned.get(name, "")
            if held and (id(sheet), held) in met:
                self.add_error(name, _("Another column holds this already. Choose one of the two."))
            met[id(sheet), held] = sheet.headings[position]
            abouts = {held.partition(".")[0] for (one, held) in met if one == id(sheet) and held}
            if len(abouts) > 1 and held:
                self.add_error(name, _("A sheet is about sessions, rooms or people: choose what goes with the others."))
        return cleaned

    @property
    def asked(self) -> dict[str, Any]:
        """What is to be kept of a valid form."""
        given = self.cleaned_data
        asked = {name: given[name] for name in ("kind", "minutes", "stamps", "encoding") if given.get(name)}
        columns: dict[str, list[str]] = {}
        for name, sheet, _position in self._columns():
            columns.setdefault(sheet.name, []).append(given[name])
        return asked | ({"columns": columns} if columns else {})


class ShownForm(forms.Form):
    """Narrows the preview; an empty value narrows nothing."""

    state = forms.ChoiceField(label=gettext_lazy("Show"), required=False)
    q = LineFormField(
        label=gettext_lazy("Name"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )

    def __init__(self, data: Any, *, states: Sequence[tuple[str, str]]) -> None:
        super().__init__(data, label_suffix="")
        cast("forms.ChoiceField", self.fields["state"]).choices = list(states)
        self.full_clean()
