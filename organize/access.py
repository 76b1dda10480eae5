"""Who may open and change what. Every organizers' page goes through `for_team`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import resolve
from django.utils import timezone
from django.views.decorators.cache import cache_control

from accounts.models import Membership, User
from accounts.rights import MATRIX, Area, Rights, RoleName
from journal.actors import Actor
from journal.presses.once import done_once
from organize.pages import NEEDS, About, Need
from schedule.models import Conference, Session

P = ParamSpec("P")
# What is set on views that do once what is sent to them twice.
ONCE = "does_once"
private = cache_control(private=True, no_store=True)
# Where themes narrow what may be changed.
BY_THEME = frozenset({Area.PROGRAMME, Area.PROPOSALS, Area.DESK})


class SecondFactorNeeded(Exception):
    """The team asks for a second factor, and the member has none yet."""


@dataclass(frozen=True)
class Desk:
    """A team member at work on one conference, with the rights they have there and on this page."""

    request: HttpRequest
    conference: Conference
    user: User
    rights: Rights
    # Of the page's own area; nothing is changed that does not go by it.
    may_change: bool

    @property
    def is_owner(self) -> bool:
        return self.rights.is_owner

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
            "rights": self.rights,
        }
        return render(self.request, template, shared | context, status=status)


Page = Callable[Concatenate[Desk, P], HttpResponse]
View = Callable[..., HttpResponse]
# Of a page that nobody has given an area; only owners come in.
_UNKNOWN = Need(None)


def for_team(*, changing: bool = False, owning: bool = False, once: bool = False) -> Callable[[Page[P]], View]:
    """Open a page to those of the conference's team whose rights let them see its area (`organize.pages.NEEDS`), with
    its clocks; with `changing`, and for whatever is sent, only to those who may change things there, with `owning`,
    only to owners. With `once` what is sent twice is done once (`journal.presses.once`).

    Strangers sign in first, and whoever lacks a second factor that the team asks for is sent to set one up. A
    conference of another team, one that does not exist, and what somebody has no right to all answer 404. Two queries
    besides the session's, three for those who have some themes.
    """

    def decorate(view: Page[P]) -> View:
        @private
        @login_required
        @wraps(view)
        def gate(request: HttpRequest, /, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                desk = _desk(request, slug, kwargs)
            except SecondFactorNeeded:
                return redirect("account_factor_needed")
            if (changing or request.method not in ("GET", "HEAD")) and not desk.may_change:
                raise Http404
            if owning and not desk.is_owner:
                raise Http404
            with timezone.override(desk.conference.zone):
                if once:
                    return done_once(request, desk.actor, lambda: view(desk, *args, **kwargs))
                return view(desk, *args, **kwargs)

        setattr(gate, ONCE, once)
        return gate

    return decorate


def may_open(rights: Rights, url: str) -> bool:
    """Whether somebody with these rights may look at one of our pages; for links to it."""
    match = resolve(url)
    if match.namespace != "organize":
        return True
    need = NEEDS.get(match.url_name or "")
    return rights.is_owner if need is None else need.area is None or rights.may_see(need.area)


def _desk(request: HttpRequest, slug: str, kwargs: Mapping[str, object]) -> Desk:
    """Raises Http404 where this member may not see the page."""
    user = cast("User", request.user)  # login_required has seen to it
    conference = Conference.objects.for_user(user).filter(slug=slug).first()
    if conference is None:
        if Conference.objects.awaiting_second_factor(user).filter(slug=slug).exists():
            raise SecondFactorNeeded
        raise Http404
    rights = _rights(user, conference)
    match = request.resolver_match
    need = NEEDS.get(match.url_name or "", _UNKNOWN) if match else _UNKNOWN
    if need is _UNKNOWN and not rights.is_owner:
        raise Http404
    if need.area is None:
        return Desk(request, conference, user, rights, may_change=bool(rights.changes))
    reaches = rights.themes is None or _reaches(rights, conference, need, kwargs)
    if not rights.may_see(need.area) or (need.names_people and not reaches):
        raise Http404
    narrowed = need.area in BY_THEME and not reaches
    may_change = all(rights.may_change(area) for area in (need.area, need.also) if area is not None)
    return Desk(request, conference, user, rights, may_change=may_change and not narrowed)


def _rights(user: User, conference: Conference) -> Rights:
    if user.is_superuser:
        return MATRIX[RoleName.OWNER]
    membership = Membership.objects.filter(user=user, team=conference.team_id).first()
    if membership is None:  # taken out of the team between the two queries
        raise Http404
    return membership.rights


def _reaches(rights: Rights, conference: Conference, need: Need, kwargs: Mapping[str, object]) -> bool:
    """Whether what the page is about is of the member's themes. A query where it is one session."""
    if need.about in (About.CODE, About.KEY):
        sessions = Session.objects.for_conference(conference).filter(**{need.about.value: kwargs[need.about.value]})
        return sessions.filter(theme__code__in=rights.themes or ()).exists()
    return False
