"""The form field for a day and a time: on the clocks of one zone, which it names, and refused in words.

A time that the clocks skip is refused with the times around it. A time that comes twice is asked about: the field then
shows which two there are. Whoever types it may also write the offset behind it, "2027-10-31 02:30+01:00".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from values import instants

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

OFFSET = "_offset"
"""What the name of a field is followed by, where its choice between two offsets is sent."""


class ClockForms:
    """What forms say of times on the clocks of one zone; without one of that which is active when they say it.

    `said` says which clocks they are where the zone's name would be a guess.
    """

    def __init__(self, zone: tzinfo | None = None, said: StrOrPromise = "") -> None:
        self.given, self.said = zone, said

    @property
    def zone(self) -> tzinfo:
        return self.given or timezone.get_current_timezone()

    def naive(self, moment: datetime) -> datetime:
        """What the clocks show at an instant."""
        return moment.astimezone(self.zone).replace(tzinfo=None)

    def instant(self, naive: datetime, offset: timedelta | None) -> datetime:
        """The instant in UTC. Raises ValidationError, in words, where the clocks skip it or show it twice."""
        if not instants.is_near(naive):
            raise forms.ValidationError(_("This is too far away."), code="far_away")
        try:
            if offset is None and len(instants.readings(naive, self.zone)) > 1:
                raise forms.ValidationError(self.twice(naive), code="comes_twice")
            return instants.at(naive, self.zone, offset=offset).astimezone(UTC)
        except instants.SkippedByClocks as skipped:
            raise forms.ValidationError(self._skipped(skipped), code="skipped_by_clocks") from skipped
        except instants.NotItsOffset as other:
            text = _("At this time the clocks of %(zone)s are at %(offsets)s.") % {
                "zone": self.zone,
                "offsets": ", ".join(instants.offset_name(one) for one in other.offsets),
            }
            raise forms.ValidationError(text, code="not_its_offset") from other

    def choices(self, naive: datetime | None) -> list[tuple[str, str]]:
        """Which two are meant by a time that comes twice, by their offsets; none for any other time."""
        found = instants.readings(naive, self.zone) if naive and instants.is_near(naive) else []
        if len(found) < 2:
            return []
        words = (_("%(time)s (%(offset)s), the first time"), _("%(time)s (%(offset)s), when the clocks were set back"))
        offsets = [instants.offset_of(moment) for moment in found]
        return [
            (instants.offset_text(offset), text % {"time": f"{naive:%H:%M}", "offset": instants.offset_name(offset)})
            for offset, text in zip(offsets, words, strict=True)
        ]

    def offset(self, moment: datetime) -> str:
        """What tells an instant from another that the clocks show alike; nothing where there is no such other."""
        local = moment.astimezone(self.zone)
        return instants.offset_text(instants.offset_of(local)) if instants.comes_twice(local) else ""

    def twice(self, naive: datetime) -> str:
        """What is said of a time that comes twice as long as nobody has chosen."""
        said = {"time": f"{naive:%H:%M}", "day": date_format(naive, _("j F Y")), "zone": self.zone}
        return _("On %(day)s the clocks of %(zone)s show %(time)s twice. Choose which is meant.") % said

    def _skipped(self, skipped: instants.SkippedByClocks) -> str:
        pattern = "H:i" if skipped.last.date() == skipped.next.date() else _("j F Y, H:i")
        last, following = (date_format(one, pattern) for one in (skipped.last, skipped.next))
        return _(
            "The clocks of %(zone)s never show this: on %(day)s they jump from %(last)s to %(next)s. Choose a time"
            " before %(last)s, or %(next)s or later."
        ) % {"zone": self.zone, "day": date_format(skipped.last, _("j F Y")), "last": last, "next": following}


class InstantInput(forms.DateTimeInput):
    """A day and a time in one control of the browser; behind it a choice where the time comes twice."""

    input_type = "datetime-local"

    def __init__(self, clocks: ClockForms, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")
        self.clocks = clocks

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, datetime):
            return value.isoformat(timespec="seconds" if value.second else "minutes")
        return super().format_value(value)

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """What was typed, with the offset that was chosen for it. A choice for another time says nothing."""
        typed, chosen = data.get(name), data.get(name + OFFSET)
        if isinstance(typed, str) and chosen in dict(self.clocks.choices(_read(typed))):
            return f"{typed}{chosen}"
        return typed

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        text = self.format_value(value) or ""
        typed, offset = instants.parted(text)
        naive = _read(typed)
        if naive and naive.second:
            attrs = {**(attrs or {}), "step": "1"}  # a browser refuses seconds otherwise
        control = super().render(name, typed, attrs, renderer)
        choices = self.clocks.choices(naive)
        if not choices:
            return control
        chosen = "" if offset is None else instants.offset_text(offset)
        label = {"aria-label": _("Which of the two"), "required": True}
        select = forms.Select(label, [("", "---------"), *choices])
        return format_html("{} {}", control, select.render(name + OFFSET, chosen, renderer=renderer))


class InstantFormField(forms.DateTimeField):
    """A day and a time; without `clocks` on those that are active. Its value is in UTC."""

    def __init__(self, *, clocks: ClockForms | None = None, **options: Any) -> None:
        self.clocks = clocks or ClockForms()
        given = options.get("help_text", "")
        super().__init__(
            **options | {"help_text": lazy(_help, str)(given, self.clocks), "widget": InstantInput(self.clocks)}
        )

    def to_python(self, value: Any) -> datetime | None:
        offset = None
        if isinstance(value, str):
            value, offset = instants.parted(value.strip())
        # Not DateTimeField's, which asks Django's own rules for what the clocks show.
        naive = _read(value) if isinstance(value, str) else None
        naive = naive or super(forms.DateTimeField, self).to_python(value) if value not in self.empty_values else None
        if naive is None or naive.tzinfo is not None:
            return naive
        return self.clocks.instant(naive, offset)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime) and value.tzinfo is not None:
            naive = self.clocks.naive(value)
            return f"{naive.isoformat(timespec='seconds' if naive.second else 'minutes')}{self.clocks.offset(value)}"
        return value


def _read(text: str) -> datetime | None:
    """A time as browsers send it, and as people write it in the form of ISO 8601; None for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is None else None


def _help(given: StrOrPromise, clocks: ClockForms) -> str:
    named = clocks.said or _("On the clocks of %(zone)s.") % {"zone": clocks.zone}
    return " ".join(filter(None, (str(given), str(named))))
