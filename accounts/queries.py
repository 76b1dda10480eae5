"""What queries ask about accounts."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef

from accounts.models import User

CODES = Authenticator.Type.RECOVERY_CODES


def has_second_factor(user: User) -> Exists:
    """Whether an account has set one up, as an expression for a query. Recovery codes alone are none."""
    return Exists(Authenticator.objects.filter(user=user.pk).exclude(type=CODES))


def factor_of_row(user: str) -> Exists:
    """The same for the account that the field `user` of the query's own rows leads to."""
    return Exists(Authenticator.objects.filter(user=OuterRef(user)).exclude(type=CODES))
