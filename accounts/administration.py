"""The administration pages: for superusers alone, who see and change everything of every team."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar, cast

from allauth.account.utils import get_next_redirect_url
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.db.models import Exists, Model
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from accounts.queries import has_second_factor
from journal.actors import Actor
from journal.presses.once import done_once

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
# The library's rows have doors of their own; here they would show sessions, and be changed past the journal. Rights are
# given by teams, not by Django's groups.
_LEFT_OUT = {"account", "auth", "mfa", "usersessions"}


class Administration(admin.AdminSite):
    """What `admin.site` is. Whoever else comes is told where their own pages are."""

    site_header = _("Administration, for superusers")
    site_title = _("Administration")
    index_title = _("You see and change everything here, of every team, also what people have told in confidence.")

    def register(self, model_or_iterable: type[Model] | Iterable[type[Model]], *args: Any, **options: Any) -> None:
        """As Django's own, without the rows that are kept elsewhere."""
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        ours = [model for model in models if model._meta.app_label not in _LEFT_OUT]
        super().register(ours, *args, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """A superuser; with a second factor, where any team asks its members for one. A query for superusers."""
        user = request.user
        return isinstance(user, User) and user.is_active and user.is_superuser and not _lacks_factor(user)

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """As Django's own. What is sent twice is done once (`journal.presses.once`)."""

        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor = Actor.organizer(cast("User", request.user).pk)  # whoever has no permission does not come here
            return done_once(request, actor, lambda: cast("HttpResponse", view(request, *args, **kwargs)))

        return super().admin_view(cast("View", page), cacheable)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Strangers sign in by the one door that knows second factors. Others are told whom these pages are for."""
        user = request.user
        if not isinstance(user, User):
            return redirect_to_login(
                get_next_redirect_url(request) or request.get_full_path(), resolve_url("account_login")
            )
        if self.has_permission(request):
            return redirect("admin:index")
        if user.is_superuser:
            return redirect("account_factor_needed")
        return render(request, "admin/not_for_you.html", {"section": "organize"}, status=403)

    def password_change(  # type: ignore[override]  # the stubs know Django's own page only
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Everybody changes their password at one place, which counts tries and tells the owner."""
        return redirect("account_change_password")


def _lacks_factor(user: User) -> bool:
    asked = Exists(Team.objects.filter(requires_second_factor=True))
    return User.objects.filter(asked, ~has_second_factor(user), pk=user.pk).exists()
