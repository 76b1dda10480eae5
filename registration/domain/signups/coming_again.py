"""How often somebody may come back to a session, or the conference, that they have left: each time is an entry of the
journal and a mail.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from registration.domain.signups.refusals import SignUpRefused
from registration.models import Registration, Tally

# More than anybody needs who cannot decide, and few enough that a loop fills neither the journal nor a mailbox.
TIMES, WINDOW = 20, timedelta(hours=1)


def check_comes_again(registration: Registration, *, now: datetime) -> None:
    """Count one return to a session that was left; raises `SignUpRefused` when there were too many. One query."""
    if _too_often("places-again", registration, now):
        raise SignUpRefused(
            "too-often", _("You have given back places and taken them again very often. Wait an hour, then try again.")
        )


def comes_again_too_often(registration: Registration, *, now: datetime) -> bool:
    """Count one return to a conference that was cancelled; whether there were too many. One query."""
    return _too_often("registration-again", registration, now)


def _too_often(what: str, registration: Registration, now: datetime) -> bool:
    return Tally.count_try(what, str(registration.pk), window=WINDOW, now=now) > TIMES
