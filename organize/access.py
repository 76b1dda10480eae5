"""Who may open and change what. Every organizers' page goes through `for_team`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control

from accounts.models import Membership, User
from journal.actors import Actor
from schedule.models import Conference

P = ParamSpec("P")
private = cache_control(private=True, no_store=True)


class SecondFactorNeeded(Exception):
    """The team asks for a second factor, and the member has none yet."""


@dataclass(frozen=True)
class Desk:
    """A team member at work on one conference."""

    request: HttpRequest
    conference: Conference
    user: User
    may_change: bool
    is_owner: bool

    @property
    def actor(self) -> Actor:
        return Actor.organizer(self.user.pk)

    def page(self, template: str, section: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        """Render a page of this conference."""
        shared = {
            "conference": self.conference,
            "section": "organize",
            "organize_section": section,
            "may_change": self.may_change,
        }
        return render(self.request, template, shared | context, status=status)


Page = Callable[Concatenate[Desk, P], HttpResponse]
View = Callable[..., HttpResponse]


def for_team(*, changing: bool = False, owning: bool = False) -> Callable[[Page[P]], View]:
    """Open a page to the conference's team, with its clocks; with `changing`, only to those who may change things,
    with `owning`, only to its owners.

    Strangers sign in first, and whoever lacks a second factor that the team asks for is sent to set one up. A
    conference of another team, one that does not exist and one that may only be read all answer 404. Two queries
    besides the session's.
    """

    def decorate(view: Page[P]) -> View:
        @private
        @login_required
        @wraps(view)
        def gate(request: HttpRequest, /, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                desk = _desk(request, slug)
            except SecondFactorNeeded:
                return redirect("account_factor_needed")
            if (changing or request.method not in ("GET", "HEAD")) and not desk.may_change:
                raise Http404
            if owning and not desk.is_owner:
                raise Http404
            with timezone.override(desk.conference.zone):
                return view(desk, *args, **kwargs)

        return gate

    return decorate


def _desk(request: HttpRequest, slug: str) -> Desk:
    user = cast("User", request.user)  # login_required has seen to it
    conference = Conference.objects.for_user(user).filter(slug=slug).first()
    if conference is None:
        if Conference.objects.awaiting_second_factor(user).filter(slug=slug).exists():
            raise SecondFactorNeeded
        raise Http404
    if user.is_superuser:
        return Desk(request, conference, user, may_change=True, is_owner=True)
    membership = Membership.objects.filter(user=user, team=conference.team_id).first()
    if membership is None:  # taken out of the team between the two queries
        raise Http404
    is_owner = membership.role == Membership.Role.OWNER
    return Desk(request, conference, user, may_change=membership.may_change, is_owner=is_owner)
