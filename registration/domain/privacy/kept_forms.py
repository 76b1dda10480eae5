"""Whose a form is that a browser's session keeps while nobody is signed in: `ops.backends.signed_out` keeps it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.contrib.sessions.models import Session
from django.utils.crypto import constant_time_compare, salted_hmac

KEPT_KEY = "sent_while_signed_out"
PARTICIPANTS = "/my/"
_SALT = "registration.domain.privacy.kept_forms"


def digest_of(secret: str, area: str, person: str) -> str:
    """What names somebody in a browser with this secret to whoever knows both: `person` as the session of `area` has
    it.
    """
    return salted_hmac(_SALT, f"{secret} {area} {person}", algorithm="sha256").hexdigest()


def is_of(whose: Mapping[str, str], area: str, person: str) -> bool:
    """Whether `whose`, the secret and the digest that are kept with a form, means this person."""
    return constant_time_compare(whose["digest"], digest_of(whose["secret"], area, person))


def holds_form_of(session: Mapping[str, Any], participant_uids: Collection[str]) -> bool:
    """Whether a browser's session, decoded, keeps a form that one of these participants sent."""
    kept = session.get(KEPT_KEY)
    return kept is not None and any(is_of(kept["whose"], PARTICIPANTS, uid) for uid in participant_uids)


def forget_forms(*, now: datetime) -> int:
    """Take forms that are shown no more out of browsers' sessions; what else is in those stays. Returns how many.

    It reads every session, as only that says what is in it; what a browser changes meanwhile waits for the next time.
    """
    forgotten = 0
    for row in Session.objects.iterator():
        found = row.get_decoded()
        kept = found.pop(KEPT_KEY, None)
        if kept is None or datetime.fromisoformat(kept["until"]) > now:
            continue
        as_read = Session.objects.filter(pk=row.pk, session_data=row.session_data)
        forgotten += as_read.update(session_data=Session.objects.encode(found)) if found else as_read.delete()[0]
    return forgotten
