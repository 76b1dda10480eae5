"""What the database refuses, in words: it keeps the invariants, and nobody reads a traceback for that.

What rows say is in no sentence and no log line of ours: PostgreSQL's own messages quote the values they refuse.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import DatabaseError, DataError, IntegrityError, InternalError, OperationalError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from psycopg import Error, errors

from values.rules.words import BELOW_ZERO, WORDS

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

CONFLICT, UNPROCESSABLE = 409, 422
_SAID = {
    errors.UniqueViolation: _("There is such an entry already. Nothing was changed."),
    errors.ForeignKeyViolation: _(
        "Other entries still belong to this one, or what it belongs to has gone. Nothing was changed."
    ),
    errors.RestrictViolation: _("Other entries still belong to this one. Nothing was changed."),
}
_NOTHING = _("Nothing was changed.")
_AGAINST_A_RULE = _("This does not agree with what is there already. Nothing was changed.")
_NOT_KEPT = _("A value is too long, too large, or has characters that cannot be kept. Nothing was changed.")
_AT_ONCE = _("Somebody else changed the same at this moment, so nothing was changed. Please try again.")
# Two at once: a deadlock that came again and again, a lock not given in time, a change since it was read.
_MET = (errors.DeadlockDetected, errors.LockNotAvailable, errors.SerializationFailure)


@dataclass(frozen=True)
class DatabaseRefusal:
    """An HTTP status, a sentence for whoever asked, and what a log line may tell: a constraint's name or a class."""

    status: int
    sentence: _StrOrPromise
    cause: str


def refusal_in(error: DatabaseError) -> DatabaseRefusal | None:
    """What was refused; None where the fault is ours or the server's: a broken statement, a lost connection."""
    from_server = error.__cause__ if isinstance(error.__cause__, Error) else None
    named = (from_server.diag.constraint_name if from_server else None) or ""
    cause = named or type(from_server or error).__name__
    if isinstance(error, IntegrityError | InternalError):
        said = next((text for kind, text in _SAID.items() if isinstance(from_server, kind)), _AGAINST_A_RULE)
        return DatabaseRefusal(CONFLICT, _sentences().get(named) or _below_zero(named) or said, cause)
    if isinstance(error, DataError):
        return DatabaseRefusal(UNPROCESSABLE, _NOT_KEPT, cause)
    if isinstance(error, OperationalError) and isinstance(from_server, _MET):
        return DatabaseRefusal(CONFLICT, _AT_ONCE, cause)
    return None


# Django's own name for the rule that a number without a sign has none.
_UNSIGNED = re.compile(r"^[a-z]+_[a-z]+_[a-z_]+_check$")


def _below_zero(named: str) -> _StrOrPromise | None:
    return format_lazy("{} {}", BELOW_ZERO, _NOTHING) if _UNSIGNED.match(named) else None


@cache
def _sentences() -> dict[str, _StrOrPromise]:
    """The sentences of rules by their names: our words, and those that constraints bring along."""
    words: dict[str, _StrOrPromise] = {name: format_lazy("{} {}", said, _NOTHING) for name, said in WORDS.items()}
    constraints = (one for model in apps.get_models() for one in model._meta.constraints)
    told = (one for one in constraints if one.violation_error_message != one.default_violation_error_message)
    return words | {one.name: one.violation_error_message for one in told if one.violation_error_message}
