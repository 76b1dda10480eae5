"""How organizers sign in: django-allauth's doors, with the rules of this house.

Accounts are given, never taken. What changes goes through the domain, what is mailed through the outbox, what is tried
is counted in PostgreSQL, and no address comes from a request.
"""

from __future__ import annotations

from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.domain.passwords import set_password
from accounts.facts import SignedInElsewhere
from accounts.models import User
from journal.actors import Actor
from journal.recording import record
from journal.retrying import retried
from organize.account.browsers import browser_of, remember
from organize.account.tries import Secret, count_try
from registration.domain.registrations.limits import address_of


class OrganizerAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whatever changes an account asks for the password or the second factor again: a session can be borrowed.

        Who has neither (the library would let them through) has the link for a new password as their proof.
        """
        user = context.request.user
        if user.is_authenticated and not self.get_reauthentication_methods(user):
            raise ImmediateHttpResponse(redirect("account_reset_password"))
        return True

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """The library counts here, in the cache; `authenticate` counts in PostgreSQL."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        counted = count_try(request, Secret.PASSWORD, str(credentials.get("email", "")).strip().lower())
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user is not None:
            counted.succeeded()
        return user

    @retried
    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in; a browser that a used account does not know is told to its owner."""
        used_before = user.last_login is not None
        super().login(request, user)
        if used_before and not browser_of(request, str(user.pk)):
            with transaction.atomic():
                fact = SignedInElsewhere(conference_id=None, subject_id=user.pk)
                record(fact, actor=Actor.organizer(user.pk))

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        remember(request, response, user)
        return response

    def set_password(self, user: User, password: str) -> None:
        set_password(user, password, actor=Actor.organizer(user.pk))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> NoReturn:
        """Nothing is mailed from a request: see `notifications.rules.account_mails`."""
        raise RuntimeError(f"{template_prefix} was to be mailed past the outbox")

    def is_safe_url(self, url: str) -> bool:
        """Only paths of this site: a request's host says nothing about where it is safe to go."""
        return bool(url) and url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_client_ip(self, request: HttpRequest) -> str:
        """As limits see it; the unspecified address where there is a socket path."""
        return str(address_of(request) or "0.0.0.0")  # noqa: S104  # RFC 1122: "this host"; nothing is bound to it
