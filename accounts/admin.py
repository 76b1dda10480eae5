"""Accounts and teams in the administration pages. Whatever people's rights or secrets hang on leaves its fact."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from allauth.usersessions.admin import UserSessionAdmin
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.domain import second_factors
from accounts.domain.addresses import replace_address
from accounts.domain.teams import (
    TeamChangeRefused,
    change_role,
    give_role,
    set_second_factor_rule,
    take_role,
    tell_founded,
)
from accounts.facts import AccountMade, PasswordChanged, RightChanged
from accounts.models import Membership, Team, User
from journal.actors import Actor
from journal.recording import record
from journal.retrying import retried
from values.choosing import Choosing

RIGHTS = ("is_active", "is_superuser")
# A superuser's session can be borrowed as anybody's: accounts are changed by who has just proved to be one.
proven = method_decorator(reauthentication_required(app="accounts"))
# The library searches in a field that our accounts do not have.
UserSessionAdmin.search_fields = ["user__email", "ip"]


def _actor(request: HttpRequest) -> Actor:
    return Actor.organizer(cast("User", request.user).pk)


class MembershipInline(Choosing, admin.TabularInline):
    model = Membership
    extra = 0
    fields = ("user", "role")
    autocomplete_fields = ("user",)


class CreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email",)


class ChangeForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"

    def clean_email(self) -> str:
        """Kept in small letters, as whoever signs in is looked up by."""
        return str(self.cleaned_data["email"]).strip().lower()


@admin.register(User)
class OrganizerAdmin(UserAdmin):
    form = ChangeForm
    add_form = CreationForm
    ordering = ("email",)
    list_display = ("email", "name", "is_superuser", "is_active")
    list_filter = ("is_superuser", "is_active")
    filter_horizontal = ()
    search_fields = ("email", "name")
    fieldsets = (
        (None, {"fields": ("email", "name", "language", "password")}),
        (None, {"fields": RIGHTS}),
    )
    add_fieldsets = ((None, {"fields": ("email", "usable_password", "password1", "password2")}),)
    actions = ("remove_second_factors",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The journal names people by their accounts: one that is not wanted any more is made inactive."""
        return False

    @proven
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().changeform_view(request, *args, **kwargs)

    @proven
    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().changelist_view(request, *args, **kwargs)

    @retried
    @proven
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002  # Django's name
        """What happened is found by comparing, as the form saves by itself."""
        with transaction.atomic():
            before = dict(User.objects.filter(pk=id).values_list("pk", "password"))
            response: HttpResponse = super().user_change_password(request, id, form_url)
            for key, password in before.items():
                if not User.objects.filter(pk=key, password=password).exists():
                    record(PasswordChanged(conference_id=None, subject_id=key), actor=_actor(request))
        return response

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        stored = User.objects.select_for_update().get(pk=obj.pk) if change else User()
        wanted, obj.email = obj.email, stored.email if change else obj.email
        super().save_model(request, obj, form, change)
        if change and wanted != stored.email:
            replace_address(obj, wanted, actor=_actor(request))
        if not change:
            record(AccountMade(conference_id=None, subject_id=obj.pk), actor=_actor(request))
        for right in RIGHTS:
            old, new = getattr(stored, right), getattr(obj, right)
            if old != new:
                fact = RightChanged(conference_id=None, subject_id=obj.pk, right=right, old=old, new=new)
                record(fact, actor=_actor(request))

    @admin.action(description=_("Remove the second factors of the chosen accounts; their owners are told"))
    def remove_second_factors(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        """For somebody who has lost theirs, once it is sure that it is them who asks."""
        count = sum(second_factors.remove_all(user, actor=_actor(request)) > 0 for user in chosen)
        said = ngettext(
            "%(count)d account has no second factor now.", "%(count)d accounts have no second factor now.", count
        )
        self.message_user(request, said % {"count": count}, messages.SUCCESS)


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):
    list_display = ("name", "requires_second_factor")
    inlines = (MembershipInline,)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Its members would lose their roles without a fact."""
        return False

    @proven
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        wanted = obj.requires_second_factor
        obj.requires_second_factor = change and Team.objects.get(pk=obj.pk).requires_second_factor
        super().save_model(request, obj, form, change)
        if not change:
            tell_founded(obj, actor=_actor(request))
        set_second_factor_rule(obj, wanted=wanted, actor=_actor(request))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Roles are given before others are taken, so that an owner can be replaced by another in one step."""
        formset.save(commit=False)
        actor = _actor(request)
        for made in formset.new_objects:
            give_role(made.team, made.user, made.role, actor=actor)
        try:
            for changed, _fields in formset.changed_objects:
                stored = Membership.objects.select_related("team").get(pk=changed.pk)
                if stored.user_id != changed.user_id:
                    give_role(stored.team, changed.user, changed.role, actor=actor)
                    take_role(stored, actor=actor)
                else:
                    change_role(stored, changed.role, actor=actor)
            for gone in formset.deleted_objects:
                take_role(gone, actor=actor)
        except TeamChangeRefused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
