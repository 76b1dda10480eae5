"""Fields of the administration that are searched in as one types, and take an answer nobody was offered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.http import HttpRequest

# A mix-in is typed as what it is mixed into.
if TYPE_CHECKING:
    _Select = AutocompleteSelect
    _Admin = BaseModelAdmin
else:
    _Select = _Admin = object
LONGEST_KEY = 18


class OfferedKeys(_Select):
    """Shows what was chosen again. Django's own asks the database for it even where it is no key, which is an error."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        keys = [one for one in value if str(one).isdecimal() and len(str(one)) <= LONGEST_KEY]
        return super().optgroups(name, keys, attr)


class ChooseOne(OfferedKeys, AutocompleteSelect):
    """One row."""


class ChooseSeveral(OfferedKeys, AutocompleteSelectMultiple):
    """Several rows."""


class Choosing(_Admin):
    """Gives these widgets to the `autocomplete_fields` of a page, or of the rows that are edited with it."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            options.setdefault("widget", ChooseOne(db_field, self.admin_site, using=options.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **options)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            options.setdefault("widget", ChooseSeveral(db_field, self.admin_site, using=options.get("using")))
        return super().formfield_for_manytomany(db_field, request, **options)
