"""Times in the administration: taken and shown on the clocks of the conference they are of, which every page names."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.admin.options import BaseModelAdmin, ModelAdmin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from schedule.models import Conference
from values.instant_fields import ClockForms, InstantFormField

# A mix-in is typed as what it is mixed into.
if TYPE_CHECKING:
    _Admin = BaseModelAdmin
    _Page = ModelAdmin
else:
    _Admin = _Page = object


class TimesOfConference(_Admin):
    """Forms of a page, or of the rows that are edited with it, take times on the conference's clocks."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if isinstance(db_field, models.DateTimeField):
            clocks = ClockForms(said="" if _is_known(request) else _("On the clocks of the conference."))
            return db_field.formfield(form_class=InstantFormField, clocks=clocks, **options)
        return super().formfield_for_dbfield(db_field, request, **options)


class PagesOfConference(TimesOfConference, _Page):
    """A page about one row is on the clocks of its conference; a list names the clocks beside each time."""

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        object_id = args[0] if args else options.get("object_id")
        row = self.get_object(request, object_id) if object_id else None
        zone = zone_of(row) if row else _zone_sent(request)
        with timezone.override(zone):
            response = super().changeform_view(request, *args, **options)
            # What it shows is told while these clocks are active.
            return response.render() if hasattr(response, "render") else response

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [self._column(name) for name in super().get_list_display(request)]

    def _column(self, name: Any) -> Any:
        field = next((one for one in self.model._meta.concrete_fields if one.name == name), None)
        return _on_clocks(field) if isinstance(field, models.DateTimeField) else name


def zone_of(row: Any) -> ZoneInfo | None:
    """The zone of the conference a row is of; None where it is of none."""
    home = row if isinstance(row, Conference) else getattr(row, "conference", None)
    if home is None and hasattr(row, "session"):
        home = row.session.conference
    return home.zone if home else None


def _is_known(request: HttpRequest) -> bool:
    """Whether it is known which conference a page's row is of, so that its clocks are active."""
    match, sent = request.resolver_match, request.POST or request.GET
    return bool((match and match.kwargs.get("object_id")) or sent.get("conference") or sent.get("timezone"))


def _zone_sent(request: HttpRequest) -> ZoneInfo | None:
    """The zone of the conference a new row is put into, or of a new conference; None as long as none is chosen."""
    sent = request.POST or request.GET
    key, name = sent.get("conference", ""), sent.get("timezone", "")
    if key.isdecimal() and len(key) < 19:
        found = Conference.objects.for_user(cast("User", request.user)).filter(pk=key).first()
        return found.zone if found else None
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None  # the form says that there is no such zone


def _on_clocks(field: models.DateTimeField[Any, Any]) -> Callable[[Any], str]:
    def shown(row: Any) -> str:
        value = getattr(row, field.attname)
        zone = zone_of(row)
        if value is None or zone is None:
            return "-" if value is None else f"{value:%Y-%m-%d %H:%M} (UTC)"
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M} ({zone})"

    shown.short_description = field.verbose_name  # type: ignore[attr-defined]  # how the administration reads columns
    shown.admin_order_field = field.name  # type: ignore[attr-defined]  # the same
    return shown
