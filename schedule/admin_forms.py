"""Forms of the administration that say in words what the database refuses."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import ModelForm
from django.forms.models import InlineForeignKeyField
from django.utils.translation import gettext as _

from journal.facts import Change
from schedule.domain.editing.groups import objections_to
from schedule.models import Conference


class EditForm(ModelForm):
    """A form that keeps what it changed until that is told (schedule.admin)."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.changes: dict[str, Change | None] = {}


class WithinOneConference(EditForm):
    """Rows of one conference never point into another: not by a choice, nor by one of several choices."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        home = self._home(cleaned)
        for name, value in list(cleaned.items()):  # what is refused leaves it
            for chosen in value if isinstance(value, QuerySet) else [value]:
                if home is not None and getattr(chosen, "conference_id", home) != home:
                    text = _("“%(name)s” belongs to another conference.") % {"name": chosen}
                    self.add_error(name, ValidationError(text))
        return cleaned

    def _home(self, cleaned: dict[str, Any]) -> int | None:
        """The key of the conference this row is of; None where it is not known yet."""
        for name, field in self.fields.items():
            if isinstance(field, InlineForeignKeyField):
                parent = cleaned.get(name)
                return parent.pk if isinstance(parent, Conference) else getattr(parent, "conference_id", None)
        conference = cleaned.get("conference")
        return conference.pk if conference else getattr(self.instance, "conference_id", None)


class GroupForm(WithinOneConference):
    def clean_sessions(self) -> QuerySet:
        sessions: QuerySet = self.cleaned_data["sessions"]
        if len(sessions) < 2:
            raise ValidationError(_("A group has two sessions or more."))
        return sessions

    def clean(self) -> dict[str, Any]:
        """Refuses what makes it impossible to keep this group beside the others. Four queries."""
        cleaned = super().clean()
        conference, same, sessions = (cleaned.get(name) for name in ("conference", "same", "sessions"))
        if conference is None or not same or sessions is None:
            return cleaned
        keys = {session.pk for session in sessions}
        for text in objections_to(conference, same=same, sessions=keys, group=self.instance.pk):
            self.add_error("sessions", ValidationError(text))
        return cleaned


class ApartForm(EditForm):
    """A pair in either order; it is kept in one."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, second = cleaned.get("first"), cleaned.get("second")
        if first is None or second is None:
            return cleaned
        if first == second:
            raise ValidationError({"second": _("Choose another session: this one is named already.")})
        if first.conference_id != second.conference_id:
            raise ValidationError({"second": _("“%(name)s” belongs to another conference.") % {"name": second}})
        if first.pk > second.pk:
            cleaned["first"], cleaned["second"] = second, first
        return cleaned
