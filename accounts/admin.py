from allauth.usersessions.admin import UserSessionAdmin
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm

from accounts.models import Membership, Team, User
from values.choosing import Choosing

# The library searches in a field that our accounts do not have.
UserSessionAdmin.search_fields = ["user__email", "ip"]


class MembershipInline(Choosing, admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ("user",)


class CreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email",)


class ChangeForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"


@admin.register(User)
class OrganizerAdmin(UserAdmin):
    form = ChangeForm
    add_form = CreationForm
    ordering = ("email",)
    list_display = ("email", "name", "is_staff", "is_active")
    search_fields = ("email", "name")
    fieldsets = (
        (None, {"fields": ("email", "name", "language", "password")}),
        (None, {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "usable_password", "password1", "password2")}),)


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):
    list_display = ("name",)
    inlines = (MembershipInline,)
