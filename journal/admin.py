from django.contrib import admin
from django.http import HttpRequest

from journal.models import Entry


@admin.register(Entry)
class EntryAdmin(admin.ModelAdmin):
    list_display = ("id", "at", "verb", "concerns", "actor", "conference_id", "subject_id", "handled_at")
    list_filter = ("concerns", "verb")
    readonly_fields = ("at", "verb", "concerns", "actor", "conference_id", "subject_id", "data", "handled_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return False
