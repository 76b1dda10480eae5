from __future__ import annotations

from typing import Any

from django.contrib import admin

from journal.models import Entry


class ReadOnly:
    """Rows that are looked at here and changed elsewhere: through the domain functions, or not at all."""

    def has_add_permission(self, *_args: Any, **_options: Any) -> bool:
        return False

    def has_change_permission(self, *_args: Any, **_options: Any) -> bool:
        return False

    def has_delete_permission(self, *_args: Any, **_options: Any) -> bool:
        return False


@admin.register(Entry)
class EntryAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("id", "at", "verb", "concerns", "actor", "conference_id", "subject_id", "handled_at")
    list_filter = ("concerns", "verb")
    readonly_fields = ("at", "verb", "concerns", "actor", "conference_id", "subject_id", "data", "handled_at")
