from typing import cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from journal.actors import Actor
from journal.admin import ReadOnly
from notifications.delivery.retrying import RetryRefusedError, retry
from notifications.models import Attempt, Message
from schedule.admin_clocks import PagesOfConference


class AttemptInline(ReadOnly, admin.TabularInline):
    model = Attempt
    extra = 0
    fields = readonly_fields = ("at", "outcome", "answer")


@admin.register(Message)
class MessageAdmin(PagesOfConference, ReadOnly, admin.ModelAdmin):
    list_display = ("id", "kind", "participant", "state", "attempts", "due_at", "sent_at", "last_answer")
    list_filter = ("state", "kind", "queue", "conference")
    list_select_related = ("participant", "conference")
    search_fields = ("participant__email", "uid")
    fields = (
        "uid",
        "kind",
        "conference",
        "participant",
        "registration",
        "signup",
        "queue",
        "state",
        "attempts",
        "due_at",
        "sent_at",
        "subject",
        "calendar_method",
        "calendar_sequence",
        "last_answer",
        "journal_entry_id",
    )
    inlines = (AttemptInline,)
    actions = ("try_again",)

    @admin.action(description=_("Try again"), permissions=["retry"])
    def try_again(self, request: HttpRequest, chosen: QuerySet[Message]) -> None:
        """Put the chosen messages that have failed back into the queue."""
        count = 0
        for message in chosen:
            try:
                retry(message, actor=Actor.organizer(cast("User", request.user).pk))
            except RetryRefusedError as refusal:
                self.message_user(request, f"{message.pk}: {refusal}", messages.WARNING)
            else:
                count += 1
        if count:
            said = ngettext("%(count)d message is due again.", "%(count)d messages are due again.", count)
            self.message_user(request, said % {"count": count}, messages.SUCCESS)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.has_perm("notifications.change_message"))
