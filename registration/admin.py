"""Registrations in the administration pages: to look at. Changes go through the domain functions, so that the journal,
the waiting lines and the mails follow."""

from __future__ import annotations

from django.contrib import admin

from journal.admin import ReadOnly
from registration.models import Interest, MagicLink, Participant, Registration, Seats, SignUp
from schedule.admin_clocks import PagesOfConference


class InterestInline(ReadOnly, admin.TabularInline):
    model = Interest
    extra = 0


@admin.register(Participant)
class ParticipantAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("email", "language", "verified_at", "created_at")
    search_fields = ("email",)


@admin.register(Registration)
class RegistrationAdmin(PagesOfConference, ReadOnly, admin.ModelAdmin):
    list_display = ("display_name", "conference", "state", "country", "confirmed_at")
    list_filter = ("conference", "state")
    list_select_related = ("conference",)
    search_fields = ("display_name", "participant__email")
    inlines = (InterestInline,)


@admin.register(SignUp)
class SignUpAdmin(PagesOfConference, ReadOnly, admin.ModelAdmin):
    list_display = ("registration", "session", "state", "queued_at", "sequence", "changed_at")
    list_filter = ("session__conference", "state")
    list_select_related = ("registration", "session__conference")
    search_fields = ("registration__display_name", "session__code")


@admin.register(Seats)
class SeatsAdmin(PagesOfConference, ReadOnly, admin.ModelAdmin):
    list_display = ("session", "during", "room", "capacity", "taken")
    list_filter = ("conference",)
    list_select_related = ("session", "room", "conference")


@admin.register(MagicLink)
class MagicLinkAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("participant", "created_at", "expires_at", "used_at")
    list_select_related = ("participant",)
    exclude = ("token_hash", "answers")
