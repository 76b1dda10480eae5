"""Pages that somebody with a borrowed session must not use: they ask for the password or the second factor first."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.decorators import reauthentication_required
from django.http import HttpResponse

View = Callable[..., HttpResponse]


def proven(view: View) -> View:
    """Open to whoever proved within the last five minutes to be the account's owner; others are asked first."""
    decorated: View = reauthentication_required(app="organize.account")(view)
    return decorated
