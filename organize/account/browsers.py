"""Browsers that an account was used with: remembered in the browser itself, signed, for a year."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from accounts.models import User

COOKIE = "organizers_browser"
_SALT, _AGE, _MOST_ACCOUNTS = "plenary.browser", 365 * 24 * 3600, 10


def browser_of(request: HttpRequest, account: str) -> str:
    """What the browser calls itself, if the account with this address or key was used with it; otherwise empty.

    A query where the browser is known.
    """
    kept = _kept(request)
    keys = kept.get("accounts", [])
    if not keys:
        return ""
    named = {"email": account} if "@" in account else {"pk": account}
    return str(kept["browser"]) if User.objects.filter(pk__in=keys, **named).exists() else ""


def remember(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """Have the browser remember that this account was used with it."""
    kept = _kept(request)
    others = [key for key in kept.get("accounts", []) if key != user.pk]
    value = {"browser": kept.get("browser") or uuid4().hex, "accounts": [user.pk, *others][:_MOST_ACCOUNTS]}
    response.set_cookie(
        COOKIE,
        signing.dumps(value, salt=_SALT),
        max_age=_AGE,
        path=reverse("account_login").removesuffix("login/"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _kept(request: HttpRequest) -> dict[str, Any]:
    """What the cookie says; nothing where there is none, or it was not signed by us."""
    try:
        kept: dict[str, Any] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_AGE)
    except signing.BadSignature:
        return {}
    return kept
